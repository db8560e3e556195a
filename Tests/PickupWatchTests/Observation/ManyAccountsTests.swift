import ExchangeSettings
import FileExchange
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// Servers that take few logins, or list without end, and the accounts beside each other.
@Suite(.timeLimit(.minutes(25))) struct ManyAccountsTests {
  /// Settings with one account for each user.
  private func settings(
    _ accounts: [Account], in state: FilePath
  ) -> ExchangeSettings {
    ExchangeSettings(
      source: state.appending("filsluse.yaml"), accounts: accounts,
      watch: WatchSettings(
        database: state.appending("watch.sqlite"),
        infRefRules: [
          InfRefRule(
            accounts: accounts.map(\.name), infRef: .sf7002,
            pickUp: PickUpLimit(within: RulePeriod(.seconds(3600))))
        ]))
  }

  private func account(_ number: Int, at server: SSHServer) async throws -> Account {
    let user = try await server.addUser("user-\(number)")
    for name in ["IN", "OUT"] { try makeFolder(user.folder.appending(name)) }
    return Account(
      name: "account-\(number)", host: server.host, port: server.port, user: user.name, key: user.keyFile,
      hostKeys: .pinned([server.fingerprint]))
  }

  private func makeFolder(_ path: FilePath) throws {
    try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
  }

  @Test(
    "looks into twenty accounts at a server that takes few logins at a time without a false alert",
    arguments: ["MaxStartups 10:30:100", "MaxStartups 4:100:4"])
  func fewLoginsAtATime(line: String) async throws {
    try await withScratchFolder("watch") { folder in
      let server = try await SSHServer.start(
        in: folder.appending("server"), SSHServer.Options(extraLines: [line]))
      var accounts: [Account] = []
      for number in 0..<20 { accounts.append(try await account(number, at: server)) }
      let reports = try await WatchOnce(settings: settings(accounts, in: folder), logger: WatchedServer.quiet).run()
      #expect(reports.count == 20)
      #expect(reports.compactMap(\.failure).isEmpty, "\(reports.compactMap(\.failure))")
      #expect(reports.flatMap(\.findings).isEmpty)
      try await server.stop()
    }
  }

  @Test("ends an endless look, keeps nothing of it, and looks into the account beside it")
  func anEndlessListing() async throws {
    try await withScratchFolder("watch") { folder in
      let endless = try await SSHServer.start(
        in: folder.appending("endless"),
        SSHServer.Options(extraLines: [try EndlessServer.freshNames.configuration(in: folder)]))
      let sound = try await SSHServer.start(in: folder.appending("sound"))
      var first = try await account(1, at: endless)
      first.listing.names = 20_000
      let settings = settings([first, try await account(2, at: sound)], in: folder)
      for _ in 0..<2 {
        let reports = try await WatchOnce(settings: settings, logger: WatchedServer.quiet).run()
        #expect(reports.map { $0.failure == nil } == [false, true])
        #expect(reports.first?.findings.map(\.kind) == [.listingFailed])
        #expect(reports.first?.failure?.description.contains("more than 20000 names") == true)
        #expect((reports.first?.state?.files ?? 0) == 0)
      }
      try await endless.stop()
      try await sound.stop()
    }
  }
}
