/// A sink that does not take what it is owed: people are not told what this page tells.
///
/// Why is for the log alone: a program's last words may hold anything.
public struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  public var sink: String
  /// How many notices wait for it.
  public var waiting: Int
  /// The number of its failures in a row; 0 where it takes some notices and refuses others.
  public var failuresInARow: Int

  /// Describes a sink that is failing.
  public init(sink: String, waiting: Int, failuresInARow: Int = 0) {
    self.sink = sink
    self.waiting = waiting
    self.failuresInARow = failuresInARow
  }
}
