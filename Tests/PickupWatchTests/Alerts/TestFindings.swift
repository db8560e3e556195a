import ExchangeSettings
import FilsluseBase
import TriggerFiles

@testable import PickupWatch

/// Findings and moments as the tests of alerts want them.
enum Given {
  /// 2026-11-23T09:00:00Z, a Monday.
  static let start = Timestamp(secondsSince1970: 1_795_424_400)

  static func minute(_ count: Int) -> Timestamp { start.later(by: .seconds(count * 60)) }

  static func finding(
    _ subject: String, kind: Finding.Kind = .pickUpLate, severity: Finding.Severity = .critical,
    account: String = "fagsystem", infRef: ShownInfRef? = "SortimentOverfør_1", since minute: Int = 0
  ) -> Finding {
    Finding(
      kind: kind, severity: severity, account: account, subject: subject,
      fileName: "\(subject).xml", infRef: infRef, sender: "fk-kla", authority: "11111111",
      size: 1200,
      since: Given.minute(minute), due: Given.minute(minute).later(by: .seconds(4 * 3600)),
      ruleLine: 12,
      rule: LocalizedText(da: "skal hentes inden 4 timer", en: "pick-up-within: 4h"))
  }

  static func look(
    _ minute: Int, _ findings: [Finding], isComplete: Bool = true, account: String = "fagsystem"
  ) -> AlertLook {
    AlertLook(account: account, at: Given.minute(minute), findings: findings, isComplete: isComplete)
  }

  static func silence(
    _ matcher: Silence.Matcher, from: Int = 0, until: Int = 10_000
  ) -> Silence {
    Silence(id: 1, matcher: matcher, from: minute(from), until: minute(until), by: "vagten", why: "flytning")
  }
}

extension AlertStateMachine {
  /// Takes a look and returns its notifications, as `subject reason`.
  mutating func notifications(_ look: AlertLook, silences: [Silence] = []) -> [String] {
    take(look, silences: silences).map { "\($0.alert.finding.subject) \($0.reason.rawValue)" }
  }

  func state(of subject: String) -> Alert.State? { alerts.last { $0.finding.subject == subject }?.state }
}
