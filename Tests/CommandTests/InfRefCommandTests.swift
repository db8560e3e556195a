import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(8))) struct InfRefCommandTests {
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

  @Test func readsListsColumnsAndForms() async throws {
    let list = try await BuiltCommand.shell(
      #"printf 'SortimentOverfør_1\r\n\n SortimentOverfør_2\n' | $0 infref check --from -"#)
    #expect(list.status == 65)
    #expect(list.output.hasPrefix("<stdin>:1: SortimentOverfør_1: good\n<stdin>:3:  SortimentOverfør_2: error: "))
    let table = #"printf 'nr;InfRef\n1;SortimentOverfør_1\n2;"SortimentOverfor_2"\n3\n'"#
    let column = try await BuiltCommand.shell("\(table) | $0 infref check --from - --column InfRef")
    #expect(column.status == 65)
    #expect(column.output.contains("<stdin>:2: SortimentOverfør_1: good\n<stdin>:3: SortimentOverfor_2: error: "))
    #expect(column.output.contains("<stdin>:4: : error: there is no name [empty]\n"))
    let noColumn = try await BuiltCommand.shell("\(table) | $0 infref check --from - --column Ref")
    #expect(noColumn.status == 65)
    #expect(noColumn.errors == "filsluse: <stdin>: has no column “Ref”; its columns are nr, InfRef\n")
    let form = try await BuiltCommand.shell(
      #"printf 'Bestilling\nINFREF = SortimentOverfør_1 \nInfRef til\n' | $0 infref check --from - --form"#)
    #expect(form.status == 0)
    #expect(form.output == "<stdin>:2: SortimentOverfør_1: good\n")
  }

  @Test func failsOnWarningsWhenAsked() async throws {
    let name = "FagsystemdefineredeDataRefGDPR1203_01"
    #expect(try await BuiltCommand.run(["infref", "check", name]).status == 0)
    #expect(try await BuiltCommand.run(["infref", "check", name, "--fail-on", "warning"]).status == 65)
  }

  @Test func explainsAndLists() async throws {
    let explained = try await BuiltCommand.run(["infref", "explain", "FagsystemdefineredeDataRefGPDR7_1"])
    #expect(explained.status == 0)
    #expect(explained.output.contains("write FagsystemdefineredeDataRefGDPR7_1"))
    #expect(explained.output.contains("\nintegration: SF1630\n"))
    #expect(explained.output.contains("\nroute:       explicit: authority and system of the recipient\n"))
    let listed = try await BuiltCommand.run(["infref", "list"])
    #expect(listed.status == 0)
    #expect(listed.output.hasPrefix("SortimentOverfør_1, SortimentOverfør_2\nintegration: SF7002"))
    let json = try await BuiltCommand.run(["infref", "list", "--json"])
    #expect(json.output.contains(#""needsExplicitRoute" : true"#))
  }
}
