import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// The requests for one small file, and those of them that go out together, as FileExchange.md has them.
@Suite(.timeLimit(.minutes(25))) struct RoundTripTests {
  @Test("a small file is delivered in four round trips: the names, both files opened, written and closed, the rename")
  func delivery() async throws {
    let expected = [
      ["STAT", "STAT"],
      ["OPEN", "OPEN"],
      ["CLOSE", "CLOSE", "FSTAT", "FSTAT", "WRITE", "WRITE"],
      ["RENAME"],
    ]
    try await RoundTripServer.with(expecting: expected) { server in
      try await TestExchange.with(server.test) { test in
        let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
        let reports = await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil))
        #expect(reports.first?.delivery?.state == .triggered, "\(reports.first?.error as Any)")
        #expect(try server.requests() == expected)
      }
    }
  }

  @Test("a small pair is collected in seven round trips behind the listing, which takes two")
  func collecting() async throws {
    let expected = [
      ["OPENDIR"],
      ["READDIR", "READDIR", "READDIR"],
      // The metadata; nothing waits for the end of the listing and the close.
      ["CLOSE", "OPEN", "READDIR", "READDIR"],
      ["READ"],
      // The data.
      ["CLOSE", "OPEN"],
      ["FSTAT", "READ"],
      // The metadata is still that transfer's: looked up while the disk writes the data.
      ["CLOSE", "STAT"],
      ["STAT", "STAT"],
      ["REMOVE", "REMOVE"],
    ]
    try await RoundTripServer.with(expecting: expected) { server in
      try await TestExchange.with(server.test) { test in
        try test.arrive("a.csv")
        // Files that were just written prove nothing by their times, and are read again before they are removed.
        for name in ["a.csv", "a.csv.metadata"] {
          try FileTimes(secondsAgo: 3_600).set(on: test.incoming.appending(name))
        }
        let report = await test.exchange.collect("account")
        #expect(report.collected.count == 1 && report.problems.isEmpty, "\(report.problems)")
        #expect(try server.requests() == expected)
      }
    }
  }
}
