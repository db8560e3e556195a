import SeededNumbers
import Testing
import TriggerFiles

@Suite struct InfRefTests {
  @Test("says of an integration whose files go without a trigger that they do, and fills Danish patterns in Danish")
  func tellsOfBareFilesAndInDanish() throws {
    let bare = try #require(InfRef.check("SF2900").first)
    #expect(bare.code == .integrationNumber && bare.message.contains("by SFTP without a trigger"), "\(bare)")
    for name in ["SF1630", "EP_FagsystemdefineredeDataHent_1", "FagsystemdefineredeDataAflever_1"] {
      let remedy = try #require(InfRef.check(name).first).danishRemedy
      #expect(remedy == "skriv FagsystemdefineredeDataRefGDPR<nummer>_1", "\(name): \(remedy)")
    }
  }

  private let gdpr = "FagsystemdefineredeDataRefGDPR"

  @Test("recognises the kind of a good name")
  func goodNamesTellTheirKind() throws {
    #expect(try InfRef("SortimentOverf\u{F8}r_1").kind == .sortiment(version: "1"))
    #expect(try InfRef("SortimentOverf\u{F8}r_2").kind == .sortiment(version: "2"))
    #expect(try InfRef("\(gdpr)1203_1").kind == .fagsystemdefineredeData(gdprNumber: "1203", version: "1"))
    let long = String(repeating: "9", count: 400)
    #expect(try InfRef("\(gdpr)\(long)_1").kind == .fagsystemdefineredeData(gdprNumber: long, version: "1"))
    #expect(InfRef.check("\(gdpr)1203_1") == [])
  }

  @Test("a name in the register is accepted unchanged")
  func aNameInTheRegisterIsGoodAsItStands() throws {
    for name in ["UdbetalingAnmod_1", "SF1590_D", " odd ", "SortimentOverfor_1"] {
      #expect(try InfRef(name, register: [name]).kind == .other)
    }
    let findings = InfRef.check("udbetalinganmod_1", register: ["UdbetalingAnmod_1"])
    #expect(findings.map(\.code) == [.letterCase])
    #expect(findings.first?.suggestion == "UdbetalingAnmod_1")
    // Two ways of writing å are one string to Swift and two names here.
    #expect(!InfRef.check("a\u{30A}_1", register: ["\u{E5}_1"]).isEmpty)
    #expect(!InfRef.explain("a\u{30A}_1", register: ["\u{E5}_1"]).isInRegister)
    #expect(InfRef.explain("SF1590_D 2.2", register: ["SF1590_D 2.2"]).findings.isEmpty)
    #expect(InfRef.explain("SF1590_D 2.2", register: ["SF1590_D"]).findings.isEmpty)
    #expect(!InfRef.explain("SF1590_D 2.2").findings.isEmpty)
  }

  /// Every mistake that the contract lists (section 4), with the right spelling.
  @Test(
    "a mistake is named and the right spelling given",
    arguments: [
      ("SortimentOverfor_1", [InfRefFinding.Code.letter], "SortimentOverfør_1"),
      ("SortimentOverfoer_1", [.letter], "SortimentOverfør_1"),
      ("SortimentOverfo\u{338}r_2", [.letter], "SortimentOverfør_2"),
      ("SortimentOverf\u{FFFD}r_2", [.letter], "SortimentOverfør_2"),
      ("SortimentOverfÃ¸r_1", [.mojibake], "SortimentOverfør_1"),
      ("SortimentOverfÃ\u{83}Â¸r_1", [.mojibake], "SortimentOverfør_1"),
      ("SortimentOverfÃƒÂ¸r_2", [.mojibake], "SortimentOverfør_2"),
      ("SORTIMENTOVERFØR_1", [.letterCase], "SortimentOverfør_1"),
      ("Sortimentoverfør_1", [.letterCase], "SortimentOverfør_1"),
      (" SortimentOverfør_1", [.surroundingSpace], "SortimentOverfør_1"),
      ("SortimentOverfør_1\u{A0}", [.surroundingSpace], "SortimentOverfør_1"),
      ("SortimentOverfør-1", [.versionSeparator], "SortimentOverfør_1"),
      ("SortimentOverfør1", [.versionSeparator], "SortimentOverfør_1"),
      ("SortimentOverfør", [.missingVersion], "SortimentOverfør_1 or SortimentOverfør_2"),
      ("SortimentOverfør_", [.missingVersion], "SortimentOverfør_1 or SortimentOverfør_2"),
      ("SortimentOverfør_3", [.unknownVersion], "SortimentOverfør_1 or SortimentOverfør_2"),
      ("SortimentOverfør_1_1", [.doubledVersion], "SortimentOverfør_1"),
      ("Sortiment-Overfor_1", [.hyphenation, .letter], "SortimentOverfør_1"),
      ("Sortiment\u{AD}Overfør_1", [.invisibleCharacter], "SortimentOverfør_1"),
      ("Sortiment\u{200B}Overfør_1", [.invisibleCharacter], "SortimentOverfør_1"),
      ("Sortiment-\nOverfør_1", [.invisibleCharacter, .hyphenation], "SortimentOverfør_1"),
      ("InfRef= SortimentOverfør_1", [.label], "SortimentOverfør_1"),
      ("InRef: SortimentOverfør_1", [.label], "SortimentOverfør_1"),
      ("SortimntOverfør_1", [.unknown], "SortimentOverfør_1"),
      ("FagsystemdefineredeDataRefGDPR0123_1", [.numberLeadingZero], "FagsystemdefineredeDataRefGDPR123_1"),
      ("FagsystemdefineredeDataRefGDPR_1", [.missingNumber], "FagsystemdefineredeDataRefGDPR<number>_1"),
      ("FagsystemdefineredeDataRefGDPR1203", [.missingVersion], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR1203-1", [.versionSeparator], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR1203_1_1", [.doubledVersion], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGPDR1203_1", [.gpdr], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR12０3_1", [.foreignDigits], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("Fagsystemdefinerede-DataRefGDPR1203_1", [.hyphenation], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefgdpr1203_1", [.letterCase], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRef-GDPR1203_1", [.hyphenation], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGD-PR1203_1", [.hyphenation], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("GDPR0123_1", [.shortened, .numberLeadingZero], "FagsystemdefineredeDataRefGDPR123_1"),
      ("GDPR_1", [.shortened, .missingNumber], "FagsystemdefineredeDataRefGDPR<number>_1"),
      ("GDPR1203", [.shortened, .missingVersion], "FagsystemdefineredeDataRefGDPR1203_1"),
      ("GPDR1203_1", [.shortened, .gpdr], "FagsystemdefineredeDataRefGDPR1203_1"),
    ])
  func aMistakeIsNamedAndTheRightSpellingGiven(name: String, codes: [InfRefFinding.Code], spelling: String) {
    let findings = InfRef.check(name)
    #expect(findings.map(\.code) == codes)
    #expect(findings.allSatisfy { $0.severity == .error })
    #expect(findings.first?.suggestion.map { Array($0.utf8) } == Array(spelling.utf8))
    #expect(throws: InfRefError.self) { try InfRef(name) }
  }

  @Test(
    "reports names that are no InfRef for a trigger",
    arguments: [
      ("", InfRefFinding.Code.empty), ("  ", .empty), ("InfRef=", .empty), ("SF7002", .monitoringAlias),
      ("SF1630", .integrationNumber), ("SF1590_D", .integrationNumber), ("sf1590_c", .integrationNumber),
      ("SF7001", .integrationNumber), ("FagsystemdefineredeDataAflever_1", .serviceName),
      ("FagsystemdefineredeDataHent_1", .serviceName), ("ØiRFakturaTilGodkendelseAfsend_1", .serviceName),
      ("FakturaInformationAfsend_1", .webService), ("FakturaInformationSvarAfsend_1", .webService),
      ("Kladde_1", .unknown),
    ])
  func whatIsNoInfRefForATriggerIsSaidToBeSo(name: String, code: InfRefFinding.Code) {
    #expect(InfRef.check(name).map(\.code) == [code])
    #expect(throws: InfRefError.self) { try InfRef(name) }
  }

  /// Each change of a good name gives another good name or an error, never a wrong reading.
  @Test("a changed name is good or an error")
  func aChangedNameIsGoodOrAnError() {
    var random = SeededGenerator(seed: 4)
    let good = ["SortimentOverf\u{F8}r_1", "SortimentOverf\u{F8}r_2", "\(gdpr)1203_1", "\(gdpr)9_1"]
    let scalars = Array(
      "_-10 \u{AD}\u{200B}\n\u{F8}\u{D8}oO0eEGDPRgs\u{338}\u{661}\u{2010}\u{C3}\u{B8}=:".unicodeScalars)
    for _ in 0..<20_000 {
      var name = Array(random.pick(good).unicodeScalars)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let at = Int.random(in: 0..<name.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: name.remove(at: at)
        case 1: name[at] = random.pick(scalars)
        case 2: name.swapAt(at, max(0, at - 1))
        default: name.insert(random.pick(scalars), at: at)
        }
      }
      let text = String(String.UnicodeScalarView(name))
      let isTaken = !InfRef.check(text).contains { $0.severity == .error }
      #expect(isTaken == (InfRef.explain(text).kind != .other), "\(text.debugDescription)")
    }
  }

  @Test("an odd version is a warning")
  func anOddVersionIsAWarning() throws {
    for name in ["\(gdpr)1203_01", "\(gdpr)1203_2"] {
      #expect(InfRef.check(name).map(\.severity) == [.warning])
      #expect(try InfRef(name).name == name)
    }
  }

  @Test("the form's name stands for both InfRefs in monitoring")
  func theFormsNameStandsForBothInMonitoring() {
    #expect(
      InfRef.monitored(by: .sf7002).map(\.name) == [
        "SortimentOverf\u{F8}r_1", "SortimentOverf\u{F8}r_2",
      ])
    #expect(InfRef.monitored(by: InfRef(unchecked: "SF1630")) == [])
  }

  @Test(
    "requires an explicit route for SF1630 and the sortiment, and for no other name",
    arguments: [
      ("SortimentOverf\u{F8}r_1", true), ("SortimentOverf\u{F8}r_2", true),
      ("FagsystemdefineredeDataRefGDPR1203_1", true), ("FagsystemdefineredeDataRefGDPR1203_27", true),
      ("Finansbilag_1", false), ("SortimentOverf\u{F8}r_3", false), ("SortimentOverfo\u{338}r_1", false),
    ])
  func theCatalogueSaysWhichNamesRequireAnExplicitRoute(name: String, isRequired: Bool) {
    #expect(InfRef(unchecked: name).requiresExplicitRoute == isRequired)
  }

  @Test("splits the files of every SF1630 name per municipality, of no other")
  func onlySF1630IsSplitPerMunicipality() {
    #expect(InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1").isSplitPerMunicipality)
    #expect(InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_2").isSplitPerMunicipality)
    #expect(!InfRef(unchecked: "FagsystemdefineredeDataRefgdpr1203_1").isSplitPerMunicipality)
    #expect(!InfRef(unchecked: "SortimentOverf\u{F8}r_1").isSplitPerMunicipality)
  }

  @Test("compares routing infos by the bytes of their InfRefs")
  func routingInfosAreComparedByTheBytesOfTheInfRef() throws {
    let composed = try Examples.routing(infRef: "Bilag\u{E5}_1")
    let info = { (infRef: String) throws in
      try RoutingInfo(
        infRef: InfRef(unchecked: infRef), senderITSystem: composed.senderITSystem,
        senderAuthority: composed.senderAuthority, transactionID: composed.transactionID,
        senderTimestamp: composed.senderTimestamp, recipientITSystem: composed.recipientITSystem,
        recipientAuthority: composed.recipientAuthority)
    }
    #expect(try info("Bilag\u{E5}_1") == composed)
    #expect(try info("Bilaga\u{30A}_1") != composed)
  }

  @Test("invisible characters are shown")
  func invisibleCharactersAreShown() {
    let error = #expect(throws: InfRefError.self) { try InfRef("Sortiment\u{AD}Overfør_1\u{200B}") }
    #expect(error?.description.contains("‹U+00AD›, ‹U+200B›") == true)
    #expect(error?.description.contains("\u{AD}") == false)
  }
}
