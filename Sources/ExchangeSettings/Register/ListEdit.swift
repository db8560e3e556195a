internal import FilsluseBase
public import SystemPackage
internal import TriggerFiles

/// A change of a list of routes by lines of another table: lines of the same name are changed in their place, further ones are
/// added at the end. Comments, order and all other lines stay byte for byte.
public struct ListEdit: Sendable {
  /// The text after the change.
  public let bytes: [UInt8]
  /// The names of the lines that are added.
  public let added: [String]
  /// The names of the lines whose cells change.
  public let changed: [String]
  /// The number of lines that are there already as the table has them.
  public let unchanged: Int

  /// The result of putting one line into a list.
  enum Outcome {
    case added, changed, unchanged
  }

  /// True if nothing changes.
  public var isEmpty: Bool { added.isEmpty && changed.isEmpty }

  /// Puts the lines of a table into a list.
  ///
  /// - Parameters:
  ///   - table: CSV with the columns of the list by header.
  ///   - list: the text of `routes.csv` or `routes.yaml`; empty for a new one.
  ///   - file: the table's file, for findings.
  /// - Throws: ``RegisterError`` where one of the two is no table.
  public init(of table: [UInt8], into list: [UInt8], file: FilePath, list listFile: FilePath) throws(RegisterError) {
    let new = try Self.table(table, file)
    if RegisterReading.isYAML(listFile) {
      self = try Self(of: new, file, intoYAML: list, listFile)
      return
    }
    guard list.contains(where: { $0 > 0x20 }) else {
      bytes = Self.utf8(table)
      added = new.rows.map { Self.key($0, new.header) }
      (changed, unchanged) = ([], 0)
      return
    }
    let old = try Self.table(list, listFile)
    var edited = EditedList(Self.utf8(list), old)
    var (added, changed, unchanged) = ([String](), [String](), 0)
    for column in new.header.cells.map(Self.name) where !edited.columns.contains(column) { edited.addColumn(column) }
    for row in new.rows where row.cells.count == new.header.cells.count {
      let cells = Dictionary(
        zip(new.header.cells.map(Self.name), row.cells.map(\.trimmingBlanks)), uniquingKeysWith: { first, _ in first })
      let key = Self.key(row, new.header)
      switch edited.put(cells, key: key) {
      case .added: added.append(key)
      case .changed: changed.append(key)
      case .unchanged: unchanged += 1
      }
    }
    (self.added, self.changed, self.unchanged) = (added, changed, unchanged)
    bytes = added.isEmpty && changed.isEmpty ? Self.utf8(list) : edited.bytes
  }

  private init(
    of table: DelimitedTable, _ file: FilePath, intoYAML list: [UInt8], _ listFile: FilePath
  ) throws(RegisterError) {
    let log = RegisterLog(file: file)
    let columns = RegisterLines.columns(of: table.header, log: log)
    if log.hasErrors { throw RegisterError(log.sorted) }
    let text = list.contains { $0 > 0x20 } ? Self.utf8(list) : Array("routes:\n".utf8)
    var edited = try YAMLListEdit(text, file: listFile)
    var (added, changed, unchanged) = ([String](), [String](), 0)
    for row in table.rows where row.cells.count == columns.count {
      let pairs = zip(columns, row.cells.map(\.trimmingBlanks)).compactMap { column, text in column.map { ($0, text) } }
      let values = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
      let key = YAMLListEdit.key(values.filter { !$0.value.isEmpty })
      guard !key.isEmpty, !key.hasPrefix("@") else {
        log.report(
          .badValue, at: SourcePosition(line: row.line, column: 1),
          LocalizedText(
            "the line is no route, and templates of a list in YAML are written by hand",
            "linjen er ingen rute, og skabeloner i en YAML-liste skrives i hånden"),
          LocalizedText("add it under templates: of the list", "tilføj den under templates: i listen"))
        throw RegisterError(log.sorted)
      }
      switch edited.put(values) {
      case .added: added.append(key)
      case .changed: changed.append(key)
      case .unchanged: unchanged += 1
      }
    }
    (self.added, self.changed, self.unchanged) = (added, changed, unchanged)
    bytes = added.isEmpty && changed.isEmpty ? Self.utf8(list) : try edited.bytes()
  }

  private static func table(_ bytes: [UInt8], _ file: FilePath) throws(RegisterError) -> DelimitedTable {
    do {
      return try DelimitedTable(reading: utf8(bytes), comments: true)
    } catch {
      throw RegisterError([
        RegisterFinding(
          code: .malformed, file: file, position: SourcePosition(line: error.line, column: 1),
          message: LocalizedText(
            "not CSV with a header: \(error.description)", "ikke CSV med en overskrift: \(error.description)"),
          remedy: LocalizedText(
            "write a first line such as name;template;municipality;authority",
            "skriv en første linje som name;template;municipality;authority"))
      ])
    }
  }

  private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    var encodings = LineDecoding.Encodings()
    return LineDecoding.text(of: bytes, &encodings)
  }

  /// The name by which a line is known: its own, or template and municipality.
  fileprivate static func key(_ row: DelimitedTable.Row, _ header: DelimitedTable.Row) -> String {
    func cell(_ column: RegisterColumn) -> String? {
      guard let index = header.cells.firstIndex(where: { name($0) == column.rawValue }), index < row.cells.count else {
        return nil
      }
      let text = row.cells[index].trimmingBlanks
      return text.isEmpty ? nil : text
    }
    if let name = cell(.name) { return name }
    let municipality = cell(.municipality).map { text in
      (Municipality(code: text) ?? MunicipalityName.municipality(named: text))?.code ?? text
    }
    return [cell(.template), municipality].compactMap(\.self).joined(separator: "-")
  }

  fileprivate static func name(_ cell: String) -> String { cell.trimmingBlanks.lowercased() }
}

/// The text of a list while it is changed.
private struct EditedList {
  private(set) var columns: [String]
  private let separator: Unicode.Scalar
  private let hasCarriageReturns: Bool
  /// The lines of the text; the lines of a row that takes several are joined in the first, the others are `nil`.
  private var lines: [String?]
  private var rows: [String: (line: Int, cells: [String])] = [:]
  private let headerLine: Int

  init(_ bytes: [UInt8], _ table: DelimitedTable) {
    separator = table.separator
    columns = table.header.cells.map(ListEdit.name)
    let text = String(decoding: bytes, as: UTF8.self)
    hasCarriageReturns = bytes.contains(0x0D)
    lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
      String(String.UnicodeScalarView($0.last == "\r" ? $0.dropLast() : $0))
    }
    if lines.last == "" { lines.removeLast() }
    headerLine = table.header.line - 1
    for row in table.rows {
      for line in row.line..<(row.line + row.height - 1) where line < lines.count { lines[line] = nil }
      if row.height > 1 { lines[row.line - 1] = joined(row.cells) }
      rows[ListEdit.key(row, table.header)] = (row.line - 1, row.cells)
    }
  }

  var bytes: [UInt8] {
    let end = hasCarriageReturns ? "\r\n" : "\n"
    return Array(lines.compactMap(\.self).map { $0 + end }.joined().utf8)
  }

  /// Adds a column at the end of the header and an empty cell to every row.
  mutating func addColumn(_ name: String) {
    columns.append(name)
    lines[headerLine] = (lines[headerLine] ?? "") + "\(separator)\(name)"
    for (key, row) in rows {
      lines[row.line] = (lines[row.line] ?? "") + "\(separator)"
      rows[key]?.cells.append("")
    }
  }

  mutating func put(_ cells: [String: String], key: String) -> ListEdit.Outcome {
    guard let row = rows[key] else {
      let values = columns.map { cells[$0] ?? "" }
      lines.append(joined(values))
      rows[key] = (lines.count - 1, values)
      return .added
    }
    let values = zip(columns, row.cells).map { column, old in cells[column] ?? old }
    guard values != row.cells.map(\.trimmingBlanks) else { return .unchanged }
    lines[row.line] = joined(values)
    rows[key] = (row.line, values)
    return .changed
  }

  private func joined(_ cells: [String]) -> String {
    cells.map { cell in
      let needsQuotes =
        cell.unicodeScalars.contains { $0 == separator || $0 == "\"" || $0 == "\n" } || cell.hasPrefix("#")
      return needsQuotes ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
    }.joined(separator: String(separator))
  }
}
