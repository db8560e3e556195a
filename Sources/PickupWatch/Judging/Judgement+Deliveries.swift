internal import ExchangeSettings
public import FileExchange
public import FilsluseSystem

extension Judgement {
  /// How long a delivery is looked after, once it has its receipt.
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
    guard delivery.state.awaitsReceipt, let within = rule.receiptWithin else { return [] }
    let due = delivery.committedAt.later(by: within)
    guard now >= due else { return [] }
    var found = finding(.receiptOverdue, delivery, state, since: delivery.committedAt)
    found.due = due
    found.rule = "receipt-within: \(DurationText.format(within))"
    found.ruleLine = rule.line.number
    return [found]
  }

  private func answer(
    to delivery: DeliveryOutcome, _ rule: InfRefRule, _ arrivals: [ArrivedFile], _ state: InboxState, _ now: Timestamp
  ) -> [Finding] {
    guard let awaited = rule.answer, let infRef = delivery.infRef, rule.covers(infRef), delivery.state != .refused,
      let due = due(of: awaited, sent: delivery.committedAt), now >= due
    else { return [] }
    let isAnswered =
      awaited.infRef.map { wanted in
        arrivals.contains { $0.infRef.utf8.elementsEqual(wanted.utf8) && $0.came >= delivery.committedAt }
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
