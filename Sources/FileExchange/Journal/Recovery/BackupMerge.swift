internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Merges into a backup the later part of the journal that it replaces: sent deliveries count as sent, handed-over
/// arrivals as handed over, begun ones go on, and removed ones are still known by their tombstones.
///
/// Rows later than the backup are found by the numbers of their entries, because a clock may have been set back. A
/// damaged file is read as far as possible.
struct BackupMerge {
  /// The path of the merged journal; `nil` where there is none.
  let former: FilePath?
  let deliveries: Int
  let arrivals: Int
  /// True if the former journal was read to its end, and all of it fitted.
  let isWhole: Bool

  /// Merges a journal.
  ///
  /// - Parameter former: the path of the former journal; `nil` where there is none.
  init(from former: FilePath?, into backup: SQLConnection) {
    self.former = former
    // A file that is missing or cannot be opened contributes nothing.
    let taken = former.flatMap { try? Self.takeOver(from: $0, into: backup) }
    deliveries = taken?.deliveries.count ?? 0
    arrivals = taken?.arrivals.count ?? 0
    isWhole = taken.map { $0.deliveries.isWhole && $0.arrivals.isWhole } ?? false
  }

  private static func takeOver(
    from former: FilePath, into backup: SQLConnection
  ) throws -> (deliveries: MergedRows, arrivals: MergedRows) {
    return try SQLiteFile(reading: former).read { database in
      var (deliveries, arrivals) = (MergedRows(), MergedRows())
      // Tombstones first, so that forgotten deliveries no longer hold the names of later ones.
      TombstoneMerge(former: database, backup: backup).carryOut(&deliveries, &arrivals)
      let rowMerge = RowMerge(former: database, backup: backup)
      rowMerge.takeOver("delivery", Delivery.columns, &deliveries) { try rowMerge.take(try Delivery(row: $0)) }
      rowMerge.takeOverNotes(&deliveries)
      rowMerge.takeOver("arrival", Arrival.columns, &arrivals) { try rowMerge.take(try Arrival(row: $0)) }
      return (deliveries, arrivals)
    }
  }

  /// The detail of an entry about a merged row.
  static let detail = "as recorded in the journal that a backup has replaced"
}

/// The result of merging rows of one kind.
struct MergedRows {
  /// The number of rows to merge.
  var count = 0
  /// True if all rows were read, and fitted.
  var isWhole = true

  /// Runs one change, completely or not at all; a failure does not affect the other changes.
  mutating func take(into backup: SQLConnection, _ body: () throws -> Bool) {
    do {
      try backup.inSavepoint { if try body() { count += 1 } }
    } catch {
      isWhole = false
    }
  }
}

private struct RowMerge {
  let former: SQLConnection
  let backup: SQLConnection

  func takeOver(_ table: String, _ columns: String, _ rows: inout MergedRows, _ take: (SQLRow) throws -> Bool) {
    let sql = "SELECT \(columns) FROM \(table) LEFT JOIN \(table)_document ON \(table)_document.\(table) = id"
    do {
      guard let news = try? news(of: table) else {
        // Its entries cannot be read: any row may have news.
        rows.isWhole = false
        let all = try former.rows("\(sql) ORDER BY id")
        while let row = try all.next() { rows.take(into: backup) { try take(row) } }
        return
      }
      let one = "\(sql) WHERE id = ?"
      for id in news {
        // One by one: a damaged page hides only its own rows.
        rows.take(into: backup) {
          guard let row = try former.row(one, [id]) else { throw DamagedRow(table: table, id: id) }
          return try take(row)
        }
      }
    } catch {
      rows.isWhole = false
    }
  }

  /// Merges the notes on the checks of orders, such as a stated municipality: only entries hold them, and a delivery
  /// that the backup knows may have got one since. They count as no rows.
  func takeOverNotes(_ rows: inout MergedRows) {
    do {
      let notes = try former.rows(
        """
        SELECT delivery.senders_file_id, entry.state, entry.detail, entry.facts
        FROM entry JOIN delivery ON delivery.id = +entry.delivery
        WHERE entry.number > ? AND +entry.state IN (?, ?, ?) AND entry.detail <> ? ORDER BY entry.number
        """,
        [
          try lastInCommon(), DeliveryState.staged.rawValue, StagingNotes.municipalityEvent.name,
          StagingNotes.overrideEvent.name, BackupMerge.detail,
        ])
      while let note = try notes.next() {
        rows.take(into: backup) {
          try take(note: note)
          return false
        }
      }
    } catch {
      rows.isWhole = false
    }
  }

  private func take(note: SQLRow) throws {
    let known = try Delivery.fetch(backup, where: "senders_file_id = ?", [try note.text(0)]).first
    guard let known else { return }
    let state = EntryState(name: try note.text(1))
    var facts = AuditFacts()
    if let text = try note.optionalText(3) { facts.apply(text) }
    // The entry about the staging of a delivery holds its first note.
    try Journal.keep(
      try note.text(2), as: state.reached == .delivery(.staged) ? StagingNotes.municipalityEvent : state,
      facts: facts.only(Array(StagingNotes.factsOfEntries)), about: known.id, in: JournalTransaction(backup))
  }

  /// Returns the numbers of the rows that have entries which the backup lacks.
  private func news(of table: String) throws -> [Int64] {
    // Not by an index, which may be damaged where the table is not.
    try former.rows(
      "SELECT DISTINCT +\(table) FROM entry WHERE number > ? AND +\(table) IS NOT NULL ORDER BY 1", [try lastInCommon()]
    ).map { try $0.int(0) }
  }

  /// Returns the last common entry: up to it both have the same history, because each hash covers all earlier entries.
  /// The backup may have diverged from the former journal, which may itself have been restored.
  private func lastInCommon() throws -> Int64 {
    let hash = "SELECT hash FROM entry WHERE number = ?"
    let start = try Checkpoint.newest(in: former)?.checkpoint.start
    let entries = try backup.rows("SELECT number, hash FROM entry ORDER BY number DESC")
    while let row = try entries.next() {
      let entry = try JournalAnchor(row: row)
      if entry == start { return entry.number }
      if let other = try former.row(hash, [entry.number])?.blob(0), other == entry.hash.bytes {
        return entry.number
      }
    }
    return 0
  }

  /// Merges a delivery; returns true if the backup lacked anything of it.
  func take(_ former: Delivery) throws -> Bool {
    let known = try Delivery.fetch(backup, where: "senders_file_id = ?", [former.sendersFileID]).first
    if let known, known.state == former.state || (known.state.isFinished && known.state != .givenUp) { return false }
    let transaction = JournalTransaction(backup)
    if known == nil { try endHolder(of: former, in: transaction) }
    var delivery =
      try known
      ?? Journal.stage(
        NewDelivery(of: former), ordinal: try ordinal(for: former), at: former.stagedAt, in: transaction)
    delivery.state = former.state
    delivery.acknowledged = former.acknowledged
    delivery.acknowledgedSHA256 = former.acknowledgedSHA256
    delivery.fileTransferUUID = former.fileTransferUUID
    delivery.outcome = former.outcome
    delivery.receipt = former.receipt
    _ = try Journal.record(delivery, detail: BackupMerge.detail, in: transaction)
    return true
  }

  /// Its own, unless the backup has given that to one which the former journal had forgotten.
  private func ordinal(for former: Delivery) throws -> Int {
    let others = try Delivery.fetch(
      backup, where: "account = ? AND route = ? AND wire_name = ? AND sha256 = ?",
      [former.account, former.route, former.wireName.string, former.sha256.hex]
    ).map(\.ordinal)
    return others.contains(former.ordinal) ? (others.max() ?? 0) + 1 : former.ordinal
  }

  /// Ends an open delivery of the backup that has the name of a later open one: in the former journal it had ended and
  /// was forgotten, because two open deliveries never share a name. Its final state is unknown.
  private func endHolder(of former: Delivery, in transaction: JournalTransaction) throws {
    let holders = try Delivery.fetch(
      backup, where: "account = ? AND wire_name = ? AND \(Delivery.isUnderWay)",
      [former.account, former.wireName.string])
    for var holder in holders {
      holder.state = .givenUp
      _ = try Journal.record(holder, detail: BackupMerge.detail, in: transaction)
    }
  }

  func take(_ former: Arrival) throws -> Bool {
    let known = try Arrival.fetch(
      backup, where: "account = ? AND file_transfer_uuid = ?", [former.account, former.fileTransferUUID]
    ).first
    // An arrival handed over by a diverged backup is not handed over again.
    if let known, known.state == former.state || (known.state.isTheReceivers && !former.state.isTheReceivers) {
      return false
    }
    let transaction = JournalTransaction(backup)
    var arrival = try known ?? Journal.see(NewArrival(of: former), at: former.seenAt, in: transaction)
    arrival.state = former.state
    arrival.route = former.route
    arrival.localName = former.localName
    arrival.sha256 = former.sha256
    arrival.settledModified = former.settledModified
    arrival.differentModified = former.differentModified
    arrival.reason = former.reason
    arrival.tries = former.tries
    arrival.nextTryAt = former.nextTryAt
    arrival.setAsideFrom = former.setAsideFrom
    _ = try Journal.record(arrival, in: transaction)
    try copy(of: "business_answer", "acceptance, document, route, is_sent", of: former, to: arrival)
    try copy(
      of: "business_receipt", "file_transfer_uuid, file_name, recipient, acceptance, reason", of: former, to: arrival)
    try AnswerFacts.addEntry(
      of: arrival.id, state: "answers-restored", detail: BackupMerge.detail, at: .now, in: transaction)
    return true
  }

  /// Copies an arrival's rows of a table. Its delivery may have another number here; sent or not, it is found again by
  /// its content.
  private func copy(of table: String, _ columns: String, of former: Arrival, to arrival: Arrival) throws {
    let rows = try self.former.rows("SELECT \(columns) FROM \(table) WHERE arrival = ?", [former.id])
    for values in try rows.map({ try $0.values() }) {
      let marks = (["?"] + values.map { _ in "?" }).joined(separator: ", ")
      try backup.execute(
        "INSERT INTO \(table) (arrival, \(columns)) VALUES (\(marks)) ON CONFLICT DO NOTHING",
        [arrival.id.sqlValue] + values)
    }
  }
}

extension ArrivalState {
  /// True once its receiver has it.
  var isTheReceivers: Bool { self == .handedOver || self == .removed }
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
