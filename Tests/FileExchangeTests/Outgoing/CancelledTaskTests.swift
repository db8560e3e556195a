import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// The task of a delivery cancelled at each of its steps, over a line slow enough to separate the steps.
@Suite(.timeLimit(.minutes(25))) struct CancelledTaskTests {
  /// Delivers, and cancels as soon as the journal shows the state (`nil`: at once).
  private func cutOff(_ order: DeliveryOrder, at state: DeliveryState?, _ test: TestExchange) async throws {
    var options = Exchange.DeliveryOptions(waitForReceipts: .seconds(60))
    options.inFlight = 4
    let run = Task { [options] in await test.exchange.deliver(reporting: [order], options: options) }
    if let state {
      let all = DeliveryState.allCases
      try await eventually {
        guard let now = try await test.journal.deliveries().first?.state else { return false }
        return (all.firstIndex(of: now) ?? 0) >= (all.firstIndex(of: state) ?? 0)
      }
    }
    run.cancel()
    let report = try #require(await run.value.first)
    #expect(report.error != nil || report.delivery?.state.isFinished == true)
  }

  @Test(
    "the next run finishes a run that was cut off",
    arguments: [nil, DeliveryState.staged, .uploading, .armed, .triggered])
  func theNextRunFinishesWhatWasCutOff(state: DeliveryState?) async throws {
    try await TestExchange.with { test in
      let proxy = try TCPProxy(to: test.server.port, .init(delay: .milliseconds(15)))
      defer { proxy.stop() }
      let slow = try await test.reopened { $0.accounts[0].port = proxy.port }
      let order = DeliveryOrder(file: try test.file("a.csv", String(repeating: "x", count: 200_000)), route: "flis")
      try await cutOff(order, at: state, slow)
      let before = try await test.journal.deliveries().first
      // Whatever was in the air when it was cut off may have arrived.
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let report = try #require(await test.reopened().exchange.deliver(reporting: [order]).first)
      #expect(report.delivery?.state == .accepted, "\(report.error?.description ?? "")")
      if let before { #expect(report.delivery?.sendersFileID == before.sendersFileID) }
      #expect(try await test.journal.deliveries().count == 1)
      let states = try await test.journal.entries().map(\.state)
      #expect(states.filter { $0 == "accepted" }.count == 1)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  /// Cancelling by command and delivering race for the same delivery: one of the two comes out, and OUT agrees with it.
  @Test("a cancellation and a delivery never both happen", arguments: [0, 20, 40, 60, 80, 100, 130, 160, 200, 250])
  func aCancellationAndADeliveryNeverBothHappen(milliseconds: Int) async throws {
    try await TestExchange.with { test in
      let proxy = try TCPProxy(to: test.server.port, .init(delay: .milliseconds(10)))
      defer { proxy.stop() }
      let slow = try await test.reopened { $0.accounts[0].port = proxy.port }
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let run = Task { await slow.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)) }
      try await eventually { try await !test.journal.deliveries().isEmpty }
      try await Task.sleep(for: .milliseconds(milliseconds))
      let byHand = try await test.reopened()
      let cancelled = await Result { () async throws(ExchangeError) in try await byHand.exchange.cancel(1) }
      _ = await run.value
      let state = try #require(try await test.journal.delivery(1)?.state)
      if case .success = cancelled {
        #expect(state == .cancelled)
        #expect(try test.names(in: test.outbox).isEmpty)
      } else {
        #expect(state == .triggered)
        #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
      }
    }
  }
}
