import FilsluseBase
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

/// Records that a restoration takes over from the replaced journal, and the completion of an interrupted restoration.
@Suite struct BackupMergeTests {
  /// Makes a backup and then an accepted delivery, changes the journal, restores it, and returns true if the delivery
  /// is known.
  private func knownAfterwards(
    _ change: (Journal) async throws -> Void = { _ in }, closed: (FilePath) throws -> Void = { _ in }
  ) async throws -> Bool {
    var sent: Delivery?
    var isKnown = false
    try await BackedUpJournal.with {
      try await SampleJournal.add(.accepted, to: $0, named: "før.csv")
    } later: { journal in
      try await SampleJournal.add(.accepted, to: journal, named: "efter.csv")
      sent = try await journal.deliveries().last
      try await change(journal)
    } _: { made in
      try closed(made.path)
      #expect(try await made.restore().formerWasReadable)
      let again = SampleJournal.again(try #require(sent))
      try await made.use { if case .known = try await $0.stage(again, again: false) { isKnown = true } }
    }
    return isKnown
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

  @Test("A delivery forgotten since the backup is still known")
  func whatWasForgotten() async throws {
    #expect(
      try await knownAfterwards { try await $0.forgetWhatEnded() })
  }

  @Test("Restoring after a restoration that was cut short takes the backup that is named now")
  func theBackupThatIsNamed() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let older = folder.appending("older.sqlite")
      let newer = folder.appending("newer.sqlite")
      let journal = try await Journal.open(path)
      try await SampleJournal.add(.accepted, to: journal, named: "a.csv")
      try await journal.backUp(to: older)
      try await SampleJournal.add(.accepted, to: journal, named: "b.csv")
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
      #expect(try await Journal.open(path).deliveries().map(\.wireName.string) == ["a.csv", "b.csv"])
    }
  }

  /// Work under way in the backup has ended since in the replaced journal, where only tombstones are left of it.
  @Test("Work under way at the time of the backup, and forgotten since, is not done once more")
  func whatEndedAndWasForgotten() async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      for var delivery in try await journal.deliveries() where !delivery.state.isFinished {
        delivery.state = .accepted
        _ = try await journal.record(delivery)
      }
      for var arrival in try await journal.arrivals() {
        arrival.state = .handedOver
        _ = try await journal.record(arrival)
        arrival.state = .removed
        _ = try await journal.record(arrival)
      }
      try await journal.forgetWhatEnded()
      #expect(try await journal.deliveries().isEmpty)
    } _: { made in
      let restored = try await made.restore()
      #expect(restored.formerWasReadable && restored.deliveriesTakenOver > 0 && restored.arrivalsTakenOver > 0)
      let journal = try await Journal.open(made.path)
      #expect(try await journal.check() == [])
      #expect(try await journal.deliveries().allSatisfy { $0.state.isFinished })
      #expect(try await journal.arrivals().allSatisfy { $0.state == .removed || $0.state == .handedOver })
      // The chain goes on, and forgetting as well.
      try await journal.forgetWhatEnded()
      #expect(try await journal.check() == [])
      #expect(try await journal.deliveries().isEmpty)
    }
  }

  /// A delivery that was sent again has the same key as the first, and the first one's final state is not kept.
  @Test("An open delivery that was sent again later, and forgotten, is not sent a third time")
  func whatWasSentAgainAndForgotten() async throws {
    try await BackedUpJournal.with {
      try await SampleJournal.add(.uploading, to: $0, named: "a.csv")
    } later: { journal in
      try await journal.bring(to: .refused)
      try await SampleJournal.add(.accepted, to: journal, named: "a.csv", again: true)
      try await journal.forgetWhatEnded()
    } _: { made in
      _ = try await made.restore()
      let journal = try await Journal.open(made.path)
      #expect(try await journal.deliveries().map(\.state) == [.givenUp])
      #expect(try await journal.check() == [])
    }
  }

  /// The name of an open one, in the backup, is another's by now.
  @Test("A delivery under a name that was free again is taken over", arguments: [DeliveryState.accepted, .cancelled])
  func aNameThatWasFreeAgain(first: DeliveryState) async throws {
    try await BackedUpJournal.with {
      try await SampleJournal.add(.uploading, to: $0, named: "a.csv")
    } later: { journal in
      try await journal.bring(to: first)
      try await journal.forgetWhatEnded()
      try await SampleJournal.add(.taken, to: journal, named: "a.csv", again: true)
    } _: { made in
      #expect(try await made.restore().formerWasReadable)
      let journal = try await Journal.open(made.path)
      // A cancelled delivery leaves no tombstone.
      #expect(try await journal.deliveries().map(\.state) == [first == .accepted ? .accepted : .givenUp, .taken])
      #expect(try await journal.check() == [])
    }
  }

  /// The former journal is itself a restored one, and the backup is one that was made before that.
  @Test("A backup of another journal takes over newer states from the replaced journal, and no older ones")
  func anotherLine() async throws {
    try await BackedUpJournal.with {
      try await SampleJournal.add(.uploading, to: $0, named: "a.csv")
      try await SampleJournal.add(.uploading, to: $0, named: "b.csv")
    } later: { journal in
      try await journal.bring("a.csv", to: .taken)
      try await SampleJournal.add(.accepted, to: journal, named: "c.csv")
    } _: { made in
      let late = made.path.removingLastComponent().appending("late.sqlite")
      try await made.use { try await $0.backUp(to: late) }
      try Data("no database any more".utf8).write(to: URL(filePath: made.path.string))
      _ = try await made.restore(acceptingLoss: true)
      try await made.use { journal in
        try await journal.bring("b.csv", to: .accepted)
        try await SampleJournal.add(.accepted, to: journal, named: "d.csv")
      }
      let restored = try await Journal.restore(made.path, from: late)
      #expect(restored.formerWasReadable && restored.deliveriesTakenOver == 2)
      let journal = try await Journal.open(made.path)
      let states = Dictionary(
        uniqueKeysWithValues: try await journal.deliveries().map { ($0.wireName.string, $0.state) })
      #expect(states == ["a.csv": .taken, "b.csv": .accepted, "c.csv": .accepted, "d.csv": .accepted])
      #expect(try await journal.check() == [])
    }
  }

  /// No version writes NULL there, and a damaged page may hold anything.
  @Test(
    "A row that no version writes costs that row, and no other",
    arguments: [
      "UPDATE delivery SET wire_name = NULL WHERE wire_name = 'b.csv'",
      "UPDATE delivery SET staged_at = NULL WHERE wire_name = 'b.csv'",
      "UPDATE delivery SET sha256 = 'x' WHERE wire_name = 'b.csv'",
      "DELETE FROM delivery_document WHERE delivery = 2",
      "UPDATE entry SET hash = x'00' WHERE number = 1",
    ])
  func aDamagedRow(sql: String) async throws {
    try await BackedUpJournal.with {
      try await SampleJournal.add(.accepted, to: $0, named: "a.csv")
    } later: { journal in
      for name in ["b.csv", "c.csv"] { try await SampleJournal.add(.accepted, to: journal, named: name) }
    } _: { made in
      try await DatabaseQueue(path: made.path.string).write { database in
        try database.execute(sql: "PRAGMA writable_schema = ON")
        try database.execute(
          sql: "UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name IN ('delivery', 'entry')")
        try database.execute(sql: "PRAGMA writable_schema = RESET")
        try database.execute(sql: sql)
      }
      let restored = try await made.restore(acceptingLoss: true)
      let journal = try await Journal.open(made.path)
      let names = try await journal.deliveries().map(\.wireName.string)
      #expect(names.contains("a.csv") && names.contains("c.csv"))
      #expect(restored.formerWasReadable == names.contains("b.csv"))
      #expect(try await journal.check() == [])
    }
  }

  /// Entries alone hold them: no column of the delivery does.
  @Test("A stated municipality and an overridden refusal are taken over, also of a delivery that the backup has")
  func notesOnTheChecksOfOrders() async throws {
    let stated = StagingNotes(municipality: "it is stated to hold 0101 København", statedMunicipality: "0101")
    let overridden = StagingNotes(
      override: OverriddenRefusal(
        route: "flis", refusals: "the route is not approved", reason: "agreed by telephone"))
    try await BackedUpJournal.with {
      try await SampleJournal.add(.uploading, to: $0, named: "før.csv")
    } later: { journal in
      let before = try #require(try await journal.deliveries().first)
      var again = SampleJournal.again(before)
      again.notes = overridden
      _ = try await journal.stage(again, again: false)
      let id = TransactionID.random().rawValue
      _ = try await journal.stage(
        NewDelivery(
          identity: .init(
            account: before.account, route: before.route, wireName: WireName(unchecked: "efter.csv"),
            sha256: before.sha256),
          size: before.size, localPath: before.localPath, infRef: before.infRef, sendersFileID: id, transactionID: id,
          temporaryTriggerName: "\(id.prefix(8)).part", trigger: before.trigger, notes: stated), again: false)
    } _: { made in
      // The second restoration replaces a journal that was restored itself.
      for _ in 1...2 { #expect(try await made.restore().formerWasReadable) }
      let journal = try await Journal.open(made.path)
      let deliveries = try await journal.deliveries()
      #expect(deliveries.map(\.wireName.string) == ["før.csv", "efter.csv"])
      let (before, after) = (try #require(deliveries.first), try #require(deliveries.last))
      #expect(try await journal.overrideReason(of: before.id) == "agreed by telephone")
      #expect(try await journal.statedMunicipality(of: after.id) == "0101")
      let details = try await journal.entries().compactMap(\.detail)
      #expect(details.filter { $0 == stated.municipality }.count == 1)
      #expect(details.filter { $0 == overridden.override?.text }.count == 1)
      #expect(try await journal.check() == [])
    }
  }

  @Test(
    "A log that was not moved yet when a restoration was cut short stays with its journal", arguments: [true, false])
  func cutBetweenTheJournalAndItsLog(sameBackup: Bool) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let (backup, other) = (folder.appending("backup.sqlite"), folder.appending("other.sqlite"))
      let journal = try await Journal.open(path)
      try await SampleJournal.add(.accepted, to: journal, named: "a.csv")
      try await journal.backUp(to: backup)
      try await SampleJournal.add(.accepted, to: journal, named: "b.csv")
      try await journal.backUp(to: other)
      try await SampleJournal.add(.accepted, to: journal, named: "c.csv")
      // The files as a killed process leaves them: the newest commits are in the log alone.
      let copy = folder.appending("copy")
      try FileManager.default.createDirectory(atPath: copy.string, withIntermediateDirectories: true)
      let cut = copy.appending("journal.sqlite")
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: path.string + suffix, toPath: cut.string + suffix)
      }
      try await journal.close()
      let log = try Data(contentsOf: URL(filePath: cut.string + "-wal"))
      #expect(!log.isEmpty)

      // Cut short after the journal was moved, and before its log was.
      let first = try await Journal.restore(cut, from: backup)
      let former = try #require(first.former)
      try FileManager.default.moveItem(atPath: cut.string, toPath: cut.string + ".restoring")
      try FileManager.default.moveItem(atPath: former.string + "-wal", toPath: cut.string + "-wal")
      let second = try await Journal.restore(cut, from: sameBackup ? backup : other)
      #expect(second.former == former && second.formerWasReadable)
      #expect(try await Journal.open(cut).deliveries().map(\.wireName.string) == ["a.csv", "b.csv", "c.csv"])
      #expect(try await Journal.open(former).deliveries().map(\.wireName.string) == ["a.csv", "b.csv", "c.csv"])
    }
  }
}
