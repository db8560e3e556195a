internal import FilsluseSystem
internal import GRDB

extension Journal: ArrivalStore {
  func see(_ new: NewArrival) async throws(ExchangeError) -> Arrival {
    try await write { transaction in
      let key: StatementArguments = [new.account, new.fileTransferUUID]
      if let known = try Arrival.fetch(transaction.database, where: "account = ? AND file_transfer_uuid = ?", key).first
      {
        return known
      }
      return try Self.see(new, at: .now, in: transaction)
    }
  }

  /// Adds an arrival that no row is about; one that retention has forgotten is taken up as what it was.
  static func see(_ new: NewArrival, at moment: Timestamp, in transaction: JournalTransaction) throws -> Arrival {
    let database = transaction.database
    let forgotten = try ReceivedKey(account: new.account, fileTransferUUID: new.fileTransferUUID).find(in: database)
    var arrival = Arrival(
      id: 0, account: new.account, fileTransferUUID: new.fileTransferUUID, wireName: new.wireName, size: new.size,
      infRef: new.infRef, sender: new.sender, route: new.route, metadata: new.metadata, state: .seen, seenAt: moment,
      changedAt: moment)
    if let forgotten { arrival = forgotten.arrival(like: arrival) }
    try database.cachedStatement(
      sql: """
        INSERT INTO arrival (account, file_transfer_uuid, wire_name, size, infref, sender, route, state, sha256, seen_at,
          changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        arrival.account, arrival.fileTransferUUID, arrival.wireName, Int64(bitPattern: arrival.size), arrival.infRef,
        arrival.sender, arrival.route, arrival.state.rawValue, arrival.sha256?.hex, moment.millisecondsSince1970,
        moment.millisecondsSince1970,
      ])
    arrival.id = database.lastInsertedRowID
    try database.cachedStatement(sql: "INSERT INTO arrival_document (arrival, metadata_xml) VALUES (?, ?)")
      .execute(arguments: [arrival.id, arrival.metadata.asData])
    try transaction.addEntry(
      about: .arrival(arrival.id), state: arrival.state.rawValue,
      detail: forgotten == nil ? nil : "it came again; it was handed over before, and only its keys had been kept",
      facts: arrival.facts.changes(since: AuditFacts()), at: moment)
    return arrival
  }

  func record(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    try await write { try Self.record(arrival, in: $0) }
  }

  static func record(_ arrival: Arrival, in transaction: JournalTransaction) throws -> Arrival {
    let database = transaction.database
    guard let current = try Arrival.fetch(database, where: "id = ?", [arrival.id]).first else {
      throw DamagedRow(table: "arrival", id: arrival.id)
    }
    var arrival = arrival
    let facts = arrival.changingFacts.changes(since: current.changingFacts)
    let isNews = arrival.state != current.state || facts != nil
    arrival.changedAt = isNews ? .now : current.changedAt
    try database.cachedStatement(
      sql: """
        UPDATE arrival SET state = ?, route = ?, local_name = ?, sha256 = ?, reason = ?, tries = ?, next_try_at = ?,
          set_aside_from = ?, changed_at = ? WHERE id = ?
        """
    ).execute(
      arguments: [
        arrival.state.rawValue, arrival.route, arrival.localName, arrival.sha256?.hex, arrival.reason, arrival.tries,
        arrival.nextTryAt?.millisecondsSince1970, arrival.setAsideFrom?.rawValue,
        arrival.changedAt.millisecondsSince1970, arrival.id,
      ])
    if isNews {
      try transaction.addEntry(
        about: .arrival(arrival.id), state: arrival.state.rawValue, detail: arrival.reason, facts: facts,
        at: arrival.changedAt)
    }
    return arrival
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
        $0, where: "account = ? AND state IN ('fetched', 'verified', 'handing-over', 'handed-over') ORDER BY id",
        [account])
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
    let sql = "SELECT * FROM arrival LEFT JOIN arrival_document ON arrival = id WHERE \(condition)"
    return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments).map(Arrival.init(row:))
  }

  init(row: Row) throws {
    id = row["id"]
    guard let state = ArrivalState(rawValue: row["state"]), let metadata = row.bytes("metadata_xml") else {
      throw DamagedRow(table: "arrival", id: id)
    }
    self.state = state
    self.metadata = metadata
    account = row["account"]
    fileTransferUUID = row["file_transfer_uuid"]
    wireName = row["wire_name"]
    size = UInt64(bitPattern: row["size"] as Int64)
    infRef = row["infref"]
    sender = row["sender"]
    localName = row["local_name"]
    if let hex = row["sha256"] as String? {
      guard let digest = SHA256Digest(hex: hex) else { throw DamagedRow(table: "arrival", id: id) }
      sha256 = digest
    } else {
      sha256 = nil
    }
    reason = row["reason"]
    route = row["route"]
    tries = row["tries"]
    nextTryAt = (row["next_try_at"] as Int64?).map { Timestamp(millisecondsSince1970: $0) }
    setAsideFrom = (row["set_aside_from"] as String?).flatMap(ArrivalState.init)
    seenAt = Timestamp(millisecondsSince1970: row["seen_at"])
    changedAt = Timestamp(millisecondsSince1970: row["changed_at"])
  }
}
