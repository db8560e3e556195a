import FilsluseBase
import Foundation
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

/// The copy that a process saves of a journal whose file was removed or replaced under it.
@Suite(.timeLimit(.minutes(25))) struct SavedJournalTests {
  /// A journal with an older copy, which `newest` was added to since.
  private func withOlderCopy(_ body: (BackedUpJournal) async throws -> Void) async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      try await SampleJournal.add(.accepted, to: journal, named: "efter.csv")
    } _: { made in
      try await body(made)
    }
  }

  private func put(_ copy: FilePath, overTheNameOf journal: FilePath) throws {
    try FileManager.default.copyItem(atPath: copy.string, toPath: journal.string + ".copy")
    guard rename(journal.string + ".copy", journal.string) == 0 else { throw Errno(rawValue: errno) }
  }

  private func saved(beside journal: FilePath) throws -> [FilePath] {
    try SavedJournal.all(beside: journal, in: LocalFolder(creating: journal.removingLastComponent()))
  }

  private func isKnown(_ name: String, in journal: Journal) async throws -> Bool {
    try await journal.deliveries().contains { $0.wireName.string == name && $0.state == .accepted }
  }

  @Test(
    "an older copy is refused once the process has ended, also where the mark was behind when the copy was put there",
    arguments: [true, false])
  func markIsRaisedAfterAReplacement(isSeenByHeartbeat: Bool) async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      let older = FilePath(made.path.string + ".older")
      try journal.vacuum(into: older)
      let behind = try #require(HighWaterMark.read(beside: made.path).mark)
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      #expect(try await journal.attend() == nil)
      // As if the mark had not been raised yet, which happens in the background.
      try behind.write(beside: made.path)
      try put(older, overTheNameOf: made.path)
      if isSeenByHeartbeat { _ = try #require(try await journal.attend()) }
      await #expect { try await journal.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      await #expect { _ = try await Journal.open(made.path) } throws: {
        ($0 as? ExchangeError)?.code == .journalOutdated
      }
    }
  }

  @Test("is whole and private, named by the error, and made once however many processes notice")
  func oneCopyForAll() async throws {
    try await withOlderCopy { made in
      let journals = [try await Journal.open(made.path), try await Journal.open(made.path)]
      try await SampleJournal.add(.accepted, to: journals[0], named: "sidst.csv")
      // The second learns of it by its own check.
      #expect(try await journals[1].attend() == nil)
      try put(made.backup, overTheNameOf: made.path)
      let reason = try #require(try await journals[0].attend())
      let copy = try #require(try saved(beside: made.path).first)
      #expect(reason.message.contains("all that it held is saved in \(copy)"))
      #expect(reason.remedy.steps == [.restoreJournal(from: copy.string)])
      let rights = try FileManager.default.attributesOfItem(atPath: copy.string)[.posixPermissions] as? Int
      #expect(rights == 0o600)
      // A journal that notices it only when closing reports it as well.
      for journal in journals {
        await #expect { try await journal.close() } throws: { "\($0)".contains("is saved in \(copy)") }
      }
      #expect(try saved(beside: made.path) == [copy])
    }
  }

  /// As of a receiver's program that was running when the replacement was noticed.
  @Test("holds what was written after it was saved, in the same file, once the process has closed the journal")
  func resultsThatComeLate() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      let other = try await Journal.open(made.path)
      try put(made.backup, overTheNameOf: made.path)
      _ = try #require(try await journal.attend())
      let copy = try #require(try saved(beside: made.path).first)
      // The step fails, and is written into the file that was moved.
      await #expect { try await SampleJournal.add(.accepted, to: journal, named: "sent.csv") } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      for journal in [journal, other] {
        await #expect { try await journal.close() } throws: { "\($0)".contains("is saved in \(copy)") }
      }
      #expect(try saved(beside: made.path) == [copy])
      let restored = try await Journal.restore(made.path, from: made.backup)
      #expect(restored.lostEntries == 0 && restored.saved.count == 1)
      let again = try await Journal.open(made.path)
      let isThere = try await again.deliveries().contains { $0.wireName.string == "sent.csv" }
      #expect(isThere)
      #expect(try await again.check() == [])
      try await again.close()
    }
  }

  @Test("makes a restoration of the older copy lose nothing, and is then moved aside")
  func aRestorationTakesItOver() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      try put(made.backup, overTheNameOf: made.path)
      _ = try? await journal.close()
      let copy = try #require(try saved(beside: made.path).first)
      // No loss needs to be accepted.
      let restored = try await Journal.restore(made.path, from: made.backup)
      #expect(restored.lostEntries == 0 && restored.deliveriesTakenOver == 2)
      #expect(restored.saved.count == 1 && restored.saved.first?.string.contains(".former-") == true)
      #expect(try saved(beside: made.path) == [] && access(copy.string, F_OK) != 0)
      let again = try await Journal.open(made.path)
      #expect(try await isKnown("efter.csv", in: again))
      #expect(try await isKnown("sidst.csv", in: again))
      #expect(try await again.check() == [])
      try await again.close()
    }
  }

  @Test("can be the backup itself")
  func itIsRestored() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      try FileManager.default.removeItem(atPath: made.path.string)
      let reason = try #require(try await journal.attend())
      _ = try? await journal.close()
      let copy = try #require(try saved(beside: made.path).first)
      #expect(reason.message.contains(copy.string))
      let restored = try await Journal.restore(made.path, from: copy)
      #expect(restored.lostEntries == 0 && restored.saved == [])
      let again = try await Journal.open(made.path)
      #expect(try await isKnown("sidst.csv", in: again))
      try await again.close()
    }
  }

  @Test("is taken over by the rest of a restoration that was cut short before the copy was there")
  func oneThatComesAfterACutRestoration() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      try put(made.backup, overTheNameOf: made.path)
      _ = try? await journal.close()
      let copy = try #require(try saved(beside: made.path).first)
      // A restoration without it stops between its two renames.
      try FileManager.default.moveItem(atPath: copy.string, toPath: copy.string + ".away")
      _ = try await Journal.restore(made.path, from: made.backup, acceptingLoss: true)
      try FileManager.default.moveItem(atPath: made.path.string, toPath: made.path.string + ".restoring")
      try FileManager.default.moveItem(atPath: copy.string + ".away", toPath: copy.string)
      let restored = try await Journal.restore(made.path, from: made.backup)
      #expect(restored.lostEntries == 0 && restored.saved.count == 1, "\(restored)")
      let again = try await Journal.open(made.path)
      #expect(try await isKnown("sidst.csv", in: again))
      #expect(try await again.check() == [])
      #expect(try await again.acceptedLoss() == nil)
      try await again.close()
    }
  }

  @Test("a loss that was accepted concerns every unknown file that was taken before the restoration, and none after it")
  func whatALossConcerns() {
    func moment(_ seconds: Int64) -> Timestamp { Timestamp(millisecondsSince1970: seconds * 1000) }
    let loss = AcceptedLoss(since: moment(1000), until: moment(2000))
    // One that had waited since before the last known entry may have been sent within the lost time.
    #expect([0, 999, 1500, 2000].allSatisfy { loss.mayHoldDelivery(ofFileTakenAt: moment($0)) })
    #expect(!loss.mayHoldDelivery(ofFileTakenAt: moment(2001)))
  }

  /// A person accepts the loss in haste, although a copy is there.
  @Test("is taken over even where the loss was accepted without need")
  func anAcceptedLossLosesNothing() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      try put(made.backup, overTheNameOf: made.path)
      _ = try? await journal.close()
      let restored = try await Journal.restore(made.path, from: made.backup, acceptingLoss: true)
      #expect(restored.lostEntries == 0)
      let again = try await Journal.open(made.path)
      #expect(try await again.acceptedLoss() == nil)
      try await again.close()
    }
  }

  @Test("is not made of a file whose content was changed in place, and the error says so")
  func anUnsoundCopyIsNotKept() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      for number in 0..<50 { try await SampleJournal.add(.accepted, to: journal, named: "nu \(number).csv") }
      journal.emptyLog()
      #expect(try await journal.attend() == nil)
      let content = try Data(contentsOf: URL(filePath: made.backup.string))
      let file = try FileDescriptor.open(made.path, .writeOnly, options: .truncate)
      try file.closeAfter { _ = try file.writeAll(content) }
      let reason = try #require(try await journal.attend())
      #expect(reason.message.contains("could not be saved"), "\(reason)")
      #expect(try saved(beside: made.path) == [])
    }
  }

  @Test("is not left half where the disk is full", .enabled(if: SmallDisk.isPermitted))
  func aFullDisk() async throws {
    try await withScratchFolder { folder in
      try await SmallDisk.with(bytes: 8 << 20, in: folder) { disk in
        let path = disk.folder.appending("journal.sqlite")
        let journal = try await Journal.open(path)
        for number in 0..<20 { try await SampleJournal.add(.accepted, to: journal, named: "\(number).csv") }
        #expect(try await journal.attend() == nil)
        try FileManager.default.moveItem(atPath: path.string, toPath: path.string + ".away")
        let ballast = try FileDescriptor.open(
          disk.ballast, .writeOnly, options: .create, permissions: .ownerReadWrite)
        let room = [UInt8](repeating: 1, count: 4096)
        while (try? ballast.writeAll(room)) == room.count {}
        try ballast.close()
        let reason = try #require(try await journal.attend())
        #expect(reason.message.contains("could not be saved"), "\(reason)")
        _ = try? await journal.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: disk.folder.string)
        #expect(names.allSatisfy { !$0.hasSuffix(".part") && !$0.contains(".saved-") }, "\(names)")
      }
    }
  }

  /// SQLite would use the log and its index of the journal for the other file as well.
  @Test("keeps connections that a process opens later from another file under the journal's name")
  func laterConnections() async throws {
    try await withOlderCopy { made in
      let database = try DurableDatabase(made.path, label: "test")
      try put(made.backup, overTheNameOf: made.path)
      // The first read opens a connection of its own.
      #expect { try database.read { try $0.hasTable("entry") } } throws: {
        "\($0)".contains("another file lies in its place")
      }
      let index = try FileManager.default.attributesOfItem(atPath: made.path.string + "-shm")[.size] as? Int
      #expect(index ?? 0 >= 32768)
      #expect(try database.write { try $0.hasTable("entry") })
    }
  }
}
