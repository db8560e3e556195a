import FilsluseSystem
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// What a restoration should take over from a former journal that is sound, and does not.
@Suite struct IncompleteRescueTests {
  /// A backup, and then an accepted delivery; what is done to the journal before it is restored.
  private func knownAfterwards(
    _ change: (Journal) async throws -> Void = { _ in }, closed: (FilePath) throws -> Void = { _ in }
  ) async throws -> Bool {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let backup = folder.appending("backup.sqlite")
      let journal = try await Journal.open(path)
      try await JournalForms.add(.accepted, to: journal, named: "før.csv")
      try await journal.backUp(to: backup)
      try await JournalForms.add(.accepted, to: journal, named: "efter.csv")
      let sent = try #require(try await journal.deliveries().last)
      try await change(journal)
      try await journal.close()
      try closed(path)
      let restored = try await Journal.restore(path, from: backup)
      #expect(restored.formerWasReadable)
      let after = try await Journal.open(path)
      if case .known = try await after.stage(JournalForms.again(sent), again: false) { return true }
      return false
    }
  }

  @Test("A clock that was set back after the backup hides nothing")
  func aClockSetBack() async throws {
    #expect(
      try await knownAfterwards(closed: { path in
        try DatabaseQueue(path: path.string).write { database in
          try database.execute(
            sql: "UPDATE delivery SET changed_at = changed_at - 3600000 WHERE wire_name = 'efter.csv'")
        }
      }))
  }

  @Test("What was forgotten since the backup is still known")
  func whatWasForgotten() async throws {
    #expect(
      try await knownAfterwards { journal in
        _ = try await journal.forget(endedBefore: Timestamp.now.later(by: .seconds(60)))
      })
  }

  @Test("Restoring after a restoration that was cut short takes the backup that is named now")
  func theBackupThatIsNamed() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let older = folder.appending("older.sqlite")
      let newer = folder.appending("newer.sqlite")
      let journal = try await Journal.open(path)
      try await JournalForms.add(.accepted, to: journal, named: "a.csv")
      try await journal.backUp(to: older)
      try await JournalForms.add(.accepted, to: journal, named: "b.csv")
      try await journal.backUp(to: newer)
      try await journal.close()
      for file in [path.string, path.string + "-wal", path.string + "-shm"] {
        try? FileManager.default.removeItem(atPath: file)
      }
      // Cut short just before the copy of the older one took the journal's place.
      let other = folder.appending("other.sqlite")
      _ = try await Journal.restore(other, from: older)
      try FileManager.default.moveItem(atPath: other.string, toPath: path.string + ".restoring")
      _ = try await Journal.restore(path, from: newer)
      #expect(try await Journal.open(path).deliveries().map(\.wireName) == ["a.csv", "b.csv"])
    }
  }
}
