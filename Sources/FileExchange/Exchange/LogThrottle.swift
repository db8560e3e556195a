internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// A log throttle: a message that recurs with every look is logged the first time, and once a day while it recurs.
final class LogThrottle: Sendable {
  private let logger: Logger
  private let logged = Locked<[String: ContinuousClock.Instant]>([:])
  /// The time after which a recurring message is logged again.
  private static let silence = Duration.seconds(86_400)
  private static let mostRemembered = 10_000

  init(_ logger: Logger) { self.logger = logger }

  /// Logs a text, unless it was logged lately.
  func once(_ level: Logger.Level, _ text: String) {
    let masked = Masked.name(text)
    if isNew(masked) { logger.log(level: level, "\(masked)") }
  }

  /// Logs a text in the language of the logger, unless it was logged lately.
  func once(_ level: Logger.Level, _ text: LocalizedText) { once(level, text[logger.language]) }

  /// Returns true if a message was not logged lately.
  func isNew(_ text: String) -> Bool {
    logged.withLock { logged in
      let now = ContinuousClock.now
      if let last = logged[text], now - last < Self.silence { return false }
      if logged.count >= Self.mostRemembered {
        logged = logged.filter { now - $0.value < Self.silence }
        if logged.count >= Self.mostRemembered { logged = [:] }
      }
      logged[text] = now
      return true
    }
  }
}
