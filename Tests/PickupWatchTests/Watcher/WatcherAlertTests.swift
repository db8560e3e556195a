import ExchangeSettings
import FileExchange
import FilsluseBase
import Foundation
import LocalPlatform
import Logging
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// The daemon's alerts about a real platform, and their resolution after the repair. Each notification is with both
/// sinks, a program and a webhook, within two looks.
@Suite(.timeLimit(.minutes(25))) struct WatcherAlertTests {
  private static let sortiment = "SortimentOverfør_1"
  private static let lookEvery = Duration.seconds(3)

  /// The demo's sender and receiver of the sortiment, watched over a line of their own each.
  private static func settings(
    _ platform: LocalPlatform, _ folder: FilePath, ports: [String: UInt16] = [:]
  ) throws -> ExchangeSettings {
    let accounts = try ["fk-kla", "faktura"].map { name in
      let user = try #require(platform.user(of: name))
      return Account(
        name: name, host: platform.host, port: ports[name] ?? platform.port, user: user.name, key: user.keyFile,
        hostKeys: .pinned([platform.hostKeyFingerprint]))
    }
    return ExchangeSettings(
      source: folder.appending("filsluse.yaml"), accounts: accounts,
      watch: WatchSettings(
        database: folder.appending("watch.sqlite"), lookEvery: lookEvery,
        accountRules: [
          AccountRule(
            accounts: ["fk-kla", "faktura"], halfPairAfter: .seconds(3), stalledAfter: .seconds(3), line: 9)
        ]))
  }

  /// Delivers a file of the sortiment, as the classification system does, to the platform's router.
  private static func deliver(_ name: String, _ platform: LocalPlatform, to authority: String = "99000751") throws {
    let file = try DataFileDescriptor(
      fileName: name, sizeInBytes: 4, sender: "fk-kla", recipients: ["ROUTING_V1_0_0"])
    let routing = try RoutingInfo(
      infRef: InfRef(unchecked: sortiment), senderITSystem: SystemID("f1150000-0000-4000-8000-000000000001"),
      senderAuthority: CVRNumber("99009001"), transactionID: .random(), senderTimestamp: .now(),
      recipientITSystem: SystemID("f1150000-0000-4000-8000-000000000002"), recipientAuthority: CVRNumber(authority))
    let trigger = Trigger(fileDescriptor: file, fileContentDescriptor: .routing(routing))
    try WatchedServer.write(Array("data".utf8), to: platform.outFolder(of: "fk-kla").appending(name))
    try WatchedServer.write(trigger.xml(), to: platform.outFolder(of: "fk-kla").appending("\(name).trigger"))
  }

  private static func remove(_ name: String, from folder: FilePath) throws {
    try FileManager.default.removeItem(atPath: folder.appending(name).string)
  }

  /// The time at which an alert's limit was reached.
  private static func due(_ alert: SentNotification) throws -> Timestamp {
    try #require(alert.due.flatMap(Timestamp.init))
  }

  private static func withPlatform(
    _ body: @escaping @Sendable (LocalPlatform, FilePath) async throws -> Void
  ) async throws {
    try await withScratchFolder("daemon") { folder in
      try await withLocalPlatform(at: folder.appending("platform"), plan: .demo, logger: WatchedServer.quiet) {
        try await body($0, folder)
      }
    }
  }

  @Test("reports late and incomplete files")
  func filesThatLieTooLongOrAreNotWhole() async throws {
    try await Self.withPlatform { platform, folder in
      var settings = try Self.settings(platform, folder)
      settings.watch.infRefRules = [
        InfRefRule(
          accounts: ["faktura"], infRef: .sf7002,
          pickUp: PickUpLimit(within: RulePeriod(.seconds(3)), warnAt: 100), line: 3)
      ]
      let inbox = platform.inFolder(of: "faktura")
      try await WatcherAtWork.with(settings, in: folder) { work in
        try await work.until("a look") { !work.looks("faktura").isEmpty }
        try Self.deliver("sortiment.xml", platform)
        try WatchedServer.write(Array("da".utf8), to: inbox.appending("alene.csv"))
        try WatchedServer.write(Array("da".utf8), to: inbox.appending("halv.csv"))
        try WatchedServer.write(
          try WatchedServer.metadata("halv.csv", size: 4, infRef: WatchedServer.extract),
          to: inbox.appending("halv.csv.metadata"))
        var alerts: [SentNotification] = []
        for (kind, severity, file) in [
          (Finding.Kind.pickUpLate, "critical", "sortiment.xml"), (.dataWithoutMetadata, "warning", "alene.csv"),
          (.stoppedGrowing, "warning", "halv.csv"),
        ] {
          let alert = try await work.alert(kind, "faktura")
          #expect(alert.fileName == file && alert.severity == severity && alert.number == 1)
          try await work.expectPrompt(alert, after: try Self.due(alert))
          alerts.append(alert)
        }
        #expect(alerts[0].orderForm == "SF7002" && alerts[0].infRef == Self.sortiment && alerts[0].sender == "fk-kla")
        // The receiver fetches, the metadata comes, the rest comes.
        try Self.remove("sortiment.xml", from: inbox)
        try Self.remove("sortiment.xml.metadata", from: inbox)
        try WatchedServer.write(
          try WatchedServer.metadata("alene.csv", size: 2, infRef: WatchedServer.extract),
          to: inbox.appending("alene.csv.metadata"))
        try WatchedServer.write(Array("data".utf8), to: inbox.appending("halv.csv"))
        for alert in alerts {
          let end = try await work.end(of: alert)
          #expect(end.number == 2 && end.id != alert.id)
        }
        #expect(try work.notifications().count == 6)
      }
    }
  }

  @Test("a file that is expected and does not come")
  func aFileThatIsExpectedAndDoesNotCome() async throws {
    try await Self.withPlatform { platform, folder in
      var settings = try Self.settings(platform, folder)
      // Ten seconds to the next full minute, by the watcher's clock.
      let clock = try #require(WallClock(zone: settings.watch.timeZone))
      let now = Timestamp.now
      let ahead = Duration.milliseconds(50_000 - now.millisecondsSince1970 % 60_000)
      let deadline = now.later(by: ahead + .seconds(10))
      let reading = clock.reading(at: deadline.later(by: .milliseconds(5)))
      let minute = reading.minute
      settings.watch.infRefRules = [
        InfRefRule(
          accounts: ["faktura"], infRef: .sf7002,
          expected: ExpectedFiles(rhythm: Rhythm(.daily, byMinute: minute)),
          line: 4)
      ]
      try await WatcherAtWork.with(settings, in: folder, ahead: ahead) { work in
        let alert = try await work.alert(.expectedMissing, "faktura")
        // There was no look in the twelve hours before the test: it may have come and gone, so it is only a warning.
        #expect(alert.severity == "warning" && alert.infRef == "SF7002" && alert.number == 1)
        try await work.expectPrompt(alert, after: deadline)
        try Self.deliver("sent.xml", platform)
        try await work.end(of: alert)
      }
    }
  }

  @Test("a receipt that reports an error")
  func aReceiptThatReportsAnError() async throws {
    try await Self.withPlatform { platform, folder in
      try await WatcherAtWork.with(try Self.settings(platform, folder), in: folder) { work in
        try await work.until("a look") { !work.looks("fk-kla").isEmpty }
        try Self.deliver("ukendt.xml", platform, to: "99000999")
        let receipt = platform.inFolder(of: "fk-kla").appending("ukendt.xml.sftpreceipt")
        try await work.until("the receipt") { FileManager.default.fileExists(atPath: receipt.string) }
        let came = Timestamp.now
        let alert = try await work.alert(.receiptError, "fk-kla")
        #expect(alert.severity == "critical" && alert.fileName == "ukendt.xml" && alert.detail?.isEmpty == false)
        try await work.expectPrompt(alert, after: came)
        try Self.remove("ukendt.xml.sftpreceipt", from: platform.inFolder(of: "fk-kla"))
        try await work.end(of: alert)
      }
    }
  }

  @Test("a platform that stops and comes back with another key")
  func aPlatformThatStopsAndComesBackWithAnotherKey() async throws {
    try await withScratchFolder("daemon") { folder in
      let place = folder.appending("platform")
      let settings = try await withLocalPlatform(at: place, plan: .demo, logger: WatchedServer.quiet) {
        try Self.settings($0, folder)
      }
      try await WatcherAtWork.with(settings, in: folder) { work in
        // No server is there at first: one alert for both accounts.
        let refused = try await work.alert(.serverUnreachable, "")
        try await withLocalPlatform(at: place, plan: .demo, logger: WatchedServer.quiet) { _ -> Void in
          _ = try await work.end(of: refused)
        }
        let stopped = Timestamp.now
        let gone = try await work.alert(.serverUnreachable, "", after: [refused.episode])
        #expect(gone.severity == "critical")
        try await work.expectPrompt(gone, of: "faktura", after: stopped)
        for file in ["host_ed25519_key", "host_ed25519_key.pub"] {
          let path = place.appending("server").appending(file).string
          try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
        }
        let changed = try await withLocalPlatform(at: place, plan: .demo, logger: WatchedServer.quiet) { _ in
          // Both accounts are shown it: one alert again.
          let changed = try await work.alert(.hostKeyChanged, "")
          #expect(changed.severity == "critical" && changed.detail?.contains("SHA256:") == true)
          return changed
        }
        for file in ["host_ed25519_key", "host_ed25519_key.pub"] {
          let path = place.appending("server").appending(file).string
          try FileManager.default.removeItem(atPath: path)
          try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
        }
        try await withLocalPlatform(at: place, plan: .demo, logger: WatchedServer.quiet) { _ -> Void in
          _ = try await work.end(of: gone)
          _ = try await work.end(of: changed)
        }
      }
    }
  }

  @Test("another server at the end of the line")
  func anotherServerAtTheEndOfTheLine() async throws {
    try await Self.withPlatform { platform, folder in
      try await withTestServer { other in
        #expect(other.fingerprint != platform.hostKeyFingerprint)
        let line = try TCPProxy(to: platform.port)
        let settings = try Self.settings(platform, folder, ports: ["faktura": line.port])
        try await WatcherAtWork.with(settings, in: folder) { work in
          try await work.until("a look") { work.looks("faktura").count > 1 }
          line.target = other.port
          line.cutAll()
          let cut = Timestamp.now
          let alert = try await work.alert(.hostKeyChanged, "faktura")
          #expect(alert.severity == "critical" && alert.number == 1)
          #expect(alert.detail?.contains(other.fingerprint.description) == true, "\(alert.detail ?? "-")")
          try await work.expectPrompt(alert, after: cut)
          #expect(await work.inbox("fk-kla")?.failedLooks == 0)
          line.target = platform.port
          try await work.end(of: alert)
          #expect(try work.notifications().count == 2)
        }
        line.stop()
      }
    }
  }

  @Test("a login that is refused after the connection broke")
  func aLoginThatIsRefusedAfterTheConnectionBroke() async throws {
    try await Self.withPlatform { platform, folder in
      let line = try TCPProxy(to: platform.port)
      var settings = try Self.settings(platform, folder, ports: ["faktura": line.port])
      let key = folder.appending("key")
      let user = try #require(platform.user(of: "faktura"))
      try FileManager.default.copyItem(atPath: user.keyFile.string, toPath: key.string)
      settings.accounts[1].keys = [.file(key)]
      try await WatcherAtWork.with(settings, in: folder) { work in
        try await work.until("a look") { work.looks("faktura").count > 1 }
        // Another user's key.
        let other = try #require(platform.user(of: "flis"))
        try FileManager.default.removeItem(atPath: key.string)
        try FileManager.default.copyItem(atPath: other.keyFile.string, toPath: key.string)
        // As long as the connection holds, the key is not used.
        let seen = work.looks("faktura").count
        try await work.until("two looks more") { work.looks("faktura").count > seen + 1 }
        #expect(try work.notifications().isEmpty)
        line.cutAll()
        let cut = Timestamp.now
        let alert = try await work.alert(.loginFailed, "faktura")
        #expect(alert.severity == "critical")
        try await work.expectPrompt(alert, after: cut)
        try FileManager.default.removeItem(atPath: key.string)
        try FileManager.default.copyItem(atPath: user.keyFile.string, toPath: key.string)
        try await work.end(of: alert)
        #expect(try work.notifications().count == 2)
      }
      line.stop()
    }
  }
}
