import ExchangeSettings
import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

@testable import LocalPlatform
import TriggerFiles

/// Plans that users write.
@Suite(.timeLimit(.minutes(25))) struct PlanFileTests {
  private static let text = """
    metadata-root: Trigger
    receipt-delay: 50ms
    systems:
      vores:
        title: Our own
        it-system: 0d8a7a5c-1111-4222-8333-444455556666
        authority: "55133018"
        key: own/key
        public-keys: further.pub
      flis:
        it-system: 0d8a7a5c-1111-4222-8333-444455557777
        authority: "64942212"
    routes:
      flis-0751:
        infref: FagsystemdefineredeDataRefGDPR1203_1
        from: vores
        to: flis
        authority: "55133018"
        municipality: Aarhus
      svar:
        infref: Finansbilag_1
        kind: implicit
        from: flis
        to: vores
        sender-authority: "64942212"
        recipient-authority: "55133018"

    """

  private static func write(_ text: String, in folder: FilePath) throws -> FilePath {
    let file = folder.appending("plan.yaml")
    try file.write(text)
    try folder.appending("further.pub").write(
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIDNAVtaiIeoXOHSiCrJFZKBBkjXNImwqlfbAqA3ZBfO next\n")
    return file
  }

  @Test("reads a plan with keys, timing and both kinds of routes, and writes it back")
  func reading() async throws {
    try await withScratchFolder { folder in
      let file = try PlatformPlanFile(reading: try Self.write(Self.text, in: folder))
      #expect(file.behaviour.metadataRoot == .trigger && file.behaviour.receiptDelay == .milliseconds(50))
      #expect(file.ownRoots && file.settle == .seconds(2))
      let system = try #require(file.plan.system(named: "vores"))
      #expect(system.title == "Our own" && system.keyFile == folder.appending("own").appending("key"))
      #expect(system.furtherKeys.map(\.algorithm) == ["ssh-ed25519"])
      #expect(file.plan.routes.map(\.kind) == [.explicit, .implicit])
      #expect(file.plan.routes.map(\.municipality) == ["0751", nil])
      #expect(file.plan.routes.map(\.recipientAuthority.digits) == ["55133018", "55133018"])
      var again = try PlatformPlanFile(reading: Self.write(file.yaml(), in: folder))
      // Further keys are files that the plan does not know any more.
      again.plan.systems[0].furtherKeys = file.plan.systems[0].furtherKeys
      #expect(again == file)
    }
  }

  @Test("the sample of a plan can be read")
  func sample() throws {
    let sample = FilePath(#filePath).removingLastComponent().pushing("../../../Samples/plan.yaml").lexicallyNormalized()
    #expect(try PlatformPlanFile(reading: sample).plan.routes.map(\.name) == ["flis-0751"])
  }

  @Test("says everything that is wrong with a plan, with line and column")
  func wrong() async throws {
    try await withScratchFolder { folder in
      let wrong = Self.text.replacing("from: vores", with: "from: vore").replacing("\"64942212\"", with: "6494221X")
        .replacing("further.pub", with: "none.pub").replacing("receipt-delay", with: "recept-delay")
        .replacing("Aarhus", with: "Aarhuus").replacing("  vores:", with: "  Vores:")
      let file = try Self.write(wrong, in: folder)
      let error = #expect(throws: SettingsError.self) { try PlatformPlanFile(reading: file) }
      let places = error?.problems.map { "\($0.line ?? 0) \($0.keyPath)" } ?? []
      #expect(
        places == [
          "2 recept-delay", "5 systems.Vores", "9 systems.Vores.public-keys", "12 systems.flis.authority",
          "16 routes.flis-0751.from",
          "19 routes.flis-0751.municipality", "24 routes.svar.to", "25 routes.svar.sender-authority",
        ], "\(error.map { "\($0)" } ?? "")")
      let missing = #expect(throws: SettingsError.self) { try PlatformPlanFile(reading: folder.appending("none")) }
      #expect(missing?.description.contains("name the plan's file") == true)
    }
  }

  @Test("a platform by a plan takes the plan's keys after a restart too, and writes metadata with the older root")
  func platform() async throws {
    try await withScratchFolder { scratch in
      let made = try await ServerPrograms.run(
        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(scratch)/next"])
      #expect(made.succeeded, "\(made.text)")
      var file = try PlatformPlanFile(
        reading: Self.write(Self.text.replacing("further.pub", with: "next.pub"), in: scratch))
      file.ownRoots = false
      let plan = file.plan
      let options = LocalPlatform.Options(file)
      for round in 1...2 {
        try await withLocalPlatform(at: scratch.appending("p"), plan: plan, options: options, logger: .silent) {
          platform in
          #expect(try platform.settings(for: "vores").accounts.first?.keys == [.file(scratch.pushing("own/key"))])
          let own = try #require(platform.user(of: "vores"))
          let next = SSHUser(
            name: own.name, folder: own.folder, keyFile: scratch.appending("next"), publicKey: own.publicKey)
          for user in [own, next] {
            let client = try OpenSSHClient(
              port: platform.port, knownHosts: platform.knownHostsLine, user: user, scratch: scratch)
            let said = await client.batch("ls IN")
            #expect(said.succeeded, "\(said.text)")
          }
          let name = "f\(round)"
          let trigger = HandWrittenTrigger(name, size: 1).with {
            $0.sender = "vores"
            $0.senderSystem = "0d8a7a5c-1111-4222-8333-444455556666"
            $0.recipientSystem = "0d8a7a5c-1111-4222-8333-444455557777"
            $0.senderAuthority = "55133018"
            $0.recipientAuthority = "55133018"
          }
          try platform.deliver(name, "x", trigger, from: "vores")
          try await platform.expectReceipt(name, of: "vores")
          let metadata = try platform.inFolder(of: "flis").appending("\(name).metadata").text()
          #expect(metadata.contains(":Trigger") && metadata.contains("FileTransferUUID"))
        }
      }
    }
  }

  @Test("gives each user a root of their own where it can, and says why where it cannot")
  func ownRoots() async throws {
    try await withScratchFolder { scratch in
      let plan = try PlatformPlanFile(reading: try Self.write(Self.text, in: scratch)).plan
      let options = LocalPlatform.Options(ownRoots: true)
      try await withLocalPlatform(at: scratch.appending("p"), plan: plan, options: options, logger: .silent) {
        platform in
        let user = try #require(platform.user(of: "flis"))
        let client = try OpenSSHClient(
          port: platform.port, knownHosts: platform.knownHostsLine, user: user, scratch: scratch)
        let said = await client.batch("pwd")
        #expect(said.succeeded, "\(said.text)")
        let root = said.text.contains("Remote working directory: /\n")
        #expect(root == (platform.noOwnRootsBecause == nil), "\(said.text)")
        #expect(
          platform.noOwnRootsBecause == OwnRoots.obstacle(in: platform.folder(of: "flis").removingLastComponent()))
      }
    }
  }

  @Test("makes a plan of the settings' own routes, with the systems at both ends")
  func ofRoutes() async throws {
    try await withScratchFolder { folder in
      let source = folder.appending("filsluse.yaml")
      try source.write(
        """
        accounts:
          fag: { host: h, user: FAG_system, key: k, host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], it-system: 0d8a7a5c-1111-4222-8333-444455556666, authority: "55133018" }
        routes-file: routes.csv

        """)
      try folder.appending("routes.csv").write(
        """
        name;template;direction;account;infref;municipality;authority;recipient-it-system;sender-it-system
        @flis;;;fag;FagsystemdefineredeDataRefGDPR1203_1;;;0d8a7a5c-1111-4222-8333-444455557777;
        ;flis;;;;0101;64942212;;
        ;flis;;;;0751;55133018;;
        sortiment;;in;fag;SortimentOverfør_1;;55133018;0d8a7a5c-1111-4222-8333-444455556666;0d8a7a5c-1111-4222-8333-444455558888

        """)
      let (settings, register) = try ExchangeSettings.loadWithRegister(source)
      let plan = PlatformPlan(of: settings, register: register)
      #expect(plan.systems.map(\.name) == ["fag_system", "flis", "sortiment"])
      #expect(plan.routes.map(\.name) == ["flis-0101", "flis-0751", "sortiment"])
      #expect(plan.routes.map(\.recipient) == ["flis", "flis", "fag_system"])
      #expect(plan.routes.map(\.municipality) == ["0101", "0751", nil])
      // A route says whom its files are for, and not to whom the system at its end belongs.
      #expect(plan.systems.map(\.authority.digits) == ["55133018", "99009004", "99009004"])
      #expect(plan.routes.map(\.recipientAuthority.digits) == ["64942212", "55133018", "55133018"])
      try plan.check()
      #expect(try PlatformPlanFile(reading: Self.write(PlatformPlanFile(plan: plan).yaml(), in: folder)).plan == plan)
    }
  }

  @Test("keeps port and key of an account that trusts the platform's host key, and of none that is a tunnel's")
  func ofTrial() async throws {
    try await withScratchFolder { folder in
      let source = folder.appending("filsluse.yaml")
      try source.write(
        """
        accounts:
          tunnel: { host: 127.0.0.1, port: 2022, user: tunnel, key: keys/tunnel, host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], it-system: 0d8a7a5c-1111-4222-8333-444455558888 }
          stated: { host: 127.0.0.1, port: 2023, environment: production, user: stated, key: keys/stated, known-hosts: trial/known_hosts, it-system: 0d8a7a5c-1111-4222-8333-444455559999 }
          fag: { host: 127.0.0.1, port: 22022, user: fag, key: keys/fag, known-hosts: trial/known_hosts, it-system: 0d8a7a5c-1111-4222-8333-444455556666, authority: "55133018" }
          away: { host: h, port: 2222, user: away, key: keys/away, host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], it-system: 0d8a7a5c-1111-4222-8333-444455557777 }

        """)
      let file = PlatformPlanFile(
        of: try ExchangeSettings.load(source), register: nil, directory: folder.appending("trial"))
      #expect(file.port == 22022)
      // The same folder by another name is the same platform's.
      let byAnotherName = folder.appending("other").appending("..").appending("trial")
      let again = PlatformPlanFile(of: try ExchangeSettings.load(source), register: nil, directory: byAnotherName)
      #expect(again == file)
      #expect(file.plan.systems.map(\.keyFile) == [nil, nil, folder.appending("keys").appending("fag"), nil])
      #expect(try PlatformPlanFile(reading: Self.write(file.yaml(), in: folder)) == file)
    }
  }
}
