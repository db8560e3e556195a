import FilsluseBase
import FoundationEssentials
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import LocalPlatform

/// A running platform whose plan changes.
@Suite(.timeLimit(.minutes(25))) struct PlanChangeTests {
  /// The demo's plan without the route that ``HandWrittenTrigger`` goes by.
  private static var lacking: PlatformPlan {
    var plan = PlatformPlan.demo
    plan.routes.removeAll {
      $0.sender == "fagsystem" && $0.recipient == "flis" && $0.senderAuthority.digits == "99000101"
    }
    return plan
  }

  /// The demo's plan without a system and its routes.
  private static var withoutFaktura: PlatformPlan {
    var plan = PlatformPlan.demo
    plan.systems.removeAll { $0.name == "faktura" }
    plan.routes.removeAll { $0.sender == "faktura" || $0.recipient == "faktura" }
    return plan
  }

  private static let newcomer = PlatformSystem(
    name: "ny", title: "ny", itSystem: .made(for: "a system of this test"), authority: .ofTestSeries("9005"))

  private static func options(port: UInt16? = nil) -> LocalPlatform.Options {
    var options = LocalPlatform.Options(port: port)
    options.followsPlan = true
    return options
  }

  private static func outcome(_ receipt: FilePath) throws -> TechnicalReceipt.Outcome {
    try TechnicalReceipt(reading: receipt.bytes()).outcome
  }

  @Test("accepts or refuses a delivery only by a plan that was compared with its files after the delivery was taken")
  func decidesByTheCurrentPlan() async throws {
    try await withDemoPlatform(Self.options()) { platform, _ in
      #expect(try await platform.goOn(by: Self.lacking, Self.options()))
      #expect(platform.plan == Self.lacking)
      func deliver(_ name: String) async throws {
        try platform.deliver(name, "indhold", HandWrittenTrigger(name, size: 7), from: "fagsystem")
        #expect(try await eventually { try platform.outFolder(of: "fagsystem").names() == [] })
        // Several looks of the router.
        try await Task.sleep(for: .milliseconds(300))
        #expect(try platform.inFolder(of: "fagsystem").names() == [], "\(name) waits")
      }
      func expectRefusal(_ name: String) async throws {
        let receipt = try await platform.expectReceipt(name, of: "fagsystem")
        let refused = try Self.outcome(receipt)
        guard case .errors(let errors) = refused else {
          Issue.record("\(name): \(refused)")
          return
        }
        #expect(errors.map(\.code) == [RefusalCode.routeNotOrdered.rawValue], "\(name)")
        unlink(receipt.string)
      }
      // The former plan refuses it, and the present one accepts it.
      try await deliver("a.csv")
      #expect(try await platform.goOn(by: .demo, Self.options()))
      platform.noteComparison(startedAt: ContinuousClock.now)
      let first = try await platform.expectReceipt("a.csv", of: "fagsystem")
      let accepted = try Self.outcome(first)
      #expect(accepted == .receipt(message: "SUCCESS"))
      unlink(first.string)

      // The former plan accepts it, and the present one refuses it.
      try await deliver("b.csv")
      #expect(try await platform.goOn(by: Self.lacking, Self.options()))
      platform.noteComparison(startedAt: ContinuousClock.now)
      try await expectRefusal("b.csv")
      #expect(!platform.inFolder(of: "flis").appending("b.csv").exists)

      let early = ContinuousClock.now
      try await deliver("c.csv")
      platform.noteComparison(startedAt: early)
      try await Task.sleep(for: .milliseconds(300))
      #expect(
        try platform.inFolder(of: "fagsystem").names() == [], "a comparison from before it was taken says nothing")
      platform.noteComparison(startedAt: ContinuousClock.now)
      try await expectRefusal("c.csv")
    }
  }

  @Test("a session stays connected while routes and systems come and go, and a new system can log on")
  func sessionStays() async throws {
    try await withDemoPlatform { platform, scratch in
      let client = try OpenSSHClient(platform, system: "fagsystem", scratch: scratch)
      let hasEnded = Locked(false)
      let session = Task {
        defer { hasEnded.withLock { $0 = true } }
        try await client.stayLoggedOn()
      }
      let server = platform.directory.appending("server")
      let isOpen = try await eventually {
        try server.appending("sshd.log").text().contains("forced-command (config) 'internal-sftp")
      }
      try #require(isOpen, "no session within the time")
      let listener = try server.appending("sshd.pid").text()

      var plan = Self.lacking
      #expect(try await platform.goOn(by: plan, LocalPlatform.Options()))
      plan.systems.append(Self.newcomer)
      plan.systems.removeAll { $0.name == "faktura" }
      plan.routes.removeAll { $0.sender == "faktura" || $0.recipient == "faktura" }
      #expect(try await platform.goOn(by: plan, LocalPlatform.Options()))
      #expect(platform.settingsFile(of: "ny").exists)
      let newcomer = try OpenSSHClient(platform, system: "ny", scratch: scratch)
      let said = await newcomer.batch("ls")
      #expect(said.succeeded && said.text.contains("OUT"), "\(said.text)")
      // As the server's end would show, within a moment.
      try await Task.sleep(for: .milliseconds(500))
      #expect(!hasEnded.withLock { $0 }, "the session is still there")
      #expect(try server.appending("sshd.pid").text() == listener)
      session.cancel()
    }
  }

  @Test(
    "a system gone from the plan cannot log on, also after another start, keeps its files, and can log on once it is back"
  )
  func goneSystem() async throws {
    try await withScratchFolder { folder in
      try await withScratchFolder { scratch in
        let user = try await withLocalPlatform(at: folder, plan: .demo, logger: .silent) { platform -> SSHUser in
          let user = try #require(platform.user(of: "faktura"))
          try platform.inFolder(of: "faktura").appending("a.csv").write("indhold")
          let pidFile = platform.directory.appending("server").appending("sshd.pid")
          let listener = try pidFile.text()
          try await Self.expectLogin(true, of: user, on: platform, scratch)
          #expect(try await platform.goOn(by: Self.withoutFaktura, LocalPlatform.Options()))
          try await Self.expectLogin(false, of: user, on: platform, scratch)
          #expect(try await platform.goOn(by: .demo, LocalPlatform.Options()))
          try await Self.expectLogin(true, of: user, on: platform, scratch)
          #expect(try pidFile.text() == listener)
          return user
        }
        try await withLocalPlatform(at: folder, plan: Self.withoutFaktura, logger: .silent) { platform in
          try await Self.expectLogin(false, of: user, on: platform, scratch)
          #expect(try await platform.goOn(by: .demo, LocalPlatform.Options()))
          try await Self.expectLogin(true, of: user, on: platform, scratch)
        }
      }
    }
  }

  /// Logs on as the user, which the server allows or refuses; the file in its IN is there.
  private static func expectLogin(
    _ isAllowed: Bool, of user: SSHUser, on platform: LocalPlatform, _ scratch: FilePath
  ) async throws {
    let client = try OpenSSHClient(
      port: platform.port, knownHosts: platform.knownHostsLine, user: user, scratch: scratch)
    let said = await client.batch("ls IN")
    #expect(said.succeeded == isAllowed, "\(said.text)")
    #expect(said.text.contains(isAllowed ? "a.csv" : "Permission denied"), "\(said.text)")
    #expect(platform.inFolder(of: user.name).appending("a.csv").exists)
  }

  @Test("goes on by the former plan where another one cannot be used, or asks for another start")
  func formerPlanStays() async throws {
    try await withDemoPlatform { platform, scratch in
      var unusable = PlatformPlan.demo
      let other = try #require(platform.user(of: unusable.systems[1].name))
      let server = platform.directory.appending("server")
      let keys = server.appending("authorized_keys").appending(unusable.systems[0].name)
      let formerKeys = try keys.text()
      let formerUsers = try server.appending("passwd").text()
      unusable.systems[0].furtherKeys = [other.publicKey]
      try scratch.appending("broken").write("nonsense")
      unusable.systems[1].keyFile = scratch.appending("broken")
      unusable.systems.insert(Self.newcomer, at: 0)
      await #expect(throws: PlatformError.self) { try await platform.goOn(by: unusable, LocalPlatform.Options()) }
      #expect(platform.plan == .demo)
      #expect(try keys.text() == formerKeys, "the first system has its former keys")
      #expect(try server.appending("passwd").text() == formerUsers, "the new system cannot log on")
      var otherPort = Self.options()
      otherPort.port = platform.port == 65_535 ? 65_534 : platform.port + 1
      #expect(try await platform.goOn(by: Self.lacking, otherPort) == false)
      #expect(platform.plan == .demo)
      #expect(try await platform.goOn(by: Self.lacking, Self.options(port: platform.port)))
      #expect(platform.plan == Self.lacking)
    }
  }
}
