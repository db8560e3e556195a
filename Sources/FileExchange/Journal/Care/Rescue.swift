internal import FilsluseSystem
internal import GRDB
internal import SystemPackage

/// Takes over into a backup what the journal that it replaces can still tell of the time after it: what was sent then
/// is known as sent, what was handed over as handed over, what was begun goes on.
///
/// A damaged file tells what it can: reading stops at the first row that it cannot give.
struct Rescue {
  let deliveries: Int
  let arrivals: Int
  /// Whether the former journal could be read to its end, and all of it fitted.
  let isWhole: Bool

  init(from former: FilePath, since moment: Timestamp, into backup: Database) {
    let rescuer = Rescuer(former: former, moment: moment, backup: backup)
    let deliveries = rescuer.takeOver("delivery", Delivery.columns) { row, _ in try rescuer.take(try Delivery(row: row))
    }
    let arrivals = rescuer.takeOver("arrival", "*") { row, database in
      try rescuer.take(try Arrival(row: row), from: database)
    }
    self.deliveries = deliveries.count
    self.arrivals = arrivals.count
    isWhole = deliveries.isWhole && arrivals.isWhole
  }
}

private struct Rescuer {
  let former: FilePath
  let moment: Timestamp
  let backup: Database

  private static let detail = "as the journal told that a backup has replaced"

  func takeOver(_ table: String, _ columns: String, _ take: (Row, Database) throws -> Bool) -> (
    count: Int, isWhole: Bool
  ) {
    var count = 0
    do {
      var configuration = Configuration()
      configuration.readonly = true
      try DatabaseQueue(path: former.string, configuration: configuration).read { database in
        let rows = try Row.fetchCursor(
          database,
          sql: """
            SELECT \(columns) FROM \(table) LEFT JOIN \(table)_document ON \(table)_document.\(table) = id
            WHERE +changed_at >= ? ORDER BY id
            """, arguments: [moment.millisecondsSince1970])
        while let row = try rows.next() {
          try backup.inSavepoint {
            if try take(row, database) { count += 1 }
            return .commit
          }
        }
      }
      return (count, true)
    } catch {
      return (count, false)
    }
  }

  /// Whether there was anything to take over.
  func take(_ former: Delivery) throws -> Bool {
    let known = try Delivery.fetch(backup, where: "senders_file_id = ?", [former.sendersFileID]).first
    if let known, known.state == former.state || (known.state.isFinished && known.state != .givenUp) { return false }
    let transaction = JournalTransaction(backup)
    var delivery =
      try known ?? Journal.stage(NewDelivery(of: former), ordinal: former.ordinal, at: former.stagedAt, in: transaction)
    delivery.state = former.state
    delivery.acknowledged = former.acknowledged
    delivery.fileTransferUUID = former.fileTransferUUID
    delivery.outcome = former.outcome
    delivery.receipt = former.receipt
    _ = try Journal.record(delivery, detail: Self.detail, in: transaction)
    return true
  }

  func take(_ former: Arrival, from database: Database) throws -> Bool {
    let known = try Arrival.fetch(
      backup, where: "account = ? AND file_transfer_uuid = ?", [former.account, former.fileTransferUUID]
    ).first
    if let known, known.state == former.state { return false }
    let transaction = JournalTransaction(backup)
    var arrival = try known ?? Journal.see(NewArrival(of: former), at: former.seenAt, in: transaction)
    arrival.state = former.state
    arrival.route = former.route
    arrival.localName = former.localName
    arrival.sha256 = former.sha256
    arrival.reason = former.reason
    arrival.tries = former.tries
    arrival.nextTryAt = former.nextTryAt
    arrival.setAsideFrom = former.setAsideFrom
    _ = try Journal.record(arrival, in: transaction)
    for table in ["business_answer", "business_receipt"] {
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM \(table) WHERE arrival = ?", arguments: [former.id])
      for row in rows { try copy(row, of: table, to: arrival.id) }
    }
    return true
  }

  /// Its delivery may have another number here; sent or not, it is found again by its content.
  private func copy(_ row: Row, of table: String, to arrival: Int64) throws {
    let others = row.filter { $0.0 != "arrival" && $0.0 != "delivery" }
    let columns = (["arrival"] + others.map(\.0)).joined(separator: ", ")
    let marks = (["?"] + others.map { _ in "?" }).joined(separator: ", ")
    try backup.execute(
      sql: "INSERT OR IGNORE INTO \(table) (\(columns)) VALUES (\(marks))",
      arguments: StatementArguments([arrival.databaseValue] + others.map(\.1)))
  }
}

extension NewDelivery {
  fileprivate init(of delivery: Delivery) {
    self.init(
      identity: delivery.identity, size: delivery.size, localPath: delivery.localPath, infRef: delivery.infRef,
      sendersFileID: delivery.sendersFileID, transactionID: delivery.transactionID,
      temporaryTriggerName: delivery.temporaryTriggerName, trigger: delivery.trigger)
  }
}

extension NewArrival {
  fileprivate init(of arrival: Arrival) {
    self.init(
      account: arrival.account, fileTransferUUID: arrival.fileTransferUUID, wireName: arrival.wireName,
      size: arrival.size, infRef: arrival.infRef, sender: arrival.sender, route: arrival.route,
      metadata: arrival.metadata)
  }
}
