import ExchangeSettings
import FilsluseBase
import TriggerFiles

/// Text in columns, for people.
struct Table {
  private var rows: [[String]]

  init(header: [String]) { rows = [header] }

  /// A table whose columns are named in both languages, with `|` between them.
  init(header: (english: String, danish: String)) { self.init(header: Self.names(header)) }

  /// The names of columns in the language of the output.
  static func names(_ header: (english: String, danish: String)) -> [String] {
    LocalizedText(header.english, header.danish).shown.split(separator: "|").map(String.init)
  }

  var isEmpty: Bool { rows.count == 1 }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines; every column as wide as its widest cell, the last one as it is.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0.count > column ? Self.width($0[column]) : 0 }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { index, cell in
        index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - Self.width(cell))
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// Combining marks take no column of their own.
  static func width(_ text: String) -> Int { Printable.plainWidth(text) ?? text.count }
}

/// Facts below each other: a name, then its value.
struct Facts {
  let language: ReportLanguage
  private var facts: [(name: String, value: String)] = []

  init(in language: ReportLanguage = OutputLanguage.current) { self.language = language }

  mutating func add(_ name: String, _ value: String?) {
    if let value { facts.append((name, Printable.text(value))) }
  }

  /// Adds a fact whose name is worded in both languages.
  mutating func add(_ english: String, _ danish: String, _ value: String?) {
    add(LocalizedText(english, danish)[language], value)
  }

  /// Adds a fact that is worded in both languages.
  mutating func add(_ english: String, _ danish: String, _ value: LocalizedText?) {
    add(english, danish, value?[language])
  }

  var text: String {
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { "\($0.name):\(String(repeating: " ", count: width - $0.name.count + 1))\($0.value)" }
      .joined(separator: "\n")
  }
}

/// Sizes and periods as people read them.
enum Readable {
  /// A period to the minute, or to the second when it is shorter: `3d4h10m`, `12s`; a clock ahead of ours counts as 0s.
  static func waited(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    return DurationText.format(.seconds(seconds < 60 ? seconds : seconds / 60 * 60))
  }

  /// `0 bytes`, `1 byte`, `314572800 bytes (300 MiB)`.
  static func size(_ bytes: UInt64, in language: ReportLanguage = OutputLanguage.current) -> String {
    let exact = bytes.counted("byte", language == .danish ? "byte" : "bytes")
    let point = language == .danish ? "," : "."
    let units = ["KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = -1
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    guard unit >= 0 else { return exact }
    let tenths = Int((value * 10).rounded())
    return "\(exact) (\(tenths / 10)\(tenths % 10 == 0 ? "" : "\(point)\(tenths % 10)") \(units[unit]))"
  }
}
