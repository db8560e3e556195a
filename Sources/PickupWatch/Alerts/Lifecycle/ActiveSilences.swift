internal import ExchangeSettings
internal import FilsluseBase

/// The active silences at a moment: a maintenance window silences everything, a person certain alerts.
struct ActiveSilences: Sendable {
  private let isMaintenance: Bool
  private let matchers: [Silence.Matcher]

  init(at moment: Timestamp, settings: AlertSettings, silences: [Silence]) {
    isMaintenance = settings.maintenance.contains { $0.contains(moment, by: settings.wallClock) }
    matchers = silences.filter { $0.holds(at: moment) }.map(\.matcher)
  }

  func covers(_ finding: Finding) -> Bool { isMaintenance || matchers.contains { $0.matches(finding) } }
}
