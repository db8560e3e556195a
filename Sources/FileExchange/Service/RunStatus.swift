package import FilsluseBase

/// The state of a running exchange at one moment: the content of its metrics and of `/api/status.json`.
package struct RunStatus: Sendable {
  /// The version of Filsluse.
  package var version: String
  /// The time of the snapshot.
  package var taken: Timestamp
  /// The time of the process's start.
  package var started: Timestamp
  /// False before the exchange has begun its work, and after its end.
  package var isAtWork = false
  /// The reason why the journal cannot be read; `nil` when it can.
  package var journalTrouble: String?
  /// The accounts, in the order of the settings.
  package var accounts: [RunAccount] = []
  /// All problems that have stopped work for good or wait for a person: all are counted, the oldest of each kind are
  /// listed.
  package var problems = OpenProblems()

  /// A snapshot without content.
  package init(version: String, taken: Timestamp, started: Timestamp) {
    self.version = version
    self.taken = taken
    self.started = started
  }
}

/// The state of one account of a running exchange.
package struct RunAccount: Sendable, Hashable {
  /// The state of an account's connection.
  package enum Connection: String, Sendable, Hashable, CaseIterable {
    /// It was not needed yet, or was closed.
    case idle
    case connected
    /// It was lost or could not be made; the next attempt is to come.
    case waiting
    /// There is a maintenance window.
    case maintenance
    /// The account's key or its server's host key was refused: a person must see to it.
    case stopped
  }

  /// The name of the account in the settings.
  package var name: String
  /// The state of its connection.
  package var connection = Connection.idle
  /// The reason why there is no connection, with CPR-like numbers masked, where it waits or is stopped.
  package var failure: String?
  /// Connections that were lost or could not be made, since the account began.
  package var connectionFailures = 0
  /// The time of the last look into IN; in a maintenance window, the present time of it.
  package var lastLook: Timestamp?
  /// The longest time since that look that is in order, in seconds.
  package var lookWithinSeconds = 300
  /// Counters of this process.
  package var counts = RunCounts()
  /// The deliveries and arrivals that are not finished, of every process.
  package var open = OpenWork()

  /// Creates the status of an account without any facts yet.
  package init(name: String) { self.name = name }
}

extension RunStatus {
  /// A reason not to rely on the exchange.
  package enum Unreadiness: Sendable, Hashable {
    /// It has not begun, or has ended.
    case notAtWork
    /// The journal cannot be read.
    case journal(String)
    /// The account is stopped, for that reason.
    case stopped(account: String, String)
    /// An account's IN has not been looked into since the exchange began.
    case neverLooked(account: String)
    /// An account's IN was last looked into too long ago.
    case notLookedLately(account: String, Timestamp)
  }

  /// Returns the reasons why the exchange cannot yet, or no longer, be relied on; empty when it can.
  ///
  /// A look into IN is recent if it was within three times `poll:`, and five minutes at least.
  package func unreadiness(at now: Timestamp) -> [Unreadiness] {
    guard isAtWork else { return [.notAtWork] }
    var reasons: [Unreadiness] = journalTrouble.map { [.journal($0)] } ?? []
    for account in accounts {
      if account.connection == .stopped {
        reasons.append(.stopped(account: account.name, account.failure ?? ""))
      } else if let last = account.lastLook {
        if now.since(last) > .seconds(account.lookWithinSeconds) {
          reasons.append(.notLookedLately(account: account.name, last))
        }
      } else {
        reasons.append(.neverLooked(account: account.name))
      }
    }
    return reasons
  }
}
