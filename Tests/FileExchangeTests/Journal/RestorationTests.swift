import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

@Suite struct RestorationTests {
  /// A journal with a backup, and with an accepted delivery and a removed arrival from after it.
  private func withBackup(_ body: (FilePath, FilePath) async throws -> Void) async throws {
    try await BackedUpJournal.with(SampleJournal.fill) { journal in
      try await SampleJournal.add(.accepted, to: journal, named: "efter.csv")
      var open = try #require(try await journal.deliveries().first { $0.state == .triggered })
      open.state = .taken
      _ = try await journal.record(open)
      var coming = try #require(try await journal.arrivals().first { $0.state == .handedOver })
      coming.state = .removed
      _ = try await journal.record(coming)
    } _: { made in
      try await body(made.path, made.backup)
    }
  }

  private func names(beside path: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path.removingLastComponent().string).sorted()
  }

  private func overwrite(_ path: FilePath, at offset: Int64, with bytes: [UInt8]) throws {
    let file = try FileDescriptor.open(path, .writeOnly)
    try file.closeAfter { _ = try file.writeAll(toAbsoluteOffset: offset, bytes) }
  }

  @Test("merges the later part of the former file")
  func whatTheFormerFileCanStillTellIsTakenOver() async throws {
    try await withBackup { path, backup in
      let before: (deliveries: [Delivery], arrivals: [Arrival])
      do {
        let journal = try await Journal.open(path)
        before = (try await journal.deliveries(), try await journal.arrivals())
        try await journal.close()
      }
      let restored = try await Journal.restore(path, from: backup)
      #expect(restored.deliveriesTakenOver == 2 && restored.arrivalsTakenOver == 1 && restored.formerWasReadable)
      #expect(restored.knowsUntil != nil)

      let journal = try await Journal.open(path)
      #expect(try await journal.check() == [])
      let after = (deliveries: try await journal.deliveries(), arrivals: try await journal.arrivals())
      #expect(after.deliveries.map(\.state) == before.deliveries.map(\.state))
      #expect(after.deliveries.map(\.receipt) == before.deliveries.map(\.receipt))
      #expect(after.deliveries.map(\.stagedAt) == before.deliveries.map(\.stagedAt))
      #expect(after.arrivals.map(\.state) == before.arrivals.map(\.state))
      let sent = try #require(before.deliveries.first { $0.wireName.string == "efter.csv" })
      guard case .known = try await journal.stage(SampleJournal.again(sent), again: false) else {
        Issue.record("it would be sent twice")
        return
      }
      let former = try #require(restored.former)
      #expect(try await Journal.open(former).deliveries() == before.deliveries, "it is kept as it was")
    }
  }

  @Test("an unreadable file is replaced and kept aside")
  func aFileThatTellsNothingIsReplacedAndKept() async throws {
    try await withBackup { path, backup in
      try overwrite(path, at: 0, with: Array("no database any more".utf8))
      await #expect { _ = try await Journal.open(path) } throws: {
        ($0 as? ExchangeError)?.remedy.steps == [.restoreJournal(from: nil)]
      }
      await #expect { _ = try await Journal.restore(path, from: backup) } throws: {
        ($0 as? ExchangeError)?.remedy.steps == [.acceptLoss]
      }
      let restored = try await Journal.restore(path, from: backup, acceptingLoss: true)
      #expect(restored.deliveriesTakenOver == 0 && !restored.formerWasReadable && restored.lostEntries > 0)
      let journal = try await Journal.open(path)
      #expect(try await journal.check() == [])
      #expect(try await journal.entries(about: .journal).map(\.state) == ["restored"])
      let former = try Data(contentsOf: URL(filePath: try #require(restored.former).string))
      #expect(former.starts(with: Array("no database any more".utf8)))
    }
  }

  @Test("refuses while a process has the journal open")
  func nobodyMayHaveItOpen() async throws {
    try await withBackup { path, backup in
      let holder = try await Journal.open(path)
      let before = try await holder.anchor()
      await #expect { _ = try await Journal.restore(path, from: backup) } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      #expect(try await holder.anchor() == before)
    }
  }

  /// A changed size in a row, a page of nothing, a text, an empty file, and the journal itself.
  @Test("an unsound backup changes nothing", arguments: ["row", "page", "text", "empty", "itself", "missing"])
  func whatIsNoSoundBackupChangesNothing(fault: String) async throws {
    try await withBackup { path, backup in
      var source = backup
      switch fault {
      case "row":
        let bytes = try Data(contentsOf: URL(filePath: backup.string))
        let name = try #require(bytes.range(of: Data("flis-0101".utf8)))
        try overwrite(backup, at: Int64(name.lowerBound), with: Array("flis-0102".utf8))
      case "page": try overwrite(backup, at: 8192, with: [UInt8](repeating: 0, count: 4096))
      case "text": try Data("a letter".utf8).write(to: URL(filePath: backup.string))
      case "empty": try Data().write(to: URL(filePath: backup.string))
      case "itself": source = path
      default: source = FilePath(backup.string + "-of-yesterday")
      }
      let names = try names(beside: path)
      let content = try Data(contentsOf: URL(filePath: path.string))
      await #expect(throws: ExchangeError.self) { _ = try await Journal.restore(path, from: source) }
      #expect(try self.names(beside: path) == names)
      #expect(try Data(contentsOf: URL(filePath: path.string)) == content)
      #expect(try await Journal.open(path).check() == [])
    }
  }

  @Test("an interrupted restoration keeps the journal shut until it is finished")
  func oneThatWasCutShortKeepsTheJournalShutUntilItIsFinished() async throws {
    try await withBackup { path, backup in
      let first = try await Journal.restore(path, from: backup)
      // The files as they are when the machine stops between the two renames.
      try FileManager.default.moveItem(atPath: path.string, toPath: path.string + ".restoring")
      await #expect { _ = try await Journal.open(path) } throws: { "\($0)".contains("cut short") }
      let second = try await Journal.restore(path, from: backup)
      #expect(second.former == first.former)
      #expect(second.deliveriesTakenOver == first.deliveriesTakenOver && second.knowsUntil == first.knowsUntil)
      #expect(try await Journal.open(path).check() == [])
    }
  }

  @Test("a lost journal is not replaced by a new one", arguments: [true, false]) func aJournalThatIsGoneIsNotBegunAnew(
    emptied: Bool
  ) async throws {
    try await withBackup { path, backup in
      try FileManager.default.removeItem(atPath: path.string)
      if emptied { try Data().write(to: URL(filePath: path.string)) }
      await #expect { _ = try await Journal.open(path) } throws: { error in
        (error as? ExchangeError)?.code == .journal && "\(error)".contains("it is gone")
      }
      _ = try await Journal.restore(path, from: backup, acceptingLoss: true)
      #expect(try await Journal.open(path).check() == [])
    }
  }

  @Test("finds a zeroed page, wherever it is")
  func everyPageOfNothingIsFound() async throws {
    try await withBackup { path, backup in
      let sound = try Data(contentsOf: URL(filePath: backup.string))
      for page in 0..<sound.count / 4096 {
        let folder = path.removingLastComponent().appending("page-\(page)")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
        let damaged = folder.appending("journal.sqlite")
        try sound.write(to: URL(filePath: damaged.string))
        try overwrite(damaged, at: Int64(page) * 4096, with: [UInt8](repeating: 0, count: 4096))
        do throws(ExchangeError) {
          let findings = try await Journal.open(damaged).check()
          #expect(findings != [], "page \(page)")
        } catch {
          #expect(error.code == .journalDamaged, "page \(page): \(error)")
          #expect(error.remedy.steps == [.restoreJournal(from: nil)], "page \(page): \(error)")
        }
      }
    }
  }
}
