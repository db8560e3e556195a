internal import ExchangeSettings
package import FileExchange
package import FilsluseBase
internal import TriggerFiles

extension RuleEvaluator {
  /// The period after a delivery for finding its answer; a receipt is awaited without limit.
  static let deliveriesFor = Duration.seconds(35 * 86_400)
  /// The duration of a finding about a receipt with errors, unless the file is accepted before.
  static let refusalReportPeriod = Duration.seconds(7 * 86_400)

  /// Returns the findings about deliveries.
  ///
  /// - Parameter answers: received files that may answer deliveries.
  package func findings(
    about deliveries: [DeliveryOutcome], answers: [ArrivedFile], in state: InboxState, at now: Timestamp
  ) -> [Finding] {
    if deliveries.isEmpty { return [] }
    let rules = rules(of: state.account)
    let answered = rules.infRefRules.filter { $0.answer != nil }
    let matches = answerMatches(to: deliveries, among: answers, in: state.account)
    return deliveries.flatMap { delivery in
      receipt(delivery, rules.account, state, now) + answered.flatMap { answer(to: delivery, $0, matches, state, now) }
    }
  }

  /// Returns the delivery of each answer, by the answers' InfRef.
  func answerMatches(
    to deliveries: [DeliveryOutcome], among files: [ArrivedFile], in account: String
  ) -> [InfRef: AnswerMatch] {
    var waiting: [InfRef: [DeliveryOutcome]] = [:]
    for rule in rules(of: account).infRefRules {
      guard let awaited = rule.answer?.infRef else { continue }
      waiting[awaited, default: []] += deliveries.filter { delivery in
        delivery.state != .refused && delivery.infRef.map { rule.covers(.infRef($0)) } ?? false
      }
    }
    return waiting.reduce(into: [:]) { matches, waiting in
      let files = files.filter { $0.infRef == waiting.key }
      let deliveries = Dictionary(waiting.value.map { ($0.id, $0) }) { one, _ in one }
      matches[waiting.key] = AnswerMatch(Array(deliveries.values), answeredBy: files)
    }
  }

  private func receipt(
    _ delivery: DeliveryOutcome, _ rule: AccountRule, _ state: InboxState, _ now: Timestamp
  ) -> [Finding] {
    if delivery.state == .refused {
      guard now.since(delivery.changedAt) < Self.refusalReportPeriod else { return [] }
      var found = finding(.receiptError, delivery, state, since: delivery.changedAt)
      if let transfer = delivery.fileTransferUUID {
        found.subject = ObservedFile.subject(ofTransfer: transfer)
      }
      found.detail = delivery.outcome.map(Masked.name).map {
        LocalizedText(da: "Kvitteringen siger: „\($0)“", en: $0)
      }
      return [found]
    }
    guard let within = rule.receiptWithin, let due = receiptDue(of: delivery, in: state.account), now >= due else {
      return []
    }
    var found = finding(.receiptOverdue, delivery, state, since: delivery.committedAt)
    found.due = due
    found.rule = RuleText.receipt(within)
    found.ruleLine = rule.line.number
    return [found]
  }

  private func answer(
    to delivery: DeliveryOutcome, _ rule: InfRefRule, _ matches: [InfRef: AnswerMatch], _ state: InboxState,
    _ now: Timestamp
  ) -> [Finding] {
    // The answers to older deliveries are not known.
    guard now.since(delivery.committedAt) < Self.deliveriesFor else { return [] }
    guard let awaited = rule.answer, let infRef = delivery.infRef, rule.covers(.infRef(infRef)),
      delivery.state != .refused,
      let due = due(of: awaited, sent: delivery.committedAt), now >= due
    else { return [] }
    let isAnswered = awaited.infRef.map { matches[$0]?[delivery] != nil } ?? (delivery.answeredAt != nil)
    guard !isAnswered else { return [] }
    var found = finding(.businessAnswerMissing, delivery, state, since: delivery.committedAt)
    found.due = due
    found.ruleLine = rule.line.number
    found.rule = RuleText.answer(awaited.limit)
    let route = settings.route(named: delivery.route)
    found.authority = route?.addressing?.recipientAuthority.digits
    found.detail =
      Self.recipient(of: delivery, by: route) + receiptText(of: delivery)
      + Self.absence(of: awaited)
    return [found]
  }

  /// Returns the recipient of the file, whose answer is awaited.
  private static func recipient(of delivery: DeliveryOutcome, by route: Route?) -> LocalizedText {
    let name: LocalizedText
    if let authority = route?.addressing?.recipientAuthority.digits {
      let system = route?.recipientITSystem?.rawValue
      name = LocalizedText(
        da: "CVR \(authority)" + (system.map { ", IT-system \($0)" } ?? ""),
        en: "CVR \(authority)" + (system.map { ", IT system \($0)" } ?? ""))
    } else if let route {
      let users = route.recipients.joined(separator: ", ")
      name = LocalizedText(da: users, en: users)
    } else {
      return LocalizedText(
        da: "Filen er sendt ad ruten \(delivery.route). ", en: "it was sent by the route \(delivery.route); ")
    }
    return LocalizedText(
      da: "Modtageren er \(name.da) (ruten \(delivery.route)). ",
      en: "the recipient is \(name.en) (route \(delivery.route)); ")
  }

  private func receiptText(of delivery: DeliveryOutcome) -> LocalizedText {
    guard delivery.state == .accepted else {
      return LocalizedText(
        da: "Den tekniske kvittering er heller ikke kommet. ", en: "its technical receipt has not come either; ")
    }
    let came = moments.both(delivery.receiptAt ?? delivery.changedAt)
    return LocalizedText(
      da: "Den tekniske kvittering kom \(came.da): platformen har taget filen. ",
      en: "its technical receipt came \(came.en), so the platform has taken the file; ")
  }

  private static func absence(of awaited: AwaitedAnswer) -> LocalizedText {
    awaited.infRef.map {
      LocalizedText(da: "Der er ikke kommet noget \($0) som svar på den.", en: "no \($0) has come in answer to it")
    }
      ?? LocalizedText(
        da: "Der er ikke kommet nogen forretningskvittering på den.", en: "no business receipt has come for it")
  }

  /// By when the receipt is to have come that a delivery waits for; `nil` where it waits for none, or no rule asks for
  /// it.
  func receiptDue(of delivery: DeliveryOutcome, in account: String) -> Timestamp? {
    guard delivery.state.awaitsReceipt else { return nil }
    return rules(of: account).account.receiptWithin.map { delivery.committedAt.later(by: $0) }
  }

  /// Returns the deadline of a delivery's answer.
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
      fileName: Masked.name(delivery.wireName.string), infRef: delivery.infRef.map(ShownInfRef.init),
      size: delivery.size, since: since)
  }
}
