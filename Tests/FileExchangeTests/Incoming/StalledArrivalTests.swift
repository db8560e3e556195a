import ExchangeSettings
import FilsluseSFTP
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// A file that the server gives no answer for: the connection is given up, and whatever else was coming over it is
/// lost.
@Suite(.timeLimit(.minutes(25))) struct StalledArrivalTests {
  @Test("A file that stalls the connection is fetched after all others, and never set aside")
  func itComesLast() async throws {
    try await TestExchange.with { test in
      var exchange = test.exchange
      exchange.patience.reply = .seconds(5)
      exchange.patience.connectionAttempts = 10
      // Opening it blocks until a writer comes.
      let stalling = test.incoming.appending("b.csv")
      try test.write(Data(test.metadata("b.csv", size: 0).xml()), to: test.incoming.appending("b.csv.metadata"))
      try #require(mkfifo(stalling.string, 0o644) == 0)
      defer { close(open(stalling.string, O_WRONLY | O_NONBLOCK)) }
      for name in ["a.csv", "c.csv"] { try test.arrive(name) }

      let report = await exchange.collect("account")
      #expect(report.collected.map(\.wireName).sorted() == ["a.csv", "c.csv"])
      #expect(report.problems.map(\.code) == [.transfer] && report.setAside.isEmpty, "\(report.problems)")
      #expect(report.problems.first?.description.contains("the connection was lost at this file 2 times") == true)
      let arrival = try #require(try await test.journal.arrivals().first { $0.wireName == "b.csv" })
      #expect(arrival.state == .fetching)
      let suspects = try await test.journal.suspects(of: "account")
      #expect(suspects.map(\.path) == ["IN/b.csv"])
      #expect(suspects.first?.losses ?? 0 >= 2 && suspects.first?.nextTryAt != nil, "\(suspects)")

      // What has come since is collected before it is tried again.
      try test.arrive("d.csv")
      exchange.patience.connectionAttempts = 1
      let next = await exchange.collect("account")
      #expect(next.collected.map(\.wireName) == ["d.csv"])
      #expect(next.problems.map(\.code) == [.transfer] && next.problems.first?.transfer?.code == .timedOut)

      // The name is another file's from here on: those who wait for the FIFO are let go by the one that was opened.
      let writer = open(stalling.string, O_WRONLY | O_NONBLOCK)
      try test.remove(stalling)
      try test.write(Data(), to: stalling)
      #expect(await exchange.collect("account").collected.map(\.wireName) == ["b.csv"])
      close(writer)
    }
  }
}
