internal import FilsluseBase
public import SystemPackage
package import TriggerFiles

/// A change of a list of routes by lines of another table: lines of the same name are changed in their place, further
/// ones are added at the end. Comments, order, line ends and all other lines stay byte for byte. A list in another
/// encoding than UTF-8 is written as UTF-8, which ``warnings`` say.
public struct ListEdit: Sendable {
  /// The text after the change.
  public let bytes: [UInt8]
  /// The names of the lines that are added.
  public let added: [String]
  /// The lines with changed cells.
  public let changes: [LineChange]
  /// The number of the table's lines that the list already has unchanged.
  public let unchanged: Int
  /// The findings that do not prevent the change: another encoding than UTF-8, and findings on the values of new and
  /// changed routes.
  public internal(set) var warnings: [RegisterFinding]
  private let table: ImportedTable

  /// A line with changed cells.
  public struct LineChange: Sendable, Hashable {
    /// The line's name.
    public let name: String
    /// The number of the line in the list before the change, from 1.
    public let line: Int
    /// The cells that change.
    public let cells: [CellChange]

    /// The cells with their texts before and after: `municipality Odense → 0461`.
    package var description: LocalizedText {
      func shown(_ none: String) -> String {
        cells.map { cell in
          let (before, after) = (cell.column.shown(cell.before), cell.column.shown(cell.after))
          return "\(cell.column.rawValue) \(before.isEmpty ? none : before) → \(after.isEmpty ? none : after)"
        }.joined(separator: ", ")
      }
      return LocalizedText(shown("nothing"), shown("intet"))
    }
  }

  /// A cell of a line that changes.
  public struct CellChange: Sendable, Hashable {
    /// The cell's column.
    public let column: RegisterColumn
    /// The text before; empty for none.
    public let before: String
    /// The text after; empty for none.
    public let after: String
  }

  /// The result of putting one line into a list.
  enum Outcome {
    case added, unchanged
    case changed(line: Int, [CellChange])
  }

  /// The names of the lines with changed cells.
  public var changed: [String] { changes.map(\.name) }
  /// True if nothing changes.
  public var isEmpty: Bool { added.isEmpty && changes.isEmpty }

  /// Merges the lines of a table into a list.
  ///
  /// - Parameters:
  ///   - table: CSV with the columns of the list by header.
  ///   - list: the text of `routes.csv` or `routes.yaml`; empty for a new one.
  ///   - file: the table's file, for findings.
  /// - Throws: ``RegisterError`` if one of the two is not a table, or two rows of the table have the same key.
  public init(of table: [UInt8], into list: [UInt8], file: FilePath, list listFile: FilePath) throws(RegisterError) {
    let new = try ImportedTable(table, file: file, list: listFile)
    guard new.errors.isEmpty else { throw RegisterError(new.errors) }
    try self.init(of: new, into: list, list: listFile)
  }

  /// Puts the rows of a table that can be read into a list.
  ///
  /// - Throws: ``RegisterError`` where the list is no table, or is written in a way that is changed by hand alone.
  init(of new: ImportedTable, into list: [UInt8], list listFile: FilePath) throws(RegisterError) {
    table = new
    let log = RegisterLog(file: listFile)
    let text = RegisterReading.text(of: list, log: log)
    let edited: [UInt8]
    let isEmpty = !text.contains { $0 > 0x20 }
    if RegisterReading.isYAML(listFile) {
      (edited, added, changes, unchanged) = try Self.edit(yaml: text, listFile, by: new)
    } else if !isEmpty || !new.errors.isEmpty || !new.hasOwnNames {
      // Of a table with errors, the part that can be read is put under a header of its own, and so is one in Danish.
      let columns = new.columns.isEmpty ? [RegisterColumn.name] : new.columns
      let header = columns.map(\.rawValue).joined(separator: ";") + "\n"
      (edited, added, changes, unchanged) = try Self.edit(csv: isEmpty ? Array(header.utf8) : text, by: new, log: log)
    } else {
      (edited, added, changes, unchanged) = (new.text, new.rows.map(\.key), [], 0)
    }
    let isSame = added.isEmpty && changes.isEmpty
    warnings = new.warnings + (isSame ? log.sorted : log.sorted.map(Self.rewritten))
    // A spreadsheet knows the encoding by the byte-order mark, so a list that has one keeps one.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let isMarked = [mark, [0xFF, 0xFE], [0xFE, 0xFF]].contains { list.starts(with: $0) }
    bytes = isMarked ? mark + edited : edited
  }

  /// Turns the warning about another encoding than UTF-8 into one that the list is written back as UTF-8.
  private static func rewritten(_ finding: RegisterFinding) -> RegisterFinding {
    guard finding.code == .otherEncoding else { return finding }
    var finding = finding
    finding.message =
      finding.message
      + LocalizedText(
        ", and this change writes the whole list as UTF-8", ", og denne ændring skriver hele listen som UTF-8")
    finding.remedy = LocalizedText(
      "open it as UTF-8 from then on, in spreadsheets too", "åbn den som UTF-8 fra da af, også i regneark")
    return finding
  }

  /// The findings that refuse to change lines which the list has already, each at its line of the table.
  func refusalsToReplace(in list: FilePath) -> [RegisterFinding] {
    changes.map { change in
      let line = table.rows.first { $0.key == change.name }?.line
      let name = Entry.shown(change.name)
      return RegisterFinding(
        code: .doubledName, file: table.file, position: line.map { SourcePosition(line: $0, column: 1) },
        message: EarlierLine.place(line: change.line, of: list)
          + LocalizedText(" has \(name) already, and would change: ", " har allerede \(name) og ville blive ændret: ")
          + change.description,
        remedy: LocalizedText("where that is meant: ", "er det meningen: ") + LocalizedText.step(.replaceRoute))
    }
  }

  /// The numbers of the lines that the table's rows have in the list after the change.
  package func lines(in list: FilePath) -> [Int] {
    guard let lines = RegisterReading.lines(bytes, list: list, log: RegisterLog(file: list)) else { return [] }
    let keys = Set(table.rows.map(\.key))
    return lines.named.filter { keys.contains($0.key) }.map { $0.line.position.line }
  }

  /// Moves findings about values that the table brought from their line of the changed list to the table's own line and
  /// column.
  func placed(_ findings: [RegisterFinding], in list: FilePath) -> [RegisterFinding] {
    let places = places(in: list)
    return findings.map { finding in
      guard finding.file == list, let place = finding.position.flatMap({ places[$0] }) else { return finding }
      var finding = finding
      (finding.file, finding.position) = (table.file, place)
      return finding
    }
  }

  /// The same for findings that keep the list from being changed: an earlier line that the table brought too is not in
  /// the list, so that it is named, and corrected, where it is in the table.
  func refused(_ findings: [RegisterFinding], in list: FilePath) -> [RegisterFinding] {
    let places = places(in: list)
    let named = findings.map { finding in
      guard let earlier = finding.earlier, let place = places[earlier.position] else { return finding }
      var finding = finding
      finding.message = RegisterFinding.about(route: finding.route) + earlier.message(line: place.line, of: table.file)
      if finding.code == .municipalityAuthority {
        finding.remedy = LocalizedText(
          "compare both lines with the business register, and correct the wrong one",
          "sammenlign begge linjer med CVR, og ret den forkerte")
      }
      return finding
    }
    return placed(named, in: list)
  }

  /// The table's own places of the values that it brought, by their places in the changed list.
  private func places(in list: FilePath) -> [SourcePosition: SourcePosition] {
    guard let lines = RegisterReading.lines(bytes, list: list, log: RegisterLog(file: list)) else { return [:] }
    let rows = Dictionary(table.rows.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var places: [SourcePosition: SourcePosition] = [:]
    for (key, line) in lines.named {
      guard let row = rows[key] else { continue }
      places[line.position] = SourcePosition(line: row.line, column: 1)
      for (column, cell) in line.cells {
        if let place = row.places[column] { places[cell.position] = SourcePosition(line: row.line, column: place) }
      }
    }
    return places
  }

  /// The text of a list after a change, the names of the lines added, the lines changed, and the number of those
  /// unchanged.
  private typealias Edited = (bytes: [UInt8], added: [String], changes: [LineChange], unchanged: Int)

  private static func edit(
    csv list: [UInt8], by table: ImportedTable, log: RegisterLog
  ) throws(RegisterError) -> Edited {
    guard let old = RegisterLines.table(list, log: log) else { throw RegisterError(log.sorted) }
    let columns = RegisterLines.columns(of: old.header, log: log)
    for row in old.rows where !row.isBlank { _ = RegisterLines.hasCell(row, forEach: columns, log: log) }
    if log.hasErrors { throw RegisterError(log.sorted) }
    var edited = EditedList(list, old, columns.compactMap(\.self))
    var (added, changes, unchanged) = ([String](), [LineChange](), 0)
    for column in table.columns where !edited.columns.contains(column) { edited.addColumn(column) }
    for row in table.rows {
      switch edited.put(row.values, key: row.key) {
      case .added: added.append(row.key)
      case .changed(let line, let cells): changes.append(LineChange(name: row.key, line: line, cells: cells))
      case .unchanged: unchanged += 1
      }
    }
    let bytes = added.isEmpty && changes.isEmpty ? list : edited.bytes
    return (bytes, added, changes, unchanged)
  }

  private static func edit(
    yaml list: [UInt8], _ listFile: FilePath, by table: ImportedTable
  ) throws(RegisterError) -> Edited {
    let text = list.contains { $0 > 0x20 } ? list : Array("routes:\n".utf8)
    var edited = try YAMLListEdit(text, file: listFile)
    var (added, changes, unchanged) = ([String](), [LineChange](), 0)
    for row in table.rows {
      switch edited.put(row.values) {
      case .added: added.append(row.key)
      case .changed(let line, let cells): changes.append(LineChange(name: row.key, line: line, cells: cells))
      case .unchanged: unchanged += 1
      }
    }
    let bytes = added.isEmpty && changes.isEmpty ? list : try edited.bytes()
    return (bytes, added, changes, unchanged)
  }
}

/// The text of a list while it is changed.
private struct EditedList {
  private(set) var columns: [RegisterColumn]
  private let separator: Unicode.Scalar
  /// The lines of the text; the lines of a row that takes several are joined in the first, the others are `nil`.
  private var lines: [ListLine?]
  /// The line end of added lines.
  private let end: String
  private var rows: [String: (line: Int, cells: [String])] = [:]
  private let headerLine: Int

  init(_ bytes: [UInt8], _ table: DelimitedTable, _ columns: [RegisterColumn]) {
    separator = table.separator
    self.columns = columns
    let text = ListLine.lines(of: bytes)
    lines = text
    end = ListLine.end(among: text)
    headerLine = table.header.line - 1
    for row in table.rows where !row.isBlank {
      let first = row.line - 1
      if row.height > 1 {
        let last = min(first + row.height, lines.count) - 1
        lines[first] = ListLine(joined(row.cells).unicodeScalars, end: lines[last]?.end ?? end)
        for line in (first + 1)..<(first + row.height) where line < lines.count { lines[line] = nil }
      }
      let values = Dictionary(uniqueKeysWithValues: zip(columns, row.cells.map(\.trimmingBlanks)))
      rows[YAMLListEdit.key(values.filter { !$0.value.isEmpty })] = (first, row.cells)
    }
  }

  var bytes: [UInt8] { ListLine.text(of: lines.compactMap(\.self)) }

  /// Adds a column at the end of the header and an empty cell to every row that is not blank.
  mutating func addColumn(_ column: RegisterColumn) {
    columns.append(column)
    lines[headerLine]?.scalars += Array("\(separator)\(column.rawValue)".unicodeScalars)
    for (key, row) in rows {
      lines[row.line]?.scalars.append(separator)
      rows[key]?.cells.append("")
    }
  }

  mutating func put(_ cells: YAMLListEdit.Values, key: String) -> ListEdit.Outcome {
    guard let row = rows[key] else {
      let values = columns.map { cells[$0] ?? "" }
      lines.append(ListLine(joined(values).unicodeScalars, end: end))
      rows[key] = (lines.count - 1, values)
      return .added
    }
    let values = zip(columns, row.cells).map { column, old in cells[column] ?? old }
    let before = row.cells.map(\.trimmingBlanks)
    guard values != before else { return .unchanged }
    let scalars = Array(joined(values).unicodeScalars)
    lines[row.line]?.scalars = scalars
    rows[key] = (row.line, values)
    let changes = values.indices.filter { values[$0] != before[$0] }.map { index in
      ListEdit.CellChange(column: columns[index], before: before[index], after: values[index])
    }
    return .changed(line: row.line + 1, changes)
  }

  private func joined(_ cells: [String]) -> String {
    cells.map { cell in
      let needsQuotes =
        cell.unicodeScalars.contains { $0 == separator || $0 == "\"" || $0 == "\n" } || cell.hasPrefix("#")
      return needsQuotes ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
    }.joined(separator: String(separator))
  }
}

extension RegisterColumn {
  /// A cell of the column as output shows it: what a person wrote about people has CPR-like numbers masked.
  package func shown(_ cell: String) -> String { self == .contact ? Masked.name(cell) : cell }
}
