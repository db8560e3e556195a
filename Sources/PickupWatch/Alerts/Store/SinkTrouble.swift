/// A failing sink: people are not notified of the content of this page.
///
/// The reason is for the log alone: a program's output may hold anything.
package struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  package var sink: String
  /// The number of pending notifications.
  package var waiting: Int
  /// The number of its failures in a row; 0 where it takes some notices and refuses others.
  package var failuresInARow: Int

  /// Describes a sink that is failing.
  package init(sink: String, waiting: Int, failuresInARow: Int = 0) {
    self.sink = sink
    self.waiting = waiting
    self.failuresInARow = failuresInARow
  }
}
