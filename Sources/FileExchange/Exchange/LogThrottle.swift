internal import FilsluseBase
internal import Logging

/// A log throttle: a message that recurs with every look is logged the first time, and once a day while it recurs.
final class LogThrottle: Sendable {
  private let logger: Logger
  private let told = Locked<[String: ContinuousClock.Instant]>([:])
  /// The time after which a recurring message is logged again.
  private static let silence = Duration.seconds(86_400)
  private static let mostRemembered = 10_000

  init(_ logger: Logger) { self.logger = logger }

  /// Logs a text, unless it was logged lately.
  func once(_ level: Logger.Level, _ text: String) {
    let masked = Masked.name(text)
    if isNew(masked) { logger.log(level: level, "\(masked)") }
  }

  /// Returns true if a message was not logged lately.
  func isNew(_ text: String) -> Bool {
    told.withLock { told in
      let now = ContinuousClock.now
      if let last = told[text], now - last < Self.silence { return false }
      if told.count >= Self.mostRemembered {
        told = told.filter { now - $0.value < Self.silence }
        if told.count >= Self.mostRemembered { told = [:] }
      }
      told[text] = now
      return true
    }
  }
}
