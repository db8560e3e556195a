package import FilsluseBase

/// The health of the watcher's loops.
package struct WatchHealth: Sendable, Hashable {
  /// One loop of the watcher.
  package struct Loop: Sendable, Hashable {
    /// Its task, in a word.
    package var name: String
    /// The time of its last round.
    package var lastTurn: Timestamp
    /// The time limit of a round, in seconds.
    package var mayTakeSeconds: Int
  }

  /// The loops that are to turn.
  package var loops: [Loop]

  /// The loops that have not come round for too long.
  package func stuck(at now: Timestamp) -> [Loop] {
    loops.filter { now.since($0.lastTurn) > .seconds($0.mayTakeSeconds) }
  }
}

extension InboxStatus {
  /// Returns true if the last look into it is too long ago to rely on.
  package func isStale(at now: Timestamp, lookEverySeconds: Int) -> Bool {
    lastLook.map { now.since($0) > .seconds(max(3 * lookEverySeconds, 300)) } ?? true
  }
}

extension WatchStatus {
  /// Returns the reasons why the watcher cannot yet, or no longer, be relied on; empty when it can.
  ///
  /// A look into an inbox is recent if it was within three rounds, and five minutes at least.
  package func unreadiness(at now: Timestamp) -> [Unreadiness] {
    var reasons: [Unreadiness] = storeTrouble.map { [.store($0.text)] } ?? []
    for inbox in inboxes {
      guard let lastLook = inbox.lastLook else {
        reasons.append(.neverLooked(account: inbox.account))
        continue
      }
      if inbox.isStale(at: now, lookEverySeconds: lookEverySeconds) {
        reasons.append(.notLookedLately(account: inbox.account, lastLook))
      }
    }
    return reasons
  }

  /// A reason not to rely on the watcher.
  package enum Unreadiness: Sendable, Hashable {
    /// The stored state cannot be read or written.
    case store(String)
    /// An inbox has not been looked into since the watcher began.
    case neverLooked(account: String)
    /// An inbox was last looked into too long ago.
    case notLookedLately(account: String, Timestamp)
  }
}
