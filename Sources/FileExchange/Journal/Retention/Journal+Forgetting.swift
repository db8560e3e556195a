internal import FilsluseStore
public import FilsluseBase

extension Journal {
  /// Returns the last entry's number and hash: kept elsewhere, it proves later that no entry up to it was changed or
  /// removed.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func anchor() async throws(ExchangeError) -> JournalAnchor { try await read(JournalAnchor.last) }

  /// Removes the deliveries and arrivals that ended before a moment, with their entries and documents.
  ///
  /// Tombstones without names remain for ever, and recognise the same content or the same transfer again. A checkpoint
  /// continues the chain of entries. The removal runs in steps, so that others can write in between; an interrupted one
  /// is complete up to its last step.
  ///
  /// - Returns: the number removed.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read or written.
  public func forget(endedBefore moment: Timestamp) async throws(ExchangeError) -> Int {
    var total = 0
    var next: RetentionStep? = RetentionStep(moment: moment)
    while let step = next, !Task.isCancelled {
      let outcome = try await write { try step.run(in: $0) }
      total += outcome.forgotten
      next = outcome.next
    }
    // Overwritten data must not stay in the log.
    if total > 0 { await BlockingThreads.shared.run { self.emptyLog() } }
    return total
  }
}

/// One step of retention: removes some ended deliveries and arrivals, and records a checkpoint.
struct RetentionStep {
  let moment: Timestamp
  /// The number of deliveries, and of arrivals, removed at a time.
  var size = 250
  /// The positions that earlier steps reached.
  var lastDelivery: Int64 = 0
  var lastArrival: Int64 = 0

  private enum Ended {
    case delivery(Delivery)
    case arrival(Arrival)
  }

  /// Removes one batch; returns its size, and the next step where one is left.
  func run(in transaction: JournalTransaction) throws -> (forgotten: Int, next: RetentionStep?) {
    // From here on no other transaction adds an entry, or changes what the checkpoint covers, before this one ends. The
    // last entry may be removed too; the next one is chained to it all the same.
    _ = try transaction.chainEnd()
    let database = transaction.database
    let (deliveries, arrivals) = try ended(in: database)
    let ended = deliveries.map(Ended.delivery) + arrivals.map(Ended.arrival)
    if ended.isEmpty { return (0, nil) }
    let former = try Checkpoint.newest(in: database)
    var start = former?.checkpoint.start ?? .start
    var keys = former?.checkpoint.keys ?? TombstoneDigest()
    for one in ended {
      if let last = try lastEntry(of: one, in: database), last.number > start.number { start = last }
      try forget(one, in: database, under: &keys)
    }
    if let former, former.number <= start.number {
      try database.execute("DELETE FROM entry WHERE number = ?", [former.number])
    }
    let sealed = try Checkpoint.seal(upTo: start.number, in: database)
    let count = ended.count.counted("delivery or arrival", "deliveries and arrivals")
    try transaction.addEntry(
      about: .journal, state: Checkpoint.state, detail: "forgot \(count) that ended before \(moment)",
      facts: Checkpoint(start: start, sealed: sealed, keys: keys).facts.changes(since: AuditFacts()), at: .now)
    var next = self
    next.lastDelivery = deliveries.last?.id ?? lastDelivery
    next.lastArrival = arrivals.last?.id ?? lastArrival
    return (ended.count, next)
  }

  private func ended(in database: SQLConnection) throws -> ([Delivery], [Arrival]) {
    func condition(_ states: [String], _ also: String = "TRUE") -> String {
      let list = states.map { "'\($0)'" }.joined(separator: ", ")
      return "id > ? AND changed_at < ? AND state IN (\(list)) AND \(also) ORDER BY id LIMIT \(size)"
    }
    let isAnswered = """
      NOT EXISTS (SELECT 1 FROM business_answer AS answer
        WHERE answer.arrival = arrival.id AND answer.route IS NOT NULL AND answer.is_sent = 0)
      """
    let deliveries = try Delivery.fetch(
      database, where: condition(DeliveryState.allCases.filter(\.isFinished).map(\.rawValue)),
      [lastDelivery, moment.millisecondsSince1970])
    let arrivals = try Arrival.fetch(
      database, where: condition(ArrivalState.allCases.filter(\.mayBeForgotten).map(\.rawValue), isAnswered),
      [lastArrival, moment.millisecondsSince1970])
    return (deliveries, arrivals)
  }

  private func lastEntry(of one: Ended, in database: SQLConnection) throws -> JournalAnchor? {
    let (column, id) = Self.columnAndID(one)
    let last = "SELECT number, hash FROM entry WHERE \(column) = ? ORDER BY number DESC LIMIT 1"
    return try database.row(last, [id]).map(JournalAnchor.init(row:))
  }

  private func forget(_ one: Ended, in database: SQLConnection, under seal: inout TombstoneDigest) throws {
    switch one {
    case .delivery(let delivery):
      // A cancelled one was never sent: there is nothing to know again.
      if delivery.state != .cancelled {
        try SentTombstone(of: delivery.identity).keep(delivery, in: database, under: &seal)
      }
    case .arrival(let arrival):
      let handedOver = "SELECT EXISTS (SELECT 1 FROM entry WHERE arrival = ? AND state = 'handed-over')"
      if try database.int(handedOver, [arrival.id]) == 1 {
        try ReceivedTombstone(account: arrival.account, fileTransferUUID: arrival.fileTransferUUID).keep(
          arrival, in: database, under: &seal)
      }
    }
    let (table, id) = Self.columnAndID(one)
    try database.execute("DELETE FROM entry WHERE \(table) = ?", [id])
    try database.execute("DELETE FROM \(table) WHERE id = ?", [id])
  }

  private static func columnAndID(_ one: Ended) -> (String, Int64) {
    switch one {
    case .delivery(let delivery): ("delivery", delivery.id)
    case .arrival(let arrival): ("arrival", arrival.id)
    }
  }
}

extension ArrivalState {
  /// True if no further work or decision of a person is pending.
  fileprivate var mayBeForgotten: Bool { isFinished && self != .setAside }
}
