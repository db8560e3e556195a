/// A failing sink: people are not notified of the content of this page.
///
/// The reason is for the log alone: a program's output may hold anything.
public struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  public var sink: String
  /// The number of pending notifications.
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
