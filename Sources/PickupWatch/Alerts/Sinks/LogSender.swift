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

  func send(_ notification: AlertNotification) {
    logger.log(
      level: level(of: notification), "\(notification.headline)",
      metadata: [
        "notice": "\(notification.id)", "alert": "\(notification.alert.id)",
        "reason": "\(notification.reason.rawValue)",
        "kind": "\(notification.alert.finding.kind.rawValue)", "account": "\(notification.alert.finding.account)",
      ])
  }

  private func level(of notification: AlertNotification) -> Logger.Level {
    switch target.level {
    case .severity:
      if notification.reason == .resolved { return .notice }
      return notification.severity == .critical ? .error : .warning
    case .info: return .info
    case .notice: return .notice
    case .warning: return .warning
    case .error: return .error
    case .critical: return .critical
    }
  }
}
