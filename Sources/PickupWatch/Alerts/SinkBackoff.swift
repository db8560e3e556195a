internal import FilsluseBase

/// The pauses of a sink.
struct SinkBackoff: Sendable {
  /// The pauses before a notification that failed is sent again.
  var retries = Backoff(first: .seconds(5), longest: .seconds(900))
  /// The pauses of a failing sink before it is offered the next notification.
  var rests = Backoff(first: .seconds(5), longest: .seconds(60))
  /// The longest rest that a sink may ask for with `Retry-After`; after it the sink is offered a notice all the same.
  static let longestRetryAfter = Duration.seconds(3600)
  /// Polling interval of the outbox when no signal arrives.
  var glance: Duration = .seconds(30)
}
