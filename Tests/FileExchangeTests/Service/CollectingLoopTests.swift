import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import FilsluseSFTP

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

  private static let account = Account(name: "account", host: "h", user: "u", key: "k", hostKeys: .pinned([]))

  /// The report of a look that saw everything, at a server that refuses what is asked of these paths.
  private func report(refused paths: [String], _ code: SFTPError.Code = .permissionDenied) -> CollectionReport {
    var report = CollectionReport(account: Self.account.name)
    report.sawEverything = true
    report.problems = paths.map { path in
      ExchangeError(SFTPError(code, "not permitted", nil, path: RemotePath(path)), while: "fetch")
    }
    return report
  }

  private func arrival(_ name: String) -> Arrival {
    Arrival(
      id: 1,
      .init(
        account: Self.account.name, fileTransferUUID: "abcdef01-2345-4000-8000-000000000001",
        wireName: JournalledName(kept: name), size: 1,
        infRef: nil, sender: "s", metadata: [], seenAt: .now),
      state: .fetching, changedAt: .now)
  }

  @Test("takes a refusal for a file that stays in IN only where its path lies there, and the server refuses for good")
  func refusalsInIN() {
    let (incoming, outgoing) = (Self.account.folders.in, Self.account.folders.out)
    let inIN = ["\(incoming)/a.csv", "\(incoming)/a.csv.metadata"]
    let paths = inIN + [incoming, "\(outgoing)/a.csv", "\(incoming)2/a.csv"]
    let staying = report(refused: paths).uncollectable(in: incoming)
    #expect(Set(staying.keys.map(\.subject)) == Set(inIN))
    #expect(staying.keys.allSatisfy { $0.kind == .accessRefused && $0.account == "account" })
    #expect(report(refused: paths, .timedOut).uncollectable(in: incoming).isEmpty)
  }

  @Test("ends the problem of a file that stayed in IN only when a whole look neither finds nor awaits it")
  func endOfARefusal() {
    let path = "\(Self.account.folders.in)/a.csv"
    let open = [OpenProblem.Kind.accessRefused, .notCollectable].map { kind in
      OpenProblem(
        OpenProblem.Key(kind, account: "account", subject: path), observed: LocalizedText("it stays", "Den bliver."))
    }
    func resolved(by report: CollectionReport) -> [OpenProblem.Kind] {
      let staying = report.uncollectable(in: Self.account.folders.in)
      return report.resolved(among: open, staying: staying, waiting: report.subjectsWaiting(of: Self.account))
        .map(\.kind)
    }
    #expect(resolved(by: report(refused: [path])) == [.notCollectable])
    #expect(resolved(by: report(refused: [])) == [.accessRefused, .notCollectable])
    var paused = report(refused: [])
    paused.waiting = [arrival("a.csv")]
    #expect(resolved(by: paused).isEmpty)
    paused.waiting = [arrival("b.csv")]
    #expect(resolved(by: paused).count == 2)
    var partial = report(refused: [])
    partial.sawEverything = false
    #expect(resolved(by: partial).isEmpty)
    #expect(CollectionReport.stayedNoLonger.en.contains("quarantined or set aside"))
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
