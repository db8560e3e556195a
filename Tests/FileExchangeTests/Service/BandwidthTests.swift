import ExchangeSettings
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// An account's speed, in real transfers.
@Suite(.timeLimit(.minutes(25))) struct BandwidthTests {
  private static let content = String(repeating: "x", count: 300_000)

  @Test("sending is no faster than the timetable says")
  func sendingIsNoFasterThanTheTimetableSays() async throws {
    try await TestExchange.with({ $0.accounts[0].bandwidth = [Bandwidth(bytesPerSecond: 100_000)] }) { test in
      let orders = try (1...3).map {
        DeliveryOrder(file: try test.file("f\($0).csv", Self.content), route: "flis")
      }
      let start = ContinuousClock.now
      let reports = await test.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
      #expect(reports.allSatisfy { $0.delivery?.state == .triggered })
      // The limit does not wait after the last pieces.
      #expect(ContinuousClock.now - start >= .seconds(5))
    }
  }

  @Test("fetching is no faster than the timetable says")
  func fetchingIsNoFasterThanTheTimetableSays() async throws {
    try await TestExchange.with({ $0.accounts[0].bandwidth = [Bandwidth(bytesPerSecond: 100_000)] }) { test in
      for number in 1...2 { try test.arrive("f\(number).csv", Self.content) }
      let start = ContinuousClock.now
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.count == 2)
      #expect(ContinuousClock.now - start >= .seconds(4))
    }
  }
}
