import Testing

@testable import TriggerFiles

@Suite("the catalogue of integrations") struct IntegrationTests {
  /// Number and carrier of every entry, copied from KOMBIT's catalogue by hand; `?` marks what is only our reading.
  private static let catalogue = """
    SF1630 files | SF7001 files | SF7002 files | SF1590_A files+ws | SF1590_B ws+sortiment | SF1590_D ws+sortiment
    SF2900 files-bare | SF0741 unsaid | SF0810 messages | SF0830 messages | SF1320_A messages | SF1411_A ws ?
    SF1411_B ws ? | SF1411_D messages | SF1411_E messages | SF1460_A messages | SF1460_B ws | SF1460_C messages
    SF1460_D messages | SF1470 ws | SF1490 ws | SF1500 ws | SF1510 ws | SF1511 login | SF1512 login | SF1514 login
    SF1515 login | SF1518 ws | SF1520 ws | SF1590_E unsaid | SF1600 ws | SF1605 unsaid | SF1690 ws ? | SF1780 ws
    SF2090 unsaid | SF2093 unsaid | SF2095 ws ? | SF2096 ws ? | SF2250 unsaid | SF2860 ws ?
    """

  @Test("has the catalogue's 41 entries with their carriers, and distinguishes readings from documents")
  func wholeCatalogue() throws {
    let lines = Self.catalogue.split { $0 == "|" || $0 == "\n" }.map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 40)
    for line in lines {
      let integration = try #require(Integration.all.first { $0.id == line[0] }, "\(line)")
      #expect(integration.carrier.rawValue == line[1], "\(line)")
      #expect(integration.carrierBasis.contains { $0.document == .reading } == (line.last == "?"), "\(line)")
    }
    let inCatalogue = Integration.all.filter(\.isInCatalogue)
    #expect(Set(inCatalogue.map(\.id)) == Set(lines.map { $0[0] } + ["Dialogintegration med SAPA"]))
    #expect(inCatalogue.count == 41 && Integration.all.count == 46)
    #expect(Set(Integration.all.map(\.id)).count == 46)
  }

  @Test("lists everything that moves files, with a trigger or without")
  func movesFiles() {
    let files = Set(Integration.all.filter(\.movesFiles).map(\.id))
    #expect(
      files == [
        "SF1630", "SF7001", "SF7002", "SF1590_A", "SF1590_B", "SF1590_C", "SF1590_D", "SF2900", "SF2520", "SF2530",
        "SF0770_B", "SF1415",
      ])
    for integration in Integration.all where integration.movesFiles {
      #expect(!integration.infRefs.isEmpty && !integration.monitoring.isEmpty && !integration.contacts.isEmpty)
    }
  }

  @Test(
    "finds an integration by number, part, version, older number, service, InfRef and title",
    arguments: [
      ("SF1630", ["SF1630"], nil), ("SF1630_B", ["SF1630"], "SF1630_B"), ("sf1590-d 2.2", ["SF1590_D"], nil),
      ("SF1590_D_V2", ["SF1590_D"], nil), ("sf2002", ["SF1590_A"], "SF2002"), ("SF2002_V1", ["SF1590_A"], "SF2002"),
      ("SF1590_B_01", ["SF1590_B"], "SF1590_B_01"), ("FagsystemdefineredeDataHent_1", ["SF1630"], nil),
      ("FagsystemdefineredeDataRefGDPR1203_1", ["SF1630"], nil), ("SortimentOverfør_2", ["SF7002"], nil),
      ("FakturaInformationSvarAfsend_1", ["SF1590_D"], nil), ("SAPA", ["Dialogintegration med SAPA"], nil),
      ("godkend FAKTURA", ["SF1590_D"], nil), ("SF1460", ["SF1460_A", "SF1460_B", "SF1460_C", "SF1460_D"], nil),
      ("SF9", [], nil), ("SF1590_F", [], nil), ("be", [], nil), ("", [], nil),
    ] as [(String, [String], String?)])
  func finds(text: String, ids: [String], alias: String?) throws {
    let search = Integration.search(text)
    #expect(search.integrations.map(\.id) == ids)
    guard let alias else { return }
    #expect(search.integrations.first?.alias(for: text, search.number)?.name == alias)
  }

  @Test("names the nearest integration to a slip")
  func nearest() {
    #expect(Integration.search("SF1631").nearest == "SF1630")
    #expect(Integration.search("SF1590_F").nearest?.hasPrefix("SF1590_") == true)
    #expect(Integration.search("SF7003").nearest.map { ["SF7001", "SF7002"].contains($0) } == true)
    #expect(Integration.search("sortimentoverfor_1").nearest == "SortimentOverfør_1")
    #expect(Integration.search("nothing like it").nearest == nil)
  }

  @Test("gives every statement a certainty and a source that fit each other")
  func certainty() {
    let statements = Integration.all.flatMap { $0.infRefs + $0.monitoring + $0.statements } + Integration.commonRules
    #expect(Set(statements.map(\.certainty)) == Set(IntegrationStatement.Certainty.allCases))
    for statement in statements {
      switch statement.certainty {
      case .known: #expect(statement.source.map { $0.document != .reading && $0.document != .sourceCode } == true)
      case .seen: #expect(statement.source?.document == .sourceCode)
      case .reading: #expect(statement.source?.document == .reading)
      case .open: #expect(statement.source == nil)
      }
    }
    for integration in Integration.all { #expect(!integration.carrierBasis.isEmpty, "\(integration.id)") }
  }

  @Test("words everything in both languages, and no task without its integration")
  func languages() {
    var texts: [LocalizedText] = []
    for integration in Integration.all {
      texts += [integration.way, integration.carrier.title] + integration.aliases.map(\.meaning)
      texts += (integration.infRefs + integration.monitoring + integration.statements).map(\.text)
      texts += integration.contacts.flatMap { [$0.matter, $0.address] }
    }
    for entry in InfRefEntry.all { texts += entry.rules + [entry.integration, entry.pattern] }
    texts += Integration.commonRules.map(\.text)
    for text in texts.map(\.withoutQuotations) {
      #expect(text.en.firstMatch(of: /\b(og|af|til|pr|som|eller|fra)\b/) == nil, "\(text.en)")
      #expect(text.da.firstMatch(of: /\b(the|of|and|or|from|with|its)\b/) == nil, "\(text.da)")
      for language in [text.en, text.da] {
        #expect(language.firstMatch(of: /(^|[^:\w])T[FBS]H?\d{3}/) == nil, "a bare task: \(language)")
      }
    }
  }
}

extension LocalizedText {
  /// The text without quotations, which keep the document's own language.
  fileprivate var withoutQuotations: LocalizedText { map { $0.replacing(/[“„][^”“]*[”“]/, with: "") } }
}
