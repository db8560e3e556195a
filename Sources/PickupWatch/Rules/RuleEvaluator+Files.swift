internal import ExchangeSettings
package import FilsluseBase
internal import TriggerFiles

extension RuleEvaluator {
  /// Returns the findings about one observed file.
  package func findings(about observed: ObservedFile, in state: InboxState, at now: Timestamp) -> [Finding] {
    let look = FileEvaluation(
      evaluator: self, rules: rules(of: state.account), observed: observed, state: state, now: judgedAt(state, now))
    switch observed.place {
    case .inbox: return look.inIN()
    case .outbox: return look.inOUT()
    case .receipt: return look.receipt()
    }
  }

  /// The rule about the pickup of a file that is the first to be broken, and when it is.
  func pickUp(of origin: FileOrigin, account: String, since: Timestamp) -> (
    rule: InfRefRule, limit: PickUpLimit, due: Timestamp
  )? {
    var first: (rule: InfRefRule, limit: PickUpLimit, due: Timestamp)?
    for rule in rules(of: account).infRefRules where rule.covers(origin) {
      guard let limit = rule.pickUp else { continue }
      let due = calendar.end(of: limit.within, from: since)
      if first.map({ due < $0.due }) ?? true { first = (rule, limit, due) }
    }
    return first
  }

  /// Returns the criterion for an observed file's rules; `nil` if its metadata was not read.
  func origin(of observed: ObservedFile, in account: String) -> FileOrigin? {
    if let facts = observed.facts { return facts.origin }
    let isBare = observed.sidecar == nil && rules(of: account).settings?.isBare(observed.name) ?? false
    return isBare ? .bare(observed.name) : nil
  }

  /// The time between two moments, as a limit counts: business time, or all of it.
  func waited(from begin: Timestamp, to end: Timestamp, by limit: PickUpLimit?) -> Duration {
    guard let limit, limit.within.isBusinessTime else { return max(.zero, end.since(begin)) }
    return calendar.businessTime(from: begin, to: end)
  }
}

/// The evaluation of one file.
private struct FileEvaluation {
  let evaluator: RuleEvaluator
  let rules: AccountRules
  let observed: ObservedFile
  let state: InboxState
  let now: Timestamp

  private var rule: AccountRule { rules.account }
  private var isBare: Bool { rules.settings?.isBare(observed.name) ?? false }

  func inIN() -> [Finding] {
    switch (observed.data, observed.sidecar) {
    case (let data?, nil) where isBare: return late(.bare(observed.name), since: whole(data))
    case (let data?, nil): return half(.dataWithoutMetadata, data, name: observed.name)
    case (nil, let sidecar?): return half(.metadataWithoutData, sidecar, name: sidecarName) + unreadable(sidecar)
    case (let data?, let sidecar?):
      return unreadable(sidecar) + wrongSize(of: data) + late() + nearCleanUp() + unknown()
    case (nil, nil): return []
    }
  }

  func inOUT() -> [Finding] {
    if let trigger = observed.sidecar {
      guard let within = rule.platformTakesWithin else { return [] }
      let age = age(of: trigger)
      let due = age.since.later(by: within)
      return now < due
        ? []
        : [
          finding(
            .notTakenFromOut, .critical, observed.name, age, due: due,
            rule: RuleText.platformTakes(within))
        ]
    }
    guard let data = observed.data, !isBare else { return [] }
    return half(.dataWithoutTrigger, data, name: observed.name)
  }

  func receipt() -> [Finding] {
    guard let sidecar = observed.sidecar else { return [] }
    switch observed.content {
    case .errors(let text, _):
      var found = finding(.receiptError, .critical, observed.name, age(of: sidecar))
      found.detail = LocalizedText(da: "Kvitteringen siger: „\(text)“", en: text)
      return [found]
    default: return unreadable(sidecar)
    }
  }

  // MARK: One question each

  private func late() -> [Finding] {
    guard let origin = observed.facts?.origin, let sidecar = observed.sidecar else { return [] }
    return late(origin, since: age(of: sidecar))
  }

  /// Returns the age of a bare file since its last change, because a growing file is still arriving.
  private func whole(_ data: ObservedFile.Part) -> FileAge {
    var age = age(of: data)
    if data.changed > data.firstSeen { age.since = max(age.since, data.changed) }
    return age
  }

  private func late(_ origin: FileOrigin, since age: FileAge) -> [Finding] {
    guard let (rule, limit, due) = evaluator.pickUp(of: origin, account: state.account, since: age.since) else {
      return []
    }
    let warning = evaluator.calendar.end(ofHundredths: limit.warnAt, of: limit.within, from: age.since)
    guard now >= min(warning, due) else { return [] }
    return [
      finding(
        .pickUpLate, now < due ? .warning : .critical, observed.name, age, due: due, line: rule.line,
        rule: RuleText.pickUp(limit, rule))
    ]
  }

  private func half(_ kind: Finding.Kind, _ part: ObservedFile.Part, name: [UInt8]) -> [Finding] {
    var age = age(of: part)
    // The other half was there before.
    if let half = observed.halfSince, half > part.firstSeen { age.since = max(age.since, half) }
    // A growing file is still arriving.
    if part.changed > part.firstSeen { age.since = max(age.since, part.changed) }
    let due = age.since.later(by: rule.halfPairAfter)
    guard now >= due else { return [] }
    return [
      finding(kind, .warning, name, age, due: due, rule: RuleText.halfPair(rule.halfPairAfter))
    ]
  }

  private func wrongSize(of data: ObservedFile.Part) -> [Finding] {
    guard let facts = observed.facts, let size = data.size, size != facts.size else { return [] }
    var age = age(of: data)
    if data.changed > data.firstSeen { age.since = max(age.since, data.changed) }
    let due = age.since.later(by: rule.stalledAfter)
    guard now >= due else { return [] }
    var found = finding(
      size < facts.size ? .stoppedGrowing : .sizeDiffers, .warning, observed.name, age, due: due,
      rule: RuleText.stalled(rule.stalledAfter))
    found.detail = LocalizedText(
      da: "Filen er på \(size) byte; dens metadata siger \(facts.size).",
      en: "\(size.counted("byte lies", "bytes lie")) there, the metadata says \(facts.size)")
    return [found]
  }

  private func nearCleanUp() -> [Finding] {
    guard let after = rule.cleanUpAfter, let sidecar = observed.sidecar else { return [] }
    let age = age(of: sidecar)
    let due = age.since.later(by: after)
    guard now >= age.since.later(by: after * rule.warnAt / 100) else { return [] }
    return [
      finding(
        .nearCleanUp, now < due ? .warning : .critical, observed.name, age, due: due,
        rule: RuleText.cleanUp(after))
    ]
  }

  private func unreadable(_ sidecar: ObservedFile.Part) -> [Finding] {
    guard case .unreadable(let reason) = observed.content else { return [] }
    var found = finding(.metadataUnreadable, .critical, sidecarName, age(of: sidecar))
    found.detail = reason
    return [found]
  }

  private func unknown() -> [Finding] {
    guard let facts = observed.facts, let sidecar = observed.sidecar else { return [] }
    let ways = rules.arrivals
    // Without declared arrivals nothing can be called unknown.
    guard !ways.isEmpty else { return [] }
    func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
    guard let infRef = facts.infRef else { return unknownDirect(from: facts.sender, sidecar) }
    let fitting = ways.filter { $0.infRef == infRef }
    if fitting.isEmpty {
      if rules.infRefRules.contains(where: { $0.covers(.infRef(infRef)) || $0.answer?.infRef == infRef }) { return [] }
      var found = finding(.unknownInfRef, .warning, observed.name, age(of: sidecar))
      let name = Masked.name(infRef.name)
      found.detail = LocalizedText(
        da: "Ingen modtagelse og ingen regel for kontoen nævner \(name).",
        en: "no arrival and no rule of this account names \(name)")
      return [found]
    }
    if fitting.contains(where: { $0.senders?.contains { isSame($0, facts.sender) } ?? true }) { return [] }
    var found = finding(.unknownSender, .warning, observed.name, age(of: sidecar))
    let (name, sender) = (Masked.name(infRef.name), Masked.name(facts.sender))
    found.detail = LocalizedText(
      da: "Ingen modtagelse for kontoen tager imod \(name) fra \(sender).",
      en: "no arrival of this account takes \(name) from \(sender)")
    return [found]
  }

  /// Returns a finding about a direct transmission from a sender that neither a direct arrival route nor a rule names.
  private func unknownDirect(from sender: String, _ sidecar: ObservedFile.Part) -> [Finding] {
    let origin = FileOrigin.direct(sender: sender)
    let isTaken = rules.arrivals.contains { way in
      way.isDirect && way.senders?.contains { $0.utf8.elementsEqual(sender.utf8) } ?? false
    }
    if isTaken || rules.infRefRules.contains(where: { $0.covers(origin) }) { return [] }
    var found = finding(.unknownSender, .warning, observed.name, age(of: sidecar))
    found.detail = LocalizedText(
      da: "Ingen modtagelse for kontoen tager imod det, som \(Masked.name(sender)) sender direkte.",
      en: "no arrival of this account takes what \(Masked.name(sender)) sends directly")
    return [found]
  }

  // MARK: What a finding says

  private func age(of part: ObservedFile.Part) -> FileAge {
    part.age(difference: state.clockDifference, longestPause: evaluator.longestPause)
  }

  /// The name of the metadata or receipt.
  private var sidecarName: [UInt8] {
    let suffixes = rules.suffixes
    return observed.name + Array((observed.place == .receipt ? suffixes.receipt : suffixes.metadata).utf8)
  }

  private func finding(
    _ kind: Finding.Kind, _ severity: Finding.Severity, _ name: [UInt8], _ age: FileAge, due: Timestamp? = nil,
    line: SettingsLine? = nil, rule text: LocalizedText? = nil
  ) -> Finding {
    let facts = observed.facts
    return Finding(
      kind: kind, severity: severity, account: state.account, subject: observed.subject,
      fileName: Masked.name(String(decoding: name, as: UTF8.self)), infRef: facts?.infRef.map(ShownInfRef.init),
      sender: facts.map { Masked.name($0.sender) },
      authority: facts?.recipientAuthority, size: facts?.size ?? observed.data?.size, since: age.since,
      ageBasis: age.basis, due: due, ruleLine: text == nil ? nil : (line ?? rule.line).number, rule: text, detail: nil)
  }
}
