internal import FilsluseBase

/// The notices that sinks have, although that could not be noted: the disk was full, say. They are not sent once more,
/// for as long as the watcher lives, whatever settings it takes up.
final class UnconfirmedSends: Sendable {
  private let bySink = Locked<[String: [OutboxEntry]]>([:])

  /// Returns the notifications that a sink has, in the order in which it got them.
  func of(_ sink: String) -> [OutboxEntry] { bySink.withLock { $0[sink] ?? [] } }

  func add(_ entry: OutboxEntry, to sink: String) { bySink.withLock { $0[sink, default: []].append(entry) } }

  func remove(_ entry: OutboxEntry, of sink: String) {
    bySink.withLock { $0[sink]?.removeAll { $0.id == entry.id } }
  }
}
