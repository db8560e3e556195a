import ExchangeSettings
import FilsluseBase
import TriggerFiles

/// Text in columns, for people.
struct Table {
  private var rows: [[String]]

  init(header: [String]) { rows = [header] }

  /// Creates a table with column names in both languages, separated by `|`.
  init(header: (english: String, danish: String)) { self.init(header: Self.names(header)) }

  /// The names of columns in the language of the output.
  static func names(_ header: (english: String, danish: String)) -> [String] {
    LocalizedText(header.english, header.danish).shown.split(separator: "|").map(String.init)
  }

  var isEmpty: Bool { rows.count == 1 }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, within the width of the terminal.
  var text: String { text(within: Output.tableWidth) }

  /// Returns the lines, limited to a number of columns; without a limit they are as wide as needed.
  func text(within limit: Int?) -> String {
    let columns = TableColumns(of: rows, within: limit)
    return rows.map(columns.text).joined(separator: "\n")
  }

  /// Combining marks take no column of their own.
  static func width(_ text: String) -> Int { Printable.plainWidth(text) ?? text.count }
}

/// The columns of a table: every one as wide as its widest cell, or narrower where all are to fit into a limit.
struct TableColumns {
  private var widths: [Int]
  private var isNarrowed = false
  /// The number of spaces between two columns.
  private static let gap = 2
  /// The least width of a column: a table with more columns than fit keeps its width.
  private static let narrowest = 8

  init(of rows: [[String]], within limit: Int?) {
    let count = rows.map(\.count).max() ?? 0
    widths = (0..<count).map { column in
      rows.map { column < $0.count ? Table.width($0[column]) : 0 }.max() ?? 0
    }
    guard let limit else { return }
    let room = limit - Self.gap * max(0, count - 1)
    guard room >= widths.map({ min($0, Self.narrowest) }).reduce(0, +) else { return }
    isNarrowed = true
    while widths.reduce(0, +) > room, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
      widths[widest] -= 1
    }
  }

  /// Returns a row as a line. In a narrowed table, a cell that is wider than its column goes on below: nothing is left
  /// out.
  func text(_ row: [String]) -> String {
    guard isNarrowed, zip(row, widths).contains(where: { Table.width($0) > $1 }) else { return line(row) }
    let cells = zip(row, widths).map { Self.wrapped($0, to: $1) }
    let height = cells.map(\.count).max() ?? 0
    return (0..<height).map { number in
      let last = cells.lastIndex { number < $0.count } ?? 0
      return line(cells[...last].map { number < $0.count ? $0[number] : "" })
    }.joined(separator: "\n")
  }

  /// Joins the cells of a line; the last one is not padded.
  private func line(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      line += cell
      guard index < cells.count - 1 else { break }
      line += String(repeating: " ", count: max(0, widths[index] - Table.width(cell)) + Self.gap)
    }
    return line
  }

  /// Splits a text into lines of whole words; a word that is wider than a line is broken.
  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if let last = lines.last, Table.width(last) + 1 + Table.width(String(word)) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
        continue
      }
      var rest = word
      while Table.width(String(rest)) > width {
        lines.append(String(rest.prefix(width)))
        rest = rest.dropFirst(width)
      }
      lines.append(String(rest))
    }
    return lines
  }
}

/// Facts below each other: a name, then its value.
struct Facts {
  let language: ReportLanguage
  private var facts: [(name: String, value: String)] = []

  init(in language: ReportLanguage = OutputLanguage.current) { self.language = language }

  mutating func add(_ name: String, _ value: String?) {
    if let value { facts.append((name, Printable.text(value))) }
  }

  /// Adds a fact with a name in both languages.
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
  /// Formats a period to the minute, or a shorter one to the second: `3d4h10m`, `12s`; a negative one as 0s.
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
