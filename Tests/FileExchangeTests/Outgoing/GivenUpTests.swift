import ExchangeSettings
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A delivery that was given up stays so, until its receipt comes.
@Suite(.timeLimit(.minutes(25))) struct GivenUpTests {
  private func givenUp(_ test: TestExchange) async throws -> Delivery {
    let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
    let report = await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first
    let seen = try #require(report?.delivery)
    #expect(try await test.exchange.giveUp(seen.id).state == .givenUp)
    return seen
  }

  private func expectOvertaken(_ seen: Delivery, _ test: TestExchange) async throws {
    guard case .overtaken(let now) = try await test.journal.transition(seen, .taken) else {
      Issue.record("given-up was written over")
      return
    }
    #expect(now.state == .givenUp)
  }

  @Test("A copy of a delivery read before it was given up does not overwrite that")
  func givenUpStays() async throws {
    try await TestExchange.with { test in
      var seen = try await givenUp(test)
      try await expectOvertaken(seen, test)
      for state in DeliveryState.allCases where state != .accepted && state != .refused {
        seen.state = state
        #expect(try await test.journal.record(seen).state == .givenUp)
      }
      #expect(try await test.journal.delivery(seen.id)?.state == .givenUp)
      #expect(try await test.journal.verify().findings.isEmpty)
    }
  }

  /// The name may have another holder by then: one state more would make two of them.
  @Test("A look into OUT that began before does not bring it back")
  func aLookDoesNotBringItBack() async throws {
    try await TestExchange.with { test in
      let seen = try await givenUp(test)
      try test.take("a.csv", receipt: nil)
      try test.file("a.csv", "another content")
      let order = DeliveryOrder(file: test.folder.appending("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil))
      try await expectOvertaken(seen, test)
      #expect(try await test.journal.deliveries().map(\.state) == [.givenUp, .triggered])
    }
  }

  @Test("Its receipt still counts", arguments: [DeliveryState.accepted, .refused])
  func itsReceiptCounts(state: DeliveryState) async throws {
    try await TestExchange.with { test in
      let id = try await givenUp(test).id
      let givenUp = try #require(try await test.journal.delivery(id))
      let event = DeliveryMachine.Event.receipt(accepted: state == .accepted)
      #expect(try await test.journal.transition(givenUp, event).required().state == state)
    }
  }
}
