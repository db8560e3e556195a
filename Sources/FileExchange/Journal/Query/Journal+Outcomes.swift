internal import FilsluseStore
public import FilsluseBase
public import TriggerFiles

/// The outcome of a delivery, for watching whether receipts and answers come in time.
public struct DeliveryOutcome: Sendable, Hashable {
  /// The journal's number of the delivery.
  public var id: Int64
  /// Its name in OUT.
  public var wireName: WireName
  /// The InfRef of its route, `nil` for a direct one.
  public var infRef: InfRef?
  /// Its size in bytes.
  public var size: UInt64
  /// Its state.
  public var state: DeliveryState
  /// The time at which its trigger was first in OUT.
  public var committedAt: Timestamp
  /// The time of the last change of state.
  public var changedAt: Timestamp
  /// The receipt's content, in a line.
  public var outcome: String?
  /// The platform's own id, from the receipt.
  public var fileTransferUUID: String?
  /// The time of its first business receipt.
  public var answeredAt: Timestamp?
  /// The name of its route.
  public var route: String
  /// The time of recording its technical receipt; `nil` without one.
  public var receiptAt: Timestamp?

  /// Describes an outcome.
  public init(
    id: Int64, wireName: WireName, infRef: InfRef? = nil, size: UInt64 = 0, state: DeliveryState,
    committedAt: Timestamp, changedAt: Timestamp? = nil, outcome: String? = nil, fileTransferUUID: String? = nil,
    answeredAt: Timestamp? = nil, route: String = "", receiptAt: Timestamp? = nil
  ) {
    self.id = id
    self.wireName = wireName
    self.infRef = infRef
    self.size = size
    self.state = state
    self.committedAt = committedAt
    self.changedAt = changedAt ?? committedAt
    self.outcome = outcome
    self.fileTransferUUID = fileTransferUUID
    self.answeredAt = answeredAt
    self.route = route
    self.receiptAt = receiptAt
  }
}

/// A file that came, as the journal knows it.
public struct JournalledArrival: Sendable, Hashable {
  /// The platform's name for the transfer.
  public var fileTransferUUID: String
  /// The data file's name.
  public var wireName: JournalledName
  /// Its InfRef; `nil` for a direct transmission, which is known by its sender.
  public var infRef: InfRef?
  /// The sender's SFTP user.
  public var sender: String
  /// The CVR number of the receiving authority, if its metadata can still be read.
  public var recipientAuthority: String?
  /// The time of the first sighting.
  public var seenAt: Timestamp
}

/// A business receipt that came, as the journal knows it.
public struct JournalledAnswer: Sendable, Hashable {
  /// The FileTransferUUID of the receipt's own transfer.
  public var transfer: String
  /// The FileTransferUUID of the answered file.
  public var answeredTransfer: String
  /// The name of the answered file.
  public var answeredName: String
  /// The number of the answered delivery, if the journal has found it.
  public var delivery: Int64?
}

extension Journal {
  /// Returns an account's deliveries that wait for their receipt; and of those that changed since a moment, the refused
  /// ones that were neither accepted later nor closed by a person, and the accepted ones with one of the InfRefs;
  /// oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func outcomes(
    of account: String, since moment: Timestamp, acceptedWith infRefs: [InfRef] = []
  ) async throws(ExchangeError) -> [DeliveryOutcome] {
    let marks = infRefs.indices.map { "?\($0 + 3)" }.joined(separator: ", ")
    let isWanted = infRefs.isEmpty ? "FALSE" : "infref IN (\(marks))"
    return try await read { database in
      var values: [any SQLConvertible] = [account, moment.millisecondsSince1970]
      for infRef in infRefs { values.append(infRef.name) }
      let answers = infRefs.isEmpty ? [:] : try Self.answers(since: moment, in: database)
      let sql = """
        SELECT \(DeliveryOutcome.columns) FROM delivery
        WHERE account = ?1 AND (state IN ('triggered', 'taken', 'overdue')
          OR refused_at >= ?2 AND NOT EXISTS (
            SELECT 1 FROM delivery AS later WHERE later.account = ?1 AND later.route = delivery.route
              AND later.wire_name = delivery.wire_name AND later.id > delivery.id AND later.state = 'accepted')
            AND NOT EXISTS (SELECT 1 FROM closed_problem AS closed WHERE closed.kind = 'refused'
              AND closed.account = ?1 AND closed.subject = 'D' || delivery.id
              AND closed.closed_at >= delivery.changed_at)
          OR state = 'accepted' AND changed_at >= ?2 AND \(isWanted))
        ORDER BY id
        """
      return try database.rows(sql, values).map { row in
        var outcome = try DeliveryOutcome(row: row)
        outcome.answeredAt = answers[outcome.id]
        return outcome
      }
    }
  }

  /// Returns the outcome of one delivery; `nil` where the journal does not know it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func outcome(of id: Int64) async throws(ExchangeError) -> DeliveryOutcome? {
    try await read { database in
      let sql = "SELECT \(DeliveryOutcome.columns) FROM delivery WHERE id = ?"
      return try database.row(sql, [id]).map { try DeliveryOutcome(row: $0) }
    }
  }

  /// Returns when and why a person closed the problem of a refused delivery; `nil` where it is open.
  ///
  /// - Parameters:
  ///   - transfer: the refused delivery's FileTransferUUID.
  ///   - id: its number, where that is known.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func closing(
    ofRefusal transfer: String, delivery id: Int64?, account: String
  ) async throws(ExchangeError) -> (at: Timestamp, reason: String)? {
    try await read { database in
      let sql = """
        SELECT closed.closed_at, closed.reason FROM delivery JOIN closed_problem AS closed
          ON closed.kind = 'refused' AND closed.account = delivery.account
            AND closed.subject = 'D' || delivery.id AND closed.closed_at >= delivery.changed_at
        WHERE delivery.account = ?1 AND delivery.state = 'refused'
          AND (delivery.id = ?2 OR ?2 IS NULL AND delivery.file_transfer_uuid = ?3)
        ORDER BY closed.closed_at DESC LIMIT 1
        """
      return try database.row(sql, [account, id, transfer]).map { row in
        (at: Timestamp(millisecondsSince1970: try row.int(0)), reason: try row.text(1))
      }
    }
  }

  /// Returns the time at which a later delivery of the same name was accepted in place of a refused one; `nil` for
  /// none.
  ///
  /// - Parameters:
  ///   - transfer: the refused delivery's FileTransferUUID.
  ///   - id: its number, if known.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func laterAcceptance(
    of account: String, transfer: String, delivery id: Int64?
  ) async throws(ExchangeError) -> Timestamp? {
    try await read { database in
      let sql = """
        SELECT min(later.changed_at) FROM delivery JOIN delivery AS later
          ON later.account = delivery.account AND later.route = delivery.route
            AND later.wire_name = delivery.wire_name AND later.id > delivery.id AND later.state = 'accepted'
        WHERE delivery.account = ?1 AND (delivery.id = ?2 OR ?2 IS NULL AND delivery.file_transfer_uuid = ?3)
        """
      return try database.int(sql, [account, id, transfer])
        .map { Timestamp(millisecondsSince1970: $0) }
    }
  }

  /// Returns the time of the first business receipt for each delivery.
  private static func answers(since moment: Timestamp, in database: SQLConnection) throws -> [Int64: Timestamp] {
    let rows = try database.rows(
      """
      SELECT business_receipt.delivery, min(seen_at) FROM business_receipt JOIN arrival ON arrival.id = arrival
      WHERE business_receipt.delivery IS NOT NULL AND seen_at >= ? GROUP BY business_receipt.delivery
      """, [moment.millisecondsSince1970])
    var answers: [Int64: Timestamp] = [:]
    while let row = try rows.next() { answers[try row.int(0)] = Timestamp(millisecondsSince1970: try row.int(1)) }
    return answers
  }

  /// Returns the business receipts that came to an account since a moment, each with the delivery that it says it
  /// answers.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func businessReceipts(
    of account: String, since moment: Timestamp
  ) async throws(ExchangeError) -> [JournalledAnswer] {
    try await read { database in
      let sql = """
        SELECT arrival.file_transfer_uuid, business_receipt.file_transfer_uuid, file_name, business_receipt.delivery
        FROM business_receipt JOIN arrival ON arrival.id = arrival WHERE account = ? AND seen_at >= ? ORDER BY arrival
        """
      return try database.rows(sql, [account, moment.millisecondsSince1970]).map { row in
        JournalledAnswer(
          transfer: try row.text(0), answeredTransfer: try row.text(1), answeredName: try row.text(2),
          delivery: try row.optionalInt(3))
      }
    }
  }

  /// The files with one of the InfRefs that came to an account since a moment, whatever has become of them.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrivals(
    of account: String, infRefs: [InfRef], since moment: Timestamp
  ) async throws(ExchangeError) -> [JournalledArrival] {
    try await read { database in
      let sql = """
        \(JournalledArrival.selection)
        WHERE account = ? AND infref = ? AND seen_at >= ? ORDER BY id
        """
      return try infRefs.flatMap { infRef in
        try database.rows(sql, [account, infRef.name, moment.millisecondsSince1970]).map {
          try JournalledArrival(row: $0)
        }
      }
    }
  }

  /// The files that one of the senders sent directly to an account since a moment, whatever has become of them.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrivals(
    of account: String, sentDirectlyBy senders: [String], since moment: Timestamp
  ) async throws(ExchangeError) -> [JournalledArrival] {
    try await read { database in
      let sql = """
        \(JournalledArrival.selection)
        WHERE account = ? AND infref IS NULL AND sender = ? AND seen_at >= ? ORDER BY id
        """
      return try senders.flatMap { sender in
        try database.rows(sql, [account, sender, moment.millisecondsSince1970]).map {
          try JournalledArrival(row: $0)
        }
      }
    }
  }
}

extension DeliveryOutcome {
  /// The columns that ``init(row:)`` reads, by their place.
  fileprivate static let columns = """
    id, wire_name, infref, size, state, changed_at, outcome, file_transfer_uuid,
    (SELECT min(at) FROM entry WHERE entry.delivery = delivery.id AND entry.state = 'triggered'), route,
    (SELECT min(at) FROM entry WHERE entry.delivery = delivery.id AND entry.state IN ('accepted', 'refused'))
    """

  fileprivate init(row: SQLRow) throws {
    guard let state = DeliveryState(rawValue: try row.text(4)) else {
      throw DamagedRow(table: "delivery", id: try row.int(0))
    }
    let changed = Timestamp(millisecondsSince1970: try row.int(5))
    self.init(
      id: try row.int(0), wireName: WireName(unchecked: try row.text(1)), infRef: try row.optionalInfRef(2),
      size: UInt64(bitPattern: try row.int(3)), state: state,
      committedAt: try row.optionalInt(8).map { Timestamp(millisecondsSince1970: $0) } ?? changed, changedAt: changed,
      outcome: try row.optionalText(6), fileTransferUUID: try row.optionalText(7), route: try row.text(9),
      receiptAt: try row.optionalInt(10).map { Timestamp(millisecondsSince1970: $0) })
  }
}

extension JournalledArrival {
  /// The columns that ``init(row:)`` reads, by their place.
  fileprivate static let selection = """
    SELECT file_transfer_uuid, wire_name, seen_at, metadata_xml, infref, sender
    FROM arrival LEFT JOIN arrival_document ON arrival = id
    """

  fileprivate init(row: SQLRow) throws {
    let metadata = try row.optionalBlob(3).flatMap { try? FileMetadata(reading: $0) }
    self.init(
      fileTransferUUID: try row.text(0), wireName: JournalledName(kept: try row.text(1)),
      infRef: try row.optionalInfRef(4),
      sender: try row.text(5),
      recipientAuthority: metadata?.fileContentDescriptor.routingInfo?.recipientAuthority.digits,
      seenAt: Timestamp(millisecondsSince1970: try row.int(2)))
  }
}
