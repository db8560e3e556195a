import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// A journal's main file and the write-ahead log of another one beside it.
///
/// SQLite reads a log with whatever main file has its name. So an older copy that was put in the journal's place after
/// a kill shows the newest entries, which the log holds.
@Suite("An older copy of the journal under the newest file's log") struct LeftLogTests {
  /// The way in which the older copy takes the journal's place.
  enum Placing: Sendable, CaseIterable {
    /// By a rename: another inode.
    case renamed
    /// By `cp` over the file: the same inode.
    case overwritten
  }

  /// A journal as a kill leaves it, with a copy of its main file from when it was closed last.
  private struct KilledJournal {
    let path: FilePath
    let older: FilePath

    /// Makes a journal whose log is left beside it.
    ///
    /// - Parameter logHoldsAll: true if the log holds everything that was written since the older copy was made.
    init(in folder: FilePath, logHoldsAll: Bool) async throws {
      path = folder.appending("journal.sqlite")
      older = folder.appending("older.sqlite")
      let journal = try await Journal.open(path)
      try await SampleJournal.fill(journal)
      try await journal.close()
      try FileManager.default.copyItem(atPath: path.string, toPath: older.string)
      try await write(emptyingLog: !logHoldsAll)
    }

    private func write(emptyingLog: Bool) async throws {
      let journal = try await Journal.open(path)
      for number in 0..<15 { try await SampleJournal.add(.accepted, to: journal, named: "efter \(number).csv") }
      if emptyingLog { journal.emptyLog() }
      try await SampleJournal.add(.accepted, to: journal, named: "sidst.csv")
      #expect(try await journal.attend() == nil)
      let kept = try ["", "-wal", ".mark"].map { ($0, try Data(contentsOf: URL(filePath: path.string + $0))) }
      try await journal.close()
      // The main file keeps its inode.
      for (suffix, content) in kept { try LeftLogTests.overwrite(FilePath(path.string + suffix), with: content) }
    }

    func place(_ placing: Placing) throws {
      switch placing {
      case .renamed: guard rename(older.string, path.string) == 0 else { throw Errno(rawValue: errno) }
      case .overwritten:
        try LeftLogTests.overwrite(path, with: try Data(contentsOf: URL(filePath: older.string)))
      }
    }

    /// Copies it with its log and its mark to another place.
    func copied(to name: String) throws -> FilePath {
      let copy = path.removingLastComponent().appending(name)
      for suffix in ["", "-wal", ".mark"] {
        try FileManager.default.copyItem(atPath: path.string + suffix, toPath: copy.string + suffix)
      }
      return copy
    }
  }

  private static func overwrite(_ path: FilePath, with content: Data) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(content) }
  }

  private func expectRefusal(of path: FilePath, naming words: String) async {
    await #expect { _ = try await Journal.open(path) } throws: { error in
      guard let error = error as? ExchangeError, error.code == .journalOutdated else { return false }
      return error.message.contains(words) && error.remedy.steps == [.restoreJournal(from: nil)]
    }
  }

  @Test("is refused where the log does not hold everything since, and stays as it is", arguments: Placing.allCases)
  func aGap(placing: Placing) async throws {
    try await withScratchFolder { folder in
      let killed = try await KilledJournal(in: folder, logHoldsAll: false)
      try killed.place(placing)
      let content = try Data(contentsOf: URL(filePath: killed.path.string))
      for _ in 1...2 { await expectRefusal(of: killed.path, naming: "older copy") }
      #expect(try Data(contentsOf: URL(filePath: killed.path.string)) == content)
      #expect(try Data(contentsOf: URL(filePath: killed.path.string + "-wal")).count > 0)
    }
  }

  @Test("is the journal where the log holds everything since", arguments: Placing.allCases)
  func noGap(placing: Placing) async throws {
    try await withScratchFolder { folder in
      let killed = try await KilledJournal(in: folder, logHoldsAll: true)
      try killed.place(placing)
      let journal = try await Journal.open(killed.path)
      #expect(try await journal.check() == [])
      #expect(try await journal.deliveries().contains { $0.wireName.string == "sidst.csv" })
      try await journal.close()
    }
  }

  @Test("is refused while another opening writes that log, even where the log holds everything since")
  func anotherHasItOpen() async throws {
    try await withScratchFolder { folder in
      let killed = try await KilledJournal(in: folder, logHoldsAll: true)
      let writing = try await Journal.open(killed.path)
      try killed.place(.renamed)
      await expectRefusal(of: killed.path, naming: "another process has the journal open")
      await #expect { try await writing.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      // Its log has gone with it.
      await expectRefusal(of: killed.path, naming: "older copy")
    }
  }

  @Test("is known by the mark that follows the main file without any heartbeat")
  func theMarkFollowsTheMainFile() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let journal = try await Journal.open(path)
      for number in 0..<5 { try await SampleJournal.add(.accepted, to: journal, named: "\(number).csv") }
      journal.emptyLog()
      let written = try await journal.anchor().number
      var number = 5
      try await eventually("the mark names what the main file holds") {
        number += 1
        try await SampleJournal.add(.accepted, to: journal, named: "\(number).csv")
        return HighWaterMark.read(beside: path).mark?.mainFile.lastEntry ?? 0 >= written
      }
      try await journal.close()
    }
  }

  @Test(
    "A journal that a kill left with its log is opened, in its place and copied to another", arguments: [true, false])
  func aKilledJournal(logHoldsAll: Bool) async throws {
    try await withScratchFolder { folder in
      let killed = try await KilledJournal(in: folder, logHoldsAll: logHoldsAll)
      for path in [try killed.copied(to: "copy.sqlite"), killed.path] {
        let journal = try await Journal.open(path)
        #expect(journal.markNotice == nil)
        #expect(try await journal.check() == [])
        #expect(try await journal.deliveries().contains { $0.wireName.string == "sidst.csv" })
        try await journal.close()
        #expect(HighWaterMark.read(beside: path).mark?.mainFile.isSameFile(as: .read(path)) == true)
      }
    }
  }
}

extension MainFileContent {
  /// The content of a journal that is closed.
  fileprivate static func read(_ journal: FilePath) -> MainFileContent {
    guard case .content(let content) = read(of: journal) else { return MainFileContent(inode: 1) }
    return content
  }
}
