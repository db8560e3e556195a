extension Audit {
  /// What was found, a line each; `nil` when it is nothing.
  var table: String? {
    var table = Table(header: ["VERDICT", "PLACE", "NAME", "CODE", "FINDING"])
    for entry in entries {
      let remedy = entry.suggestion.map { "; \(entry.remedy($0))" } ?? ""
      table.add([
        entry.verdict.rawValue, entry.place, entry.name, entry.code ?? "",
        Printable.text((entry.message ?? "") + remedy),
      ])
    }
    return table.isEmpty ? nil : table.text
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
