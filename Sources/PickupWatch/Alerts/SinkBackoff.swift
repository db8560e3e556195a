/// The back-off of a sink that fails: longer each time, up to a limit.
struct SinkBackoff: Sendable {
  var first: Duration = .seconds(5)
  var longest: Duration = .seconds(900)
  /// The longest pause of a sink before it is offered the next notification.
  var longestRest: Duration = .seconds(60)
  /// The longest rest that a sink may ask for with `Retry-After`; after it the sink is offered a notice all the same.
  static let longestRetryAfter = Duration.seconds(3600)
  /// Polling interval of the outbox when no signal arrives.
  var glance: Duration = .seconds(30)

  func pause(after failures: Int) -> Duration { min(longest, first * Double(1 << min(max(0, failures - 1), 20))) }
  func rest(after failures: Int) -> Duration { min(longestRest, pause(after: failures)) }
}
