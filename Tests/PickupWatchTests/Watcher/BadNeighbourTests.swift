import ExchangeSettings
import FileExchange
import FilsluseBase
import Foundation
import LocalPlatform
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing

/// Accounts that are dead, silent or stuck beside one that is well.
@Suite(.timeLimit(.minutes(25))) struct BadNeighbourTests {
  private static func logins(_ server: TestServer) throws -> Int {
    let log = try String(contentsOfFile: server.server.log.string, encoding: .utf8)
    // sshd ends its lines with CR LF, which is one character.
    return log.split(whereSeparator: \.isNewline).count { $0.contains("Accepted publickey for \(server.user.name) ") }
  }

  /// A healthy account, and others of the same user on other lines.
  private static func settings(
    _ server: TestServer, _ folder: FilePath, others: [String: UInt16] = [:]
  ) -> ExchangeSettings {
    var settings = WatchedServer(server, state: folder).settings
    settings.watch.lookEvery = .milliseconds(500)
    for (name, port) in others.sorted(by: { $0.key < $1.key }) {
      var other = settings.accounts[0]
      other.name = name
      other.port = port
      settings.accounts.append(other)
      settings.watch.infRefRules[0].accounts.append(name)
    }
    return settings
  }

  @Test("no unreachable, silent or stuck server delays another account")
  func noneOfThemDelaysAnother() async throws {
    try await withScratchFolder("neighbours") { folder in
      try await withTestServer { server in
        let silent = try LoopbackHTTP(.hangs)
        defer { withExtendedLifetime(silent) {} }
        let line = try TCPProxy(to: server.port)
        let settings = Self.settings(
          server, folder, others: ["dead": 1, "silent": silent.port, "stuck": line.port])
        for number in 0..<300 {
          try WatchedServer.write(
            [1], to: server.inbox.appending("fil \(number) \(String(repeating: "x", count: 150))"))
        }
        let ended = try await WatcherAtWork.with(settings, in: folder) { work in
          try await work.until("looks into the two that are well") {
            work.looks("a").count > 1 && work.looks("stuck").count > 1
          }
          // The next listing of the one gets stuck in its middle.
          line.conditions.bytesPerSecond = 20_000
          let carried = line.carried(.toClient)
          try await work.until("a listing under way") { line.carried(.toClient) > carried + 4000 }
          line.stall()
          let before = work.looks("a").count
          let stuck = work.looks("stuck").count
          try await work.until("twelve looks") { work.looks("a").count >= before + 12 }
          // Looks are counted, not timed: one that hangs lasts half a minute, and twelve elsewhere do not wait for it.
          #expect(work.looks("stuck").count <= stuck + 1)
          for account in ["stuck", "silent"] {
            #expect(try #require(await work.inbox(account)).failedLooks <= 3, "\(account)")
          }
          #expect(work.looks("silent").isEmpty)
          _ = try await work.alert(.serverUnreachable, "dead")
          #expect(try work.notifications().allSatisfy { $0.account != "a" })
        }
        // It ends within seconds although two of them hang.
        #expect(ended < .seconds(20), "\(ended)")
        line.stop()
      }
    }
  }

  @Test("keeps connections, and reconnects after a cut without an alert")
  func connectionsAreKeptAndOneThatWasCutIsMadeAnewWithoutAWord() async throws {
    try await withScratchFolder("kept") { folder in
      try await withTestServer { server in
        let line = try TCPProxy(to: server.port)
        var settings = Self.settings(server, folder)
        settings.accounts[0].port = line.port
        try await WatcherAtWork.with(settings, in: folder) { work in
          try await work.until("ten looks") { work.looks("a").count >= 10 }
          #expect(line.connectionsMade == 1)
          #expect(try Self.logins(server) == 1)
          for (round, ending) in [TCPProxy.Ending.closed, .reset].enumerated() {
            line.cutAll(ending)
            let before = work.looks("a").count
            try await work.until("looks after a cut") { work.looks("a").count >= before + 3 }
            #expect(line.connectionsMade == round + 2)
          }
          let logins = try Self.logins(server)
          #expect(logins == 3)
          #expect(try work.notifications().isEmpty)
          #expect(await work.inbox("a")?.failedLooks == 0)
        }
        line.stop()
      }
    }
  }
}
