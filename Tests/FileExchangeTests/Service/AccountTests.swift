import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Accounts under `filsluse run`: their connections, what stops them, when they rest.
@Suite(.timeLimit(.minutes(25))) struct AccountTests {
  /// A second account, that cannot be used, with a watched folder of its own.
  private static func addAccount(
    _ settings: inout ExchangeSettings, _ change: (inout Account) -> Void
  ) {
    var other = settings.accounts[0]
    other.name = "other"
    change(&other)
    settings.accounts.append(other)
    var route = settings.routes[0]
    route.name = "other"
    route.account = "other"
    route.outgoing?.path = settings.source.removingLastComponent().appending("other")
    settings.routes.append(route)
  }

  @Test("an account that cannot be reached delays no other")
  func anAccountThatCannotBeReachedDelaysNoOther() async throws {
    try await RunningExchange.with({ Self.addAccount(&$0) { $0.port = 1 } }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let other = running.test.folder.appending("other")
      try await eventually { running.names(other) == [".taken"] }
      try running.test.write(Data("x".utf8), to: other.appending("b.csv"))
      for number in 1...5 { try running.put("\(number).csv") }
      try await eventually { running.names(running.sent).count == 5 }
      try await eventually { try await running.test.journal.deliveries().contains { $0.account == "other" } }
      #expect(running.names(other.appending(".taken")).count == 1)
      #expect(running.attentions.isEmpty)
    }
  }

  @Test("stops an account with another host key and alerts a person")
  func anAccountWhoseHostKeyIsAnotherIsStoppedAndReported() async throws {
    let wrong = KeyFingerprint(of: [])
    try await RunningExchange.with({ settings in
      Self.addAccount(&settings) { $0.hostKeys = .pinned([wrong]) }
      let told = settings.source.removingLastComponent().appending("told")
      settings.alert = AlertCommand(command: ["/bin/sh", "-c", "cat >> \"$0\"", told.string])
    }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let told = running.test.folder.appending("told")
      try await eventually { !running.alerts(of: .accountStopped, in: told).isEmpty }
      try running.put("a.csv")
      try await eventually { running.names(running.sent) == ["a.csv"] }
      let alert = try #require(running.alerts(of: .accountStopped, in: told).first)
      #expect(alert["account"] as? String == "other")
      #expect((alert["message"] as? String)?.contains("host key") == true)
      #expect(running.attentions.map(\.kind) == [.accountStopped])
    }
  }

  /// If the account ended, nothing would retry it, and none of its other work would be done.
  @Test("goes on when every account is stopped, and tries again after a pause")
  func theOnlyAccountIsTriedAgain() async throws {
    try await TestExchange.with { test in
      let key = test.folder.appending("key")
      let running = RunningExchange(
        test: try await test.reopened { settings in
          RunningExchange.settings(&settings)
          settings.accounts[0].keys = [.file(key)]
        })
      try test.write(Data("no key".utf8), to: key)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.string)
      try await running.whileRunning {
        let platform = Task { await test.acceptEverything() }
        defer { platform.cancel() }
        try await eventually("stopped") { running.attentions.map(\.kind) == [.accountStopped] }
        try running.put("a.csv")
        try await eventually("taken") { running.takenNames() == ["a.csv"] }
        try test.write(try test.read(test.server.user.keyFile), to: key)
        try await eventually("sent") { running.names(running.sent) == ["a.csv"] }
        try await eventually("over") { running.resolved.map(\.kind) == [.accountStopped] }
        #expect(running.attentions.count == 1)
      }
    }
  }

  @Test("waits for a key file that is away for a moment, stops no account for it, and takes up another key")
  func keyAwayForAMoment() async throws {
    try await TestExchange.with { test in
      let key = test.folder.appending("key")
      let running = RunningExchange(
        test: try await test.reopened { settings in
          RunningExchange.settings(&settings)
          settings.accounts[0].keys = [.file(key)]
        })
      try await running.whileRunning {
        let platform = Task { await test.acceptEverything() }
        defer { platform.cancel() }
        try await eventually { running.names(running.folder).contains(".taken") }
        try running.put("a.csv")
        try await eventually { running.takenNames() == ["a.csv"] }
        try await Task.sleep(for: .milliseconds(500))
        #expect(running.attentions.isEmpty)
        let new = test.folder.appending("new-key")
        try test.write(try test.read(test.server.user.keyFile), to: new)
        #expect(chmod(new.string, 0o600) == 0 && rename(new.string, key.string) == 0)
        try await eventually { running.names(running.sent) == ["a.csv"] }
        #expect(running.attentions.isEmpty)
      }
    }
  }

  /// Runs the exchange over a proxy, which counts its connections and can cut them.
  private func overProxy(
    _ adjust: @escaping @Sendable (inout Account) -> Void = { _ in },
    _ body: @escaping @Sendable (RunningExchange, TCPProxy) async throws -> Void
  ) async throws {
    try await TestExchange.with { test in
      let through = try TCPProxy(to: test.server.port)
      defer { through.stop() }
      let running = RunningExchange(
        test: try await test.reopened { settings in
          RunningExchange.settings(&settings)
          settings.accounts[0].port = through.port
          adjust(&settings.accounts[0])
        })
      try await body(running, through)
    }
  }

  @Test("one connection is kept and made again when it is lost")
  func oneConnectionIsKeptAndMadeAgainWhenItIsLost() async throws {
    try await overProxy({ $0.poll = .milliseconds(100) }) { running, through in
      let test = running.test
      try await running.whileRunning {
        let platform = Task { await test.acceptEverything() }
        defer { platform.cancel() }
        try await eventually { running.names(running.folder) == [".taken"] }
        for number in 1...10 { try running.put("\(number).csv") }
        try await eventually { running.names(running.sent).count == 10 }
        #expect(through.connectionsMade == 1)
        through.cut(.toServer, after: 2000, .reset)
        for number in 11...30 { try running.put("\(number).csv") }
        try await eventually { running.names(running.sent).count == 30 }
        // The files under way go one by one over a second connection.
        #expect((2...3).contains(through.connectionsMade))
      }
      #expect(try await test.journal.deliveries().count == 30)
    }
  }

  @Test("in a maintenance window no connection is made")
  func inAMaintenanceWindowNoConnectionIsMade() async throws {
    try await overProxy({ $0.maintenance = [WeeklyHours("daily 00:00-24:00")].compactMap { $0 } }) { running, through in
      let test = running.test
      try await running.whileRunning {
        try await eventually { running.names(running.folder) == [".taken"] }
        try running.put("a.csv")
        try await eventually { running.takenNames() == ["a.csv"] }
        try await eventually { try await test.journal.deliveries().map(\.state) == [.staged] }
        #expect(through.connectionsMade == 0)
      }
      #expect(through.connectionsMade == 0)
    }
  }

  /// A refusal by the server is no reason to close the connection under its other users.
  @Test("an inbox that is not there disturbs no sending")
  func anInboxThatIsNotThereDisturbsNoSending() async throws {
    try await overProxy({ account in
      account.poll = .milliseconds(100)
      account.folders.in = "NOWHERE"
    }) { running, through in
      let test = running.test
      try await running.whileRunning {
        try await eventually { running.names(running.folder) == [".taken"] }
        for number in 1...20 {
          try running.put("\(number).csv")
          try await Task.sleep(for: .milliseconds(20))
        }
        try await eventually { running.names(test.outbox).count == 40 }
      }
      #expect(through.connectionsMade == 1)
    }
  }

  @Test("only one runs with a journal")
  func onlyOneRunsWithAJournal() async throws {
    try await RunningExchange.with { running in
      try await eventually { !running.events.withLock { $0 }.isEmpty }
      let other = try await running.test.reopened()
      await #expect { try await other.exchange.runUnattended { _ in } } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
    }
  }

  @Test("an account collects while it sends")
  func anAccountCollectsWhileItSends() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      for number in 1...5 { try running.put("ud\(number).csv") }
      for number in 1...5 { try running.test.arrive("ind\(number).csv") }
      try await eventually { running.names(running.sent).count == 5 }
      try await eventually { try running.test.names(in: running.test.inbox).count == 10 }
      try await eventually { try running.test.names(in: running.test.incoming).isEmpty }
    }
  }

  @Test("a receipt that is late makes a delivery overdue and still counts")
  func aReceiptThatIsLateMakesADeliveryOverdueAndStillCounts() async throws {
    try await RunningExchange.with({ $0.accounts[0].receiptWithin = .milliseconds(300) }) { running in
      try running.put("a.csv")
      try await eventually { try await running.test.journal.deliveries().map(\.state) == [.overdue] }
      #expect(running.takenNames() == ["a.csv"])
      try running.test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      try await eventually { running.names(running.sent) == ["a.csv"] }
    }
  }

  /// Otherwise the name would be held for ever.
  @Test("a delivery that is given up frees its name for the next")
  func aDeliveryThatIsGivenUpFreesItsNameForTheNext() async throws {
    try await RunningExchange.with { running in
      try running.put("a.csv", "first")
      try await eventually { running.names(running.test.outbox).contains("a.csv.trigger") }
      try running.test.take("a.csv", receipt: nil)
      try running.put("a.csv", "second")
      try await eventually { running.takenNames() == ["a.csv", "a.csv"] }
      try await eventually { try await running.test.journal.deliveries().first?.state.awaitsReceipt == true }
      let byHand = try await running.test.reopened()
      #expect(try await byHand.exchange.giveUp(1).state == .givenUp)
      try await eventually { running.names(running.folder.appending("set-aside/D1")) == ["a.csv", "reason.txt"] }
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { running.names(running.sent) == ["a.csv"] }
      #expect(try running.test.read(running.sent.appending("a.csv")) == Data("second".utf8))
      let detail = try await running.test.journal.entries(about: .delivery(1)).last?.detail
      #expect(detail?.contains("the platform may have it") == true)
    }
  }
}
