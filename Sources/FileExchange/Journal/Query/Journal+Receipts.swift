internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// Returns the account's committed deliveries without receipt: those with these names in OUT, or all. Given-up
  /// deliveries are included, since their receipt may still come. Their triggers are left out.
  func deliveriesAwaitingReceipt(
    of account: String, named names: [WireName]?
  ) async throws(ExchangeError) -> [Delivery] {
    try await read { database in
      guard let names else {
        return try Delivery.fetchWithoutDocuments(
          database, where: "account = ? AND \(Self.awaitsReceipt) ORDER BY id", [account])
      }
      // One query per name, by its index: the journal may have a hundred thousand deliveries whose receipt never came.
      return try names.flatMap { name in
        try Delivery.fetchWithoutDocuments(
          database, where: "account = ? AND wire_name = ? AND \(Self.awaitsReceipt) ORDER BY id",
          [account, name.string])
      }
    }
  }

  private static let isOpenAndCommitted = isIn { $0.isCommitted && !$0.isFinished }
  private static let awaitsReceipt = isIn { $0.isCommitted && ($0 == .givenUp || !$0.isFinished) }
  private static let isBegun = isIn(\.isToBeSent)
  private static let isWaitingForReceipt = isIn(\.awaitsReceipt)
  private static let isFinished = isIn(\.isFinished)

  /// The paths that begin with `.taken/`: the digit 0 comes after the slash.
  private static let isFromWatchedFolder = "local_path >= '.taken/' AND local_path < '.taken0'"

  private static func isIn(_ holds: (DeliveryState) -> Bool) -> String {
    "state IN (\(DeliveryState.allCases.filter(holds).map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
  }

  /// Returns this machine's unfinished deliveries of files from watched folders, including those that wait for their
  /// receipts.
  func deliveriesFromWatchedFolders() async throws(ExchangeError) -> [Delivery] {
    try await read {
      let isOwn = Ownership.isOwn("delivery", in: $0)
      return try Delivery.fetch(
        $0, where: "\(Self.isFromWatchedFolder) AND \(Delivery.isUnderWay) AND \(isOwn) ORDER BY id", [])
    }
  }

  /// Returns some of the account's deliveries from no watched folder, not known to have their trigger in OUT and
  /// unchanged since before a moment. Business receipts, and deliveries in another machine's hands, are left out.
  func deliveriesBegun(of account: String, before moment: Timestamp) async throws(ExchangeError) -> [Delivery] {
    try await read {
      // Answers have no index by delivery: they are read once for the whole list.
      try Delivery.fetch(
        $0,
        where: """
          account = ? AND \(Delivery.isUnderWay) AND \(Self.isBegun) AND changed_at < ?
          AND NOT (\(Self.isFromWatchedFolder))
          AND delivery.id NOT IN (SELECT delivery FROM business_answer WHERE delivery IS NOT NULL)
          AND \(Ownership.isNoOthers("delivery", in: $0)) ORDER BY id LIMIT 1000
          """,
        [account, moment.millisecondsSince1970])
    }
  }

  /// Returns some of the account's deliveries under way from no watched folder, without documents: those not known to
  /// have their trigger in OUT, and those without a receipt, each unchanged since a moment at the earliest. Business
  /// receipts, and deliveries in another machine's hands, are left out.
  func deliveriesUnderWay(
    of account: String, begunSince: Timestamp, committedSince: Timestamp
  ) async throws(ExchangeError) -> [Delivery] {
    try await read {
      try Delivery.fetchWithoutDocuments(
        $0,
        where: """
          account = ? AND \(Delivery.isUnderWay)
          AND (\(Self.isBegun) AND changed_at >= ? OR \(Self.isWaitingForReceipt) AND changed_at >= ?)
          AND NOT (\(Self.isFromWatchedFolder))
          AND delivery.id NOT IN (SELECT delivery FROM business_answer WHERE delivery IS NOT NULL)
          AND \(Ownership.isNoOthers("delivery", in: $0)) ORDER BY id LIMIT 1000
          """,
        [account, begunSince.millisecondsSince1970, committedSince.millisecondsSince1970])
    }
  }

  /// Returns true if any delivery of the account waits for its receipt. Given-up ones do not count, and other machines
  /// look for their own receipts.
  func awaitsReceipts(of account: String) async throws(ExchangeError) -> Bool {
    try await read { database in
      try database.int(
        """
        SELECT EXISTS (SELECT 1 FROM delivery WHERE account = ? AND \(Delivery.isUnderWay)
          AND \(Self.isOpenAndCommitted) AND \(Ownership.isNoOthers("delivery", in: database)))
        """, [account]) == 1
    }
  }

  /// Returns some of the account's deliveries with their trigger out and their state unchanged since before a moment.
  func deliveriesWaiting(of account: String, since moment: Timestamp) async throws(ExchangeError) -> [Delivery] {
    try await read {
      // Answers have no index by delivery: they are read once for the whole list.
      try Delivery.fetch(
        $0,
        where: """
          account = ? AND \(Delivery.isUnderWay) AND state IN ('triggered', 'taken') AND changed_at < ?
          ORDER BY id LIMIT 1000
          """,
        [account, moment.millisecondsSince1970])
    }
  }

  /// Returns the account's deliveries with their trigger in OUT, as far as is known, since before a moment; without the
  /// triggers.
  func deliveriesTriggered(of account: String, before moment: Timestamp) async throws(ExchangeError) -> [Delivery] {
    try await read {
      try Delivery.fetchWithoutDocuments(
        $0,
        where: "account = ? AND \(Delivery.isUnderWay) AND state = 'triggered' AND changed_at < ? ORDER BY id",
        [account, moment.millisecondsSince1970])
    }
  }

  /// The account's deliveries that were refused after that entry and still are, and the last entry's number.
  func deliveriesRefused(
    of account: String, after entry: Int64
  ) async throws(ExchangeError) -> (deliveries: [Delivery], lastEntry: Int64) {
    try await read { database in
      let refused = try Delivery.fetch(
        database,
        where: """
          id IN (SELECT delivery FROM entry WHERE number > ? AND state = 'refused') AND account = ?
            AND state = 'refused' ORDER BY id
          """, [entry, account])
      return (refused, try database.int("SELECT max(number) FROM entry") ?? 0)
    }
  }

  /// Returns the finished ones among the deliveries with these numbers.
  func deliveriesFinished(among ids: [Int64]) async throws(ExchangeError) -> [Delivery] {
    if ids.isEmpty { return [] }
    let size = 100
    let marks = repeatElement("?", count: size).joined(separator: ", ")
    return try await read { database in
      try stride(from: 0, to: ids.count, by: size).flatMap { start -> [Delivery] in
        var some = Array(ids[start..<min(start + size, ids.count)])
        // Filled up, so that the statement is always the same.
        while some.count < size { some.append(ids[start]) }
        return try Delivery.fetch(database, where: "id IN (\(marks)) AND \(Self.isFinished)", some)
      }
    }
  }

  /// The receipts, as they came, of the account's deliveries of that name.
  func receipts(of wireName: WireName, account: String) async throws(ExchangeError) -> [JournalledReceipt] {
    try await read {
      try Delivery.fetch(
        $0, where: "account = ? AND wire_name = ? AND receipt_xml IS NOT NULL", [account, wireName.string]
      ).compactMap { delivery in
        delivery.receipt.map { JournalledReceipt(delivery: delivery.id, wireName: wireName, bytes: $0) }
      }
    }
  }

  /// Adds entries about receipts in IN to their deliveries' trails, unless the last entry is equal.
  func note(_ events: [JournalledReceipt.Event]) async throws(ExchangeError) {
    let last = "SELECT state, detail FROM entry WHERE delivery = ? ORDER BY number DESC LIMIT 1"
    try await write(about: .new) { _ -> JournalStep<Void> in
      .ask(
        events.map { SQLQuestion.row(last, [$0.delivery]) },
        then: { transaction, answers in
          var noted: [Int64: [String?]] = [:]
          for (event, answer) in zip(events, answers) {
            var former = noted[event.delivery]
            if former == nil, let waiting = transaction.waitingEntry(about: event.delivery) {
              former = [waiting.state, waiting.detail]
            }
            if former == nil, let row = answer.row { former = [try row.text(0), try row.optionalText(1)] }
            // A server that does not let us remove it shall not fill the journal.
            if former == [event.state.name, event.detail] { continue }
            noted[event.delivery] = [event.state.name, event.detail]
            try transaction.addEntry(
              about: .delivery(event.delivery), state: event.state, detail: event.detail, facts: nil, at: .now)
          }
          return .done(())
        })
    }
  }
}
