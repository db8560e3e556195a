internal import FilsluseSystem
internal import GRDB

extension Journal: DeliveryStore {
  func stage(_ new: NewDelivery, again: Bool) async throws(ExchangeError) -> StagingOutcome {
    try await write { database in
      let identity = new.identity
      let last = try Delivery.fetch(
        database,
        where: "account = ? AND route = ? AND wire_name = ? AND sha256 = ? ORDER BY ordinal DESC LIMIT 1",
        [identity.account, identity.route, identity.wireName, identity.sha256.hex]
      ).first
      // A cancelled delivery was never sent: the same command starts it anew.
      if let last, !(last.state.isFinished && (again || last.state == .cancelled)) { return .known(last) }
      if let holder = try Delivery.holding(identity.wireName, account: identity.account, in: database) {
        return .nameTaken(by: holder)
      }
      let now = Timestamp.now.millisecondsSince1970
      try database.execute(
        sql: """
          INSERT INTO delivery (account, route, wire_name, sha256, ordinal, size, local_path, infref, senders_file_id,
            transaction_id, temporary_trigger_name, trigger_xml, state, staged_at, changed_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          identity.account, identity.route, identity.wireName, identity.sha256.hex, (last?.ordinal ?? 0) + 1,
          Int64(bitPattern: new.size), new.localPath, new.infRef, new.sendersFileID, new.transactionID,
          new.temporaryTriggerName,
          new.trigger.asData, DeliveryState.staged.rawValue, now, now,
        ])
      let id = database.lastInsertedRowID
      try Self.addEntry(database, delivery: id, state: DeliveryState.staged.rawValue, detail: nil, at: now)
      guard let staged = try Delivery.fetch(database, where: "id = ?", [id]).first else {
        throw DamagedRow(table: "delivery", id: id)
      }
      return .staged(staged)
    }
  }

  func record(_ delivery: Delivery, detail: String?) async throws(ExchangeError) -> Delivery {
    try await write { database in
      guard var current = try Delivery.fetch(database, where: "id = ?", [delivery.id]).first else {
        throw DamagedRow(table: "delivery", id: delivery.id)
      }
      if current.state.isFinished { return current }
      let before = current.state
      current = delivery
      current.changedAt = .now
      let now = current.changedAt.millisecondsSince1970
      try database.execute(
        sql: """
          UPDATE delivery SET state = ?, acknowledged = ?, file_transfer_uuid = ?, outcome = ?, receipt_xml = ?,
            changed_at = ? WHERE id = ?
          """,
        arguments: [
          current.state.rawValue, Int64(bitPattern: current.acknowledged), current.fileTransferUUID, current.outcome,
          current.receipt?.asData, now, current.id,
        ])
      if before != current.state {
        try Self.addEntry(database, delivery: current.id, state: current.state.rawValue, detail: detail, at: now)
      }
      return current
    }
  }

  /// The delivery of that number, `nil` when there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func delivery(_ id: Int64) async throws(ExchangeError) -> Delivery? {
    try await read { try Delivery.fetch($0, where: "id = ?", [id]).first }
  }

  /// All deliveries of an account (of all accounts when `nil`), oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func deliveries(of account: String? = nil) async throws(ExchangeError) -> [Delivery] {
    try await read { try Delivery.fetch($0, where: "?1 IS NULL OR account = ?1 ORDER BY id", [account]) }
  }

  func deliveriesAwaitingReceipt(of account: String) async throws(ExchangeError) -> [Delivery] {
    try await read {
      try Delivery.fetch(
        $0, where: "account = ? AND state IN ('armed', 'triggering', 'triggered', 'taken', 'overdue') ORDER BY id",
        [account])
    }
  }

  func isFree(_ wireName: String, account: String) async throws(ExchangeError) -> Bool {
    try await read { try Delivery.holding(wireName, account: account, in: $0) == nil }
  }

  func receipts(of wireName: String, account: String) async throws(ExchangeError) -> [[UInt8]] {
    try await read {
      try Delivery.fetch($0, where: "account = ? AND wire_name = ? AND receipt_xml IS NOT NULL", [account, wireName])
        .compactMap(\.receipt)
    }
  }

  static func addEntry(
    _ database: Database, delivery: Int64? = nil, arrival: Int64? = nil, state: String, detail: String?, at: Int64
  ) throws {
    try database.execute(
      sql: "INSERT INTO entry (at, delivery, arrival, state, detail) VALUES (?, ?, ?, ?, ?)",
      arguments: [at, delivery, arrival, state, detail])
  }
}

/// A row that no version of Filsluse writes.
struct DamagedRow: Error, CustomStringConvertible {
  let table: String
  let id: Int64
  var description: String { "row \(id) of \(table) holds a value that no version writes" }
}

extension Delivery {
  static func fetch(
    _ database: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [Delivery] {
    try Row.fetchAll(database, sql: "SELECT * FROM delivery WHERE \(condition)", arguments: arguments)
      .map(Delivery.init(row:))
  }

  /// The delivery under way that has that name in OUT, `nil` when there is none.
  fileprivate static func holding(
    _ wireName: String, account: String, in database: Database
  ) throws -> Delivery? {
    try fetch(
      database, where: "account = ? AND wire_name = ? AND state NOT IN ('accepted', 'refused', 'cancelled')",
      [account, wireName]
    ).first
  }

  private init(row: Row) throws {
    id = row["id"]
    guard let sha256 = SHA256Digest(hex: row["sha256"]), let state = DeliveryState(rawValue: row["state"]) else {
      throw DamagedRow(table: "delivery", id: id)
    }
    self.sha256 = sha256
    self.state = state
    account = row["account"]
    route = row["route"]
    wireName = row["wire_name"]
    ordinal = row["ordinal"]
    size = UInt64(bitPattern: row["size"] as Int64)
    localPath = row["local_path"]
    infRef = row["infref"]
    sendersFileID = row["senders_file_id"]
    transactionID = row["transaction_id"]
    temporaryTriggerName = row["temporary_trigger_name"]
    trigger = row.bytes("trigger_xml") ?? []
    acknowledged = UInt64(bitPattern: row["acknowledged"] as Int64)
    fileTransferUUID = row["file_transfer_uuid"]
    outcome = row["outcome"]
    receipt = row.bytes("receipt_xml")
    stagedAt = Timestamp(millisecondsSince1970: row["staged_at"])
    changedAt = Timestamp(millisecondsSince1970: row["changed_at"])
  }
}
