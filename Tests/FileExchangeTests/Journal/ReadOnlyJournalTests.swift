import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

/// Journals that are read without any change: nothing is written to them or created beside them.
@Suite(.timeLimit(.minutes(25))) struct ReadOnlyJournalTests {
  enum Copy: String, CaseIterable {
    case closed, withLog, withLogAndIndex, backup, withMark
  }

  private static let account = Account(name: "fagsystem", host: "h", user: "u", key: "/k", hostKeys: .knownHosts("/h"))

  /// Puts a copy into a folder without write permission, and returns its path.
  private func lay(_ copy: Copy, in folder: FilePath) async throws -> FilePath {
    let path = folder.appending("journal.sqlite")
    let target = folder.appending("copy")
    let files = FileManager.default
    try files.createDirectory(atPath: target.string, withIntermediateDirectories: true)
    let journal = try await Journal.open(path)
    try await SampleJournal.fill(journal)
    var suffixes = [""]
    var source = path
    switch copy {
    case .closed: try await journal.close()
    case .withMark:
      try await journal.close()
      suffixes = ["", ".mark", ".claims"]
    case .withLog: suffixes = ["", "-wal"]
    case .withLogAndIndex: suffixes = ["", "-wal", "-shm"]
    case .backup:
      source = folder.appending("backup.sqlite")
      try await journal.backUp(to: source)
    }
    for suffix in suffixes {
      let to = target.appending("journal.sqlite" + suffix).string
      try files.copyItem(atPath: source.string + suffix, toPath: to)
      guard chmod(to, 0o444) == 0 else { throw Errno(rawValue: errno) }
    }
    if copy == .withLog || copy == .withLogAndIndex { try await journal.close() }
    guard chmod(target.string, 0o555) == 0 else { throw Errno(rawValue: errno) }
    return target.appending("journal.sqlite")
  }

  /// Names, contents and times of a folder.
  private func picture(of folder: FilePath) throws -> [String: [String]] {
    let files = FileManager.default
    var picture: [String: [String]] = [:]
    for name in try files.contentsOfDirectory(atPath: folder.string) {
      let path = folder.appending(name)
      let content = try Data(contentsOf: URL(filePath: path.string))
      picture[name] = [SHA256.digest(of: [UInt8](content)).hex, "\(String(describing: FileVersion(of: path)))"]
    }
    return picture
  }

  @Test("a copy without the right to write is listed, shown and verified, and stays as it is", arguments: Copy.allCases)
  func aCopyIsRead(copy: Copy) async throws {
    try await withScratchFolder { folder in
      let path = try await lay(copy, in: folder)
      defer { chmod(path.removingLastComponent().string, 0o755) }
      let before = try picture(of: path.removingLastComponent())
      let journal = try await Journal.openToRead(path)
      let lines = Locked<[JournalLine]>([])
      try await journal.lines { line in lines.withLock { $0.append(line) } }
      #expect(lines.withLock { $0.count } >= 19)
      #expect(try await journal.deliveries().contains { $0.state == .accepted })
      #expect(try await journal.verify().findings == [])
      #expect(try await journal.entries().count > 20)
      #expect(journal.markRefusal == nil)
      let problems = try await journal.openProblems(of: [Self.account], at: .now.later(by: .seconds(1_000_000)))
      #expect(problems.counts[.abandoned] ?? 0 > 0)
      await #expect { try await SampleJournal.fill(journal) } throws: { ($0 as? ExchangeError)?.code == .journal }
      await #expect { _ = try await journal.withClaim(on: .delivery(1), { 1 }) } throws: {
        "\($0)".contains("opened to be read")
      }
      try await journal.close()
      #expect(try picture(of: path.removingLastComponent()) == before)
    }
  }

  @Test("a copy with its log shows the entries that are in the log alone")
  func theLogIsRead() async throws {
    try await withScratchFolder { folder in
      let path = try await lay(.withLog, in: folder)
      defer { chmod(path.removingLastComponent().string, 0o755) }
      let whole = try await Journal.open(folder.appending("journal.sqlite"))
      #expect(try await Journal.openToRead(path).anchor() == (try await whole.anchor()))
    }
  }

  @Test("a reader beside the writer sees all that is written, and changes nothing", arguments: JournalDatabase.here)
  func readsBesideWriter(database: JournalDatabase) async throws {
    try await database.withPlace { place in
      let writer = try await place.open()
      try await SampleJournal.fill(writer)
      if database == .sqlite, chmod(place.path.string, 0o444) != 0 { throw Errno(rawValue: errno) }
      let reader = try await place.openToRead()
      let lines = Locked<[JournalLine]>([])
      try await reader.lines { line in lines.withLock { $0.append(line) } }
      #expect(lines.withLock { $0.count } >= 19)
      #expect(try await reader.verify().findings == [])
      #expect(reader.markRefusal == nil)
      try await SampleJournal.add(.accepted, to: writer, named: "nu.csv")
      #expect(try await reader.anchor() == (try await writer.anchor()))
      #expect(try await reader.deliveries().contains { $0.wireName.string == "nu.csv" })
      await #expect { try await SampleJournal.fill(reader) } throws: { ($0 as? ExchangeError)?.code == .journal }
      await #expect { _ = try await reader.withClaim(on: .delivery(1), { 1 }) } throws: {
        "\($0)".contains("opened to be read")
      }
      #expect(try await reader.anchor() == (try await writer.anchor()))
      try await reader.close()
      try await writer.close()
    }
  }

  @Test("a journal that others are writing is read beside them, and one that is older than its mark is read, too")
  func aJournalInUse() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let writer = try await Journal.open(path)
      try await SampleJournal.fill(writer)
      guard chmod(path.string, 0o444) == 0 else { throw Errno(rawValue: errno) }
      let reader = try await Journal.openToRead(path)
      #expect(try await reader.anchor() == (try await writer.anchor()))
      try await SampleJournal.add(.accepted, to: writer, named: "nu.csv")
      #expect(try await reader.anchor() == (try await writer.anchor()))
      try await reader.close()
      let backup = folder.appending("backup.sqlite")
      try await writer.backUp(to: backup)
      try await SampleJournal.add(.accepted, to: writer, named: "efter.csv")
      try await writer.close()
      try FileManager.default.removeItem(atPath: path.string)
      try FileManager.default.copyItem(atPath: backup.string, toPath: path.string)
      let before = try Data(contentsOf: URL(filePath: path.string))
      let older = try await Journal.openToRead(path)
      #expect(older.markRefusal?.message.contains("older copy") == true)
      #expect(try await older.deliveries().contains { $0.wireName.string == "nu.csv" })
      try await older.close()
      #expect(try Data(contentsOf: URL(filePath: path.string)) == before)
    }
  }

  @Test(
    "a file that is no journal is reported as such",
    arguments: [("", ExchangeError.Code.journal), ("a letter, and no database", ExchangeError.Code.journalDamaged)])
  func whatIsNoJournal(content: String, code: ExchangeError.Code) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      try Data(content.utf8).write(to: URL(filePath: path.string))
      guard chmod(path.string, 0o444) == 0 else { throw Errno(rawValue: errno) }
      await #expect { _ = try await Journal.openToRead(path) } throws: { ($0 as? ExchangeError)?.code == code }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["journal.sqlite"])
    }
  }
}
