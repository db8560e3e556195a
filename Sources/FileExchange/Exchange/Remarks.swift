internal import FilsluseSystem
internal import Logging

/// What is found again with every look, told the first time, and once a day while it is so.
final class Remarks: Sendable {
  private let logger: Logger
  private let told = Locked<[String: ContinuousClock.Instant]>([:])
  /// After so long a thing that still is so is told again.
  private static let silence = Duration.seconds(86_400)
  private static let mostRemembered = 10_000

  init(_ logger: Logger) { self.logger = logger }

  /// Logs a text, unless it was logged lately.
  func once(_ level: Logger.Level, _ text: String) {
    let masked = Masked.name(text)
    if isNew(masked) { logger.log(level: level, "\(masked)") }
  }

  /// Whether a text has not been asked about lately.
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
