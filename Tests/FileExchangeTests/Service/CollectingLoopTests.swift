import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Files that stay in IN under a running exchange.
@Suite(.timeLimit(.minutes(25))) struct CollectingLoopTests {
  @Test(
    "alerts a person about a file that stays in IN because it cannot be collected, and when it is gone",
    arguments: [["halv.csv"], ["halv.csv.metadata"], ["a.csv", "a.csv.metadata"], ["fremmed.csv.sftpreceipt"]])
  func uncollectable(names: [String]) async throws {
    try await RunningExchange.with(unfinished: .milliseconds(300)) { running in
      for name in names { try running.test.write(Data("<no".utf8), to: running.test.incoming.appending(name)) }
      try await eventually { running.attentions.map(\.kind) == [.notCollectable] }
      #expect(running.attentions.first?.key.subject.contains(names.last ?? "") == true, "\(running.attentions)")
      let accounts = running.test.exchange.settings.accounts
      try await eventually {
        try await running.test.journal.openProblems(of: accounts).counts == [.notCollectable: 1]
      }
      // The others are collected beside it.
      try running.test.arrive("hel.csv")
      try await eventually { running.names(running.test.inbox).contains("hel.csv") }
      for name in names { try running.test.remove(running.test.incoming.appending(name)) }
      try await eventually { running.resolved.map(\.kind) == [.notCollectable] }
      #expect(running.attentions.count == 1)
    }
  }

  @Test("says nothing of half a pair whose other half comes in time")
  func becomesWhole() async throws {
    try await RunningExchange.with { running in
      let metadata = try running.test.metadata("a.csv", size: 3)
      try running.test.write(Data("abc".utf8), to: running.test.incoming.appending("a.csv"))
      try running.test.arrive("b.csv")
      try await eventually { running.names(running.test.inbox).contains("b.csv") }
      try running.test.write(Data(metadata.xml()), to: running.test.incoming.appending("a.csv.metadata"))
      try await eventually { running.names(running.test.inbox).contains("a.csv") }
      #expect(running.attentions.isEmpty)
    }
  }
}
