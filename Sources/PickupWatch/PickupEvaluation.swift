public import ExchangeSettings
public import FilsluseSystem
internal import TriggerFiles

/// Judges what lies in an inbox by the rules. Pure: the look into the inbox and the clock are given.
public struct PickupEvaluation: Sendable {
  /// The rules, of any accounts.
  public var rules: [PickupRule]
  /// How long half a pair may lie before it is reported. The platform writes data and metadata one after the other, so
  /// that half a pair is nothing remarkable while it is fresh.
  public var settle: Duration

  /// Prepares to judge by rules.
  public init(rules: [PickupRule], settle: Duration = .seconds(60)) {
    self.rules = rules
    self.settle = settle
  }

  /// What somebody should look at: what has lain longest comes first, what has no time last.
  ///
  /// - Parameter now: the moment to judge at, by the watcher's clock.
  public func findings(in inbox: InboxObservation, now: Timestamp) -> [PickupFinding] {
    let dataByName = Dictionary(inbox.data.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let described = Set(inbox.metadata.map(\.dataName))
    var findings = inbox.metadata.flatMap { metadata in
      judge(metadata, data: dataByName[metadata.dataName], account: inbox.account, now: now)
    }
    for file in inbox.data where !described.contains(file.name) && hasSettled(file.modified, now: now) {
      findings.append(
        finding(
          .dataWithoutMetadata, file.name, since: file.modified, now: now, account: inbox.account, size: file.size))
    }
    return findings.sorted { one, other in
      let times = [one, other].map { $0.since?.millisecondsSince1970 ?? .max }
      return times[0] == times[1] ? one.fileName < other.fileName : times[0] < times[1]
    }
  }

  private func judge(
    _ metadata: InboxObservation.MetadataFile, data: InboxObservation.DataFile?, account: String, now: Timestamp
  ) -> [PickupFinding] {
    switch metadata.content {
    case .unreadable(let reason):
      var found = finding(
        .metadataUnreadable, metadata.name, since: metadata.modified, now: now, account: account, size: data?.size)
      found.detail = reason
      return [found]
    case .read(let facts):
      return judge(metadata, facts: facts, data: data, account: account, now: now)
    }
  }

  private func judge(
    _ metadata: InboxObservation.MetadataFile, facts: InboxObservation.Facts, data: InboxObservation.DataFile?,
    account: String, now: Timestamp
  ) -> [PickupFinding] {
    func found(_ kind: PickupFinding.Kind, _ name: [UInt8], _ detail: String? = nil) -> PickupFinding {
      var found = finding(kind, name, since: metadata.modified, now: now, account: account, size: facts.size)
      found.infRef = facts.infRef
      found.sender = facts.sender
      found.detail = detail
      return found
    }
    guard let data else {
      return hasSettled(metadata.modified, now: now) ? [found(.metadataWithoutData, metadata.name)] : []
    }
    var findings: [PickupFinding] = []
    if let size = data.size, size != facts.size, hasSettled(data.modified, now: now) {
      findings.append(found(.sizeDiffers, data.name, "\(size) bytes lie there, the metadata says \(facts.size)"))
    }
    guard let rule = strictestRule(for: facts.infRef, account: account) else { return findings }
    let waited = metadata.modified.map { now.since($0) }
    if waited.map({ $0 > rule.pickUpWithin }) ?? true {
      var overdue = found(waited == nil ? .ageUnknown : .overdue, data.name)
      overdue.period = rule.pickUpWithin
      overdue.ruleLine = rule.line
      findings.append(overdue)
    }
    return findings
  }

  /// The rule with the shortest period among those that apply.
  private func strictestRule(for infRef: String?, account: String) -> PickupRule? {
    guard let infRef else { return nil }
    return rules.filter { $0.account == account && $0.covers(infRef) }.min { $0.pickUpWithin < $1.pickUpWithin }
  }

  private func hasSettled(_ modified: Timestamp?, now: Timestamp) -> Bool {
    modified.map { now.since($0) >= settle } ?? true
  }

  private func finding(
    _ kind: PickupFinding.Kind, _ name: [UInt8], since: Timestamp?, now: Timestamp, account: String, size: UInt64?
  ) -> PickupFinding {
    PickupFinding(
      kind: kind, account: account, fileName: Masked.name(String(decoding: name, as: UTF8.self)), since: since,
      waited: since.map { now.since($0) }, size: size)
  }
}

extension PickupRule {
  /// Whether the rule is about files of that classification. Names are compared byte by byte.
  func covers(_ name: String) -> Bool {
    let monitored = InfRef.monitored(by: infRef).map(\.name)
    return (monitored.isEmpty ? [infRef] : monitored).contains { Array($0.utf8) == Array(name.utf8) }
  }
}
