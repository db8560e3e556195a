import ExchangeSettings
import Foundation
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Programs of the receiver's beside a long-running exchange.
@Suite(.timeLimit(.minutes(25))) struct HandOverLoopTests {
  private func with(
    _ script: String, tries: Int = 10, answerBy: String? = nil,
    _ body: @escaping @Sendable (RunningExchange) async throws -> Void
  ) async throws {
    try await RunningExchange.with(
      { ReceiversProgram.set(in: &$0, tries: tries, answerBy: answerBy) },
      prepare: { try ReceiversProgram.write(script, for: $0.test) }, body)
  }

  private func states(_ running: RunningExchange) async throws -> [ArrivalState] {
    try await running.test.journal.arrivals().map(\.state)
  }

  @Test("a program that takes long delays no other work")
  func aProgramThatTakesLongHoldsUpNothing() async throws {
    try await with("test $FILSLUSE_NAME != slow.csv || while ! test -e \"$1/over\"; do sleep 0.05; done") { running in
      try running.test.arrive("slow.csv")
      try await eventually("handing over") { try await states(running) == [.handingOver] }
      for number in 1...6 { try running.test.arrive("f\(number).csv") }
      try await eventually("the others") { try await states(running).count { $0 == .removed } == 6 }
      #expect(try await states(running).first == .handingOver)
      #expect(try running.test.names(in: running.test.incoming) == ["slow.csv", "slow.csv.metadata"])
      try running.test.file("over", "")
      try await eventually("the slow one") { try running.test.names(in: running.test.incoming).isEmpty }
    }
  }

  @Test("a stop leaves a running hand-over to the next run")
  func aStopLeavesWhatIsBeingHandedOverToTheNextRun() async throws {
    try await TestExchange.with { settings in
      let folder = settings.source.removingLastComponent()
      settings.arrivals[0].hook = ArrivalHook(
        command: ["/bin/sh", "-c", "echo x >>\"$0/log\"; test -e \"$0/up\" || exec sleep 600", folder.string])
      settings.accounts[0].poll = .milliseconds(300)
    } _: { test in
      try test.arrive("a.csv")
      let first = RunningExchange(test: test)
      try await first.whileRunning {
        try await eventually { FileManager.default.fileExists(atPath: test.folder.appending("log").string) }
      }
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      try test.file("up", "")
      let second = RunningExchange(test: try await test.reopened())
      try await second.whileRunning { try await eventually { try test.names(in: test.incoming).isEmpty } }
      #expect(try test.read(test.folder.appending("log")) == Data("x\nx\n".utf8))
    }
  }

  @Test("alerts about an arrival that is set aside, and sends the answer")
  func whatIsSetAsideIsReportedAndAnAnswerGoesBack() async throws {
    try await with(
      "test $FILSLUSE_NAME = good.csv; echo '{\"acceptance\": \"ACCEPTED\"}'", tries: 2, answerBy: "direct"
    ) { running in
      try running.test.arrive("bad.csv")
      try running.test.arrive("good.csv", uuid: "00000000-0000-4000-8000-000000000001")
      try await eventually("the answer") {
        running.names(running.test.outbox).contains(
          "business-receipt-00000000-0000-4000-8000-000000000001.xml.trigger")
      }
      try await eventually("set aside") { running.attentions.contains { $0.kind == .setAside } }
      let told = try #require(running.attentions.first { $0.kind == .setAside })
      #expect(told.message.contains("try 2 of 2") && told.message.contains("retry \(told.number ?? "?")"))
    }
  }
}
