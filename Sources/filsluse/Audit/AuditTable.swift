extension Audit {
  /// What was found, a line each; `nil` when it is nothing.
  var table: String? {
    var table = Table(header: ["VERDICT", "PLACE", "NAME", "CODE", "FINDING"])
    for entry in entries {
      let remedy = entry.suggestion.map { "; \(entry.remedy($0))" } ?? ""
      table.add([
        entry.verdict.rawValue, entry.place, entry.shortName, entry.code ?? "",
        Printable.text((entry.message ?? "") + remedy),
      ])
    }
    return table.isEmpty ? nil : table.text
  }

  /// Says what was not looked at, as far as anybody reads.
  func noteSkipped() {
    let shown = 20
    // What could not be read stands first: that is for somebody to mend.
    let ordered = skipped.filter(\.isFailure) + skipped.filter { !$0.isFailure }
    for skipped in ordered.prefix(shown) { Output.note("filsluse: \(skipped.path) was skipped: \(skipped.reason)") }
    if ordered.count > shown {
      Output.note("filsluse: \(ordered.count - shown) more were skipped; --format json names them all")
    }
  }

  /// One line for people: how much was looked at, and what came of it.
  var summary: String {
    let errors = entries.count { $0.verdict == .error }
    let warnings = entries.count { $0.verdict == .warning }
    return "filsluse: \(Readable.count(files, "file")) (\(Readable.megabytes(UInt64(bytes)))): "
      + "\(Readable.count(errors, "error")), \(Readable.count(warnings, "warning")), "
      + "\(Readable.count(good, "good name")), \(skipped.count) skipped"
  }
}

extension Audit.Entry {
  private static let longestShown = 60

  /// The name, cut where it would push everything else out of sight.
  fileprivate var shortName: String {
    guard name.unicodeScalars.count > Self.longestShown else { return name }
    var short = String.UnicodeScalarView()
    short.append(contentsOf: name.unicodeScalars.prefix(Self.longestShown))
    return String(short) + "…"
  }

  var place: String { "\(file):\(line):\(column)" }

  /// What to do, as a sentence says it.
  func remedy(_ suggestion: String) -> String { isName ? "write \(suggestion)" : suggestion }

  /// Everything about it in one line.
  var sentence: String {
    let subject = isName ? "\(name): " : ""
    return subject + (message ?? "good") + (suggestion.map { "; \(remedy($0))" } ?? "")
  }
}

extension Readable {
  /// `1 file`, `2 files`.
  static func count(_ number: Int, _ noun: String) -> String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}
