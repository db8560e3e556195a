/// A sink that does not take what it is owed: people are not told what this page tells.
///
/// Why is for the log alone: a program's last words may hold anything.
public struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  public var sink: String
  /// How many notices wait for it.
  public var waiting: Int

  /// Describes a sink that takes nothing.
  public init(sink: String, waiting: Int) {
    self.sink = sink
    self.waiting = waiting
  }
}
