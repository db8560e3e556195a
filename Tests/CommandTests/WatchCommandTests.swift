import ExchangeSettings
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

/// `filsluse watch` as cron and people run it.
@Suite(.timeLimit(.minutes(25))) struct WatchCommandTests {
  private static let extract = "FagsystemdefineredeDataRefGDPR1203_1"

  /// A settings file beside a server, and the user's IN.
  private struct Stage {
    let inbox: FilePath
    let account: Account
    let folder: FilePath

    func write(_ rules: String, accounts: [Account]? = nil) throws {
      let settings = ExchangeSettings(
        source: folder.appending("filsluse.yaml"), accounts: accounts ?? [account], register: ["Finansbilag_1"])
      let text = settings.yaml().split(separator: "\n")
      let withoutWatch = text.prefix { !$0.hasPrefix("watch:") }.joined(separator: "\n")
      try TestFiles.write("\(withoutWatch)\n\(rules)", to: settings.source)
    }

    func watch(_ arguments: String...) async throws -> BuiltCommand.Outcome {
      try await BuiltCommand.run(["watch"] + arguments, in: folder)
    }

    /// Puts data alone into IN, written so long ago.
    func put(_ name: String, age seconds: Double) throws {
      let path = inbox.appending(name)
      try TestFiles.write("data", to: path)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: path.string)
    }
  }

  private static func withStage(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
    try await withScratchFolder("watch-command") { folder in
      try await withTestServer { server in
        let account = Account(
          name: "fagsystem", host: server.host, port: server.port, user: server.user.name, key: server.user.keyFile,
          hostKeys: .pinned([server.fingerprint]))
        try await body(Stage(inbox: server.inbox, account: account, folder: folder))
      }
    }
  }

  private struct Report: Decodable {
    struct Found: Decodable {
      let id: String
      let kind: String
      let severity: String
      let fileName: String?
      let ageBasis: String?
      let rule: String?
      let ruleLine: Int?
      let due: String?
      let forSeconds: Int?
      let detail: String?
    }
    let account: String
    let severity: String
    let files: Int?
    let findings: [Found]
    let failure: String?
  }

  private static func reports(_ outcome: BuiltCommand.Outcome) throws -> [Report] {
    try JSONDecoder().decode([Report].self, from: Data(outcome.output.utf8))
  }

  @Test("the exit status is the worst severity")
  func endsWithTheSeverityOfWhatItFinds() async throws {
    try await Self.withStage { stage in
      try stage.write("watch:\n  - { account: fagsystem, half-pair-after: 10m }\n")
      let nothing = try await stage.watch("--once")
      #expect(nothing.status == 0 && nothing.output.isEmpty, "\(nothing)")
      #expect(nothing.errors.contains("fagsystem: 0 files lie there, 0 findings"))

      // It came between two looks that were long apart: its age is the server's.
      try stage.put("alene_010190-1234.csv", age: 900)
      try stage.write(
        "watch:\n  look-every: 5s\n  rules:\n    - { account: fagsystem, half-pair-after: 1s, most-files: 9 }\n")
      try await Task.sleep(for: .milliseconds(1500))
      let warned = try await stage.watch("--once")
      #expect(warned.status == 0 || warned.status == 1, "\(warned)")
      try await Task.sleep(for: .milliseconds(1500))
      let table = try await stage.watch("--once")
      #expect(table.status == 1, "\(table)")
      #expect(table.output.contains("SEVERITY") && table.output.contains("data-without-metadata"))
      #expect(table.output.contains("alene_******-****.csv") && !table.output.contains("010190"))
      let json = try await stage.watch("--once", "--json")
      #expect(json.status == 1)
      let report = try #require(try Self.reports(json).first)
      #expect(report.severity == "warning" && report.files == 1 && report.failure == nil)
      let finding = try #require(report.findings.first)
      #expect(report.findings.count == 1 && finding.kind == "data-without-metadata" && finding.severity == "warning")
      #expect(finding.fileName == "alene_******-****.csv" && finding.ageBasis != nil)
      #expect(finding.rule == "half-pair-after: 1s" && finding.ruleLine != nil && finding.due != nil)

      try TestFiles.write("<no", to: stage.inbox.appending("alene_010190-1234.csv.metadata"))
      let critical = try await stage.watch("--once", "--json")
      #expect(critical.status == 2, "\(critical)")
      #expect(try Self.reports(critical).first?.findings.map(\.kind) == ["metadata-unreadable"])
      #expect(try Self.reports(critical).first?.findings.first?.detail?.isEmpty == false)
    }
  }

  @Test("an inbox that cannot be looked into is critical and holds up no other")
  func anInboxThatCannotBeLookedIntoIsCriticalAndHoldsUpNoOther() async throws {
    try await Self.withStage { stage in
      var gone = stage.account
      gone.name = "borte"
      gone.port = 1
      try stage.put("alene.csv", age: 900)
      try stage.write(
        "watch:\n  - { accounts: [borte, fagsystem], half-pair-after: 10m }\n", accounts: [gone, stage.account])
      let outcome = try await stage.watch("--once", "--json")
      #expect(outcome.status == 2, "\(outcome)")
      let reports = try Self.reports(outcome)
      #expect(reports.map(\.account) == ["borte", "fagsystem"])
      #expect(reports[0].findings.map { "\($0.kind) \($0.severity)" } == ["server-unreachable critical"])
      #expect(reports[0].failure?.contains("127.0.0.1") == true)
      #expect(reports[1].findings.map(\.kind) == ["data-without-metadata"])
      #expect(outcome.errors.contains("filsluse: borte: look into borte"))
    }
  }

  @Test("reports observations that cannot be stored")
  func observationsThatCannotBeStoredAreReported() async throws {
    try await Self.withStage { stage in
      try TestFiles.write(
        "no database, but a text that is long enough to be taken for one", to: stage.folder.appending("watch.sqlite"))
      try stage.write("watch:\n  - { account: fagsystem, half-pair-after: 10m }\n")
      let outcome = try await stage.watch("--once")
      #expect(outcome.status == 74, "\(outcome)")
      #expect(outcome.errors.contains("watch.sqlite") && outcome.errors.contains("move the file away"), "\(outcome)")
    }
  }

  @Test("explains each rule in a sentence")
  func explainsEachRuleInASentence() async throws {
    try await Self.withStage { stage in
      try stage.write(
        """
        watch:
          days-off: ["12-24"]
          rules:
            - { account: fagsystem, infref: SF7002, pick-up-within: 4h business }
            - { account: fagsystem, infref: \(Self.extract), expect: weekly mon by 06:00, grace: 10m, one-per-municipality: all }
            - { account: fagsystem, infref: Finansbilag_1, business-answer-by: 06:00 }
            - { account: fagsystem, platform-takes-within: 15m, receipt-within: 30m, clean-up-after: 30d, most-files: 5, most-bytes: 3GB }
        """)
      let outcome = try await stage.watch("--explain")
      #expect(outcome.status == 0, "\(outcome)")
      let lines = outcome.output.split(separator: "\n")
      let expected = [
        "A file with the InfRef SF7002 (on the wire SortimentOverfør_1 or SortimentOverfør_2) in IN of fagsystem must be picked up within 4h of business time; at 75% of that there is a warning. A file that came now would be warned of at ",
        "At least one file with the InfRef \(Self.extract) for each of 98 municipalities must have come to IN of fagsystem every Monday by 06:00, or 10m later. What comes from ",
        "What fagsystem sends with the InfRef Finansbilag_1 must be answered by the next 06:00 by a business receipt. ",
        "The platform must take each trigger from OUT of fagsystem within 15m. ",
        "The receipt for what fagsystem sends must have come 30m after the trigger. ",
        "Data without metadata, metadata without data, and data in OUT without a trigger may lie 10m in the folders of fagsystem. ",
        "A file of another size than its metadata says, which has not grown for 10m, is warned of in IN of fagsystem. ",
        "The platform is said to remove what has lain in IN of fagsystem for 30d; at 75% of that there is a warning. ",
        "More than 5 data files in IN of fagsystem are warned of. ",
        "More than 3GB of data in IN of fagsystem are warned of. ",
      ]
      #expect(lines.count == expected.count)
      for (line, text) in zip(lines, expected) {
        #expect(line.hasPrefix("line ") && line.contains(": \(text)"), "\(line)")
      }
      let danish = try await stage.watch("--explain", "--language", "da")
      let danishLines = danish.output.split(separator: "\n")
      #expect(danishLines.count == expected.count, "\(danish)")
      #expect(danishLines.allSatisfy { $0.hasPrefix("linje ") && !$0.contains(" the ") && !$0.contains(" of ") })
      for text in [
        "En fil med InfRef SF7002 (på vejen SortimentOverfør_1 eller SortimentOverfør_2) i IN hos fagsystem skal hentes inden 4 timer i åbningstiden; ved 75 % af det gives en advarsel. Om en fil, ",
        "Mindst én fil med InfRef \(Self.extract) for hver af 98 kommuner skal være kommet i IN hos fagsystem hver mandag inden kl. 06.00, eller 10 minutter senere. ",
        "Platformen skal tage hver trigger fra OUT hos fagsystem inden 15 minutter. En, der blev lagt der nu, ville være kritisk den ",
        "Der advares om mere end 3 GB data i IN hos fagsystem. ",
      ] {
        #expect(danishLines.contains { $0.contains(": \(text)") }, "\(danish)")
      }
      // No server was asked, and nothing was kept.
      #expect(!FileManager.default.fileExists(atPath: stage.folder.appending("watch.sqlite").string))
      let json = try await stage.watch("--explain", "--json")
      let rules = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
      #expect(
        rules?.count == expected.count && rules?.allSatisfy { $0["asks"] is String && $0["now"] is String } == true)
    }
  }

  @Test("needs rules and one way to watch")
  func needsRulesAndOneWayToWatch() async throws {
    try await Self.withStage { stage in
      try stage.write("")
      let noRules = try await stage.watch("--once")
      #expect(noRules.status == 78 && noRules.errors.contains("no rules stand under “watch”"), "\(noRules)")
      let danish = try await stage.watch("--once", "--language", "da")
      #expect(danish.status == 78 && danish.errors.contains("der står ingen regler under „watch“"), "\(danish)")
      #expect(try await stage.watch("--once", "--explain").status == 64)
      #expect(try await stage.watch("--once", "--http", "0").status == 64)
      #expect(try await stage.watch("--json").status == 64)
    }
  }
}
