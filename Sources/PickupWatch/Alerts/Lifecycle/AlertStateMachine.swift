internal import ExchangeSettings
internal import FilsluseBase

/// The state machine of one account's open alerts, applied at each look: a value without clock, disk or network.
///
/// pending → firing → acknowledged → resolved
///
/// An alert is pending for the time of ``AlertSettings/fireAfter``; if it ends before that, it is dropped. An
/// acknowledged alert that gets worse fires again.
struct AlertStateMachine: Sendable {
  private let settings: AlertSettings
  /// The open alerts, and those just resolved by a look.
  private(set) var alerts: [Alert]
  /// The number that the next alert gets.
  private(set) var next: Int64

  init(settings: AlertSettings, alerts: [Alert] = [], next: Int64 = 1) {
    self.settings = settings
    self.alerts = alerts
    self.next = next
  }

  /// Applies a look.
  ///
  /// - Returns: the notifications that are due now.
  mutating func take(_ look: AlertLook, silences: [Silence]) -> [AlertEvent] {
    alerts.removeAll { !$0.isOpen }
    let wereCut = kindsThatAreCut
    note(look)
    let quiet = ActiveSilences(at: look.at, settings: settings, silences: silences)
    groupLateListed(wereCut.union(kindsThatAreCut))
    let joined = look.isMute ? nil : groupAlerts(of: look, quiet: quiet)
    updateGroups(joined: joined, at: look.at)
    for index in alerts.indices where alerts[index].isOpen {
      alerts[index].silencedBy = silence(of: alerts[index], by: quiet)
    }
    var events: [AlertEvent] = []
    for index in alerts.indices {
      let isQuiet = isQuiet(alerts[index], by: quiet)
      guard let reason = alerts[index].reasonToNotify(at: look.at, every: settings.repeatEvery, isQuiet: isQuiet) else {
        continue
      }
      if isReportedElsewhere(alerts[index], in: look) { continue }
      alerts[index].noteNotification(reason, at: look.at)
      events.append(AlertEvent(alert: alerts[index], reason: reason))
    }
    return events
  }

  /// The findings of open alerts already sent, by themselves or in a group, which another process would otherwise
  /// repeat.
  var sent: Set<Finding.ID> {
    let sent = Set(alerts.filter { $0.lastSent != nil }.map(\.id))
    return Set(
      alerts.filter { $0.isOpen && (sent.contains($0.id) || $0.groupedInto.map(sent.contains) ?? false) }
        .map(\.finding.id))
  }

  /// Another process alerts people: to everything of this source, or to the end of this. The end of a problem that the
  /// journal no longer has was sent by the process that removed it there.
  private func isReportedElsewhere(_ alert: Alert, in look: AlertLook) -> Bool {
    if look.isMute { return true }
    if alert.isOpen { return false }
    func isEndedElsewhere(_ alert: Alert) -> Bool {
      look.source == .journal ? alert.ending == nil : look.endedElsewhere.contains(alert.finding.id)
    }
    if alert.group == nil { return isEndedElsewhere(alert) }
    return alerts.allSatisfy { $0.groupedInto != alert.id || isEndedElsewhere($0) }
  }

  /// Returns true if an alert is silenced. A group is silenced if all its members are.
  private func isQuiet(_ alert: Alert, by quiet: ActiveSilences) -> Bool {
    if quiet.covers(alert.finding) { return true }
    guard alert.group != nil else { return false }
    let members = alerts.filter { $0.groupedInto == alert.id && $0.isOpen }
    return !members.isEmpty && members.allSatisfy { quiet.covers($0.finding) }
  }

  /// Returns the number of the silence of an alert. A group has the silence of its first member if all members are
  /// silenced.
  private func silence(of alert: Alert, by quiet: ActiveSilences) -> Int64? {
    if let own = quiet.silence(of: alert.finding) { return own }
    guard alert.group != nil else { return nil }
    let members = alerts.filter { $0.groupedInto == alert.id && $0.isOpen }
    let silences = members.compactMap { quiet.silence(of: $0.finding) }
    return silences.count == members.count ? silences.first : nil
  }

  /// Ends everything: the account is no longer watched.
  mutating func endAll(at moment: Timestamp) -> [AlertEvent] {
    alerts.removeAll { $0.state == .pending || !$0.isOpen }
    var events: [AlertEvent] = []
    for index in alerts.indices {
      // The file may still be there.
      alerts[index].resolve(at: moment, .unwatched)
      guard alerts[index].lastSent != nil else { continue }
      alerts[index].noteNotification(.expired, at: moment)
      events.append(AlertEvent(alert: alerts[index], reason: .expired))
    }
    return events
  }

  /// Updates every alert by the findings of a look.
  private mutating func note(_ look: AlertLook) {
    var found: [String: Finding] = [:]
    for finding in look.findings where finding.account.utf8.elementsEqual(look.account.utf8) {
      let finding = finding.storable
      if let known = found[finding.id], known.severity >= finding.severity { continue }
      found[finding.id] = finding
    }
    for index in alerts.indices where alerts[index].group == nil {
      alerts[index].clampToNow(look.at)
      if let finding = found.removeValue(forKey: alerts[index].finding.id) {
        alerts[index].see(finding, at: look.at, fireAfter: pause(before: finding, in: look))
      } else if look.isComplete || isSuperseded(alerts[index].finding.kind, by: look.findings) {
        alerts[index].resolve(at: look.at, look.endings[alerts[index].finding.id])
      }
    }
    // Never notified and gone: dropped.
    alerts.removeAll { $0.state == .resolved && $0.fired == nil }
    for finding in found.values.sorted(by: Finding.isOlder) { add(finding, in: look) }
    for index in alerts.indices where alerts[index].isUnsent && look.alertedElsewhere.contains(alerts[index].finding.id)
    {
      alerts[index].noteReportedElsewhere(at: look.at)
    }
  }

  /// An alert that people know of has no pending time.
  private func pause(before finding: Finding, in look: AlertLook) -> Duration {
    look.alertedElsewhere.contains(finding.id) ? .zero : settings.fireAfter
  }

  /// Returns true if a finding names a newer reason why the account cannot be looked into: each look has one at most.
  private func isSuperseded(_ kind: Finding.Kind, by findings: [Finding]) -> Bool {
    guard Finding.reasonsNotToSee.contains(kind) else { return false }
    return findings.contains { $0.kind != kind && Finding.reasonsNotToSee.contains($0.kind) }
  }

  private mutating func add(_ finding: Finding, in look: AlertLook) {
    var alert = Alert(id: next, finding: finding, firstSeen: look.at)
    alert.see(finding, at: look.at, fireAfter: pause(before: finding, in: look))
    alerts.append(alert)
    next += 1
  }
}

// MARK: Groups

extension AlertStateMachine {
  /// The kinds with more findings than a look lists.
  private var kindsThatAreCut: Set<Finding.Kind> {
    Set(alerts.filter { $0.isOpen && $0.finding.subject == FindingCollection.restSubject }.map(\.finding.kind))
  }

  private var openGroup: Int64? { alerts.first { $0.group != nil && $0.isOpen }?.id }

  /// Adds alerts that may have been beyond the end of a cut-off list to the open group, because they are not new.
  private mutating func groupLateListed(_ cut: Set<Finding.Kind>) {
    guard let group = openGroup else { return }
    for index in alerts.indices
    where alerts[index].isUnsent && alerts[index].canBeGrouped && cut.contains(alerts[index].finding.kind) {
      alerts[index].groupedInto = group
    }
  }

  /// Groups new alerts into one if they are too many to notify one by one.
  ///
  /// - Returns: the number of a group that gained members.
  private mutating func groupAlerts(of look: AlertLook, quiet: ActiveSilences) -> Int64? {
    let new = alerts.indices.filter {
      alerts[$0].isUnsent && alerts[$0].canBeGrouped && !quiet.covers(alerts[$0].finding)
    }
    guard new.count > settings.groupAbove else { return nil }
    let group: Int64
    if let open = openGroup {
      group = open
    } else {
      group = next
      var alert = Alert(id: next, finding: .manyFindings(of: look.account, look.source), firstSeen: look.at)
      alert.group = AlertGroup([])
      alert.see(alert.finding, at: look.at, fireAfter: .zero)
      alerts.append(alert)
      next += 1
    }
    for index in new { alerts[index].groupedInto = group }
    return group
  }

  /// Updates the members of each group; a group without members is resolved.
  private mutating func updateGroups(joined: Int64?, at moment: Timestamp) {
    for index in alerts.indices where alerts[index].group != nil {
      if alerts[index].id != joined { alerts[index].clampToNow(moment) }
      let members = alerts.filter { $0.groupedInto == alerts[index].id && $0.isOpen }.map(\.finding)
      if members.isEmpty {
        alerts[index].resolve(at: moment, .membersOver)
      } else {
        alerts[index].standFor(members)
        fireAgainForNewMembers(to: index, at: moment)
      }
    }
  }

  /// An acknowledgement of a group does not cover later members, and nothing else reports those: the next repetition
  /// does. A finding that only now got into a truncated list is not new.
  private mutating func fireAgainForNewMembers(to group: Int, at moment: Timestamp) {
    guard let known = alerts[group].acknowledgement, let lastSent = alerts[group].lastSent,
      moment.since(lastSent.at) >= settings.repeatEvery
    else { return }
    let cut = kindsThatAreCut
    let isNew = alerts.contains {
      $0.groupedInto == alerts[group].id && $0.isOpen && !cut.contains($0.finding.kind)
        && $0.fired.map { $0 > known.at } ?? false
    }
    if isNew { alerts[group].fireAgain() }
  }
}
