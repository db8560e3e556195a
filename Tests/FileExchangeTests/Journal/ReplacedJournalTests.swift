import FilsluseBase
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A journal that is removed, moved or replaced while it is open.
@Suite struct ReplacedJournalTests {
  enum Mishap: String, CaseIterable {
    case removed, moved, replacedByOlderCopy, replacedByItsOwnCopy, claimsRemoved, claimsReplaced, logRemoved
    case indexRemoved, folderMoved, linkTurned, movedAndLinkedTo, replacedByFolder
  }

  private func bring(about mishap: Mishap, _ made: BackedUpJournal) throws {
    let files = FileManager.default
    let path = made.path.string
    switch mishap {
    case .removed: try files.removeItem(atPath: path)
    case .moved: try files.moveItem(atPath: path, toPath: path + ".away")
    case .replacedByOlderCopy:
      try files.removeItem(atPath: path)
      try files.copyItem(atPath: made.backup.string, toPath: path)
    case .replacedByItsOwnCopy:
      try files.copyItem(atPath: path, toPath: path + ".copy")
      guard rename(path + ".copy", path) == 0 else { throw Errno(rawValue: errno) }
    case .claimsRemoved: try files.removeItem(atPath: path + ".claims")
    case .claimsReplaced:
      try files.removeItem(atPath: path + ".claims")
      try Data("J".utf8).write(to: URL(filePath: path + ".claims"))
    case .logRemoved: try files.removeItem(atPath: path + "-wal")
    case .indexRemoved: try files.removeItem(atPath: path + "-shm")
    case .folderMoved:
      let folder = made.path.removingLastComponent().string
      try files.moveItem(atPath: folder, toPath: folder + "-away")
    case .linkTurned:
      try files.moveItem(atPath: path, toPath: path + ".real")
      try files.createSymbolicLink(atPath: path, withDestinationPath: made.backup.string)
    // The link names the same file, and leads SQLite's next connections to another log.
    case .movedAndLinkedTo:
      try files.moveItem(atPath: path, toPath: path + ".real")
      try files.createSymbolicLink(atPath: path, withDestinationPath: path + ".real")
    case .replacedByFolder:
      try files.removeItem(atPath: path)
      try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
  }

  @Test("refuses further writes, claims and confirmations, and the heartbeat says why", arguments: Mishap.allCases)
  func everythingStops(mishap: Mishap) async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      try await SampleJournal.add(.accepted, to: journal, named: "efter.csv")
    } _: { made in
      let journal = try await Journal.open(made.path)
      #expect(try await journal.attend() == nil)
      #expect(try await journal.withClaim(on: .delivery(1), { 1 }) == 1)
      try bring(about: mishap, made)
      await #expect { _ = try await journal.withClaim(on: .delivery(1), { 1 }) } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced && "\($0)".contains("while this process had it open")
      }
      await #expect { try await SampleJournal.add(.accepted, to: journal, named: "for sent.csv") } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      let reason = try #require(try await journal.attend())
      #expect(reason.code == .journalReplaced && !reason.isRetriable)
      #expect(
        reason.remedy.steps.allSatisfy { step in
          if case .restoreJournal = step { true } else { false }
        } && reason.remedy.steps.count == 1)
      await #expect { try await journal.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
    }
  }

  @Test("a claim on what was staged just now is refused soon as well", arguments: [Mishap.moved, .claimsReplaced])
  func claimsOnWhatIsNew(mishap: Mishap) async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { _ in
    } _: { made in
      let journal = try await Journal.open(made.path)
      try await SampleJournal.add(.staged, to: journal, named: "ny.csv")
      #expect(try await journal.withClaim(on: .delivery(1), isNew: true, { 1 }) == 1)
      try bring(about: mishap, made)
      try await eventually("the claim is refused") {
        do throws(ExchangeError) {
          return try await journal.withClaim(on: .delivery(1), isNew: true, { 1 }) == nil
        } catch {
          return error.code == .journalReplaced
        }
      }
      await #expect { try await journal.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
    }
  }

  /// `cp` keeps the inode, so that only the content shows the replacement.
  @Test(
    "an older copy written over the open file in place is noticed, whatever SQLite's log still covers",
    arguments: [false, true])
  func contentReplacedInPlace(logIsEmptied: Bool) async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      for number in 0..<50 { try await SampleJournal.add(.accepted, to: journal, named: "efter \(number).csv") }
    } _: { made in
      let journal = try await Journal.open(made.path)
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      if logIsEmptied { journal.emptyLog() }
      #expect(try await journal.attend() == nil)
      let content = try Data(contentsOf: URL(filePath: made.backup.string))
      let file = try FileDescriptor.open(made.path, .writeOnly, options: .truncate)
      try file.closeAfter { _ = try file.writeAll(content) }
      let reason = try #require(try await journal.attend())
      #expect(reason.code == .journalReplaced && reason.message.contains("content was"))
    }
  }

  @Test("SQLite's own writing, a vacuum and another process's retention are no replacement")
  func whatIsNoReplacement() async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      for number in 0..<100 { try await SampleJournal.add(.accepted, to: journal, named: "efter \(number).csv") }
    } _: { made in
      let journal = try await Journal.open(made.path)
      let other = try await Journal.open(made.path)
      #expect(try await journal.attend() == nil)
      try await other.forgetWhatEnded()
      other.emptyLog()
      #expect(try await journal.attend() == nil)
      try await DatabaseQueue(path: made.path.string).vacuum()
      other.emptyLog()
      #expect(try await journal.attend() == nil)
      try await other.close()
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      #expect(try await journal.attend() == nil)
      try await journal.close()
      #expect(try await Journal.open(made.path).check() == [])
    }
  }

  @Test("a copying of the log that was cut short refuses no journal")
  func aTornMainFileThatItsLogMends() async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      for number in 0..<50 { try await SampleJournal.add(.accepted, to: journal, named: "efter \(number).csv") }
    } _: { made in
      let journal = try await Journal.open(made.path)
      for number in 0..<50 { try await SampleJournal.add(.accepted, to: journal, named: "nu \(number).csv") }
      #expect(try await journal.attend() == nil)
      // The first pages as the log has them: as a copy of the whole shows that was made at this moment.
      let folder = made.path.removingLastComponent()
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: made.path.string + suffix, toPath: folder.appending("copy.sqlite" + suffix).string)
      }
      try await DatabaseQueue(path: folder.appending("copy.sqlite").string).writeWithoutTransaction {
        _ = try $0.checkpoint(.truncate)
      }
      let newer = try Data(contentsOf: URL(filePath: folder.appending("copy.sqlite").string))
      let file = try FileDescriptor.open(made.path, .writeOnly)
      try file.closeAfter { _ = try file.writeAll(toAbsoluteOffset: 0, newer.prefix(4 * 4096)) }
      #expect(try await journal.attend() == nil)
      try await journal.close()
      #expect(try await Journal.open(made.path).check() == [])
    }
  }
}
