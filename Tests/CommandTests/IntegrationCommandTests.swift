import FoundationEssentials
import PlatformFixture
import Testing

@Suite(.timeLimit(.minutes(25))) struct IntegrationCommandTests {
  @Test("lists the catalogue, and with --files what moves files")
  func lists() async throws {
    let all = try await BuiltCommand.run(["integration", "list"])
    #expect(all.status == 0)
    #expect(all.output.split(separator: "\n").count == 47)
    #expect(all.output.contains("Dialogintegration med SAPA"))
    let files = try await BuiltCommand.run(["integration", "list", "--files", "--language", "da"])
    #expect(files.output.split(separator: "\n").count == 13)
    #expect(files.output.hasPrefix("INTEGRATION  GÅR VIA"))
    #expect(files.output.contains("\nSF2900       files-bare"), "\(files.output)")
    #expect(files.output.contains("Udbetaling (ikke i kataloget)"))
    let json = try await BuiltCommand.run(["integration", "list", "--files", "--json"])
    let list = try JSONDecoder().decode([Entry].self, from: Data(json.output.utf8))
    #expect(list.count == 12)
    #expect(list.first { $0.id == "SF2900" }?.carrier == "files-bare")
  }

  @Test("explains a part with a version, what is known and what is a reading")
  func explains() async throws {
    let part = try await BuiltCommand.run(["integration", "explain", "SF1590_D_V2"])
    #expect(part.status == 0)
    #expect(part.output.hasPrefix("integration:       SF1590_D ØiR - Godkend faktura\n"), "\(part.output)")
    #expect(part.output.contains("version asked for: 2\nversion described: 2.2\n"))
    #expect(part.output.contains("(SF1590_D:TF106) [known; the tasks of SF1590_D]\n"))
    #expect(part.output.contains("helpdesk@serviceplatformen.dk"))
    let sortiment = try await BuiltCommand.run(["integration", "explain", "SF7002", "--language", "da"])
    #expect(sortiment.output.contains("står for dem begge [vores læsning]\n"), "\(sortiment.output)")
    #expect(sortiment.output.contains("„eksport af Sortimenter til abonnenter“"))
    #expect(!sortiment.output.contains("known") && !sortiment.output.contains(" the "))
  }

  @Test("explains an older number in Danish")
  func explainsAliases() async throws {
    let outcome = try await BuiltCommand.run(["integration", "explain", "sf2002", "--language", "da"])
    #expect(outcome.output.hasPrefix("integration:       SF1590_A ØiR - Afsend økonomipostering til ØiR (Finans)\n"))
    #expect(outcome.output.contains("spurgt om:         SF2002: nummeret på arkene for KSD\n"), "\(outcome.output)")
  }

  @Test("names the nearest integration to an unknown one, and ends with 65")
  func unknown() async throws {
    let outcome = try await BuiltCommand.run(["integration", "explain", "SF1631"])
    #expect(outcome.status == 65)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "filsluse: no integration is called “SF1631”; did you mean “SF1630”? filsluse integration list shows the known ones\n"
    )
  }

  @Test("shows the same facts where an InfRef is explained")
  func sameFacts() async throws {
    let integration = try await BuiltCommand.run(["integration", "explain", "SF7002"])
    let infRef = try await BuiltCommand.run(["infref", "explain", "SortimentOverfør_1"])
    let facts = try #require(infRef.output.split(separator: "\n\n").last).split(separator: "\n")
      .filter { !$0.hasPrefix("asked for") }
    #expect(facts.first?.hasSuffix("SF7002 Overfør Sortiment til abonnent") == true, "\(infRef.output)")
    for fact in facts { #expect(integration.output.contains(fact), "\(fact)") }
  }

  @Test("shows an integration's tasks with who does them, where, and what they need")
  func tasks() async throws {
    let small = try await BuiltCommand.run(["integration", "explain", "SF1630"])
    #expect(
      small.output.contains("\nTasks of SF1630 (integration description of SF1630 (2023), chapters 2 and 5):\nTASK "))
    #expect(small.output.contains("SF1630:30 (implied, assigned is enough)"), "\(small.output)")
    #expect(small.output.contains("by agreement between authority and vendors"))
    let large = try await BuiltCommand.run(["integration", "explain", "SF1590_D", "--language", "da"])
    #expect(large.output.contains("SF1590_D:FFH202 (trykt SF1590_D:FF202)"), "\(large.output)")
    #expect(large.output.contains("\ngøres sammen: SF1590_D:TFH222 + SF1590_D:TFH223\n"))
    let other = try await BuiltCommand.run(["integration", "explain", "SF1590_A"])
    #expect(other.output.contains("not stated (SF1590_D:TF106: party responsible for operation)"), "\(other.output)")
    let none = try await BuiltCommand.run(["integration", "explain", "SF7001"])
    #expect(!none.output.contains("Tasks of"))
  }

  private struct Entry: Decodable {
    let id: String
    let carrier: String
  }
}
