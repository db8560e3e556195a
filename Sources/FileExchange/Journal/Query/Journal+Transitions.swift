internal import FilsluseStore
internal import FilsluseBase
internal import Foundation
internal import TriggerFiles

extension Journal {
  /// Writes a delivery's state and values, and an entry if its state or facts changed; returns the delivery in the
  /// journal's new state. A finished delivery stays unchanged, except that a given-up one still takes its receipt.
  static func record(
    _ delivery: Delivery, detail: String?, in transaction: JournalTransaction
  ) throws -> Delivery {
    let row = try transaction.database.row(ChangingColumns.query, [delivery.id])
    let current = try ChangingColumns(row: row, ofDelivery: delivery.id)
    return try recording(delivery, over: current, detail: detail, in: transaction).result(in: transaction)
  }

  /// The steps by which it does so.
  private static func recording(
    _ delivery: Delivery, over current: ChangingColumns, detail: String?, in transaction: JournalTransaction
  ) throws -> JournalStep<Delivery> {
    let isReceipt = delivery.state == .accepted || delivery.state == .refused
    if current.state.isFinished, !(current.state == .givenUp && isReceipt) {
      return .done(try Delivery.fetch(transaction.database, where: "id = ?", [delivery.id]).first ?? delivery)
    }
    var delivery = delivery
    let facts = current.changesOfFacts(to: delivery)
    let isNews = delivery.state != current.state || facts != nil
    delivery.changedAt = isNews ? .now : current.changedAt
    let change = SQLQuestion.change(
      """
      UPDATE delivery SET state = ?, is_open = ?, acknowledged = ?, acknowledged_sha256 = ?, file_transfer_uuid = ?,
        outcome = ?, changed_at = ?, refused_at = ? WHERE id = ? AND state = ?
      """,
      [
        delivery.state.rawValue, !delivery.state.isFinished, Int64(bitPattern: delivery.acknowledged),
        delivery.acknowledgedSHA256?.hex, delivery.fileTransferUUID, delivery.outcome,
        delivery.changedAt.millisecondsSince1970,
        delivery.state == .refused ? delivery.changedAt.millisecondsSince1970 : nil, delivery.id,
        current.state.rawValue,
      ])
    return .ask(
      [change],
      then: { [delivery] transaction, answers in
        let database = transaction.database
        guard answers[0].changed == 1 else {
          throw database.failure(ofUnchanged: DamagedRow(table: "delivery", id: delivery.id))
        }
        if delivery.receipt != current.receipt {
          try database.executeLater(
            "UPDATE delivery_document SET receipt_xml = ? WHERE delivery = ?", [delivery.receipt, delivery.id])
        }
        if isNews {
          try transaction.addEntry(
            about: .delivery(delivery.id), state: EntryState(delivery.state), detail: detail, facts: facts,
            at: delivery.changedAt)
        }
        return .done(delivery)
      })
  }

  /// Applies an event to a delivery, in one transaction that requires the delivery to be in its old state.
  ///
  /// - Parameters:
  ///   - delivery: the known delivery; for an event `receipt`, the receipt's values are written too.
  ///   - detail: a text for the entry.
  /// - Throws: ``ExchangeError`` with code `journal` if the event has no meaning in the delivery's state, or the
  ///   journal cannot be written.
  func transition(
    _ delivery: Delivery, _ event: DeliveryMachine.Event, detail: String? = nil
  ) async throws(ExchangeError) -> Transition {
    var machine = DeliveryMachine(resuming: delivery.state)
    try delivery.apply(event, to: &machine)
    guard case .receipt = event else { return try await transition(delivery, to: machine.state, detail: detail) }
    var next = delivery
    next.state = machine.state
    return try await write(about: .row("delivery", delivery.id)) { [next] _ -> JournalStep<Transition> in
      .ask(
        [.row(ChangingColumns.query, [delivery.id])],
        then: { transaction, answers in
          let current = try ChangingColumns(row: answers[0].row, ofDelivery: delivery.id)
          guard current.state == delivery.state else {
            return .done(.overtaken(try Self.known(delivery.id, in: transaction)))
          }
          return try Self.recording(next, over: current, detail: detail, in: transaction).map { Transition.done($0) }
        })
    }
  }

  /// Writes a delivery in its machine's state, with its acknowledged bytes; its other values have not changed.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be written.
  func transition(
    _ delivery: Delivery, to state: DeliveryState, detail: String? = nil
  ) async throws(ExchangeError) -> Transition {
    if state == delivery.state { return .done(delivery) }
    return try await write(about: .row("delivery", delivery.id)) { _ -> JournalStep<Transition> in
      var next = delivery
      next.state = state
      next.changedAt = .now
      // SQLite writes the index of open names for every statement that names is_open, changed or not.
      let change = SQLQuestion.change(
        """
        UPDATE delivery SET state = ?, acknowledged = ?, acknowledged_sha256 = ?, changed_at = ?
          \(state.isFinished ? ", is_open = 0" : "")\(state == .refused ? ", refused_at = ?4" : "")
        WHERE id = ? AND state = ?
        """,
        [
          state.rawValue, Int64(bitPattern: next.acknowledged), next.acknowledgedSHA256?.hex,
          next.changedAt.millisecondsSince1970, delivery.id, delivery.state.rawValue,
        ])
      return .ask(
        [change],
        then: { [next] transaction, answers in
          guard answers[0].changed == 1 else {
            return .done(.overtaken(try Self.known(delivery.id, in: transaction)))
          }
          try transaction.addEntry(
            about: .delivery(delivery.id), state: EntryState(state), detail: detail, facts: nil, at: next.changedAt)
          return .done(.done(next))
        })
    }
  }

  /// Writes the number of acknowledged bytes of a delivery; its state stays.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` if its state has changed, or `journal`.
  func noteProgress(of delivery: Delivery) async throws(ExchangeError) {
    try await write(about: .row("delivery", delivery.id)) { _ -> JournalStep<Void> in
      let change = SQLQuestion.change(
        "UPDATE delivery SET acknowledged = ?, acknowledged_sha256 = ? WHERE id = ? AND state = ?",
        [
          Int64(bitPattern: delivery.acknowledged), delivery.acknowledgedSHA256?.hex, delivery.id,
          delivery.state.rawValue,
        ])
      return .ask(
        [change],
        then: { transaction, answers in
          if answers[0].changed == 1 { return .done(()) }
          let now = try Self.known(delivery.id, in: transaction)
          throw ExchangeError.overtaken("D\(now.id)", path: now.wireName.string, by: .delivery(now.state))
        })
    }
  }

  private static func known(_ id: Int64, in transaction: JournalTransaction) throws -> Delivery {
    guard let delivery = try Delivery.fetch(transaction.database, where: "id = ?", [id]).first else {
      throw DamagedRow(table: "delivery", id: id)
    }
    return delivery
  }
}

/// The changing columns of a delivery's row, before a change.
private struct ChangingColumns {
  let state: DeliveryState
  let changedAt: Timestamp
  let fileTransferUUID: String?
  let outcome: String?
  let receipt: [UInt8]?

  /// The query of the row that it is read from, by the delivery's number.
  static let query = """
    SELECT state, changed_at, file_transfer_uuid, outcome, receipt_xml
    FROM delivery LEFT JOIN delivery_document ON delivery = id WHERE id = ?
    """

  init(row: SQLRow?, ofDelivery id: Int64) throws {
    guard let row, let state = DeliveryState(rawValue: try row.text(0)) else {
      throw DamagedRow(table: "delivery", id: id)
    }
    self.state = state
    changedAt = Timestamp(millisecondsSince1970: try row.int(1))
    fileTransferUUID = try row.optionalText(2)
    outcome = try row.optionalText(3)
    receipt = try row.optionalBlob(4)
  }

  /// The changes of the facts that go with them; `nil` when none changed.
  func changesOfFacts(to delivery: Delivery) -> String? {
    if delivery.fileTransferUUID == fileTransferUUID, delivery.outcome == outcome, delivery.receipt == receipt {
      return nil
    }
    var former = delivery
    former.fileTransferUUID = fileTransferUUID
    former.outcome = outcome
    former.receipt = receipt
    return delivery.changingFacts.changes(since: former.changingFacts)
  }
}
