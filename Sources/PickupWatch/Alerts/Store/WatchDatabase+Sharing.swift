package import ExchangeSettings
package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import Foundation
internal import SystemPackage
internal import TriggerFiles

// The alerts of the leading watch, as one document that replaces those in other machines' databases.

extension WatchDatabase {
  /// The version of the shared alerts that this database has.
  func sharedVersion() async throws(ExchangeError) -> Int64 {
    try await read("read the alerts in") { database in
      try database.int("SELECT version FROM alert_number") ?? 0
    }
  }

  /// Notes that the alerts here are the shared ones of a version, by this machine.
  func noteShared(_ version: Int64) async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      try database.execute("UPDATE alert_number SET version = ?", [version])
    }
  }

  /// Records the machine that leads the watch; `nil` for this one. While another machine leads, acknowledging and
  /// silencing are refused here.
  func noteLeader(_ host: String?) async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      try database.execute("UPDATE alert_number SET leader = ?1 WHERE leader IS NOT ?1", [host])
    }
  }

  /// The name in the place of the leader's while it is not known which machine leads.
  static let unknownLeader = "?"

  /// Notes that it is not known any more that this machine leads the watch: another one may take the lead, and what people
  /// do here would be lost. Another leader that is noted stays.
  func noteLeaderUnknown() async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      try database.execute("UPDATE alert_number SET leader = ? WHERE leader IS NULL", [Self.unknownLeader])
    }
  }

  /// The failure to record an act while it is not known which machine leads the watch.
  static let leaderUnknown = ExchangeError(
    .journal, operation: "record the act",
    message:
      "the journal's server does not say which machine leads the watch, so that what is recorded here could be lost",
    remedy: "do it again when the server answers"
  ).inDanish(
    "Journalens server siger ikke, hvilken maskine der leder overvågningen, så det, der noteres her, kunne gå tabt. Gør det igen, når serveren svarer."
  )

  /// The failure of an act that was recorded here and did not reach the server.
  static let recordedHereAlone = ExchangeError(
    .journal, operation: "record the act",
    message:
      "it is recorded on this machine alone: the other machines do not have it, and it is lost if one of them takes the lead",
    remedy: "see whether it holds when the journal's server answers"
  ).inDanish(
    "Det er kun noteret på denne maskine: de andre maskiner har det ikke, og det går tabt, hvis en af dem overtager ledelsen. Se efter, om det gælder, når journalens server svarer."
  )

  /// Returns true for the failure of an act that was recorded on this machine alone.
  package static func isRecordedHereAlone(_ error: ExchangeError) -> Bool { error.message == recordedHereAlone.message }

  /// The reason why nobody can acknowledge or silence here; `nil` where people can.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  func refusalOfActs() async throws(ExchangeError) -> LocalizedText? {
    try await read("read the alerts in") { try Self.refusalOfActs(in: $0) }
  }

  /// The reason why an act is refused here; `nil` where it may be recorded. It is asked for in the transaction of the act,
  /// so that no other machine takes the lead in between.
  ///
  /// - Throws: ``leaderUnknown`` while it is not known which machine leads.
  static func refusalOfAct(in database: SQLConnection) throws -> LocalizedText? {
    if try Self.leader(in: database) == unknownLeader { throw leaderUnknown }
    return try refusalOfActs(in: database)
  }

  private static func leader(in database: SQLConnection) throws -> String? {
    try database.row("SELECT leader FROM alert_number")?.optionalText(0)
  }

  private static func refusalOfActs(in database: SQLConnection) throws -> LocalizedText? {
    try leader(in: database).map(refusalOfActs(under:))
  }

  /// The reason why nobody can acknowledge or silence here while another machine leads the watch.
  static func refusalOfActs(under leader: String) -> LocalizedText {
    if leader == unknownLeader {
      return LocalizedText(
        "the journal's server does not say which machine leads the watch: until it does, nothing can be acknowledged or silenced",
        "journalens server siger ikke, hvilken maskine der leder overvågningen: indtil da kan intet kvitteres eller dæmpes"
      )
    }
    // One that has only just taken the lead has not written its name yet.
    let name = Masked.name(leader)
    let who =
      name.isEmpty
      ? LocalizedText("another machine", "en anden maskine") : LocalizedText("the machine \(name)", "maskinen \(name)")
    return LocalizedText(
      "\(who.en) leads the watch: acknowledge and silence there, and it holds for all machines",
      "\(who.da) leder overvågningen: kvittér og dæmp dér, så gælder det for alle maskiner")
  }

  /// Returns the open alerts with their lives, the outbox, and the silences, in JSON.
  func sharedAlerts() async throws(ExchangeError) -> String {
    try await read("read the alerts in") { database in
      guard let next = try database.int("SELECT next FROM alert_number") else {
        throw DamagedRow(table: "alert_number", id: 1)
      }
      var alerts = SharedAlerts(next: next)
      for part in SharedAlerts.parts { alerts.tables.append(try part.table(in: database)) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(alerts), as: UTF8.self)
    }
  }

  /// Waits until the journal's server has the acts and silences that are here. The watcher beside a command writes them
  /// there: it asks the server every two seconds, and every ten while many alerts are shared. A journal in a file is
  /// shared with nobody.
  ///
  /// What leaves the shared alerts meanwhile, because its alert is resolved or its silence is changed, counts as written
  /// while this machine leads. Another machine that takes the lead replaces what is here by its own.
  ///
  /// - Throws: `ExchangeError` with code `journal` where the server does not have them in time, `watchDatabase` when those
  ///   here cannot be read.
  package func waitUntilShared(
    by settings: ExchangeSettings, within limit: Duration = .seconds(20)
  ) async throws(ExchangeError) {
    guard settings.journalServer != nil else { return }
    let deadline = ContinuousClock.now + limit
    let acts = try await rowsByPeople().rows
    do throws(ExchangeError) {
      let journal = try await Journal.openToRead(of: settings)
      while ContinuousClock.now < deadline {
        let (_, document) = try await journal.sharedWatchDocument()
        if let there = SharedAlerts(document)?.rowsByPeople {
          let here = try await rowsByPeople()
          let missing = acts.subtracting(there)
          if missing.isEmpty || here.leads && missing.isDisjoint(with: here.rows) { return try await journal.close() }
        }
        do { try await Task.sleep(for: .milliseconds(200)) } catch { break }
      }
      try await journal.close()
    } catch {
      // Whatever the server says, the act is here.
    }
    throw Self.recordedHereAlone
  }

  /// The rows that only people's acts change, and whether this machine leads the watch.
  private func rowsByPeople() async throws(ExchangeError) -> (rows: Set<[SharedAlerts.Cell]>, leads: Bool) {
    try await read("read the alerts in") { database -> (rows: Set<[SharedAlerts.Cell]>, leads: Bool) in
      var rows: Set<[SharedAlerts.Cell]> = []
      for part in SharedAlerts.parts where SharedAlerts.tablesByPeople.contains(part.name) {
        rows.formUnion(try part.table(in: database).rows)
      }
      return (rows: rows, leads: try Self.leader(in: database) == nil)
    }
  }

  /// Returns true for a document of shared alerts that this version of Filsluse writes.
  static func canTake(_ document: String) -> Bool { SharedAlerts(document) != nil }

  /// Replaces the open alerts, the silences and the outbox by the shared ones. Resolved alerts stay.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` if another version of Filsluse wrote them, or they cannot be
  ///   written.
  func take(_ document: String, of shared: SharedWatch) async throws(ExchangeError) {
    guard let alerts = SharedAlerts(document) else {
      throw ExchangeError(
        .watchDatabase, operation: "take over the alerts of \(Masked.name(shared.host))", path: path.string,
        message: "another version of Filsluse wrote them",
        remedy: "install the same version on all machines that watch by one journal"
      ).inDanish(detail: "en anden udgave af Filsluse på \(Masked.name(shared.host)) har skrevet alarmerne")
    }
    try await write("write the alerts to") { database in
      try database.execute("DELETE FROM outbox")
      try database.execute("DELETE FROM notification")
      try database.execute("DELETE FROM silence")
      try database.execute("DELETE FROM sink")
      try database.execute("DELETE FROM alert WHERE state != 'resolved'")
      for table in alerts.tables { try table.insert(into: database) }
      try database.execute("UPDATE alert_number SET next = ?, version = ?", [alerts.next, shared.version])
    }
  }
}

/// The document of shared alerts.
fileprivate struct SharedAlerts: Codable {
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
      condition: "id IN (SELECT act FROM alert_event WHERE alert IN (SELECT id FROM alert WHERE \(isOpen)))"),
    Part(name: "alert", condition: isOpen),
    Part(name: "notification", condition: "alert IN (SELECT alert FROM outbox)"),
    Part(name: "outbox", condition: "TRUE"),
    Part(
      name: "alert_event", condition: "alert IN (SELECT id FROM alert WHERE \(isOpen))", isNumberedAnew: true),
  ]
}

extension SharedAlerts.Part {
  /// The columns that are shared, in the table's own order.
  fileprivate func columns(in database: SQLConnection) throws -> [String] {
    let names = try database.rows("SELECT name FROM pragma_table_info('\(name)') ORDER BY cid").map { try $0.text(0) }
    return isNumberedAnew ? names.filter { $0 != "id" } : names
  }

  fileprivate func table(in database: SQLConnection) throws -> SharedAlerts.Table {
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
  /// - Throws: `DamagedRow` where the document names another table or other columns than this version shares: whatever it
  ///   says, no word of it becomes a part of a statement.
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
      // A person's act that is here already is the same.
      try database.execute(
        "INSERT INTO \(name) (\(list)) VALUES (\(marks)) ON CONFLICT DO NOTHING", row.map { $0.value })
    }
  }

  /// Gives an act of this machine a new number if the leader's act has the same: each machine counts its own acts, and
  /// names of files are shown on all of them.
  private func moveOwnAct(beside row: [SharedAlerts.Cell], in database: SQLConnection) throws {
    func value(_ column: String) throws -> SQLValue {
      guard let place = columns.firstIndex(of: column), place < row.count else { throw DamagedRow(table: name, id: 0) }
      return row[place].value
    }
    let own = try database.int(
      "SELECT id FROM act WHERE id = ? AND (kind != ? OR at != ? OR by != ?)",
      [try value("id"), try value("kind"), try value("at"), try value("by")])
    if let own { try Act.renumber(own, in: database) }
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
