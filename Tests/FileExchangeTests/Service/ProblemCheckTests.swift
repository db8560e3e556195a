import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Observed problems that end by themselves, and those that are raised without any loop running into them.
@Suite(.timeLimit(.minutes(25))) struct ProblemCheckTests {
  private static let account = Account(
    name: "fagsystem", host: "127.0.0.1", user: "fagsystem", key: "key", hostKeys: .pinned([]))

  private struct Bench {
    let folder: FilePath
    let exchange: Exchange
    let reporter: RunReporter

    var open: [String] { reporter.problems.open.map(\.key.subject).sorted() }
  }

  private func withBench(_ body: (Bench) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      let settings = ExchangeSettings(source: folder.appending("filsluse.yaml"), accounts: [Self.account])
      let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let reporter = RunReporter(logger: quiet, problems: ObservedProblems(in: journal)) { _ in }
      let exchange = Exchange(settings: settings, journal: journal, logger: quiet)
      try await body(Bench(folder: folder, exchange: exchange, reporter: reporter))
      try await journal.close()
    }
  }

  @Test("ends problems of a file when it is gone, and of a folder when it is empty")
  func gone() async throws {
    try await withBench { bench in
      let file = bench.folder.appending("file.csv")
      let taken = bench.folder.appending("taken")
      let left = taken.appending("left.csv")
      try FileManager.default.createDirectory(atPath: taken.string, withIntermediateDirectories: true)
      for path in [file, left] { try Data("x".utf8).write(to: URL(filePath: path.string)) }
      bench.reporter.attention(.setAside, account: "fagsystem", number: "D1", at: file, "file.csv is set aside")
      bench.reporter.attention(.removedUnfinished, account: "fagsystem", of: "taken", at: taken, "1 taken file is left")
      var check = ProblemCheck(reporter: bench.reporter)
      await check.carryOut(bench.exchange, [])
      #expect(bench.open == ["D1", "taken"])
      try FileManager.default.removeItem(atPath: file.string)
      await check.carryOut(bench.exchange, [])
      #expect(bench.open == ["taken"])
      try FileManager.default.removeItem(atPath: left.string)
      await check.carryOut(bench.exchange, [])
      #expect(bench.open.isEmpty)
    }
  }

  @Test("a problem about a folder in the place of a file lasts until it is gone, even if it is empty")
  func folderInPlaceOfFile() async throws {
    try await withBench { bench in
      let folder = bench.folder.appending("ud/mappe.csv")
      try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
      bench.reporter.attention(.notPlain, account: "fagsystem", of: "ud/mappe.csv", at: folder, "it is a folder")
      var check = ProblemCheck(reporter: bench.reporter)
      for _ in 1...3 { await check.carryOut(bench.exchange, []) }
      #expect(bench.open == ["ud/mappe.csv"])
      try FileManager.default.removeItem(atPath: folder.string)
      await check.carryOut(bench.exchange, [])
      #expect(bench.open.isEmpty)
    }
  }

  @Test("a watched folder that is gone keeps the problems of its own files open, not those of its neighbours")
  func neighbourOfAGoneFolder() async throws {
    try await withBench { bench in
      let gone = bench.folder.appending("ud")
      bench.reporter.attention(.folderGone, account: "fagsystem", of: gone.string, "ud is gone")
      for name in ["ud", "ud2"] {
        let file = bench.folder.appending(name).appending("a.csv")
        bench.reporter.attention(.fileRefused, account: "fagsystem", of: name, at: file, "a.csv cannot be taken")
      }
      var check = ProblemCheck(reporter: bench.reporter)
      await check.carryOut(bench.exchange, [])
      #expect(bench.open == [gone.string, "ud"])
    }
  }

  @Test("ends the problem of an arrival that was handed over elsewhere, and of no other")
  func handedOver() async throws {
    try await withBench { bench in
      let journal = bench.exchange.journal
      try await SampleJournal.add(ArrivalState.verified, to: journal)
      try await SampleJournal.add(ArrivalState.handedOver, to: journal)
      for number in ["A1", "A2"] {
        bench.reporter.attention(.handOverStuck, account: "fagsystem", number: number, "\(number) has no route")
      }
      var check = ProblemCheck(reporter: bench.reporter)
      await check.carryOut(bench.exchange, [])
      #expect(bench.open == ["A1"])
    }
  }

  @Test("promises a look into each IN, so that one that does not come is listed")
  func promises() async throws {
    try await withBench { bench throws in
      let journal = bench.exchange.journal
      var check = ProblemCheck(reporter: bench.reporter)
      await check.carryOut(bench.exchange, [])
      let later = Timestamp.now.later(by: .seconds(2 * 3600))
      #expect(try await journal.openProblems(of: [Self.account]).isEmpty)
      #expect(try await journal.openProblems(of: [Self.account], at: later).counts == [.inboxNotCollected: 1])
    }
  }

  @Test("raises a disk that is full, and ends it when there is room", .enabled(if: SmallDisk.isPermitted))
  func fullDisk() async throws {
    try await withBench { bench in
      try await SmallDisk.with(bytes: 40 << 20, in: bench.folder) { disk in
        let rules = WatchedFolder(path: disk.folder.appending("ud"))
        let folders = [try OpenedWatchedFolder(opening: rules, route: "flis")]
        try Data(count: 36 << 20).write(to: URL(filePath: disk.ballast.string))
        var check = ProblemCheck(reporter: bench.reporter)
        await check.carryOut(bench.exchange, folders)
        #expect(bench.open == [rules.path.string])
        #expect(bench.reporter.problems.open.map(\.kind) == [.diskFull])
        try disk.makeRoom()
        await check.carryOut(bench.exchange, folders)
        #expect(bench.open.isEmpty)
      }
    }
  }
}
