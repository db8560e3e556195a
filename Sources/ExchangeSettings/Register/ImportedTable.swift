internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The table of an import: CSV in which each row is a line of the list, with one cell for every column.
struct ImportedTable: Sendable {
  struct Row: Sendable {
    /// The line of the table, counted from 1.
    let line: Int
    /// The key of the line in the list.
    let key: String
    /// The cells by column, empty ones too.
    let values: YAMLListEdit.Values
    /// The column of the text at which each cell begins.
    let places: [RegisterColumn: Int]
  }

  /// The table's file.
  let file: FilePath
  /// The table as UTF-8.
  let text: [UInt8]
  /// The columns in the order of the header.
  let columns: [RegisterColumn]
  /// The rows; blank ones are left out.
  let rows: [Row]
  /// Everything that is wrong with header and rows, each at its line of the table; empty for a table that can be taken.
  let errors: [RegisterFinding]
  /// The findings that do not keep the table from being taken.
  let warnings: [RegisterFinding]

  /// Reads a table. Of one with errors the other columns and rows are read, so that their values can be judged, too.
  ///
  /// - Throws: ``RegisterError`` where it is no table.
  init(_ bytes: [UInt8], file: FilePath) throws(RegisterError) {
    self.file = file
    let log = RegisterLog(file: file)
    text = RegisterReading.text(of: bytes, log: log)
    guard let table = RegisterLines.table(text, log: log) else { throw RegisterError(log.sorted) }
    let columns = RegisterLines.columns(of: table.header, log: log)
    var rows: [Row] = []
    var lineOfKey: [String: Int] = [:]
    for row in table.rows where !row.isBlank {
      guard RegisterLines.hasCell(row, forEach: columns, log: log) else { continue }
      let cells = zip(columns, row.cells).compactMap { column, cell in column.map { ($0, cell.trimmingBlanks) } }
      let values = Dictionary(cells, uniquingKeysWith: { first, _ in first })
      let key = YAMLListEdit.key(values.filter { !$0.value.isEmpty })
      if !key.isEmpty, let earlier = lineOfKey.updateValue(row.line, forKey: key) {
        log.report(
          .doubledName, at: SourcePosition(line: row.line, column: 1),
          LocalizedText(
            "\(Entry.shown(key)) is in line \(earlier) already", "\(Entry.shown(key)) står allerede i linje \(earlier)"),
          LocalizedText("keep one of the two", "behold én af de to"))
      }
      let places = zip(columns, row.columns).compactMap { column, place in column.map { ($0, place) } }
      rows.append(
        Row(
          line: row.line, key: key, values: values,
          places: Dictionary(places, uniquingKeysWith: { first, _ in first })))
    }
    self.columns = columns.compactMap(\.self)
    self.rows = rows
    errors = log.hasErrors ? log.sorted : []
    warnings = log.hasErrors ? [] : log.sorted
  }
}
