internal import FilsluseSystem
internal import GRDB

extension Journal: ArrivalStore {
  func see(_ new: NewArrival) async throws(ExchangeError) -> Arrival {
    try await write { database in
      let key: StatementArguments = [new.account, new.fileTransferUUID]
      if let known = try Arrival.fetch(database, where: "account = ? AND file_transfer_uuid = ?", key).first {
        return known
      }
      let now = Timestamp.now.millisecondsSince1970
      try database.execute(
        sql: """
          INSERT INTO arrival (account, file_transfer_uuid, wire_name, size, infref, sender, metadata_xml, state,
            seen_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          new.account, new.fileTransferUUID, new.wireName, Int64(bitPattern: new.size), new.infRef, new.sender,
          new.metadata.asData, ArrivalState.seen.rawValue, now, now,
        ])
      let id = database.lastInsertedRowID
      try Self.addEntry(database, arrival: id, state: ArrivalState.seen.rawValue, detail: nil, at: now)
      guard let seen = try Arrival.fetch(database, where: "id = ?", [id]).first else {
        throw DamagedRow(table: "arrival", id: id)
      }
      return seen
    }
  }

  func record(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    try await write { database in
      let before = try String.fetchOne(database, sql: "SELECT state FROM arrival WHERE id = ?", arguments: [arrival.id])
      var arrival = arrival
      arrival.changedAt = .now
      let now = arrival.changedAt.millisecondsSince1970
      try database.execute(
        sql: "UPDATE arrival SET state = ?, local_name = ?, sha256 = ?, reason = ?, changed_at = ? WHERE id = ?",
        arguments: [
          arrival.state.rawValue, arrival.localName, arrival.sha256?.hex, arrival.reason, now, arrival.id,
        ])
      if before != arrival.state.rawValue {
        try Self.addEntry(
          database, arrival: arrival.id, state: arrival.state.rawValue, detail: arrival.reason, at: now)
      }
      return arrival
    }
  }

  /// The arrival of that number, `nil` when there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrival(_ id: Int64) async throws(ExchangeError) -> Arrival? {
    try await read { try Arrival.fetch($0, where: "id = ?", [id]).first }
  }

  func arrival(transfer uuid: String, of account: String) async throws(ExchangeError) -> Arrival? {
    try await read { try Arrival.fetch($0, where: "account = ? AND file_transfer_uuid = ?", [account, uuid]).first }
  }

  func arrivalsToFinish(of account: String) async throws(ExchangeError) -> [Arrival] {
    try await read {
      try Arrival.fetch(
        $0, where: "account = ? AND state IN ('fetched', 'verified', 'handed-over') ORDER BY id", [account])
    }
  }

  /// All arrivals of an account (of all accounts when `nil`), oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrivals(of account: String? = nil) async throws(ExchangeError) -> [Arrival] {
    try await read { try Arrival.fetch($0, where: "?1 IS NULL OR account = ?1 ORDER BY id", [account]) }
  }
}

extension Arrival {
  static func fetch(
    _ database: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [Arrival] {
    try Row.fetchAll(database, sql: "SELECT * FROM arrival WHERE \(condition)", arguments: arguments)
      .map(Arrival.init(row:))
  }

  private init(row: Row) throws {
    id = row["id"]
    guard let state = ArrivalState(rawValue: row["state"]) else { throw DamagedRow(table: "arrival", id: id) }
    self.state = state
    account = row["account"]
    fileTransferUUID = row["file_transfer_uuid"]
    wireName = row["wire_name"]
    size = UInt64(bitPattern: row["size"] as Int64)
    infRef = row["infref"]
    sender = row["sender"]
    metadata = row.bytes("metadata_xml") ?? []
    localName = row["local_name"]
    if let hex = row["sha256"] as String? {
      guard let digest = SHA256Digest(hex: hex) else { throw DamagedRow(table: "arrival", id: id) }
      sha256 = digest
    } else {
      sha256 = nil
    }
    reason = row["reason"]
    seenAt = Timestamp(millisecondsSince1970: row["seen_at"])
    changedAt = Timestamp(millisecondsSince1970: row["changed_at"])
  }
}
