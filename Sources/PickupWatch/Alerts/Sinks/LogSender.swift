internal import ExchangeSettings
internal import Logging

/// Writes alerts to the watcher's own log.
struct LogSender: AlertSender {
  let name: String
  private let target: AlertSink.LogTarget
  private let logger: Logger

  init(_ target: AlertSink.LogTarget, logger: Logger) {
    self.target = target
    self.logger = logger
    name = "log at \(target.level.rawValue)"
  }

  func send(_ notice: AlertNotification) {
    logger.log(
      level: level(of: notice), "\(notice.headline)",
      metadata: [
        "notice": "\(notice.id)", "alert": "\(notice.alert.id)", "reason": "\(notice.reason.rawValue)",
        "kind": "\(notice.alert.finding.kind.rawValue)", "account": "\(notice.alert.finding.account)",
      ])
  }

  private func level(of notice: AlertNotification) -> Logger.Level {
    switch target.level {
    case .severity:
      if notice.reason == .resolved { return .notice }
      return notice.severity == .critical ? .error : .warning
    case .info: return .info
    case .notice: return .notice
    case .warning: return .warning
    case .error: return .error
    case .critical: return .critical
    }
  }
}
