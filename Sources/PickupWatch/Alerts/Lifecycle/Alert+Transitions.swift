internal import FilsluseBase
public import TriggerFiles

extension Alert {
  /// Updates the finding; a pending alert fires when its time has come.
  mutating func see(_ finding: Finding, at moment: Timestamp, fireAfter: Duration) {
    self.finding = finding
    switch state {
    case .pending:
      guard moment.since(firstSeen) >= fireAfter else { return }
      state = .firing
      fired = moment
    case .acknowledged:
      if let known = acknowledgement, finding.severity > known.severity { fireAgain() }
    case .firing, .resolved: break
    }
  }

  /// Ends it.
  mutating func resolve(at moment: Timestamp, _ ending: FindingEnding? = nil) {
    state = .resolved
    resolved = moment
    self.ending = ending
  }

  /// Acknowledges the alert.
  ///
  /// - Parameter act: the number of the act in the database.
  /// - Throws: ``AlertRefusal`` unless it fires: an earlier acknowledgement stays as it is.
  mutating func acknowledge(
    by name: String, why: String?, at moment: Timestamp, act: Int64? = nil
  ) throws(AlertRefusal) {
    if let refusal = refusalOfAcknowledgement { throw refusal }
    state = .acknowledged
    let worst = max(finding.severity, lastSent?.severity ?? .warning)
    acknowledgement = Acknowledgement(by: name, why: why, at: moment, severity: worst, act: act)
  }

  /// The reason why it cannot be acknowledged; `nil` if it can.
  private var refusalOfAcknowledgement: AlertRefusal? {
    switch state {
    case .firing: return nil
    case .acknowledged:
      let person = acknowledgement.map { Masked.name($0.by) } ?? "?"
      let moment = acknowledgement.map { LocalizedText(" at \($0.at)", " \($0.at)") } ?? LocalizedText("")
      return AlertRefusal(
        reason: LocalizedText(
          "alert \(id) was acknowledged already, by \(person)", "alarm \(id) er allerede kvitteret af \(person)")
          + moment,
        remedy: LocalizedText(
          "alerts unack \(id) takes that back, where another person is to do it",
          "alerts unack \(id) tager det tilbage, hvis en anden skal gøre det"))
    case .resolved:
      return AlertRefusal(
        reason: LocalizedText(
          "alert \(id) is over, so there is nothing to acknowledge",
          "alarm \(id) er overstået, så der er intet at kvittere for"))
    case .pending:
      return AlertRefusal(
        reason: LocalizedText(
          "alert \(id) is pending: no notification has been sent yet, so there is nothing to acknowledge",
          "alarm \(id) venter: der er endnu ikke sendt besked, så der er intet at kvittere for"))
    }
  }

  /// Undoes an acknowledgement: the alert fires again, and is repeated when due.
  mutating func undoAcknowledgement() { if state == .acknowledged { fireAgain() } }

  /// Makes the alert a group of findings.
  mutating func standFor(_ members: [Finding]) {
    let group = AlertGroup(members)
    self.group = group
    finding.since = group.oldest.first?.since
    finding.severity = group.critical > 0 ? .critical : .warning
    let infRefs = Set(members.map(\.infRef))
    finding.infRef = infRefs.count == 1 ? members.first?.infRef : nil
    if state == .acknowledged, let known = acknowledgement, finding.severity > known.severity || hasGrown {
      fireAgain()
    }
  }

  /// A clock that was set back must not silence anything for longer than usual.
  mutating func clampToNow(_ now: Timestamp) {
    if state == .pending, firstSeen > now { firstSeen = now }
    if let at = lastSent?.at, at > now { lastSent?.at = now }
  }

  /// True if it fires, and neither a notification nor a group has reported it.
  var isUnsent: Bool { state == .firing && lastSent == nil && groupedInto == nil && group == nil }

  /// A finding about the account as a whole is never grouped: it explains the others.
  var canBeGrouped: Bool { !Finding.aboutWholeAccounts.contains(finding.kind) }

  /// The reason that its last notification carries.
  var endReason: NotificationReason { isExpired ? .expired : .resolved }

  /// Returns the reason for a notification now, if one is due.
  func reasonToNotify(at moment: Timestamp, every pause: Duration, isQuiet: Bool) -> NotificationReason? {
    guard groupedInto == nil else { return nil }
    // If the firing was sent, the resolution is always sent, even while silenced.
    if state == .resolved { return lastSent == nil ? nil : endReason }
    guard state == .firing, !isQuiet else { return nil }
    guard let lastSent else { return .fired }
    if finding.severity > lastSent.severity { return .escalated }
    if hasGrown { return .grown }
    return moment.since(lastSent.at) >= pause ? .repeated : nil
  }

  /// Records that a notification is sent.
  mutating func noteNotification(_ reason: NotificationReason, at moment: Timestamp) {
    notificationCount += 1
    let severity = max(finding.severity, lastSent?.severity ?? .warning)
    lastSent = SentNotification(
      firstSeverity: lastSent?.firstSeverity ?? severity, severity: severity, at: moment,
      count: reason.isEnd ? lastSent?.count ?? 1 : group?.count ?? 1)
  }

  /// Notes that people were alerted to it by another process.
  mutating func noteReportedElsewhere(at moment: Timestamp) {
    lastSent = SentNotification(firstSeverity: finding.severity, severity: finding.severity, at: moment, count: 1)
  }

  /// True if a group has doubled since its last notification.
  private var hasGrown: Bool {
    guard let group, let lastSent else { return false }
    return group.count >= 2 * lastSent.count
  }

  /// Fires again, because its present state was not notified.
  mutating func fireAgain() {
    state = .firing
    acknowledgement = nil
  }
}

/// A refused action on alerts or silences.
public struct AlertRefusal: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The reason.
  public let reason: LocalizedText
  /// The remedy, where one is known.
  public internal(set) var remedy: LocalizedText?

  /// The reason and its remedy.
  package var text: LocalizedText { reason + (remedy.map { LocalizedText("; ") + $0 } ?? LocalizedText("")) }

  /// The reason and its remedy in English.
  public var description: String { text.en }
}

extension Finding {
  /// Returns the finding of a group; the findings of its members are added to it.
  static func manyFindings(of account: String, _ source: FindingSource = .inbox) -> Finding {
    Finding(
      kind: .manyFindings, severity: .warning, account: account,
      subject: source == .journal ? problemGroup : "group")
  }

  /// The finding without NUL characters, which end SQLite's texts and may be in wire names. Texts from outside are cut
  /// to a length beyond any that is shown.
  var storable: Finding {
    func storable(_ text: String) -> String {
      let isLong = text.utf8.count > 2000
      guard isLong || text.utf8.contains(0) else { return text }
      let kept = text.unicodeScalars.prefix(isLong ? 2000 : .max)
      return String(String.UnicodeScalarView(kept.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
    var finding = self
    finding.subject = storable(subject)
    finding.fileName = fileName.map(storable)
    finding.infRef = infRef.map { ShownInfRef(shown: storable($0.description)) }
    finding.sender = sender.map(storable)
    finding.authority = authority.map(storable)
    finding.rule = rule.map { LocalizedText(da: storable($0.da), en: storable($0.en)) }
    finding.detail = detail.map { LocalizedText(da: storable($0.da), en: storable($0.en)) }
    return finding
  }
}
