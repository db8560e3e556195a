internal import FilsluseSystem
internal import GRDB

extension Journal: DeliveryStore {
  func stage(_ new: NewDelivery, again: Bool) async throws(ExchangeError) -> StagingOutcome {
    try await write { database in
      let identity = new.identity
      let former = try Delivery.fetch(
        database, where: "account = ? AND route = ? AND wire_name = ? AND sha256 = ? ORDER BY ordinal DESC",
        [identity.account, identity.route, identity.wireName, identity.sha256.hex])
      if let open = former.first(where: { !$0.state.isFinished }) { return .known(open) }
      let forgotten = try SentKey(of: identity).find(in: database)
      if !again {
        // A cancelled delivery was never sent: the same command starts it anew.
        if let done = former.first(where: { $0.state != .cancelled }) { return .known(done) }
        if let forgotten { return .known(forgotten.delivery(of: new)) }
      }
      if let holder = try Delivery.holding(identity.wireName, account: identity.account, in: database) {
        return .nameTaken(by: holder)
      }
      let ordinal = max(former.first?.ordinal ?? 0, forgotten?.ordinal ?? 0) + 1
      let staged = try Self.insert(new, ordinal: ordinal, into: database)
      try Self.addEntry(
        database, about: .delivery(staged.id), state: staged.state.rawValue,
        facts: staged.facts.changes(since: AuditFacts()), at: staged.stagedAt)
      return .staged(staged)
    }
  }

  private static func insert(_ new: NewDelivery, ordinal: Int, into database: Database) throws -> Delivery {
    let identity = new.identity
    let now = Timestamp.now
    try database.cachedStatement(
      sql: """
        INSERT INTO delivery (account, route, wire_name, sha256, ordinal, size, local_path, infref, senders_file_id,
          transaction_id, temporary_trigger_name, state, staged_at, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        identity.account, identity.route, identity.wireName, identity.sha256.hex, ordinal,
        Int64(bitPattern: new.size), new.localPath, new.infRef, new.sendersFileID, new.transactionID,
        new.temporaryTriggerName, DeliveryState.staged.rawValue, now.millisecondsSince1970, now.millisecondsSince1970,
      ])
    let id = database.lastInsertedRowID
    try database.cachedStatement(sql: "INSERT INTO delivery_document (delivery, trigger_xml) VALUES (?, ?)")
      .execute(arguments: [id, new.trigger.asData])
    return Delivery(new, id: id, ordinal: ordinal, state: .staged, stagedAt: now, changedAt: now)
  }

  func record(_ delivery: Delivery, detail: String?) async throws(ExchangeError) -> Delivery {
    try await write { database in
      guard let current = try Delivery.fetch(database, where: "id = ?", [delivery.id]).first else {
        throw DamagedRow(table: "delivery", id: delivery.id)
      }
      if current.state.isFinished, current.state != .givenUp { return current }
      var delivery = delivery
      let facts = delivery.changingFacts.changes(since: current.changingFacts)
      let isNews = delivery.state != current.state || facts != nil
      delivery.changedAt = isNews ? .now : current.changedAt
      try database.cachedStatement(
        sql: """
          UPDATE delivery SET state = ?, acknowledged = ?, file_transfer_uuid = ?, outcome = ?, changed_at = ?
          WHERE id = ?
          """
      ).execute(
        arguments: [
          delivery.state.rawValue, Int64(bitPattern: delivery.acknowledged), delivery.fileTransferUUID,
          delivery.outcome, delivery.changedAt.millisecondsSince1970, delivery.id,
        ])
      if delivery.receipt != current.receipt {
        try database.cachedStatement(sql: "UPDATE delivery_document SET receipt_xml = ? WHERE delivery = ?")
          .execute(arguments: [delivery.receipt?.asData, delivery.id])
      }
      if isNews {
        try Self.addEntry(
          database, about: .delivery(delivery.id), state: delivery.state.rawValue, detail: detail, facts: facts,
          at: delivery.changedAt)
      }
      return delivery
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

  func lastDelivery(by route: String, from localPath: String) async throws(ExchangeError) -> Delivery? {
    try await read {
      try Delivery.fetch($0, where: "local_path = ? AND route = ? ORDER BY id DESC LIMIT 1", [localPath, route]).first
    }
  }

  func isFree(_ wireName: String, account: String) async throws(ExchangeError) -> Bool {
    try await read { try Delivery.holding(wireName, account: account, in: $0) == nil }
  }
}

extension Delivery {
  static func fetch(
    _ database: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [Delivery] {
    let sql = "SELECT * FROM delivery LEFT JOIN delivery_document ON delivery = id WHERE \(condition)"
    return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments).map(Delivery.init(row:))
  }

  /// The delivery under way that has that name in OUT, `nil` when there is none.
  fileprivate static func holding(
    _ wireName: String, account: String, in database: Database
  ) throws -> Delivery? {
    try fetch(
      database,
      where: "account = ? AND wire_name = ? AND state NOT IN ('accepted', 'refused', 'cancelled', 'given-up')",
      [account, wireName]
    ).first
  }

  init(row: Row) throws {
    id = row["id"]
    guard let sha256 = SHA256Digest(hex: row["sha256"]), let state = DeliveryState(rawValue: row["state"]),
      let trigger = row.bytes("trigger_xml")
    else {
      throw DamagedRow(table: "delivery", id: id)
    }
    self.sha256 = sha256
    self.state = state
    self.trigger = trigger
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
    acknowledged = UInt64(bitPattern: row["acknowledged"] as Int64)
    fileTransferUUID = row["file_transfer_uuid"]
    outcome = row["outcome"]
    receipt = row.bytes("receipt_xml")
    stagedAt = Timestamp(millisecondsSince1970: row["staged_at"])
    changedAt = Timestamp(millisecondsSince1970: row["changed_at"])
  }
}

extension Delivery {
  /// A delivery with everything that was drawn for it, nothing of which has been sent.
  init(
    _ new: NewDelivery, id: Int64, ordinal: Int, state: DeliveryState, stagedAt: Timestamp, changedAt: Timestamp
  ) {
    self.init(
      id: id, account: new.identity.account, route: new.identity.route, wireName: new.identity.wireName,
      sha256: new.identity.sha256, ordinal: ordinal, size: new.size, localPath: new.localPath, infRef: new.infRef,
      sendersFileID: new.sendersFileID, transactionID: new.transactionID,
      temporaryTriggerName: new.temporaryTriggerName, trigger: new.trigger, state: state, acknowledged: 0,
      stagedAt: stagedAt, changedAt: changedAt)
  }
}
