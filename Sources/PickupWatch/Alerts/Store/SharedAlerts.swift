internal import FilsluseStore
internal import Foundation

/// The document of shared alerts.
struct SharedAlerts: Codable {
  var schema = WatchSchema.identity.version
  /// The number of the next alert.
  let next: Int64
  var tables: [Table] = []

  init(next: Int64) { self.next = next }

  /// Reads a document; `nil` where another version of Filsluse wrote it.
  init?(_ document: String) {
    guard let alerts = try? JSONDecoder().decode(SharedAlerts.self, from: Data(document.utf8)),
      alerts.schema == WatchSchema.identity.version
    else { return nil }
    self = alerts
  }

  /// The tables that only people's acts change.
  static let tablesByPeople: Set<String> = ["act", "silence"]

  /// The rows of those.
  var rowsByPeople: Set<[Cell]> { Set(tables.filter { Self.tablesByPeople.contains($0.name) }.flatMap(\.rows)) }

  /// Rows of a table.
  struct Table: Codable {
    let name: String
    let columns: [String]
    var rows: [[Cell]]
  }

  /// A value of a row.
  enum Cell: Hashable {
    case null
    case integer(Int64)
    case text(String)
  }

  /// The rows of a table that are shared.
  struct Part {
    let name: String
    let condition: String
    /// True for rows whose numbers nothing refers to: they get new numbers.
    var isNumberedAnew = false
  }

  private static let isOpen = "state != 'resolved' OR id IN (SELECT alert FROM outbox)"

  /// Each part after those that it references.
  static let parts = [
    Part(name: "silence", condition: "TRUE"),
    // The sinks of the outbox: with other settings here, their entries go to the sinks that replace them.
    Part(name: "sink", condition: "TRUE"),
    Part(
      name: "act",
      condition: """
        id IN (SELECT act FROM alert_event WHERE alert IN (SELECT id FROM alert WHERE \(isOpen)))
        OR silence IN (SELECT id FROM silence)
        """),
    Part(name: "alert", condition: isOpen),
    Part(name: "notification", condition: "alert IN (SELECT alert FROM outbox)"),
    Part(name: "outbox", condition: "TRUE"),
    Part(
      name: "alert_event", condition: "alert IN (SELECT id FROM alert WHERE \(isOpen))", isNumberedAnew: true),
  ]
}

extension SharedAlerts.Part {
  /// The columns that are shared, in the table's own order.
  func columns(in database: SQLConnection) throws -> [String] {
    let names = try database.rows("SELECT name FROM pragma_table_info('\(name)') ORDER BY cid").map { try $0.text(0) }
    return isNumberedAnew ? names.filter { $0 != "id" } : names
  }

  func table(in database: SQLConnection) throws -> SharedAlerts.Table {
    let columns = try columns(in: database)
    var table = SharedAlerts.Table(name: name, columns: columns, rows: [])
    let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let rows = try database.rows("SELECT \(list) FROM \(name) WHERE \(condition)")
    while let row = try rows.next() {
      table.rows.append(try row.values().map { try SharedAlerts.Cell($0, in: name) })
    }
    return table
  }
}

extension SharedAlerts.Table {
  /// Adds the rows to the table of that name.
  ///
  /// - Throws: `DamagedRow` where the document names another table or other columns than this version shares: whatever
  ///   it says, no word of it becomes a part of a statement.
  func insert(into database: SQLConnection) throws {
    guard let part = SharedAlerts.parts.first(where: { $0.name == name }), try part.columns(in: database) == columns,
      rows.allSatisfy({ $0.count == columns.count })
    else { throw DamagedRow(table: "watch_state", id: 1) }
    if name == "alert", let place = columns.firstIndex(of: "id") {
      // An alert that waits for its last notification may be here as a resolved one.
      for row in rows { try database.execute("DELETE FROM alert WHERE id = ?", [row[place].value]) }
    }
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    for row in rows {
      if name == "act" { try moveOwnAct(beside: row, in: database) }
      try database.execute(
        "INSERT INTO \(name) (\(list)) VALUES (\(marks)) ON CONFLICT DO NOTHING", row.map { $0.value })
    }
  }

  /// Gives an act of this machine a new number if the leader's act has the same: each machine counts its own acts, and
  /// names of files are shown on all of them. The leader's act takes the place of the same one here: one that was done
  /// here and not shared may have been done again by the next leader, with another number.
  private func moveOwnAct(beside row: [SharedAlerts.Cell], in database: SQLConnection) throws {
    func value(_ column: String) throws -> SQLValue {
      guard let place = columns.firstIndex(of: column), place < row.count else { throw DamagedRow(table: name, id: 0) }
      return row[place].value
    }
    let own = try database.int(
      "SELECT id FROM act WHERE id = ? AND (kind != ? OR at != ? OR by != ?)",
      [try value("id"), try value("kind"), try value("at"), try value("by")])
    if let own { try Act.renumber(own, in: database) }
    try database.execute(
      "DELETE FROM act WHERE (id = ? OR key = ?) AND kind != ?",
      [try value("id"), try value("key"), Act.Kind.namesShown.rawValue])
  }
}

extension SharedAlerts.Cell: Codable {
  init(_ value: SQLValue, in table: String) throws {
    switch value {
    case .null: self = .null
    case .integer(let number): self = .integer(number)
    case .text(let text): self = .text(text)
    case .real, .blob: throw DamagedRow(table: table, id: 0)
    }
  }

  var value: SQLValue {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .text(let text): .text(text)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let number = try? container.decode(Int64.self) {
      self = .integer(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .integer(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    }
  }
}
