import ExchangeSettings
import FilsluseSystem
import Foundation
import SystemPackage
import Testing

@testable import FileExchange

/// What is done once a day.
@Suite(.timeLimit(.minutes(8))) struct UpkeepLoopTests {
  @Test("A folder that cannot be cleared holds up neither the next nor the rest of the upkeep")
  func oneThatCannotBeCleared() async throws {
    try await TestExchange.with { test in
      let rules = ["first", "second"].map {
        WatchedFolder(path: test.folder.appending($0), keepSent: .seconds(86_400))
      }
      let folders = try rules.map { try OutgoingFolder(opening: $0, route: "flis") }
      // A file lies where a folder is to be.
      try test.write(Data(), to: rules[0].path.appending("sent"))
      let day = rules[1].path.appending("sent").appending("2026-01-01")
      try FileManager.default.createDirectory(atPath: day.string, withIntermediateDirectories: true)
      try test.write(Data("x".utf8), to: day.appending("a.csv"))
      try await stageOfNoFolder("gone.csv", test)
      let told = Locked<[OpenProblem.Kind]>([])
      let problems = ObservedProblems(in: test.exchange.journal)
      let bulletin = Bulletin(logger: test.exchange.logger, problems: problems) { event in
        if case .attention(let problem) = event { told.withLock { $0.append(problem.kind) } }
      }
      let stop = GracefulStop()
      stop.request()
      await UpkeepLoop(exchange: test.exchange, folders: folders, bulletin: bulletin, stop: stop).run()
      #expect(!FileManager.default.fileExists(atPath: day.string))
      #expect(told.withLock { $0 } == [.missing])
    }
  }

  /// A delivery of a file that was taken from a watched folder, and is gone from there.
  private func stageOfNoFolder(_ name: String, _ test: TestExchange) async throws {
    let staging = Staging(settings: test.exchange.settings, journal: test.journal)
    let order = DeliveryOrder(file: try test.file(name), route: "flis")
    var marks = OutgoingItem.Marks()
    let item = OutgoingItem(mark: marks.next(at: .now), name: name)
    let draft = try staging.draft(order, file: try await StagedFile.read(order.file), localPath: item.journalPath)
    _ = try await staging.stage(draft)
  }
}
