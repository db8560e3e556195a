/// A failing sink: people are not notified of the content of this page.
///
/// The reason is for the log alone: a program's output may hold anything.
public struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  public var sink: String
  /// The number of pending notifications.
  public var waiting: Int

  /// Describes a sink that takes nothing.
  public init(sink: String, waiting: Int) {
    self.sink = sink
    self.waiting = waiting
  }
}
