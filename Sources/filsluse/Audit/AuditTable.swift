extension Audit {
  /// The findings, a line each; `nil` when there are none.
  var table: String? {
    var table = Table(header: ["VERDICT", "PLACE", "TAKEN FOR", "NAME", "CODE", "FINDING"])
    for entry in entries {
      let remedy = entry.remedy.map { "; \($0)" } ?? ""
      let more = entry.more.map { " (and \($0) more of it in this file)" } ?? ""
      table.add([
        entry.verdict.rawValue, entry.location, entry.place ?? "", entry.shortName, entry.code ?? "",
        Printable.text((entry.message ?? "") + remedy + more),
      ])
    }
    if unlisted > 0 {
      table.add(["", "", "", "", "", "\(unlisted) more findings are counted and not listed"])
    }
    return table.isEmpty ? nil : table.text
  }

  /// Says what was not judged, and what was read in another encoding, as far as anybody reads.
  func noteSkipped() {
    let shown = 20
    // Files that could not be judged come first: a person must act on them.
    let ordered = skipped.filter { $0.kind != .link } + skipped.filter { $0.kind == .link }
    for skipped in ordered.prefix(shown) {
      let how = skipped.kind == .link ? "was skipped" : "is not judged"
      Output.note("filsluse: \(skipped.path) \(how): \(skipped.reason)")
    }
    if ordered.count > shown {
      Output.note("filsluse: \(ordered.count - shown) more are not judged; --format json names them all")
    }
    for note in notes.prefix(shown) { Output.note("filsluse: \(note.path): \(note.text)") }
    if notes.count > shown {
      Output.note("filsluse: \(notes.count - shown) more notes; --format json has them all")
    }
  }

  /// One line for people: how much was looked at, and what came of it.
  var summary: String {
    let notJudged = skipped.count { $0.kind != .link }
    return "filsluse: \(Readable.count(files, "file")) (\(Readable.megabytes(UInt64(bytes)))): "
      + "\(Readable.count(errors, "error")), \(Readable.count(warnings, "warning")), "
      + "\(Readable.count(good, "good name")), \(notJudged) not judged"
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

  var location: String { "\(file):\(line):\(column)" }

  /// Everything about it in one line.
  var sentence: String {
    let subject = isName ? "\(name): " : ""
    let taken = place.map { " (\($0))" } ?? ""
    return subject + (message ?? "good") + (remedy.map { "; \($0)" } ?? "") + taken
  }
}

extension Readable {
  /// `1 file`, `2 files`.
  static func count(_ number: Int, _ noun: String) -> String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}
