/// A table of any length, shown as it comes: its columns are as wide as its first thousand rows want them.
struct LongTable {
  private var first: [[String]]
  private var widths: [Int] = []
  private var lines = OutputLines()
  private static let sample = 1000

  init(header: [String]) { first = [header] }

  /// A table whose columns are named in both languages, with `|` between them.
  init(header: (english: String, danish: String)) { self.init(header: Table.names(header)) }

  mutating func add(_ row: [String]) {
    if Output.isQuiet { return }
    if !widths.isEmpty { return lines.add(line(row)) }
    first.append(row)
    if first.count > Self.sample { settle() }
  }

  /// Shows what is left.
  mutating func end() {
    if Output.isQuiet { return }
    if widths.isEmpty { settle() }
    lines.flush()
  }

  private mutating func settle() {
    let columns = first.map(\.count).max() ?? 0
    widths = (0..<columns).map { column in first.map { column < $0.count ? Table.width($0[column]) : 0 }.max() ?? 0 }
    for row in first { lines.add(line(row)) }
    first = []
  }

  private func line(_ row: [String]) -> String {
    var line = ""
    for (index, cell) in row.enumerated() {
      line += cell
      if index == row.count - 1 { break }
      let missing = max(0, widths[index] - Table.width(cell)) + 2
      line += String(repeating: " ", count: missing)
    }
    return line
  }
}
