internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// Returns some of the account's arrivals in this machine's inbox folder that must be handed over and do not pause at
  /// `now`; oldest first, at most `limit`. A pause longer than `longestPause` is ignored: the clock was set back.
  func arrivalsToHandOver(
    of account: String, now: Timestamp, longestPause: Duration, limit: Int
  ) async throws(ExchangeError) -> [Arrival] {
    try await read {
      try Arrival.fetch(
        $0,
        where: """
          account = ? AND state IN ('verified', 'handing-over') AND \(Ownership.isOwn("arrival", in: $0))
            AND (next_try_at IS NULL OR next_try_at <= ? OR next_try_at > ?)
          ORDER BY id LIMIT ?
          """,
        [
          account, now.millisecondsSince1970, now.later(by: longestPause).millisecondsSince1970, limit,
        ])
    }
  }

  /// Returns the account's arrivals with their data, as far as the journal knows, only in IN, and not in another
  /// machine's hands.
  func arrivalsOnlyInIN(of account: String) async throws(ExchangeError) -> [ArrivalInIN] {
    try await read {
      try $0.rows(
        """
        SELECT id, wire_name FROM arrival WHERE account = ? AND (state IN ('seen', 'fetching', 'quarantined')
          OR (state = 'set-aside' AND set_aside_from IN ('seen', 'fetching')))
          AND \(Ownership.isNoOthers("arrival", in: $0))
        """, [account]
      ).map { ArrivalInIN(id: try $0.int(0), wireName: JournalledName(kept: try $0.text(1))) }
    }
  }

  /// The account's arrivals that wait for a person.
  func arrivalsSetAside(of account: String) async throws(ExchangeError) -> [Arrival] {
    try await read { try Arrival.fetch($0, where: "account = ? AND state = 'set-aside' ORDER BY id", [account]) }
  }

  /// Adds the receiver's answer to an arrival. An earlier answer stays, because it may already be in delivery.
  static func add(_ answer: BusinessAnswer, to arrival: Int64, in transaction: JournalTransaction) throws {
    let database = transaction.database
    let added = try database.change(
      """
      INSERT INTO business_answer (arrival, acceptance, document, route) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
      """,
      [arrival, answer.acceptance.rawValue, answer.document, answer.route])
    if added > 0 {
      try AnswerFacts.addEntry(
        of: arrival, state: "answered", detail: answer.acceptance.rawValue, at: .now, in: transaction)
    }
  }
}

// MARK: Business receipts

extension Journal {
  /// Returns the answers to the account's arrivals that must be sent, are not known to be in delivery, and are not in
  /// another machine's hands.
  func answersToSend(of account: String) async throws(ExchangeError) -> [BusinessAnswer] {
    try await read {
      try $0.rows(
        """
        SELECT \(BusinessAnswer.columns) FROM business_answer JOIN arrival ON arrival.id = arrival
        WHERE account = ? AND business_answer.route IS NOT NULL AND is_sent = 0
          AND \(Ownership.isNoOthers("arrival", in: $0)) ORDER BY arrival
        """, [account]
      ).map(BusinessAnswer.init(row:))
    }
  }

  /// The answer that was given to an arrival, `nil` when there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func answer(to arrival: Int64) async throws(ExchangeError) -> BusinessAnswer? {
    try await read {
      try $0.row(
        """
        SELECT \(BusinessAnswer.columns) FROM business_answer JOIN arrival ON arrival.id = arrival
        WHERE arrival = ?
        """, [arrival]
      ).map(BusinessAnswer.init(row:))
    }
  }

  /// The answer that a delivery carries, or another delivery of the same content by the same route and name.
  func answer(carriedBy delivery: Delivery) async throws(ExchangeError) -> BusinessAnswer? {
    try await read {
      try $0.row(
        """
        SELECT \(BusinessAnswer.columns) FROM business_answer JOIN arrival ON arrival.id = arrival
        WHERE business_answer.delivery IN (
          SELECT id FROM delivery WHERE account = ? AND route = ? AND wire_name = ? AND sha256 = ?)
        """, [delivery.account, delivery.route, delivery.wireName.string, delivery.sha256.hex]
      ).map(BusinessAnswer.init(row:))
    }
  }

  /// Notes which delivery carries an answer, and whether that has been committed.
  func noteAnswer(to arrival: Int64, sentBy delivery: Int64, isSent: Bool) async throws(ExchangeError) {
    try await write { transaction in
      let database = transaction.database
      try database.execute(
        "UPDATE business_answer SET delivery = ?, is_sent = ? WHERE arrival = ?", [delivery, isSent, arrival])
      try AnswerFacts.addEntry(
        of: arrival, state: isSent ? "answer-sent" : "answer-staged", detail: "D\(delivery)", at: .now, in: transaction)
    }
  }

  /// Notes that an arrival is a business receipt.
  func note(_ receipt: BusinessReceipt, cameAs arrival: Int64) async throws(ExchangeError) {
    try await write { transaction in
      let database = transaction.database
      try database.execute(
        """
        INSERT INTO business_receipt (arrival, file_transfer_uuid, file_name, recipient, acceptance, reason)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        [
          arrival, receipt.fileTransferUUID, receipt.fileName, receipt.recipient, receipt.fileAcceptance.rawValue,
          receipt.reason,
        ])
      try AnswerFacts.addEntry(
        of: arrival, state: "business-receipt", detail: receipt.fileAcceptance.rawValue, at: .now, in: transaction)
    }
  }

  /// Links each business receipt without a delivery to the delivery whose FileTransferUUID and name it carries; returns
  /// the newly linked ones.
  func tieBusinessReceipts() async throws(ExchangeError) -> [TiedBusinessReceipt] {
    try await write { transaction in
      let database = transaction.database
      let found = try database.rows(
        """
        SELECT arrival, delivery.id, acceptance, reason FROM business_receipt
        JOIN delivery USING (file_transfer_uuid)
        WHERE business_receipt.delivery IS NULL AND delivery.wire_name = file_name
        """
      ).map(TiedBusinessReceipt.init(row:))
      return try found.filter { tied in
        // Another machine may tie it at the same time.
        let changed = try database.change(
          "UPDATE business_receipt SET delivery = ? WHERE arrival = ? AND delivery IS NULL",
          [tied.delivery, tied.arrival])
        if changed == 0 { return false }
        try transaction.addEntry(
          about: .delivery(tied.delivery), state: "answered", detail: tied.summary, facts: nil, at: .now)
        try AnswerFacts.addEntry(
          of: tied.arrival, state: "business-receipt-tied", detail: "D\(tied.delivery)", at: .now, in: transaction)
        return true
      }
    }
  }

  /// The account's arrivals that are business receipts and belong to no delivery that is known.
  func untiedBusinessReceipts(of account: String) async throws(ExchangeError) -> [Int64] {
    try await read {
      try $0.rows(
        """
        SELECT arrival FROM business_receipt JOIN arrival ON arrival.id = arrival
        WHERE delivery IS NULL AND account = ? ORDER BY arrival
        """, [account]
      ).map { try $0.int(0) }
    }
  }
}

extension BusinessAnswer {
  /// The columns that ``init(row:)`` reads, of `business_answer JOIN arrival`.
  fileprivate static let columns = """
    business_answer.arrival, file_transfer_uuid, acceptance, document, business_answer.route, business_answer.delivery
    """

  fileprivate init(row: SQLRow) throws {
    arrival = try row.int(0)
    fileTransferUUID = try row.text(1)
    acceptance = try Self.acceptance(try row.text(2), of: arrival)
    document = try row.blob(3)
    route = try row.optionalText(4)
    delivery = try row.optionalInt(5)
  }

  fileprivate static func acceptance(_ text: String, of arrival: Int64) throws -> BusinessReceipt.Acceptance {
    guard let acceptance = BusinessReceipt.Acceptance(rawValue: text) else {
      throw DamagedRow(table: "business_answer", id: arrival)
    }
    return acceptance
  }
}

extension TiedBusinessReceipt {
  fileprivate init(row: SQLRow) throws {
    arrival = try row.int(0)
    delivery = try row.int(1)
    acceptance = try BusinessAnswer.acceptance(try row.text(2), of: arrival)
    reason = try row.optionalText(3)
  }
}
