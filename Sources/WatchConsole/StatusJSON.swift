internal import FilsluseBase
package import PickupWatch
internal import TriggerFiles

extension WatchStatus {
  /// The snapshot as JSON, keys in order; see <doc:Console> for what they mean.
  ///
  /// - Throws: `EncodingError` when a number in it is none.
  package func json() throws -> String {
    try JSONText().text(StatusJSON(status: self)) + "\n"
  }
}

/// The snapshot with its alerts as the page words them.
private struct StatusJSON: Encodable {
  let status: WatchStatus

  private enum Key: CodingKey {
    case alerts
  }

  func encode(to encoder: any Encoder) throws {
    try status.encode(to: encoder)
    var json = encoder.container(keyedBy: Key.self)
    try json.encode(status.alerts.map(AlertJSON.init), forKey: .alerts)
  }
}

private struct AlertJSON: Encodable {
  let alert: Alert

  private enum Key: CodingKey {
    case id, state, rule, count, headline
    case text, remedy, ask, detail, ending, isExpired, acknowledgedBy, acknowledged, resolved, canAcknowledge
  }

  func encode(to encoder: any Encoder) throws {
    let finding = alert.finding
    var json = encoder.container(keyedBy: Key.self)
    try json.encode(alert.id, forKey: .id)
    try json.encode(alert.state, forKey: .state)
    try finding.encode(
      [.kind, .severity, .account, .infRef, .orderForm, .fileName, .sender, .since, .due], to: encoder,
      text: Masked.name)
    try json.encodeIfPresent(finding.rule, forKey: .rule)
    try json.encode(alert.count, forKey: .count)
    try json.encode(alert.title, forKey: .headline)
    try json.encode(alert.meaning, forKey: .text)
    try json.encode(alert.remedy, forKey: .remedy)
    try json.encodeIfPresent(alert.advice, forKey: .ask)
    try json.encodeIfPresent(finding.detail?.map(Masked.name), forKey: .detail)
    try json.encodeIfPresent(alert.ending?.why, forKey: .ending)
    try json.encode(alert.isExpired, forKey: .isExpired)
    try json.encodeIfPresent((alert.acknowledgement?.by).map(Masked.name), forKey: .acknowledgedBy)
    try json.encodeIfPresent(alert.acknowledgement?.at, forKey: .acknowledged)
    try json.encodeIfPresent(alert.resolved, forKey: .resolved)
    try json.encode(alert.state == .firing, forKey: .canAcknowledge)
  }
}
