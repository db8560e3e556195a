internal import ExchangeSettings
public import FileExchange
public import FilsluseSystem

extension Judgement {
  /// How long a delivery is looked after: for its receipt until that has come, for its answer no longer than this.
  static let deliveriesFor = Duration.seconds(35 * 86_400)
  /// How long a receipt with errors is told of, unless the file is accepted before.
  static let refusalsToldFor = Duration.seconds(7 * 86_400)

  /// What there is to say about what was sent.
  ///
  /// - Parameter answers: what came, to be answers; one that came after a delivery answers it and all before it.
  public func findings(
    about deliveries: [DeliveryOutcome], answers: [ArrivedFile], in state: InboxState, at now: Timestamp
  ) -> [Finding] {
    if deliveries.isEmpty { return [] }
    let rules = rules(of: state.account)
    let answered = rules.infRefRules.filter { $0.answer != nil }
    return deliveries.flatMap { delivery in
      receipt(delivery, rules.account, state, now) + answered.flatMap { answer(to: delivery, $0, answers, state, now) }
    }
  }

  private func receipt(
    _ delivery: DeliveryOutcome, _ rule: AccountRule, _ state: InboxState, _ now: Timestamp
  ) -> [Finding] {
    if delivery.state == .refused {
      guard now.since(delivery.changedAt) < Self.refusalsToldFor else { return [] }
      var found = finding(.receiptError, delivery, state, since: delivery.changedAt)
      if let transfer = delivery.fileTransferUUID { found.subject = Sight.subject(ofTransfer: transfer) }
      found.detail = delivery.outcome.map(Masked.name)
      return [found]
    }
    guard let within = rule.receiptWithin, let due = receiptDue(of: delivery, in: state.account), now >= due else {
      return []
    }
    var found = finding(.receiptOverdue, delivery, state, since: delivery.committedAt)
    found.due = due
    found.rule = "receipt-within: \(DurationText.format(within))"
    found.ruleLine = rule.line.number
    return [found]
  }

  private func answer(
    to delivery: DeliveryOutcome, _ rule: InfRefRule, _ arrivals: [ArrivedFile], _ state: InboxState, _ now: Timestamp
  ) -> [Finding] {
    // Of longer ago than this it is not known what came.
    guard now.since(delivery.committedAt) < Self.deliveriesFor else { return [] }
    guard let awaited = rule.answer, let infRef = delivery.infRef, rule.covers(.infRef(infRef)),
      delivery.state != .refused,
      let due = due(of: awaited, sent: delivery.committedAt), now >= due
    else { return [] }
    let isAnswered =
      awaited.infRef.map { wanted in
        arrivals.contains {
          $0.infRef?.utf8.elementsEqual(wanted.utf8) ?? false && $0.came >= delivery.committedAt
        }
      } ?? (delivery.answeredAt != nil)
    guard !isAnswered else { return [] }
    var found = finding(.businessAnswerMissing, delivery, state, since: delivery.committedAt)
    found.due = due
    found.ruleLine = rule.line.number
    switch awaited.limit {
    case .within(let period): found.rule = "business-answer-within: \(period)"
    case .by(let minute): found.rule = "business-answer-by: \(ClockText.format(minute))"
    }
    found.detail = awaited.infRef.map { "no \($0) has come since" } ?? "no business receipt has come"
    return [found]
  }

  /// By when the receipt is to have come that a delivery waits for; `nil` where it waits for none, or no rule asks for
  /// it.
  func receiptDue(of delivery: DeliveryOutcome, in account: String) -> Timestamp? {
    guard delivery.state.awaitsReceipt else { return nil }
    return rules(of: account).account.receiptWithin.map { delivery.committedAt.later(by: $0) }
  }

  /// By when a delivery is to be answered.
  func due(of awaited: AwaitedAnswer, sent: Timestamp) -> Timestamp? {
    switch awaited.limit {
    case .within(let period): calendar.end(of: period, from: sent)
    case .by(let minute): calendar.lastOccurrence(of: Rhythm(.daily, byMinute: minute), at: sent)?.next
    }
  }

  private func finding(
    _ kind: Finding.Kind, _ delivery: DeliveryOutcome, _ state: InboxState, since: Timestamp
  ) -> Finding {
    Finding(
      kind: kind, severity: .critical, account: state.account, subject: "D\(delivery.id)",
      fileName: Masked.name(delivery.wireName), infRef: delivery.infRef, size: delivery.size, since: since)
  }
}
