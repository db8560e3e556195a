import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// One file at which the server ends the session, under an exchange that runs for long.
@Suite(.timeLimit(.minutes(25))) struct PoisonUnderRunTests {
  private static let names = (1...11).map { "fil-\($0).csv" }

  @Test(
    "collects the others, alerts about the file, and says when it got through",
    arguments: [
      (PoisonServer.Request.read, "gift.csv"), (.read, "gift.csv.metadata"), (.remove, "gift.csv"),
      (.read, "gift.csv.sftpreceipt"),
    ])
  func collecting(request: PoisonServer.Request, poison: String) async throws {
    try await PoisonServer.with { server in
      try server.poison(request, of: [poison])
      try await RunningExchange.with(on: server.test) { running in
        let test = running.test
        for name in Self.names + ["gift.csv"] { try test.arrive(name) }
        if poison.hasSuffix(".sftpreceipt") {
          try test.writeReceipt("gift.csv", sendersFileID: nil, .receipt(message: "SUCCESS"))
        }
        try await eventually(within: .seconds(60), "the others are collected") {
          let (here, there) = (running.names(test.inbox), try test.names(in: test.incoming))
          return Set(here).isSuperset(of: Self.names) && Set(there).isDisjoint(with: Self.names)
        }
        try await eventually(within: .seconds(60), "a person is told of the file") {
          running.attentions.contains { $0.kind == .losesConnection && $0.message.contains("gift.csv") }
        }
        // Each pause is longer than the last: what comes now is not held up.
        try test.arrive("senere.csv")
        try await eventually(within: .seconds(60), "a later file is collected") {
          !(try test.names(in: test.incoming).contains("senere.csv"))
        }
        try server.heal()
        try await eventually(within: .seconds(60), "it gets through, and that is said") {
          let left = try test.names(in: test.incoming).filter { !$0.hasSuffix(".sftpreceipt") }
          return left.isEmpty && running.resolved.contains { $0.kind == .losesConnection }
        }
      }
    }
  }

  @Test("delivers the others, and keeps the earlier pauses after a restart")
  func delivering() async throws {
    try await PoisonServer.with { server in
      try server.poison(.write, of: ["0461-gift.csv"])
      try await RunningExchange.with(on: server.test) { running in
        for name in ["0461-gift.csv"] + Self.names.map({ "0461-\($0)" }) { try running.put(name) }
        try await eventually(within: .seconds(60), "the others are sent") {
          Set(try running.test.names(in: running.test.outbox)).isSuperset(of: Self.names.map { "0461-\($0).trigger" })
        }
        try await eventually(within: .seconds(60), "a person is told of the file") {
          running.attentions.contains { $0.kind == .losesConnection && $0.message.contains("gift.csv") }
        }
        let kept = try await running.test.journal.suspects(of: "account")
        #expect(kept.map(\.path) == ["OUT/0461-gift.csv"] && kept.first?.losses ?? 0 >= 3, "\(kept)")
        try server.heal()
        try await eventually(within: .seconds(60), "it is sent") {
          try running.test.names(in: running.test.outbox).contains("0461-gift.csv.trigger")
            && running.resolved.contains { $0.kind == .losesConnection }
        }
      }
    }
  }

  @Test("puts all sent files away where the connection is lost after their receipts were recorded")
  func receiptsBeforeALoss() async throws {
    let names = (1...4).map { "0461-fil-\($0).csv" }
    try await PoisonServer.with { server in
      // No review happens within the test.
      try await RunningExchange.with(on: server.test, review: .seconds(3_600)) { running in
        let test = running.test
        for name in names { try running.put(name) }
        try await eventually(within: .seconds(60), "all are sent") {
          Set(try test.names(in: test.outbox)).isSuperset(of: names.map { "\($0).trigger" })
        }
        try server.poison(.remove, of: ["\(names[0]).sftpreceipt"], by: .dropAfterwards)
        for name in names { try test.take(name, receipt: .receipt(message: "SUCCESS")) }
        try await eventually(within: .seconds(60), "all are put away") {
          running.names(running.sent).count == names.count && running.takenNames().isEmpty
        }
        #expect(server.hits == 1)
      }
    }
  }
}
