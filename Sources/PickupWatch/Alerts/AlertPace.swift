/// How long a sink that does not take a notice is left alone: longer each time, and never for longer than so much.
struct AlertPace: Sendable {
  var first: Duration = .seconds(5)
  var longest: Duration = .seconds(900)
  /// How long a sink rests at most before it is offered the next notice.
  var longestRest: Duration = .seconds(60)
  /// The longest rest that a sink may ask for with `Retry-After`; after it the sink is offered a notice all the same.
  static let longestRetryAfter = Duration.seconds(3600)
  /// How often it is looked for what is owed when nobody says that something is.
  var glance: Duration = .seconds(30)

  func pause(after failures: Int) -> Duration { min(longest, first * Double(1 << min(max(0, failures - 1), 20))) }
  func rest(after failures: Int) -> Duration { min(longestRest, pause(after: failures)) }
}
