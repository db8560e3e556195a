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
    /// True for a row that has a stand-in for its name, so that it is no line that the list has already.
    let isStandIn: Bool

    /// The templates that the row uses, defines, or adds a receiver to.
    fileprivate var templates: [String] {
      let used = values[.template]?.split(separator: "|").map { String($0).trimmingBlanks } ?? []
      return used + [values[.name].flatMap(ImportedTable.template)].compactMap(\.self)
    }
  }

  /// The table's file.
  let file: FilePath
  /// The table as UTF-8.
  let text: [UInt8]
  /// The columns in the order of the header.
  let columns: [RegisterColumn]
  /// The rows that can be read; blank ones are left out.
  let rows: [Row]
  /// Everything that is wrong with header and rows, each at its line of the table; empty for a table that can be taken.
  let errors: [RegisterFinding]
  /// The findings that do not keep the table from being taken.
  let warnings: [RegisterFinding]
  /// True if the header has the columns' own names, as a list has them; a table may have them in Danish.
  let hasOwnNames: Bool
  /// The columns whose values a faulty header keeps from being read.
  private let unreadColumns: Set<RegisterColumn>
  /// The templates whose rows cannot be read.
  private let unreadTemplates: Set<String>

  /// Reads a table. Of one with errors the other columns and rows are read, so that their values can be judged, too.
  ///
  /// - Parameter list: the list that the table changes; templates of one in YAML are written by hand.
  /// - Throws: ``RegisterError`` where it is no table.
  init(_ bytes: [UInt8], file: FilePath, list: FilePath) throws(RegisterError) {
    self.file = file
    let log = RegisterLog(file: file)
    text = RegisterReading.text(of: bytes, log: log)
    guard let table = RegisterLines.table(text, log: log) else { throw RegisterError(log.sorted) }
    let columns = RegisterLines.columns(of: table.header, alsoDanish: true, log: log)
    hasOwnNames = table.header.cells.allSatisfy { RegisterColumn(rawValue: $0.trimmingBlanks.lowercased()) != nil }
    let unread = Self.unreadColumns(table.header, columns)
    let isYAML = RegisterReading.isYAML(list)
    var unreadTemplates: Set<String> = []
    var rows: [Row] = []
    var lineOfKey: [String: Int] = [:]
    for row in table.rows where !row.isBlank {
      guard RegisterLines.hasCell(row, forEach: columns, log: log) else {
        unreadTemplates.formUnion(row.cells.compactMap { Self.template($0.trimmingBlanks) })
        continue
      }
      let cells = zip(columns, row.cells).compactMap { column, cell in column.map { ($0, cell.trimmingBlanks) } }
      var values = Dictionary(cells, uniquingKeysWith: { first, _ in first })
      var key = YAMLListEdit.key(values)
      let template = values[.name].flatMap(Self.template)
      let position = SourcePosition(line: row.line, column: 1)
      let isNamed =
        unread.isDisjoint(with: [.name, .template, .municipality]) || template != nil
        || !unread.contains(.name) && !(values[.name] ?? "").isEmpty
      var isStandIn = !isNamed
      if isYAML, template != nil || key.isEmpty && isNamed {
        log.reportNoRoute(at: position)
        if let template { unreadTemplates.insert(template) }
        continue
      }
      if isNamed, key.isEmpty {
        log.reportMissing(.name, at: position)
        isStandIn = true
      } else if isNamed, let earlier = lineOfKey.updateValue(row.line, forKey: key) {
        log.report(
          .doubledName, at: position,
          LocalizedText(
            "\(Entry.shown(key)) is in line \(earlier) already", "\(Entry.shown(key)) står allerede i linje \(earlier)"),
          LocalizedText("keep one of the two", "behold én af de to"))
        isStandIn = true
        if let template {
          unreadTemplates.insert(template)
          continue
        }
      }
      if isStandIn {
        key = "row-\(row.line){receiver}"
        values[.name] = key
      }
      let places = zip(columns, row.columns).compactMap { column, place in column.map { ($0, place) } }
      rows.append(
        Row(
          line: row.line, key: key, values: values,
          places: Dictionary(places, uniquingKeysWith: { first, _ in first }), isStandIn: isStandIn))
    }
    var read: [RegisterColumn] = []
    for column in columns.compactMap(\.self) where !read.contains(column) { read.append(column) }
    if rows.contains(where: \.isStandIn), !read.contains(.name) { read.append(.name) }
    self.columns = read
    self.rows = rows
    errors = log.hasErrors ? log.sorted : []
    warnings = log.hasErrors ? [] : log.sorted
    unreadColumns = unread
    self.unreadTemplates = unreadTemplates
  }

  /// The template that a line of this name defines or adds a receiver to; `nil` for a route's name.
  private static func template(_ name: String) -> String? {
    name.hasPrefix("@") ? String(name.dropFirst().prefix { $0 != "/" }) : nil
  }

  /// The columns that are there twice, and those that a name which is no column may stand for. One that is not near to
  /// any may stand for every column that the header lacks; but the header's own columns name the rows where they can.
  private static func unreadColumns(
    _ header: DelimitedTable.Row, _ columns: [RegisterColumn?]
  ) -> Set<RegisterColumn> {
    let read = columns.compactMap(\.self)
    let naming: Set<RegisterColumn> = [.name, .template, .municipality]
    var meant: Set<RegisterColumn> = []
    for (name, column) in zip(header.cells, columns) where column == nil {
      if let column = RegisterColumn(meantBy: name) {
        meant.insert(column)
      } else {
        meant.formUnion(RegisterColumn.allCases.filter { naming.isDisjoint(with: read) || !naming.contains($0) })
      }
    }
    let doubled = Set(read).filter { column in read.count { $0 == column } > 1 }
    return doubled.union(meant.subtracting(read))
  }

  // MARK: Values

  /// The findings about a list with these rows in it that are no consequence of the errors of header and rows.
  ///
  /// - Parameter earlier: the findings that the list has without the rows.
  func judged(_ findings: [RegisterFinding], earlier: Set<RegisterFinding>) -> [RegisterFinding] {
    let rowOfLine = Dictionary(rows.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
    return findings.filter { finding in
      if earlier.contains(finding) || finding.code == .tooLarge { return true }
      if finding.code == .municipalityAuthority, !unreadColumns.isDisjoint(with: Self.ofAuthorities) { return false }
      guard finding.file == file else { return finding.code == .municipalityAuthority }
      guard let row = finding.position.flatMap({ rowOfLine[$0.line] }) else { return true }
      return !mayFollow(finding, row)
    }
  }

  /// The columns by which the CVR number of a municipality is known.
  private static let ofAuthorities: Set<RegisterColumn> = [
    .name, .template, .account, .direction, .kind, .environment, .municipality, .authority, .senderAuthority,
    .recipientAuthority,
  ]

  /// Returns true if a finding about a row may come from a column or row that cannot be read.
  private func mayFollow(_ finding: RegisterFinding, _ row: Row) -> Bool {
    let lacksTemplate =
      !unreadColumns.isDisjoint(with: [.name, .template]) || !unreadTemplates.isDisjoint(with: row.templates)
    // Of a row without a name only values are judged: the list may have the line already, with what is missing here.
    let mayBeThere = row.isStandIn && !errors.contains { $0.code == .missingValue && $0.position?.line == row.line }
    switch finding.code {
    case .unknownTemplate: return lacksTemplate
    case .doubledName, .municipalityAuthority: return lacksTemplate || row.isStandIn
    case .doubledRoute, .infRefOfOtherSystem, .sortimentSender, .sortimentVersion:
      return lacksTemplate || row.isStandIn || !unreadColumns.isEmpty
    case .missingValue, .conflict:
      return lacksTemplate || mayBeThere || !unreadColumns.isDisjoint(with: finding.column?.deciding ?? [])
    case .badValue:
      // A path that is made of the municipality.
      let text = finding.column.flatMap { row.values[$0] } ?? ""
      return unreadColumns.contains(.municipality) && text.contains("{municipality}")
    default: return false
    }
  }
}

extension RegisterColumn {
  /// The column of a Danish name, such as `Kommune` or `Gyldig fra`.
  package init?(danishName name: String) {
    guard let column = Self.byDanishName[name.trimmingBlanks.lowercased().replacing(" ", with: "-")] else { return nil }
    self = column
  }

  /// The column that a header means by a name that is none: by its Danish name, or by one that is a slip away.
  init?(meantBy name: String) {
    let nearest = NearestName.to(name, among: Self.names).flatMap(Self.init(rawValue:))
    guard let column = Self(danishName: name) ?? nearest else { return nil }
    self = column
  }

  /// The columns whose values decide whether it is a mistake that this one is empty, or that it is not.
  fileprivate var deciding: Set<RegisterColumn> {
    switch self {
    case .name: [.name, .municipality]
    case .kind, .recipients, .infRef, .authority, .senderITSystem, .senderAuthority, .recipientITSystem,
      .recipientAuthority:
      [self, .kind, .direction, .account, .authority]
    case .outgoing: [self, .direction]
    case .environment: [self, .account]
    case .keepSent: [self, .accepted]
    case .validTo: [self, .validFrom]
    default: [self]
    }
  }
}

extension RegisterLog {
  /// Reports a row that cannot be put into a list in YAML.
  fileprivate func reportNoRoute(at position: SourcePosition) {
    report(
      .badValue, at: position,
      LocalizedText(
        "the line is no route, and templates of a list in YAML are written by hand",
        "linjen er ingen rute, og skabeloner i en YAML-liste skrives i hånden"),
      LocalizedText("add it under templates: of the list", "tilføj den under templates: i listen"))
  }

  /// Reports a value that a route needs and does not have.
  func reportMissing(_ column: RegisterColumn, at position: SourcePosition, _ why: LocalizedText? = nil) {
    let meaning = why ?? column.meaning
    report(
      .missingValue, at: position, in: column,
      LocalizedText(
        "\(column.rawValue): the value is missing, expected \(meaning.en)",
        "\(column.rawValue): værdien mangler, forventede \(meaning.da)"),
      LocalizedText("add it to the line or to its template", "tilføj den på linjen eller i dens skabelon"))
  }
}
