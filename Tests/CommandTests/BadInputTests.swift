import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// The answers to the most frequent mistakes: a clear error, its exit status, and nothing lost.
@Suite(.timeLimit(.minutes(25))) struct BadInputTests {
  /// A running platform, settings of its fagsystem that a test may spoil, and a file to send.
  private struct Stage: Sendable {
    let platform: LocalPlatform
    let folder: FilePath
    let settings: ExchangeSettings

    /// Runs the command with settings that `spoil` has changed.
    func run(
      _ arguments: [String], spoil: (inout ExchangeSettings) -> Void = { _ in }
    ) async throws -> BuiltCommand.Outcome {
      var spoilt = settings
      spoil(&spoilt)
      try TestFiles.write(spoilt.yaml(), to: spoilt.source)
      return try await BuiltCommand.run(arguments + ["--config", spoilt.source.string], in: folder)
    }

    /// True if OUT is empty.
    var outIsEmpty: Bool {
      get throws {
        try FileManager.default.contentsOfDirectory(atPath: platform.outFolder(of: "fagsystem").string).isEmpty
      }
    }
  }

  private static func withStage(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
    try await withScratchFolder("bad-input") { folder in
      let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      try await withLocalPlatform(at: folder.appending("platform"), plan: .demo, logger: quiet) { platform in
        var settings = try platform.settings(for: "fagsystem")
        settings.source = folder.appending("filsluse.yaml")
        settings.journal = folder.appending("journal.sqlite")
        settings.inbox = folder.appending("inbox")
        try TestFiles.write("a;b\n", to: folder.appending("udtræk_0101.csv"))
        try await body(Stage(platform: platform, folder: folder, settings: settings))
      }
    }
  }

  private static let send = ["send", "udtræk_0101.csv", "--route", "flis-0101"]

  @Test("keys and host keys that are refused")
  func keysAndHostKeysThatAreRefused() async throws {
    try await Self.withStage { stage in
      let right = stage.platform.hostKeyFingerprint.description
      let wrong = KeyFingerprint(of: [])
      let changed = try await stage.run(Self.send) { $0.accounts[0].hostKeys = .pinned([wrong]) }
      #expect(changed.status == 77)
      #expect(changed.errors.contains(right) && changed.errors.contains(wrong.description), "\(changed.errors)")

      try TestFiles.write("", to: stage.folder.appending("known_hosts"))
      let unknown = try await stage.run(Self.send) {
        $0.accounts[0].hostKeys = .knownHosts(stage.folder.appending("known_hosts"))
      }
      #expect(unknown.status == 77)
      #expect(unknown.errors.contains(right), "\(unknown.errors)")

      let flisKey = try #require(stage.platform.user(of: "flis")?.keyFile)
      let wrongKey = try await stage.run(Self.send) { $0.accounts[0].keys = [.file(flisKey)] }
      #expect(wrongKey.status == 77)

      let noKey = try await stage.run(Self.send) { $0.accounts[0].keys = [.file("/nowhere/key")] }
      #expect(noKey.status == 74)
      #expect(noKey.errors.contains("/nowhere/key"))
      #expect(try stage.outIsEmpty)

      // The refused file goes out once the settings are corrected.
      #expect(try await stage.run(Self.send).status == 0)
    }
  }

  @Test("servers that are not there")
  func serversThatAreNotThere() async throws {
    try await Self.withStage { stage in
      let refused = try await stage.run(["watch", "--once"]) {
        $0.accounts[0].port = 1
        $0.watch.infRefRules = [
          InfRefRule(
            accounts: ["fagsystem"], infRef: .sf7002,
            pickUp: PickUpLimit(within: RulePeriod(.seconds(1))))
        ]
      }
      #expect(refused.status == 2)
      #expect(refused.errors.contains("127.0.0.1"), "\(refused.errors)")
      let sending = try await stage.run(Self.send) { $0.accounts[0].port = 1 }
      #expect(sending.status == 69, "\(sending)")
    }
  }

  @Test("files routes and names that are not there or not right")
  func filesRoutesAndNamesThatAreNotThereOrNotRight() async throws {
    try await Self.withStage { stage in
      let missing = try await stage.run(["send", "borte.csv", "--route", "flis-0101"])
      #expect(missing.status == 66)
      #expect((missing.output + missing.errors).contains("borte.csv"))
      let route = try await stage.run(["send", "udtræk_0101.csv", "--route", "flis-0000"])
      #expect(route.status == 78)
      #expect((route.output + route.errors).contains("flis-0000"))
      try TestFiles.write("a", to: stage.folder.appending("a.trigger"))
      #expect(try await stage.run(["send", "a.trigger", "--route", "flis-0101"]).status == 65)
      #expect(try stage.outIsEmpty)
    }
  }

  @Test("settings that cannot be used")
  func settingsThatCannotBeUsed() async throws {
    try await withScratchFolder("bad-settings") { folder in
      try TestFiles.write("x", to: folder.appending("f"))
      try TestFiles.write("acounts: {}\n", to: folder.appending("filsluse.yaml"))
      for arguments in [["send", "f", "--route", "r"], ["receive"], ["watch", "--once"]] {
        let outcome = try await BuiltCommand.run(arguments, in: folder)
        #expect(outcome.status == 78)
        #expect(outcome.errors.hasPrefix("filsluse.yaml:1:1: error: acounts: unknown key, expected one of "))
        #expect(outcome.errors.contains("did you mean “accounts”?"))
      }
      let noFile = try await BuiltCommand.run(["receive", "--config", "nowhere.yaml"], in: folder)
      #expect(noFile.status == 78)
      #expect(noFile.errors.hasPrefix("nowhere.yaml: error: there is no such file"))
    }
  }

  @Test("an InfRef spelt wrongly in the settings")
  func anInfRefSpeltWronglyInTheSettings() async throws {
    try await Self.withStage { stage in
      let text = stage.settings.yaml().replacing(
        "FagsystemdefineredeDataRefGDPR1203_1", with: "FagsystemdefineredeDataRefGPDR1203_1")
      try TestFiles.write(text, to: stage.settings.source)
      let outcome = try await BuiltCommand.run(Self.send, in: stage.folder)
      #expect(outcome.status == 78)
      #expect(outcome.errors.contains("write FagsystemdefineredeDataRefGDPR1203_1"))
    }
  }

  @Test("data without metadata is left and named")
  func dataWithoutMetadataIsLeftAndNamed() async throws {
    try await Self.withStage { stage in
      let lonely = stage.platform.inFolder(of: "fagsystem").appending("alene.csv")
      try TestFiles.write("data", to: lonely)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -300)], ofItemAtPath: lonely.string)
      let received = try await stage.run(["receive"])
      #expect(received.status == 0 || received.status == 75, "\(received)")
      #expect(FileManager.default.fileExists(atPath: lonely.string))
      let watched = try await stage.run(["watch", "--once"]) {
        $0.watch.accountRules = [AccountRule(accounts: ["fagsystem"], halfPairAfter: .seconds(60))]
      }
      #expect(watched.status == 1)
      #expect(watched.output.contains("data-without-metadata"))
      #expect(watched.output.contains("alene.csv"))
    }
  }

  @Test("a trigger that is not XML")
  func aTriggerThatIsNotXML() async throws {
    try await Self.withStage { stage in
      let out = stage.platform.outFolder(of: "fagsystem")
      try TestFiles.write("a;b\n", to: out.appending("f.csv"))
      try TestFiles.write("no XML", to: out.appending("f.csv.trigger"))
      let receipt = stage.platform.inFolder(of: "fagsystem").appending("f.csv.sftpreceipt").string
      while !FileManager.default.fileExists(atPath: receipt) { try await Task.sleep(for: .milliseconds(100)) }
      let shown = try await BuiltCommand.run(["inspect", receipt])
      #expect(shown.status == 0, "\(shown)")
      #expect(shown.output.contains("outcome:") && shown.output.contains("refused"), "\(shown)")
      // A receipt of nothing that we sent is not ours to remove.
      #expect(try await stage.run(["receive"]).status == 0)
      #expect(FileManager.default.fileExists(atPath: receipt))
    }
  }
}
