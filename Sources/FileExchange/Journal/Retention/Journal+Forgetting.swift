public import FilsluseSystem
internal import GRDB

extension Journal: HistoryStore {
  /// The last entry's number and hash: kept elsewhere, it tells later whether anything up to it was changed or removed.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func anchor() async throws(ExchangeError) -> JournalAnchor { try await read(JournalAnchor.last) }

  /// Forgets the deliveries and arrivals that ended before a moment, with their entries and documents.
  ///
  /// What is kept of them for ever, and holds no name, knows the same content or the same transfer again. A checkpoint
  /// carries the chain of entries on. It is done in steps, so that others can write in between; one that is cut short
  /// is complete as far as it came.
  ///
  /// - Returns: how many it forgot.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read or written.
  public func forget(endedBefore moment: Timestamp) async throws(ExchangeError) -> Int {
    var total = 0
    while !Task.isCancelled {
      let forgotten = try await write { try RetentionStep(moment: moment).run(in: $0) }
      if forgotten == 0 { break }
      total += forgotten
    }
    return total
  }
}

/// One step of retention: some of what has ended goes, and a checkpoint says so.
struct RetentionStep {
  let moment: Timestamp
  /// How many deliveries and arrivals go at a time.
  var size = 500

  private enum Ended {
    case delivery(Delivery)
    case arrival(Arrival)

    var at: Timestamp {
      switch self {
      case .delivery(let delivery): delivery.changedAt
      case .arrival(let arrival): arrival.changedAt
      }
    }
  }

  func run(in database: Database) throws -> Int {
    let ended = try longestEnded(in: database)
    if ended.isEmpty { return 0 }
    // It may be among those that go; what comes next follows it all the same.
    let last = try JournalAnchor.last(in: database)
    let former = try Checkpoint.newest(in: database)
    var start = former?.checkpoint.start ?? .start
    for one in ended {
      if let last = try lastEntry(of: one, in: database), last.number > start.number { start = last }
      try forget(one, in: database)
    }
    if let former, former.number <= start.number {
      try database.execute(sql: "DELETE FROM entry WHERE number = ?", arguments: [former.number])
    }
    let sealed = try ChainWalk.seal(upTo: start.number, in: database)
    try Journal.addEntry(
      database, about: .journal, state: Checkpoint.state,
      detail: "\(ended.count) deliveries and arrivals that ended before \(moment) were forgotten",
      facts: Checkpoint(start: start, sealed: sealed).facts.changes(since: AuditFacts()), at: .now,
      after: last)
    return ended.count
  }

  /// Those that ended first, so that few entries of others lie between theirs.
  private func longestEnded(in database: Database) throws -> [Ended] {
    func condition(_ states: [String]) -> String {
      let list = states.map { "'\($0)'" }.joined(separator: ", ")
      return "changed_at < ? AND state IN (\(list)) ORDER BY changed_at, id LIMIT \(size)"
    }
    let before: StatementArguments = [moment.millisecondsSince1970]
    let deliveries = try Delivery.fetch(
      database, where: condition(DeliveryState.allCases.filter(\.isFinished).map(\.rawValue)), before)
    let arrivals = try Arrival.fetch(
      database, where: condition(ArrivalState.allCases.filter(\.mayBeForgotten).map(\.rawValue)), before)
    let ended = deliveries.map(Ended.delivery) + arrivals.map(Ended.arrival)
    return Array(ended.sorted { $0.at < $1.at }.prefix(size))
  }

  private func lastEntry(of one: Ended, in database: Database) throws -> JournalAnchor? {
    let (column, id) = Self.columnAndID(one)
    let last = try database.cachedStatement(
      sql: "SELECT number, hash FROM entry WHERE \(column) = ? ORDER BY number DESC LIMIT 1")
    return try Row.fetchOne(last, arguments: [id]).map(JournalAnchor.init(row:))
  }

  private func forget(_ one: Ended, in database: Database) throws {
    switch one {
    case .delivery(let delivery):
      // A cancelled one was never sent: there is nothing to know again.
      if delivery.state != .cancelled { try SentKey(of: delivery.identity).keep(delivery, in: database) }
    case .arrival(let arrival):
      let handedOver = try database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM entry WHERE arrival = ? AND state = 'handed-over')")
      if try Bool.fetchOne(handedOver, arguments: [arrival.id]) ?? false {
        try ReceivedKey(account: arrival.account, fileTransferUUID: arrival.fileTransferUUID).keep(
          arrival, in: database)
      }
    }
    let (table, id) = Self.columnAndID(one)
    try database.cachedStatement(sql: "DELETE FROM entry WHERE \(table) = ?").execute(arguments: [id])
    try database.cachedStatement(sql: "DELETE FROM \(table) WHERE id = ?").execute(arguments: [id])
  }

  private static func columnAndID(_ one: Ended) -> (String, Int64) {
    switch one {
    case .delivery(let delivery): ("delivery", delivery.id)
    case .arrival(let arrival): ("arrival", arrival.id)
    }
  }
}

extension ArrivalState {
  /// Whether nothing is left to be done about it, by a person either.
  fileprivate var mayBeForgotten: Bool { isFinished && self != .setAside }
}
