import FilsluseBase
import PlatformFixture
import SystemPackage

@testable import FileExchange
import TriggerFiles

/// A journal with a backup that knows less than it does, both closed.
struct BackedUpJournal {
  let path: FilePath
  let backup: FilePath

  /// Makes one in a new folder.
  ///
  /// - Parameters:
  ///   - first: what the backup knows.
  ///   - later: what came after it.
  static func with(
    _ first: (Journal) async throws -> Void, later: (Journal) async throws -> Void,
    _ body: (BackedUpJournal) async throws -> Void
  ) async throws {
    try await withScratchFolder { folder in
      let made = BackedUpJournal(
        path: folder.appending("journal.sqlite"), backup: folder.appending("backup.sqlite"))
      try await made.use { journal in
        try await first(journal)
        try await journal.backUp(to: made.backup)
        try await later(journal)
      }
      try await body(made)
    }
  }

  /// Opens the journal for a while.
  func use(_ body: (Journal) async throws -> Void) async throws {
    let journal = try await Journal.open(path)
    try await body(journal)
    try await journal.close()
  }

  /// Puts the backup in the journal's place.
  func restore(acceptingLoss: Bool = false) async throws -> RestoredJournal {
    try await Journal.restore(path, from: backup, acceptingLoss: acceptingLoss)
  }
}

extension Journal {
  /// Brings the first delivery, or another, to a state.
  func bring(_ wireName: String? = nil, to state: DeliveryState) async throws {
    for var delivery in try await deliveries() where wireName == nil || delivery.wireName.string == wireName {
      delivery.state = state
      _ = try await record(delivery)
      return
    }
    throw Errno.noSuchFileOrDirectory
  }

  /// Forgets everything that has ended.
  func forgetWhatEnded() async throws { _ = try await forget(endedBefore: .now.later(by: .seconds(60))) }
}
