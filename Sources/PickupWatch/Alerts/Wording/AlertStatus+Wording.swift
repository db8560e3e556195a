internal import ExchangeSettings
internal import FilsluseSystem
internal import TriggerFiles

extension AlertStatus {
  /// An alert as the status page shows it, in both languages.
  init(_ alert: Alert) {
    let finding = alert.finding
    let danish = AlertWording(.danish)
    let english = AlertWording(.english)
    self.init(
      id: alert.id, kind: finding.kind.rawValue, severity: finding.severity, state: State(alert.state),
      account: finding.account, infRef: finding.infRef, orderForm: AlertWording.orderForm(of: finding.infRef),
      fileName: finding.fileName, sender: finding.sender, since: finding.since, due: finding.due,
      rule: finding.localizedRule,
      count: alert.fold?.count ?? 1, headline: LocalizedText(da: danish.title(of: alert), en: english.title(of: alert)),
      text: LocalizedText(da: danish.words(for: finding).meaning, en: english.words(for: finding).meaning),
      remedy: LocalizedText(da: danish.words(for: finding).remedy, en: english.words(for: finding).remedy),
      ask: danish.advice(for: finding).flatMap { danish in
        english.advice(for: finding).map { LocalizedText(da: danish, en: $0) }
      }, detail: finding.localizedDetail, ending: alert.ending?.why,
      isExpired: alert.isExpired, acknowledgedBy: alert.acknowledgement?.by,
      acknowledged: alert.acknowledgement?.at,
      resolved: alert.resolved, canAcknowledge: alert.state == .firing)
  }
}

extension AlertStatus.State {
  fileprivate init(_ state: Alert.State) {
    self =
      switch state {
      case .pending: .pending
      case .firing: .firing
      case .acknowledged: .acknowledged
      case .resolved: .resolved
      }
  }
}

extension LocalizedText {
  /// The name of a kind of finding, in a few words.
  init(naming kind: Finding.Kind) {
    let finding = Finding(kind: kind, severity: .critical, account: "", subject: "")
    self.init(
      da: AlertWording(.danish).words(for: finding).title, en: AlertWording(.english).words(for: finding).title)
  }
}
