import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing

@testable import FileExchange

/// The daily upkeep.
@Suite(.timeLimit(.minutes(25))) struct UpkeepLoopTests {
  @Test("A folder that cannot be cleared holds up neither the next nor the rest of the upkeep")
  func oneThatCannotBeCleared() async throws {
    try await TestExchange.with { test in
      let rules = ["first", "second"].map {
        WatchedFolder(path: test.folder.appending($0), keepSent: .seconds(86_400))
      }
      let folders = try rules.map { try OpenedWatchedFolder(opening: $0, route: "flis") }
      // A file is in the place of a folder.
      try test.write(Data(), to: rules[0].path.appending("sent"))
      let day = rules[1].path.appending("sent").appending("2026-01-01")
      try FileManager.default.createDirectory(atPath: day.string, withIntermediateDirectories: true)
      try test.write(Data("x".utf8), to: day.appending("a.csv"))
      try await stageOfNoFolder("gone.csv", test)
      let told = Locked<[OpenProblem.Kind]>([])
      let problems = ObservedProblems(in: test.exchange.journal)
      let reporter = RunReporter(logger: test.exchange.logger, problems: problems) { event in
        if case .attention(let problem) = event { told.withLock { $0.append(problem.kind) } }
      }
      let stop = GracefulStop()
      stop.request()
      await UpkeepLoop(exchange: test.exchange, folders: folders, reporter: reporter, stop: stop).run()
      #expect(!FileManager.default.fileExists(atPath: day.string))
      #expect(told.withLock { $0 } == [.missing])
    }
  }

  @Test(
    "keeps the problem of a missing file open while it is missing, with a personal number in its name too",
    arguments: ["uden.csv", "udtræk_010190-1234.csv", "010190_1234.csv"])
  func aMissingFile(name: String) async throws {
    try await TestExchange.with { test in
      let folder = try OpenedWatchedFolder(
        opening: WatchedFolder(path: test.folder.appending("ud"), keepSent: .seconds(86_400)), route: "flis")
      let taken = try await stageOfNoFolder(name, test)
      let events = Locked<[String]>([])
      let problems = ObservedProblems(in: test.exchange.journal)
      let reporter = RunReporter(logger: test.exchange.logger, problems: problems) { event in
        switch event {
        case .attention(let problem): events.withLock { $0.append("begins: \(problem.kind.rawValue)") }
        case .resolved(let problem): events.withLock { $0.append("ends: \(problem.kind.rawValue)") }
        default: break
        }
      }
      func review() async {
        let stop = GracefulStop()
        stop.request()
        await UpkeepLoop(exchange: test.exchange, folders: [folder], reporter: reporter, stop: stop).run()
      }
      for _ in 0..<3 { await review() }
      #expect(events.withLock { $0 } == ["begins: missing"])
      // Put back, it is missing no longer.
      try test.write(Data("x".utf8), to: folder.path(of: taken.item))
      await review()
      #expect(events.withLock { $0 } == ["begins: missing", "ends: missing"])
      try FileManager.default.removeItem(atPath: folder.path(of: taken.item).string)
      await review()
      // Its delivery is over.
      _ = try await test.exchange.cancel(taken.delivery)
      await review()
      #expect(events.withLock { $0 } == ["begins: missing", "ends: missing", "begins: missing", "ends: missing"])
    }
  }

  @Test("leaves the problem of a file that was gone before its delivery to a person")
  func aFileWithoutDelivery() async throws {
    try await TestExchange.with { test in
      let folder = try OpenedWatchedFolder(
        opening: WatchedFolder(path: test.folder.appending("ud"), keepSent: .seconds(86_400)), route: "flis")
      let problems = ObservedProblems(in: test.exchange.journal)
      let reporter = RunReporter(logger: test.exchange.logger, problems: problems) { _ in }
      var marks = TakenFile.Marks()
      let item = TakenFile(mark: marks.next(at: .now), name: "010190-1234.csv")
      let account = test.exchange.settings.accounts[0]
      await TakenFileHandler(exchange: test.exchange, account: account, reporter: reporter)
        .report(ofMissing: item, from: folder)
      let stop = GracefulStop()
      stop.request()
      for _ in 0..<2 {
        await UpkeepLoop(exchange: test.exchange, folders: [folder], reporter: reporter, stop: stop).run()
        #expect(problems.open.map(\.kind) == [.missing])
      }
    }
  }

  /// A delivery of a file that was taken from a watched folder, and is gone from there.
  @discardableResult
  private func stageOfNoFolder(
    _ name: String, _ test: TestExchange
  ) async throws -> (item: TakenFile, delivery: Int64) {
    let staging = Staging(settings: test.exchange.settings, journal: test.journal)
    let order = DeliveryOrder(file: try test.file(name), route: "flis")
    var marks = TakenFile.Marks()
    let item = TakenFile(mark: marks.next(at: .now), name: name)
    let draft = try await staging.draft(order, file: try await StagedFile.read(order.file), localPath: item.journalPath)
    return (item, try await staging.stage(draft).delivery.id)
  }
}
