import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(3))) struct InfRefCommandTests {
  @Test func acceptsGoodNames() async throws {
    let outcome = try await BuiltCommand.run(
      ["infref", "check", "SortimentOverfør_1", "FagsystemdefineredeDataRefGDPR1203_1"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "SortimentOverfør_1: good\nFagsystemdefineredeDataRefGDPR1203_1: good\n")
  }

  @Test func saysHowANameIsSpeltRight() async throws {
    let outcome = try await BuiltCommand.run(["infref", "check", "SortimentOverfor_1", "SortimentOverfør_1"])
    #expect(outcome.status == 65)
    #expect(outcome.output.contains("SortimentOverfor_1: error: "))
    #expect(outcome.output.contains("write SortimentOverfør_1"))
    #expect(outcome.output.contains("SortimentOverfør_1: good\n"))
  }

  @Test func showsWhatCannotBeSeen() async throws {
    let outcome = try await BuiltCommand.run(["infref", "check", "Sortiment\u{AD}Overfør_1"])
    #expect(outcome.status == 65)
    #expect(outcome.output.hasPrefix("Sortiment‹U+00AD›Overfør_1: error: "))
  }

  @Test func takesDeclaredNamesFromTheSettings() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write(
        "accounts: { a: { host: h, user: u, key: k, known-hosts: f } }\ninfrefs: [Egen_1]\n",
        to: folder.appending("filsluse.yaml"))
      let declared = try await BuiltCommand.run(["infref", "check", "Egen_1", "--config", "filsluse.yaml"], in: folder)
      #expect(declared.status == 0)
      #expect(try await BuiltCommand.run(["infref", "check", "Egen_1"], in: folder).status == 65)
    }
  }

  @Test func writesJSON() async throws {
    let outcome = try await BuiltCommand.run(["infref", "check", "--json", "SortimentOverfor_1"])
    #expect(outcome.status == 65)
    #expect(outcome.output.contains(#""suggestion" : "SortimentOverfør_1""#))
    #expect(outcome.output.contains(#""valid" : false"#))
  }
}
