import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Open problems left by commands that end by themselves, and by a run across its restarts.
@Suite(.timeLimit(.minutes(25))) struct NotedOutcomeTests {
  private static func stopped(_ settings: inout ExchangeSettings) {
    settings.accounts[0].hostKeys = .pinned([KeyFingerprint(of: [])])
  }

  private func open(_ test: TestExchange) async throws -> [OpenProblem.Kind] {
    try await test.journal.openProblems(of: test.exchange.settings.accounts).problems.map(\.kind)
  }

  @Test("lists an account whose key a command found refused, until one gets through")
  func commands() async throws {
    try await TestExchange.with(Self.stopped) { test in
      _ = await test.exchange.collect("account")
      #expect(try await open(test) == [.accountStopped])
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil))
      #expect(try await open(test) == [.accountStopped])

      let mended = try await test.reopened { $0.accounts[0].hostKeys = .pinned([test.server.fingerprint]) }
      #expect(await mended.exchange.collect("account").sawEverything)
      #expect(try await open(mended).isEmpty)
    }
  }

  @Test("lists a file in IN that a command found to be different, until it is gone")
  func differentContent() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "one", uuid: "u-1")
      #expect(await test.exchange.collect("account").collected.count == 1)
      #expect(try await open(test).isEmpty)
      try test.arrive("a.csv", "two", uuid: "u-1")
      _ = await test.exchange.collect("account")
      #expect(try await open(test) == [.different])
      try test.remove(test.incoming.appending("a.csv"))
      try test.remove(test.incoming.appending("a.csv.metadata"))
      #expect(await test.exchange.collect("account").sawEverything)
      #expect(try await open(test).isEmpty)
    }
  }

  @Test("lists a receiver's program that a command could not start, until one starts it")
  func missingProgram() async throws {
    @Sendable func hook(_ settings: inout ExchangeSettings, _ program: String) {
      settings.arrivals[0].hook = ArrivalHook(command: [program], timeout: .seconds(60), tries: 2)
    }
    try await TestExchange.with({ hook(&$0, "/nowhere/take-over") }) { test in
      try test.arrive("a.csv")
      _ = await test.exchange.collect("account")
      #expect(try await open(test) == [.hookCannotStart])
      let mended = try await test.reopened { hook(&$0, "true") }
      #expect(await mended.exchange.collect("account").collected.count == 1)
      #expect(try await open(mended).isEmpty)
    }
  }

  @Test("alerts once about a stopped account and once about its end, although the run is restarted between")
  func restartedRun() async throws {
    try await TestExchange.with({ settings in
      RunningExchange.settings(&settings)
      let told = settings.source.removingLastComponent().appending("told")
      settings.alert = AlertCommand(command: ["/bin/sh", "-c", "cat >> \"$0\"", told.string])
    }) { test in
      try FileManager.default.createDirectory(
        atPath: test.folder.appending(RunningExchange.watched).string, withIntermediateDirectories: true)
      @Sendable func isResolved() -> [Bool] {
        let text = (try? test.read(test.folder.appending("told"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").map { $0.contains("\"resolved\":true") }
      }
      for _ in 1...2 {
        let running = RunningExchange(test: try await test.reopened(Self.stopped))
        try await running.whileRunning {
          try await eventually("observed") { running.attentions.map(\.kind) == [.accountStopped] }
          try await eventually("told") { isResolved() == [false] }
          #expect(try await open(running.test) == [.accountStopped])
        }
      }
      let mended = RunningExchange(test: try await test.reopened())
      try await mended.whileRunning {
        try await eventually("over") { isResolved() == [false, true] }
        #expect(mended.attentions.isEmpty)
      }
      #expect(try await open(test).isEmpty && isResolved() == [false, true])
    }
  }
}
