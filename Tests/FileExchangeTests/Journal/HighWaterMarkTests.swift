import FilsluseBase
import Foundation
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

@Suite struct HighWaterMarkTests {
  /// A closed journal with a copy of its file from before its last delivery.
  private func withOlderCopy(_ body: (BackedUpJournal) async throws -> Void) async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      try await SampleJournal.add(.accepted, to: journal, named: "efter.csv")
    } _: { made in
      try await body(made)
    }
  }

  /// A closed journal of that kind.
  private func withClosedJournal(
    on database: JournalDatabase, _ body: (JournalTestPlace) async throws -> Void
  ) async throws {
    try await database.withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.fill(journal)
      try await SampleJournal.add(.accepted, to: journal, named: "efter.csv")
      try await journal.close()
      try await body(place)
    }
  }

  private func mark(of journal: FilePath) -> HighWaterMark? { HighWaterMark.read(beside: journal).mark }

  private func write(_ bytes: [UInt8], to path: FilePath) throws {
    try Data(bytes).write(to: URL(filePath: path.string))
  }

  /// Does what `cp` does to a file that is there: its inode stays.
  private func overwrite(_ path: FilePath, with other: FilePath) throws {
    let content = try Data(contentsOf: URL(filePath: other.string))
    let file = try FileDescriptor.open(path, .writeOnly, options: .truncate)
    try file.closeAfter { _ = try file.writeAll(content) }
  }

  private func expectRefusal(
    _ journal: FilePath, as code: ExchangeError.Code = .journalOutdated, naming words: String...,
    steps: [Remedy.Step]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    await #expect(sourceLocation: sourceLocation) {
      _ = try await Journal.open(journal)
    } throws: { error in
      guard let error = error as? ExchangeError, error.code == code else { return false }
      return words.allSatisfy { "\(error)".contains($0) } && steps.map { $0 == error.remedy.steps } ?? true
    }
  }

  @Test("closing leaves the last entry's number and hash beside the journal", arguments: JournalDatabase.here)
  func closingWritesTheMark(on database: JournalDatabase) async throws {
    try await withClosedJournal(on: database) { place in
      let journal = try await place.open()
      #expect(journal.markNotice == nil)
      #expect(mark(of: place.path)?.anchor == (try await journal.anchor()))
      try await journal.close()
    }
  }

  @Test("an older copy put back by cp is refused, and after a restoration nothing is sent twice")
  func anOlderCopyIsRefused() async throws {
    try await withOlderCopy { made in
      let sent: Delivery
      do {
        let journal = try await Journal.open(made.path)
        sent = try #require(try await journal.deliveries().first { $0.wireName.string == "efter.csv" })
        try await journal.close()
      }
      // A person moves the journal aside, and copies the backup to its place.
      let newest = FilePath(made.path.string + ".old")
      try FileManager.default.moveItem(atPath: made.path.string, toPath: newest.string)
      try FileManager.default.copyItem(atPath: made.backup.string, toPath: made.path.string)
      await expectRefusal(made.path, naming: "older copy", steps: [.restoreJournal(from: nil)])
      let restored = try await Journal.restore(made.path, from: newest)
      #expect(restored.lostEntries == 0)
      let journal = try await Journal.open(made.path)
      #expect(try await journal.check() == [])
      guard case .known(let known) = try await journal.stage(SampleJournal.again(sent), again: false) else {
        Issue.record("it would be sent twice")
        return
      }
      #expect(known.state == .accepted)
    }
  }

  @Test("a main file that lost its log with every table, and a folder in its place, are refused with the way through")
  func whatHasNoTableIsRefused() async throws {
    try await withOlderCopy { made in
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: made.path.string + suffix)
      }
      // As SQLite makes it before the log is carried over for the first time.
      try SQLiteFile(writing: made.path).run(script: "PRAGMA journal_mode = WAL")
      await expectRefusal(made.path, naming: "older copy", steps: [.restoreJournal(from: nil)])
      await #expect { _ = try await Journal.openToRead(made.path) } throws: { "\($0)".contains("older copy") }
      try FileManager.default.removeItem(atPath: made.path.string)
      try FileManager.default.createDirectory(atPath: made.path.string, withIntermediateDirectories: false)
      await expectRefusal(
        made.path, as: .journal, naming: "a folder lies in its place", steps: [.restoreJournal(from: nil)])
    }
  }

  @Test("a backup never replaces one of the journal's own files, its mark included")
  func backupSparesTheMark() async throws {
    try await withOlderCopy { made in
      let journal = try await Journal.open(made.path)
      for suffix in ["", "-wal", "-shm", ".claims", ".mark"] {
        await #expect(throws: ExchangeError.self, "\(suffix)") {
          try await journal.backUp(to: FilePath(made.path.string + suffix), replacing: true)
        }
      }
      try await journal.close()
      #expect(mark(of: made.path) != nil)
    }
  }

  @Test("the same copy written over the journal's file in place is refused, too")
  func anOlderCopyInPlaceIsRefused() async throws {
    try await withOlderCopy { made in
      try overwrite(made.path, with: made.backup)
      await expectRefusal(made.path, naming: "older copy")
    }
  }

  @Test("a restore that would lose entries changes nothing until the loss is accepted")
  func lossMustBeAccepted() async throws {
    try await withOlderCopy { made in
      let before = try #require(mark(of: made.path))
      try overwrite(made.path, with: made.backup)
      await #expect { _ = try await made.restore() } throws: {
        ($0 as? ExchangeError)?.remedy.steps == [.acceptLoss]
          && "\($0)".contains("entries up to \(before.anchor.number)")
      }
      await expectRefusal(made.path, naming: "older copy")
      let restored = try await Journal.restore(made.path, from: made.backup, acceptingLoss: true)
      #expect(restored.lostEntries > 0)
      let journal = try await Journal.open(made.path)
      #expect(try await journal.check() == [])
      #expect(mark(of: made.path)?.anchor == (try await journal.anchor()))
    }
  }

  @Test("an older copy that went on by itself is known by its hash")
  func anotherLineIsRefused() async throws {
    try await withOlderCopy { made in
      let kept = try #require(mark(of: made.path))
      try FileManager.default.removeItem(atPath: made.path.string)
      try FileManager.default.removeItem(atPath: HighWaterMark.file(beside: made.path).string)
      try FileManager.default.copyItem(atPath: made.backup.string, toPath: made.path.string)
      try await made.use { journal in
        for number in 0..<5 { try await SampleJournal.add(.accepted, to: journal, named: "anden \(number).csv") }
      }
      try kept.write(beside: made.path)
      await expectRefusal(made.path, naming: "is not the one that was written")
    }
  }

  @Test(
    "a mark that is behind, missing, torn, empty or another user's never refuses a good journal",
    arguments: JournalDatabase.here)
  func aGoodJournalIsNeverRefused(on database: JournalDatabase) async throws {
    try await withClosedJournal(on: database) { place in
      let file = HighWaterMark.file(beside: place.path)
      let whole = [UInt8](try #require(mark(of: place.path)).text.utf8)
      let first: JournalAnchor
      do {
        let journal = try await place.open()
        first = try await journal.read { database in
          try JournalAnchor(
            row: try #require(try database.row("SELECT number, hash FROM entry WHERE number = 7")))
        }
        try await journal.close()
      }
      var contents: [[UInt8]?] = [nil, [], Array("filsluse".utf8), [UInt8](repeating: 0, count: 300)]
      contents.append(Array(HighWaterMark(first).text.utf8))
      contents += (1..<whole.count).map { Array(whole.prefix($0)) }
      for position in stride(from: 0, to: whole.count, by: 7) {
        var bytes = whole
        bytes[position] ^= 4
        contents.append(bytes)
      }
      for content in contents {
        try? FileManager.default.removeItem(atPath: file.string)
        if let content { try write(content, to: file) }
        let isReported = content.map { HighWaterMark(String(decoding: $0, as: UTF8.self)) == nil } ?? true
        let journal = try await place.open()
        #expect((journal.markNotice != nil) == isReported)
        try await journal.close()
        #expect(mark(of: place.path)?.anchor.number ?? 0 > first.number, "it is made anew")
      }
    }
  }

  @Test(
    "a mark that a full disk has no room for stays unchanged, is reported, and refuses no journal",
    .enabled(if: SmallDisk.isPermitted))
  func aFullDiskLeavesTheMark() async throws {
    try await withScratchFolder { folder in
      try await SmallDisk.with(bytes: 8 << 20, in: folder) { disk in
        let path = disk.folder.appending("journal.sqlite")
        let journal = try await Journal.open(path)
        try await SampleJournal.add(.accepted, to: journal, named: "a.csv")
        #expect(try await journal.attend() == nil)
        let before = try #require(mark(of: path))
        // Within the pause after which the mark is raised again.
        try await SampleJournal.add(.accepted, to: journal, named: "b.csv")
        let ballast = try FileDescriptor.open(
          disk.ballast, .writeOnly, options: .create, permissions: .ownerReadWrite)
        for size in [1 << 16, 4096] {
          let room = [UInt8](repeating: 1, count: size)
          while (try? ballast.writeAll(room)) == room.count {}
        }
        try ballast.close()
        await #expect { _ = try await journal.attend() } throws: { ($0 as? ExchangeError)?.code == .diskFull }
        #expect(mark(of: path) == before)
        #expect(access(path.string + ".mark.new", F_OK) != 0)
        try disk.makeRoom()
        try await journal.close()
        let again = try await Journal.open(path)
        #expect(mark(of: path)?.anchor == (try await again.anchor()))
        try await again.close()
      }
    }
  }

  @Test("a mark ahead of the journal, forged or not, refuses it", arguments: JournalDatabase.here)
  func aMarkAheadRefuses(on database: JournalDatabase) async throws {
    try await withClosedJournal(on: database) { place in
      let anchor = try #require(mark(of: place.path)).anchor
      try HighWaterMark(JournalAnchor(number: anchor.number + 1, hash: anchor.hash)).write(beside: place.path)
      let words =
        switch database {
        case .sqlite: "it ends with entry \(anchor.number)"
        case .postgreSQL: "entry \(anchor.number + 1) was written"
        }
      await #expect { _ = try await place.open() } throws: { error in
        (error as? ExchangeError)?.code == .journalOutdated && "\(error)".contains(words)
          && "\(error)".contains(HighWaterMark.file(beside: place.path).string)
      }
    }
  }

  @Test("the checkpoint proves the entries that retention removed", arguments: JournalDatabase.here)
  func retentionNeverRefuses(on database: JournalDatabase) async throws {
    try await withClosedJournal(on: database) { place in
      let marks: [JournalAnchor]
      do {
        let journal = try await place.open()
        marks = try await journal.read { database in
          try database.rows("SELECT number, hash FROM entry ORDER BY number").map(JournalAnchor.init(row:))
        }
        try await journal.forgetWhatEnded()
        try await journal.close()
      }
      for anchor in marks {
        try HighWaterMark(anchor).write(beside: place.path)
        let journal = try await place.open()
        try await journal.close()
        #expect(mark(of: place.path)?.anchor.number ?? 0 > marks.last?.number ?? 0)
      }
    }
  }

  @Test("a journal with its mark but without its file counts as gone, and not as new")
  func theMarkAloneKeepsANewJournalFromBeginning() async throws {
    try await withOlderCopy { made in
      try FileManager.default.removeItem(atPath: made.path.string)
      try FileManager.default.removeItem(atPath: Claims.file(beside: made.path).string)
      await expectRefusal(made.path, as: .journal, naming: "it is gone", "journal.sqlite.mark")
      #expect(Journal.wasMade(at: made.path))
    }
  }

  @Test("several processes with the journal open only ever raise the mark", arguments: JournalDatabase.here)
  func theMarkOnlyRises(on database: JournalDatabase) async throws {
    try await database.withPlace { place in
      let path = place.path
      let journals = [try await place.open(), try await place.open(), try await place.open()]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, journal) in journals.enumerated() {
          group.addTask {
            for number in 0..<40 {
              try await SampleJournal.add(.accepted, to: journal, named: "f\(index)-\(number).csv")
              if number % 5 == 0 { #expect(try await journal.attend() == nil) }
            }
          }
        }
        group.addTask {
          var highest: Int64 = 0
          for _ in 0..<200 {
            switch HighWaterMark.read(beside: path) {
            case .known(let mark):
              #expect(mark.anchor.number >= highest)
              highest = mark.anchor.number
            case .absent: break
            case .unreadable(let reason): Issue.record("a torn mark: \(reason)")
            }
            try await Task.sleep(for: .milliseconds(1))
          }
        }
        try await group.waitForAll()
      }
      let last = try await journals[0].anchor()
      for journal in journals { try await journal.close() }
      #expect(mark(of: path)?.anchor == last)
    }
  }

  @Test("several that replace the mark at once all do it, and none writes it after leaving the journal")
  func severalReplaceTheMark() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let locks = [try JournalLock(of: path), try JournalLock(of: path), try JournalLock(of: path)]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lock in locks + locks {
          group.addTask {
            try await BlockingThreads.shared.run { () throws(ExchangeError) in
              for number in Int64(1)...20 {
                try lock.replaceMark(by: JournalAnchor(number: number, hash: JournalAnchor.start.hash))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(mark(of: path)?.anchor.number == 20)
      locks[0].leave()
      let late = try locks[0].whileMarking(isPatient: true) { () throws(ExchangeError) -> Bool? in true }
      #expect(late == nil)
    }
  }

  @Test("a mark that cannot be written is reported, and harms no journal", arguments: JournalDatabase.here)
  func aMarkThatCannotBeWritten(on database: JournalDatabase) async throws {
    try await withClosedJournal(on: database) { place in
      let file = HighWaterMark.file(beside: place.path)
      try FileManager.default.removeItem(atPath: file.string)
      // A folder in its place: neither can it be read nor replaced.
      try FileManager.default.createDirectory(atPath: file.appending("x").string, withIntermediateDirectories: true)
      let journal = try await place.open()
      #expect(journal.markNotice?.contains("tells nothing") == true)
      try await SampleJournal.add(.accepted, to: journal, named: "endnu.csv")
      await #expect { _ = try await journal.attend() } throws: { ($0 as? ExchangeError)?.code == .localFile }
      await #expect { try await journal.close() } throws: { ($0 as? ExchangeError)?.code == .localFile }
      let again = try await place.open()
      #expect(try await again.deliveries().contains { $0.wireName.string == "endnu.csv" })
    }
  }

  @Test("a relative path and a symbolic link have marks that refuse no good journal")
  func otherNamesOfTheSameJournal() async throws {
    try await withOlderCopy { made in
      let link = made.path.removingLastComponent().appending("link.sqlite")
      try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: "journal.sqlite")
      for path in [link, made.path, link, made.path] {
        let journal = try await Journal.open(path)
        try await SampleJournal.add(.accepted, to: journal, named: "\(UUID().uuidString).csv")
        #expect(try await journal.attend() == nil)
        try await journal.close()
      }
      #expect(mark(of: link) != nil && mark(of: made.path) != nil)
    }
  }
}
