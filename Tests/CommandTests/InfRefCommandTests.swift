import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct InfRefCommandTests {
  @Test("accepts good names")
  func acceptsGoodNames() async throws {
    let outcome = try await BuiltCommand.run(
      ["infref", "check", "SortimentOverfør_1", "FagsystemdefineredeDataRefGDPR1203_1"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "SortimentOverfør_1: good\nFagsystemdefineredeDataRefGDPR1203_1: good\n")
  }

  @Test("says how a name is spelt right")
  func saysHowANameIsSpeltRight() async throws {
    let outcome = try await BuiltCommand.run(["infref", "check", "SortimentOverfor_1", "SortimentOverfør_1"])
    #expect(outcome.status == 65)
    #expect(outcome.output.contains("SortimentOverfor_1: error: "))
    #expect(outcome.output.contains("write SortimentOverfør_1"))
    #expect(outcome.output.contains("SortimentOverfør_1: good\n"))
  }

  @Test("shows invisible characters")
  func showsWhatCannotBeSeen() async throws {
    let outcome = try await BuiltCommand.run(["infref", "check", "Sortiment\u{AD}Overfør_1"])
    #expect(outcome.status == 65)
    #expect(outcome.output.hasPrefix("Sortiment‹U+00AD›Overfør_1: error: "))
  }

  @Test("takes declared names from the settings")
  func takesDeclaredNamesFromTheSettings() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write(
        "accounts: { a: { host: h, user: u, key: k, known-hosts: f } }\ninfrefs: [Egen_1]\n",
        to: folder.appending("filsluse.yaml"))
      let declared = try await BuiltCommand.run(["infref", "check", "Egen_1", "--config", "filsluse.yaml"], in: folder)
      #expect(declared.status == 0)
      #expect(try await BuiltCommand.run(["infref", "check", "Egen_1"], in: folder).status == 65)
    }
  }

  @Test("writes JSON")
  func writesJSON() async throws {
    let outcome = try await BuiltCommand.run(["infref", "check", "--json", "SortimentOverfor_1"])
    #expect(outcome.status == 65)
    #expect(outcome.output.contains(#""suggestion" : "SortimentOverfør_1""#))
    #expect(outcome.output.contains(#""valid" : false"#))
  }

  @Test("reads lists columns and forms")
  func readsListsColumnsAndForms() async throws {
    let list = try await BuiltCommand.shell(
      #"printf 'SortimentOverfør_1\r\n\n SortimentOverfør_2\n' | $0 infref check --from -"#)
    #expect(list.status == 65)
    #expect(list.output.hasPrefix("<stdin>:1: SortimentOverfør_1: good\n<stdin>:3:  SortimentOverfør_2: error: "))
    let table = #"printf 'nr;InfRef\n1;SortimentOverfør_1\n2;"SortimentOverfor_2"\n3\n'"#
    let column = try await BuiltCommand.shell("\(table) | $0 infref check --from - --column InfRef")
    #expect(column.status == 65)
    #expect(column.output.contains("<stdin>:2: SortimentOverfør_1: good\n<stdin>:3: SortimentOverfor_2: error: "))
    #expect(
      column.output.contains(
        "<stdin>:4: : error: there is no name; write the InfRef that was assigned [empty, in a trigger]\n"))
    let noColumn = try await BuiltCommand.shell("\(table) | $0 infref check --from - --column Ref")
    #expect(noColumn.status == 65)
    #expect(noColumn.errors == "filsluse: <stdin>: has no column “Ref”; its columns are nr, InfRef\n")
    let form = try await BuiltCommand.shell(
      #"printf 'Bestilling\nINFREF = SortimentOverfør_1 \nInfRef til\n' | $0 infref check --from - --form"#)
    #expect(form.status == 0)
    #expect(form.output == "<stdin>:2: SortimentOverfør_1: good\n")
  }

  @Test("takes the text of TFH206 as a form's, and joins a name that was broken over two lines")
  func readsOrderForms() async throws {
    let monitoring = try await BuiltCommand.shell(
      #"printf 'TFH206 Bestil overvågning (InfRef=SF7002), en gang\n' | $0 infref check --from - --form"#)
    #expect(monitoring.status == 0)
    #expect(monitoring.output == "<stdin>:1: SF7002: good\n")
    let broken = try await BuiltCommand.shell(
      #"printf 'InfRef= Fagsystemdefinerede-\nDataRefGDPR1203_1\n' | $0 infref check --from - --form"#)
    #expect(broken.status == 65)
    #expect(broken.output.contains("write FagsystemdefineredeDataRefGDPR1203_1"), "\(broken.output)")
    #expect(!broken.output.contains("register"))
  }

  @Test("judges a name by its place, in Danish too")
  func judgesByPlace() async throws {
    let rule = try await BuiltCommand.run(["infref", "check", "SF7002", "--place", "watch-rule"])
    #expect(rule.status == 0)
    let route = try await BuiltCommand.run(["infref", "check", "SF7002", "--place", "route", "--language", "da"])
    #expect(route.status == 65)
    #expect(route.output.hasPrefix("SF7002: fejl: SF7002 står på formularen"), "\(route.output)")
    #expect(route.output.hasSuffix("[monitoring-alias, i en rute]\n"))
    #expect(try await BuiltCommand.run(["infref", "check", "X_1", "--place", "nowhere"]).status == 64)
  }

  @Test("refuses a list that is no text, and says what it is")
  func refusesListsThatAreNoText() async throws {
    let outcome = try await BuiltCommand.shell(#"printf '%%PDF-1.7\nSF7002\n' | $0 infref check --from -"#)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("<stdin>: it is no list of names: a PDF"), "\(outcome)")
    #expect(outcome.output.isEmpty)
  }

  @Test("explains integrations' numbers with parts and versions by the catalogue")
  func explainsIntegrations() async throws {
    let part = try await BuiltCommand.run(["infref", "explain", "sf1590-d", "2.2"])
    #expect(part.output.contains("integration:       SF1590_D ØiR - Godkend faktura\n"), "\(part.output)")
    #expect(part.output.contains("version asked for: 2.2\n"))
    let other = try await BuiltCommand.run(["infref", "explain", "SF1590_E"])
    #expect(other.output.contains("NemKonto") && !other.output.contains("SF7002, used by"))
    let whole = try await BuiltCommand.run(["infref", "explain", "SF1590"])
    for id in ["SF1590_A", "SF1590_B", "SF1590_C", "SF1590_D", "SF1590_E"] { #expect(whole.output.contains(id)) }
  }

  @Test("fails on warnings when asked")
  func failsOnWarningsWhenAsked() async throws {
    let name = "FagsystemdefineredeDataRefGDPR1203_01"
    #expect(try await BuiltCommand.run(["infref", "check", name]).status == 0)
    #expect(try await BuiltCommand.run(["infref", "check", name, "--fail-on", "warning"]).status == 65)
  }

  @Test("explains a name and lists those that are known")
  func explainsAndLists() async throws {
    let explained = try await BuiltCommand.run(["infref", "explain", "FagsystemdefineredeDataRefGPDR7_1"])
    #expect(explained.status == 0)
    #expect(explained.output.contains("write FagsystemdefineredeDataRefGDPR7_1"))
    #expect(explained.output.contains("\nbelongs to: SF1630\n"))
    #expect(explained.output.contains("\nroute:      explicit: authority and system of the recipient\n"))
    let listed = try await BuiltCommand.run(["infref", "list"])
    #expect(listed.status == 0)
    #expect(listed.output.hasPrefix("SortimentOverfør_1, SortimentOverfør_2\nbelongs to: SF7002"))
    let json = try await BuiltCommand.run(["infref", "list", "--json"])
    #expect(json.output.contains(#""needsExplicitRoute" : true"#))
    let danish = try await BuiltCommand.run(["infref", "list", "--language", "da"])
    #expect(danish.output.contains("\nrute:        eksplicit: modtagerens myndighed og system\n"), "\(danish.output)")
    #expect(!danish.output.contains(" the ") && !danish.output.contains("known"))
  }
}
