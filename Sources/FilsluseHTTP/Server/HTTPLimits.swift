/// The limits of the status page's server for one client.
package struct HTTPLimits: Sendable, Hashable {
  /// Bytes of a request's head, request line and blank line included.
  package var headBytes = 16_384
  /// From the connection until the head is whole.
  package var headWithin: Duration = .seconds(5)
  /// Bytes of a request's body.
  package var bodyBytes = 4_096
  /// From the head until the body is whole.
  package var bodyWithin: Duration = .seconds(5)
  /// Connections that are served at the same time.
  package var connections = 64
  /// The time after which a new connection may replace one without a whole request while all are in use; the oldest
  /// goes first.
  package var patienceWhenFull: Duration = .seconds(1)
  /// Further connections, which get an answer to try again later.
  package var turnedAway = 16
  /// From the request until there is an answer to send.
  package var answerWithin: Duration = .seconds(10)
  /// Between two pieces of the answer that the client takes.
  package var pieceWithin: Duration = .seconds(5)
  /// For the whole answer.
  package var writeWithin: Duration = .seconds(30)
  /// After the answer, until the client closes its side.
  package var goodbyeWithin: Duration = .seconds(1)
  /// For requests in progress when the server stops.
  package var stopWithin: Duration = .seconds(3)

  /// The promised limits.
  package init() {}
}
