import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct AuditTests {
  private struct Report: Decodable {
    struct Entry: Decodable {
      let file: String
      let line: Int
      let code: String?
      let verdict: String
      let suggestion: String?
    }
    struct Skipped: Decodable {
      let path: String
      let reason: String
    }
    let files: Int
    let entries: [Entry]
    let skipped: [Skipped]
  }

  @Test("reports in Danish throughout where that is asked for")
  func inDanish() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write("%PDF-1.7", to: folder.appending("a.pdf"))
      try TestFiles.write("<Trigger>", to: folder.appending("b.trigger"))
      let outcome = try await BuiltCommand.run(["infref", "audit", ".", "--language", "da"], in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.output.hasPrefix("DOM   STED"), "\(outcome.output)")
      #expect(outcome.output.contains("filens slutning, og et element er ikke afsluttet; alle elementer er afsluttet"))
      #expect(outcome.errors.contains("er ikke bedømt: en PDF: gem dens tekst som en .txt-fil"), "\(outcome.errors)")
      #expect(outcome.errors.contains("1 fil (0,0 MB): 1 fejl, 0 advarsler, 0 rigtige navne, 1 ikke bedømt"))
    }
  }

  @Test("finds the planted mistakes, and no other")
  func findsThePlantedMistakesAndNothingElse() async throws {
    let mistakes = PlantedMistake.all
    #expect(mistakes.count == 40)
    #expect(Set(mistakes.map(\.code)).count >= 20)
    try await withScratchFolder("audit") { folder in
      try AuditTree.make(in: folder, planting: mistakes)
      let outcome = try await BuiltCommand.run(
        ["infref", "audit", folder.string, "--format", "json", "--largest", "1"])
      #expect(outcome.status == 65)
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.files == 2200)
      let found = report.entries.map { "\($0.file):\($0.line): \($0.verdict) \($0.code ?? "")" }.sorted()
      let planted = mistakes.enumerated().map { number, mistake in
        let verdict = mistake.isWarning ? "warning" : "error"
        return "\(folder)/plantet/\(number)/\(mistake.file):\(mistake.line): \(verdict) \(mistake.code)"
      }.sorted()
      #expect(Set(found).subtracting(planted) == [], "found and not planted")
      #expect(Set(planted).subtracting(found) == [], "planted and not found")
      #expect(found.count == 40)

      let skipped = report.skipped.map { "\($0.path.dropFirst(folder.string.utf8.count)): \($0.reason)" }
      #expect(
        skipped == [
          "/data/link.txt: a symbolic link, which is not followed", "/data/program.bin: not text",
          "/data/rundt: a symbolic link, which is not followed",
          "/data/stor.log: 1140000 bytes (1.1 MiB): larger than --largest 1",
        ], "\(skipped)")
    }
  }

  private static func audit(_ text: String, _ name: String, _ options: [String]) async throws -> BuiltCommand.Outcome {
    try await withScratchFolder("audit") { folder in
      try TestFiles.write(text, to: folder.appending(name))
      return try await BuiltCommand.run(["infref", "audit", "."] + options, in: folder)
    }
  }

  @Test("shows a table for people")
  func showsATableForPeople() async throws {
    let outcome = try await Self.audit("routes: { a: { infref: SortimentOverfor_1 } }\n", "å.yaml", [])
    #expect(outcome.status == 65)
    #expect(
      outcome.output == """
        VERDICT  PLACE          TAKEN FOR  NAME                CODE    FINDING
        error    ./å.yaml:1:24  route      SortimentOverfor_1  letter  the name is spelt with ø (U+00F8); write SortimentOverfør_1

        """)
    #expect(outcome.errors == "filsluse: 1 file (0.0 MB): 1 error, 0 warnings, 0 good names, 0 not judged\n")
    let good = try await Self.audit("infref: SortimentOverfør_1\n", "a.yaml", ["--all"])
    #expect(good.status == 0)
    #expect(good.output.contains("good     ./a.yaml:1:9  free text  SortimentOverfør_1"))
    let danish = try await Self.audit("infref: SortimentOverfør_1\n", "a.yaml", ["--all", "--language", "da"])
    #expect(danish.output.contains("./a.yaml:1:9  fri tekst  SortimentOverfør_1"))
  }

  @Test("an unknown name is an error where the register is known")
  func anUnknownNameIsAnErrorWhereTheRegisterIsKnown() async throws {
    let text = "accounts: { a: { host: h, user: u, key: k, known-hosts: f } }\ninfrefs: [Egen_1]\n"
    try await withScratchFolder("audit") { folder in
      try TestFiles.write(text, to: folder.appending("filsluse.yaml"))
      try TestFiles.write("routes: { a: { infref: Egen_1 } }\n", to: folder.appending("a.yaml"))
      try TestFiles.write("routes: { b: { infref: Anden_1 } }\n", to: folder.appending("b.yaml"))
      let unknown = try await BuiltCommand.run(["infref", "audit", "."], in: folder)
      #expect(unknown.status == 0)
      #expect(unknown.output.contains("warning") && unknown.output.contains("./b.yaml:1:24"))
      // Settings among the files declare it.
      #expect(!unknown.output.contains("./a.yaml"))
      #expect(try await BuiltCommand.run(["infref", "audit", ".", "--fail-on", "warning"], in: folder).status == 65)
      let known = try await BuiltCommand.run(["infref", "audit", ".", "--config", "filsluse.yaml"], in: folder)
      #expect(known.status == 65)
      #expect(known.output.contains("./b.yaml:1:24") && !known.output.contains("./a.yaml"))
      #expect(try await BuiltCommand.run(["infref", "audit", "nowhere"], in: folder).status == 66)
    }
  }

  @Test("writes SARIF")
  func writesSARIF() async throws {
    let outcome = try await Self.audit(
      "{\"routes\": [\n  {\"infRef\": \"SF7002\"}]}\n", "a b.json", ["--format", "sarif"])
    #expect(outcome.status == 65)
    let log = try JSONDecoder().decode(SARIF.self, from: Data(outcome.output.utf8))
    #expect(log.version == "2.1.0")
    #expect(log.schema.hasSuffix("/sarif-schema-2.1.0.json"))
    let run = try #require(log.runs.first)
    #expect(run.tool.driver.name == "filsluse")
    #expect(run.tool.driver.rules.map(\.id) == ["monitoring-alias"])
    #expect(run.invocations.first?.executionSuccessful == true)
    let result = try #require(run.results.first)
    #expect(result.ruleId == "monitoring-alias" && result.level == "error" && result.kind == "fail")
    #expect(result.message.text.hasPrefix("SF7002: "))
    let place = try #require(result.locations.first?.physicalLocation)
    #expect(place.artifactLocation.uri == "./a%20b.json")
    #expect(place.region.startLine == 2 && place.region.startColumn == 15)
  }

  @Test("writes j unit that xmllint reads")
  func writesJUnitThatXmllintReads() async throws {
    try await withScratchFolder("audit") { folder in
      try TestFiles.write("infref: '<&\u{1}\"SF1630'\ninfref: SF1630\n", to: folder.appending("a&b.yaml"))
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)' && $0 infref audit . --format junit | xmllint --xpath \
        'concat(//@tests, " ", //@failures, " ", //testcase/@file, " ", //testcase[last()]/@line, " ", //failure/@type)' -
        """)
      #expect(outcome.output == "2 2 ./a&b.yaml 2 invisible-character\n", "\(outcome)")
      let none = try await BuiltCommand.shell(
        "cd '\(folder)'; touch empty; $0 infref audit empty --format junit | xmllint --noout - ; echo $?")
      #expect(none.output == "0\n")
    }
  }
}

/// The parts of SARIF 2.1.0 that its specification requires, and those that show a result at its line.
private struct SARIF: Decodable {
  struct Run: Decodable {
    struct Tool: Decodable {
      struct Driver: Decodable {
        struct Rule: Decodable { let id: String }
        let name: String
        let rules: [Rule]
      }
      let driver: Driver
    }
    struct Invocation: Decodable { let executionSuccessful: Bool }
    let tool: Tool
    let invocations: [Invocation]
    let results: [Result]
  }
  struct Result: Decodable {
    struct Message: Decodable { let text: String }
    let ruleId: String
    let level: String
    let kind: String
    let message: Message
    let locations: [Location]
  }
  struct Location: Decodable {
    struct Physical: Decodable {
      struct Artifact: Decodable { let uri: String }
      struct Region: Decodable {
        let startLine: Int
        let startColumn: Int
      }
      let artifactLocation: Artifact
      let region: Region
    }
    let physicalLocation: Physical
  }
  let schema: String
  let version: String
  let runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }
}
