import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Connections that break while much is under way: the same call makes a new one and goes on.
@Suite(.timeLimit(.minutes(25))) struct BrokenConnectionTests {
  @Test(
    "every delivery goes on over the next connection", arguments: [TCPProxy.Direction.toServer, .toClient],
    [6_000, 15_000, 30_000])
  func everyDeliveryGoesOnOverTheNext(direction: TCPProxy.Direction, bytes: Int) async throws {
    try await TestExchange.with { test in
      let proxy = try TCPProxy(to: test.server.port)
      defer { proxy.stop() }
      let throughProxy = try await test.reopened { $0.accounts[0].port = proxy.port }
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let orders = try (1...40).map { number in
        try DeliveryOrder(file: test.file("f\(number).csv", String(repeating: "\(number) ", count: 700)), route: "flis")
      }
      proxy.cut(direction, after: bytes, .reset)
      let reports = await throughProxy.exchange.deliver(reporting: orders)
      #expect(reports.compactMap(\.error).isEmpty, "\(reports.compactMap(\.error).first?.description ?? "")")
      #expect(reports.allSatisfy { $0.delivery?.state == .accepted })
      // A third one is made for receipts that were being read when the first was lost.
      #expect((2...3).contains(proxy.connectionsMade))
    }
  }

  @Test("every arrival is reported once", arguments: [8_000, 20_000, 60_000])
  func everyArrivalIsReportedOnce(bytes: Int) async throws {
    try await TestExchange.with { test in
      let proxy = try TCPProxy(to: test.server.port)
      defer { proxy.stop() }
      let throughProxy = try await test.reopened { $0.accounts[0].port = proxy.port }
      let names = (1...40).map { "f\($0).csv" }
      for name in names { try test.arrive(name, String(repeating: name, count: 300)) }
      proxy.cut(.toClient, after: bytes, .reset)
      let report = await throughProxy.exchange.collect("account")
      #expect(report.problems.isEmpty, "\(report.problems.first?.description ?? "")")
      #expect(report.collected.map(\.wireName.string).sorted() == names.sorted())
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try test.names(in: test.inbox).count == 80)
    }
  }

  @Test("reports all finished work when one task fails")
  func allThatWasDoneIsReportedWhenOneFails() async {
    struct Failure: Error {}
    var told: [Int] = []
    do throws(Failure) {
      try await withBoundedTasks(Array(0..<20), limit: { 8 }) { number in
        // The others end when they are cancelled, and no sooner.
        if number > 0 { await GracefulStop().wait() }
        return number
      } each: { (number: Int) throws(Failure) in
        told.append(number)
        if number == 0 { throw Failure() }
      }
      Issue.record("nothing was thrown")
    } catch {
      #expect(told.sorted() == Array(0..<8))
    }
  }
}
