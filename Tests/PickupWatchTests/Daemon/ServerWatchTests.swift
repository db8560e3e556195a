import ExchangeSettings
import FilsluseSystem
import LocalPlatform
import PlatformFixture
import Testing

@testable import PickupWatch

/// A server that several accounts share and that cannot be reached.
@Suite(.timeLimit(.minutes(8))) struct ServerWatchTests {
  /// Eight accounts over one line to a server, and one account over a line of its own.
  private func withAccounts(
    _ body:
      @escaping @Sendable (ExchangeSettings, _ shared: TCPProxy, _ own: TCPProxy, WatchedServer) async throws
      -> Void
  ) async throws {
    try await withWatchedServer { watched in
      let (shared, own) = (
        try TCPProxy(to: watched.settings.accounts[0].port), try TCPProxy(to: watched.settings.accounts[0].port)
      )
      var settings = watched.settings
      let account = settings.accounts[0]
      settings.accounts = (1...9).map { number in
        var one = account
        one.name = number == 9 ? "alene" : "konto-\(number)"
        one.port = number == 9 ? own.port : shared.port
        return one
      }
      settings.watch.lookEvery = .milliseconds(500)
      settings.watch.infRefRules = [
        InfRefRule(
          accounts: settings.accounts.map(\.name), infRef: "SF7002",
          pickUp: PickUpLimit(within: RulePeriod(.seconds(3600))))
      ]
      try await body(settings, shared, own, watched)
      shared.stop()
      own.stop()
    }
  }

  private func cut(_ line: TCPProxy) {
    line.target = 1
    line.cutAll()
  }

  @Test("alerts people once, by the server and its accounts, and by name where an account has a server of its own")
  func oneAlert() async throws {
    try await withAccounts { settings, shared, own, watched in
      let port = try #require(settings.accounts.first?.port)
      try await WatcherAtWork.with(settings, in: watched.state) { work in
        try await work.until("looks") { settings.accounts.allSatisfy { !work.looks($0.name).isEmpty } }
        cut(shared)
        let alert = try await work.alert(.serverUnreachable, "")
        #expect(alert.subject == "127.0.0.1:\(port)" && alert.severity == "critical")
        #expect(alert.headline == "CRITICAL: The server does not answer – 127.0.0.1:\(port)")
        #expect(alert.detail?.contains("accounts at 127.0.0.1:\(port) cannot be reached: konto-") == true, "\(alert)")
        #expect(alert.detail?.contains("alene") == false)
        try await work.until("all are listed") {
          let shown = await work.watcher.statusSource.status().alerts.first { $0.kind == "server-unreachable" }
          return shown?.detail?.en.contains(
            "8 of 8 accounts at 127.0.0.1:\(port) cannot be reached: \((1...8).map { "konto-\($0)" }.joined(separator: ", "))"
          ) == true
        }
        cut(own)
        let alone = try await work.alert(.serverUnreachable, "alene")
        own.target = watched.settings.accounts[0].port
        shared.target = watched.settings.accounts[0].port
        try await work.end(of: alone)
        let end = try await work.end(of: alert)
        #expect(end.ending == "all accounts at the server could be reached again")
        #expect(try work.told().count == 4, "one alert of all, one of the account alone, and their ends")
      }
    }
  }

  @Test("goes on with the same alert after a restart, and ends it when the server answers")
  func afterARestart() async throws {
    try await withAccounts { settings, shared, _, watched in
      cut(shared)
      try await WatcherAtWork.with(settings, in: watched.state) { work in
        _ = try await work.alert(.serverUnreachable, "")
      }
      try await WatcherAtWork.with(settings, in: watched.state) { work in
        try await work.until("failed looks of all") {
          let inboxes = await work.watcher.statusSource.status().inboxes
          return inboxes.filter { $0.account != "alene" }.allSatisfy { $0.failedLooks > 0 }
        }
        #expect(try work.told().isEmpty)
        shared.target = watched.settings.accounts[0].port
        try await work.until("the end") { try work.told().map(\.reason) == [.resolved] }
        #expect(try work.told().first?.number == 2)
      }
    }
  }
}
