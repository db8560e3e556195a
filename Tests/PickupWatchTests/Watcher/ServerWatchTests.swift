import ExchangeSettings
import FileExchange
import FilsluseBase
import LocalPlatform
import PlatformFixture
import Testing
import TriggerFiles

@testable import PickupWatch

/// A server that several accounts share and that cannot be reached.
@Suite(.timeLimit(.minutes(25))) struct ServerWatchTests {
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
          accounts: settings.accounts.map(\.name), infRef: .sf7002,
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
          let shown = await work.watcher.statusSource.status().alerts.first {
            $0.finding.kind == .serverUnreachable
          }
          return shown?.finding.detail?.en.contains(
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
        #expect(try work.notifications().count == 4, "one alert of all, one of the account alone, and their ends")
      }
    }
  }

  @Test("alerts people once to accounts of a server that are not let in, and by name to one alone")
  func refusedLogins() async throws {
    try await withAccounts { settings, _, _, watched in
      let port = try #require(settings.accounts.first?.port)
      var refused = settings
      for index in 0..<4 { refused.accounts[index].user = "fremmed" }
      refused.accounts[7].hostKeys = .pinned([KeyFingerprint(of: [])])
      try await WatcherAtWork.with(refused, in: watched.state) { work in
        let alert = try await work.alert(.loginFailed, "")
        #expect(alert.subject == "127.0.0.1:\(port)" && alert.severity == "critical")
        try await work.until("all four are named") {
          let shown = await work.watcher.statusSource.status().alerts.first {
            $0.finding.kind == .loginFailed
          }
          return shown?.finding.detail?.en.contains(
            "4 of 8 accounts at 127.0.0.1:\(port) are not let in: konto-1, konto-2, konto-3, konto-4"
          ) == true
            && shown?.finding.detail?.da.contains(
              "4 af 8 konti på 127.0.0.1:\(port) lukkes ikke ind: konto-1")
              == true
        }
        let alone = try await work.alert(.hostKeyChanged, "konto-8")
        // An alert of its own stays its own when the same befalls another account.
        let looks = work.looks("konto-5").count
        try await work.until("more looks") { work.looks("konto-5").count > looks + 3 }
        #expect(try work.notifications().map(\.kind).sorted() == ["host-key-changed", "login-failed"])
        work.reload(settings)
        try await work.end(of: alone)
        #expect(try await work.end(of: alert).ending == "the server refuses none of the accounts any more")
        #expect(try work.notifications().count == 4)
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
        #expect(try work.notifications().isEmpty)
        shared.target = watched.settings.accounts[0].port
        try await work.until("the end") { try work.notifications().map(\.reason) == [.resolved] }
        #expect(try work.notifications().first?.number == 2)
      }
    }
  }

  @Test(
    "after an outage a new host key is no account's own alert while another account has not been tried again",
    arguments: [true, false]) func afterAnOutage(isTriedAgain: Bool) async throws
  {
    try await withWatchedServer { watched in
      let line = try TCPProxy(to: watched.settings.accounts[0].port)
      var settings = watched.settings
      settings.accounts[0].port = line.port
      settings.accounts[0].hostKeys = .pinned([KeyFingerprint(of: [])])
      settings.accounts.append(settings.accounts[0])
      settings.accounts[1].name = "b"
      settings.watch.infRefRules[0].accounts = ["a", "b"]
      let now = Locked(Timestamp.now)
      let session = try await WatchSession.begin(
        settings, version: "test", started: .now, unconfirmed: UnconfirmedSends(), clock: { now.withLock { $0 } },
        logger: WatchedServer.quiet)
      let loops = settings.accounts.map {
        (
          loop: AccountLoop($0, of: session),
          connection: SharedConnection.forLooks(into: $0, logger: WatchedServer.quiet)
        )
      }
      func turn(_ index: Int, after pause: Duration) async throws -> Finding.Kind? {
        now.withLock { $0 = $0.later(by: pause) }
        return await loops[index].loop.turn(over: loops[index].connection)?.state?.failure?.kind
      }
      func ownAlerts() async throws -> [Finding.Kind] {
        try await session.database.openFindings(of: "a").map(\.kind)
      }
      cut(line)
      #expect(try await turn(1, after: .zero) == .serverUnreachable)
      line.target = watched.settings.accounts[0].port
      #expect(try await turn(0, after: .seconds(1)) == .hostKeyChanged)
      #expect(try await turn(0, after: settings.watch.lookEvery) == .hostKeyChanged)
      #expect(try await ownAlerts().isEmpty)
      if isTriedAgain {
        #expect(try await turn(1, after: .seconds(1)) == .hostKeyChanged)
        #expect(try await turn(0, after: AccountLoop.longestBackOff) == .hostKeyChanged)
        #expect(try await ownAlerts().isEmpty)
      } else {
        // The other account stays away for longer than any pause between its tries.
        #expect(try await turn(0, after: AccountLoop.longestBackOff) == .hostKeyChanged)
        #expect(try await ownAlerts() == [.hostKeyChanged])
      }
      for (_, connection) in loops { await connection.close() }
      await session.close()
      line.stop()
    }
  }
}
