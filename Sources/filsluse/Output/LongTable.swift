/// A table of any length, written row by row: the first thousand rows decide the width of its columns, within the width
/// of the terminal.
struct LongTable {
  private var first: [[String]]
  private var columns: TableColumns?
  private var lines = OutputLines()
  private static let sample = 1000

  init(header: [String]) { first = [header] }

  /// Creates a table with column names in both languages, separated by `|`.
  init(header: (english: String, danish: String)) { self.init(header: Table.names(header)) }

  mutating func add(_ row: [String]) {
    if Output.isQuiet { return }
    if let columns { return lines.add(columns.text(row)) }
    first.append(row)
    if first.count > Self.sample { settle() }
  }

  /// Writes the remaining rows.
  mutating func end() {
    if Output.isQuiet { return }
    if columns == nil { settle() }
    lines.flush()
  }

  private mutating func settle() {
    let columns = TableColumns(of: first, within: Output.tableWidth)
    for row in first { lines.add(columns.text(row)) }
    self.columns = columns
    first = []
  }
}
