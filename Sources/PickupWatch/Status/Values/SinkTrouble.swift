/// A sink that does not take what it is owed: people are not told what this page tells.
public struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  public var sink: String
  /// How many notices wait for it.
  public var waiting: Int
  /// Why it did not take the one that was tried most often.
  public var reason: String

  /// Describes a sink that takes nothing.
  public init(sink: String, waiting: Int, reason: String) {
    self.sink = sink
    self.waiting = waiting
    self.reason = reason
  }
}
