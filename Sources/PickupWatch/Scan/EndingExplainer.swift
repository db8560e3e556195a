internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// Explains why findings have ended: the file came, was fetched, was answered, or only its time has passed.
struct EndingExplainer: Sendable {
  let evaluator: RuleEvaluator
  let store: WatchDatabase
  let journal: Journal?
  /// The time of their ending.
  let now: Timestamp

  /// The period back in time for looking up what became of a file.
  private static let memory = Duration.seconds(2 * 86_400)

  /// Returns the reasons why findings of one account have ended, if known.
  ///
  /// - Parameters:
  ///   - state: the state of the watch; `nil` if it cannot be read.
  ///   - findings: the present findings.
  func endings(
    of ended: [Finding], in state: InboxState?, findings: [Finding]
  ) async throws(ExchangeError) -> [Finding.ID: FindingEnding] {
    guard let state, !ended.isEmpty else { return [:] }
    let subjects = Set(ended.filter { Self.ofFiles.contains($0.kind) }.map(\.subject))
    let fates = try await store.fates(
      of: state.account, subjects: subjects, goneSince: now.earlier(by: Self.memory))
    let sent = try await sent(in: state, ended)
    var endings: [Finding.ID: FindingEnding] = [:]
    for finding in ended {
      endings[finding.id] =
        switch finding.kind {
        case _ where finding.subject == FindingCollection.restSubject: Self.allListed
        case .expectedMissing, .tooFewFiles, .municipalityMissing: try await expected(finding, state)
        case .receiptOverdue, .businessAnswerMissing: try await delivery(finding, sent, state)
        case .receiptError: try await refusal(finding, fates[finding.subject])
        default:
          fates[finding.subject].flatMap {
            FileEnding(evaluator: evaluator, state: state, fate: $0).ending(of: finding)
          }
            ?? general(finding, state, findings)
        }
    }
    return endings
  }

  /// The kinds that are about one file.
  private static let ofFiles: Set<Finding.Kind> = [
    .pickUpLate, .dataWithoutMetadata, .metadataWithoutData, .stoppedGrowing, .sizeDiffers, .metadataUnreadable,
    .nearCleanUp, .unknownInfRef, .unknownSender, .notTakenFromOut, .dataWithoutTrigger, .receiptError,
  ]

  private var moments: MomentText { evaluator.moments }

  /// All findings of the kind are listed again.
  private static let allListed = FindingEnding(
    da: "Der er ikke flere af slagsen, end at de nævnes hver for sig.",
    en: "there are no more of this kind than are listed one by one")

  // MARK: The account as a whole

  private func general(_ finding: Finding, _ state: InboxState, _ findings: [Finding]) -> FindingEnding? {
    let now = moments.both(now)
    if Finding.reasonsNotToSee.contains(finding.kind) {
      guard state.failure == nil else {
        return FindingEnding(
          isMended: false,
          da:
            "Kontoens mapper kan stadig ikke ses, men nu af en anden grund, som har sin egen alarm.",
          en:
            "the account's folders still cannot be seen, but for another reason, which is an alert of its own"
        )
      }
      let seen = state.lastLook.map(moments.both) ?? now
      return FindingEnding(
        da: "Kontoens mapper kunne ses igen \(seen.da).",
        en: "the account's folders could be seen again at \(seen.en)")
    }
    switch finding.kind {
    case .watchGap:
      return FindingEnding(
        da: "Mapperne er blevet set i en time uden afbrydelse; hullet står stadig på statussiden.",
        en:
          "the folders have been looked into for an hour again; the gap still stands on the status page"
      )
    case .tooManyFiles:
      return FindingEnding(
        da: "Der lå \(state.files.counted("fil", "filer")) i IN \(now.da).",
        en: "\(state.files.counted("file")) lay in IN at \(now.en)")
    case .tooManyBytes:
      return FindingEnding(
        da: "Filerne i IN fyldte \(state.bytes) byte \(now.da).",
        en: "\(state.bytes.counted("byte")) lay in IN at \(now.en)")
    case .journalUnreadable:
      return FindingEnding(
        da: "Journalen kunne læses igen \(now.da).",
        en: "the journal could be read again at \(now.en)")
    case .observationsUnusable:
      return FindingEnding(
        da: "Overvågningen kunne igen gemme, hvad den ser, \(now.da).",
        en: "what is seen could be kept again at \(now.en)")
    case .otherMunicipality:
      let isOld = finding.since.map { self.now.since($0) >= RuleEvaluator.municipalityReportPeriod } ?? false
      return FindingEnding(
        isMended: !isOld,
        why: isOld
          ? LocalizedText(
            da: "Det er en uge siden, filen kom, og det vides ikke, om det blev afklaret.",
            en: "it is a week since the file came, and whether it was cleared up is not known")
          : LocalizedText(
            da: "Indstillingerne siger nu noget andet om modtagermyndigheden.",
            en: "the settings now say otherwise of the recipient authority"))
    default: return nil
    }
  }

  // MARK: What should come

  private func expected(_ finding: Finding, _ state: InboxState) async throws(ExchangeError) -> FindingEnding {
    for rule in evaluator.rules(of: state.account).infRefRules {
      guard let expected = rule.expected,
        let occurrence = evaluator.occurrence(of: expected, rule, subject: finding.subject)
      else { continue }
      let history = WatchHistory(evaluator: evaluator, store: store, journal: journal)
      let files = try await history.arrivals(for: rule, since: occurrence.window.lowerBound, in: state)
      let came = evaluator.counted(files, rule, occurrence, at: now)
      if let file = evaluator.completing(finding, expected, came) { return arrival(of: file, finding) }
      let next = moments.both(occurrence.next)
      let gap = state.unwatched(in: occurrence.window).first
      return FindingEnding(
        isMended: false,
        da: gap == nil
          ? "Filen kom ikke. Den næste frist, \(next.da), er nået, og nu ventes den næste fil."
          : "Filen er ikke set, men kan være kommet og være hentet, mens mapperne ikke blev set. Den næste frist, \(next.da), er nået.",
        en: gap == nil
          ? "the file never came; its next deadline, \(next.en), has passed without it, and now the next one is expected"
          : "the file was not seen, but may have come and gone while nobody looked; its next deadline, \(next.en), has passed"
      )
    }
    return FindingEnding(
      isMended: false, da: "Reglen står ikke mere i indstillingerne; filen er ikke set.",
      en: "the rule no longer stands in the settings; the file was not seen")
  }

  private func arrival(of file: ArrivedFile, _ finding: Finding) -> FindingEnding {
    let came = moments.both(file.came)
    let name = Masked.name(String(decoding: file.name, as: UTF8.self))
    let isLast = finding.kind != .expectedMissing && finding.kind != .municipalityMissing
    return FindingEnding(
      da: "\(isLast ? "Den sidste fil" : "Filen") kom \(came.da): \(name).",
      en: "\(isLast ? "the last file" : "the file") came at \(came.en): \(name)")
  }

  // MARK: What was sent

  /// The deliveries that ended findings are about.
  private struct Sent {
    var deliveries: [Int64: DeliveryOutcome] = [:]
    var matches: [InfRef: AnswerMatch] = [:]
  }

  private func sent(in state: InboxState, _ ended: [Finding]) async throws(ExchangeError) -> Sent {
    guard ended.contains(where: { $0.kind == .receiptOverdue || $0.kind == .businessAnswerMissing }) else {
      return Sent()
    }
    let history = WatchHistory(evaluator: evaluator, store: store, journal: journal)
    let deliveries = try await history.deliveries(in: state, at: now)
    let answers = try await history.answers(in: state, at: now)
    return Sent(
      deliveries: Dictionary(deliveries.map { ($0.id, $0) }) { $1 },
      matches: evaluator.answerMatches(to: deliveries, among: answers, in: state.account))
  }

  private func delivery(
    _ finding: Finding, _ sent: Sent, _ state: InboxState
  ) async throws(ExchangeError) -> FindingEnding? {
    guard let id = Int64(finding.subject.dropFirst()) else { return nil }
    var known = sent.deliveries[id]
    if known == nil { known = try await journal?.outcome(of: id) }
    guard let delivery = known else {
      return FindingEnding(
        isMended: false, da: "Journalen kender ikke mere afsendelsen.",
        en: "the journal no longer knows the delivery")
    }
    if finding.kind == .businessAnswerMissing { return answer(to: delivery, sent, state) }
    switch delivery.state {
    case .accepted, .refused:
      let came = moments.both(delivery.receiptAt ?? delivery.changedAt)
      let isRefused = delivery.state == .refused
      return FindingEnding(
        da:
          "Kvitteringen kom \(came.da)\(isRefused ? " og melder fejl, som har sin egen alarm" : "").",
        en:
          "the receipt came at \(came.en)\(isRefused ? " and reports errors, which are an alert of their own" : "")"
      )
    case .cancelled:
      let at = moments.both(delivery.changedAt)
      return FindingEnding(
        da: "Afsendelsen blev annulleret \(at.da).", en: "the delivery was cancelled at \(at.en)")
    default:
      return FindingEnding(
        isMended: false, da: "Kvitteringen er ikke kommet, men reglen gælder ikke mere.",
        en: "the receipt has not come, but the rule no longer holds")
    }
  }

  private func answer(to delivery: DeliveryOutcome, _ sent: Sent, _ state: InboxState) -> FindingEnding {
    for rule in evaluator.rules(of: state.account).infRefRules {
      guard let awaited = rule.answer, let infRef = delivery.infRef, rule.covers(.infRef(infRef)) else { continue }
      guard let wanted = awaited.infRef else {
        guard let at = delivery.answeredAt.map(moments.both) else { continue }
        return FindingEnding(
          da: "Forretningskvitteringen kom \(at.da).", en: "the business receipt came at \(at.en)")
      }
      guard let answer = sent.matches[wanted]?[delivery] else { continue }
      let came = moments.both(answer.file.came)
      let name = Masked.name(String(decoding: answer.file.name, as: UTF8.self))
      return FindingEnding(
        why: answer.isNamed
          ? LocalizedText(
            da: "Forretningssvaret kom \(came.da): \(name). Det nævner selv den afsendte fil.",
            en: "the business answer came at \(came.en): \(name), which names the sent file itself")
          : LocalizedText(
            da:
              "Et forretningssvar kom \(came.da): \(name). Det nævner ingen afsendt fil og regnes derfor for svar på den ældste ubesvarede.",
            en:
              "a business answer came at \(came.en): \(name); it names no sent file, so it is counted for the oldest unanswered one"
          ))
    }
    if delivery.state == .refused {
      return FindingEnding(
        isMended: false, da: "Platformen har afvist filen, så der ventes intet svar på den.",
        en: "the platform has refused the file, so no answer to it is awaited")
    }
    return FindingEnding(
      isMended: false,
      da:
        "Svaret er ikke kommet. Det er mere end 35 dage siden, filen blev sendt, eller reglen gælder ikke mere.",
      en:
        "the answer has not come; the delivery is more than 35 days old, or the rule no longer holds"
    )
  }

  private func refusal(_ finding: Finding, _ fate: FileFate?) async throws(ExchangeError) -> FindingEnding? {
    let id = finding.subject.hasPrefix("D") ? Int64(finding.subject.dropFirst()) : nil
    if let accepted = try await journal?.laterAcceptance(of: finding.account, transfer: finding.subject, delivery: id) {
      let at = moments.both(accepted)
      return FindingEnding(
        da: "Filen blev sendt igen og modtaget af platformen \(at.da).",
        en: "the file was sent again and accepted by the platform at \(at.en)")
    }
    if let closed = try await journal?.closing(
      ofRefusal: finding.subject, delivery: id, account: finding.account)
    {
      let at = moments.both(closed.at)
      return FindingEnding(
        da: "En person har lukket sagen \(at.da) med begrundelsen „\(closed.reason)“.",
        en: "a person closed it at \(at.en): \(closed.reason)")
    }
    if let since = finding.since, now.since(since) >= RuleEvaluator.refusalReportPeriod {
      return FindingEnding(
        isMended: false, da: "Det er en uge siden, fejlen kom, og filen er ikke modtaget siden.",
        en: "the error is a week old, and the file was not accepted since")
    }
    guard let gone = fate?.gone.map(moments.both) else { return nil }
    return FindingEnding(
      isMended: false,
      da:
        "Kvitteringen ligger ikke mere i IN siden \(gone.da); om filen er sendt igen, vides ikke.",
      en:
        "the receipt is no longer in IN since \(gone.en); whether the file was sent again is not known"
    )
  }
}
