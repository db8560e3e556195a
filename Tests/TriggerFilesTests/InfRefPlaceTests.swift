import Testing
import TriggerFiles

@Suite struct InfRefPlaceTests {
  private static func codes(_ name: String, _ place: InfRefPlace, _ form: OrderForm = .unknown) -> [String] {
    InfRef.check(name, place: place, form: form).map { "\($0.severity.rawValue) \($0.code.rawValue)" }
  }

  @Test("SF7002 is right in a watch rule and on the form that orders monitoring, and nowhere else")
  func placesOfTheFormsName() {
    #expect(Self.codes("SF7002", .watchRule) == [])
    #expect(Self.codes("SF7002", .orderForm, .monitoring) == [])
    #expect(Self.codes("SF7002", .comment) == [])
    for place in [InfRefPlace.trigger, .route, .arrival] {
      #expect(Self.codes("SF7002", place) == ["error monitoring-alias"])
    }
    #expect(Self.codes("SF7002", .orderForm, .sftpRoute) == ["error monitoring-alias"])
    #expect(Self.codes("SF7002", .freeText) == ["warning monitoring-alias"])
  }

  @Test("a web service's route is ordered on its form, and watched nowhere")
  func placesOfAWebService() {
    #expect(Self.codes("FakturaInformationAfsend_1", .orderForm, .webServiceRoute) == [])
    #expect(Self.codes("FakturaInformationAfsend_1", .orderForm, .sftpRoute) == ["error web-service"])
    #expect(Self.codes("FakturaInformationAfsend_1", .watchRule) == ["error web-service"])
    #expect(Self.codes("fakturainformationAfsend_1", .orderForm, .webServiceRoute) == ["error letter-case"])
  }

  @Test("a declaration takes any name, free text and comments have warnings, a pattern is filled in")
  func otherPlaces() {
    #expect(Self.codes("SortimentOverfor_1", .declaration) == [])
    #expect(Self.codes("SortimentOverfor_1", .freeText) == ["warning letter"])
    #expect(Self.codes("SortimentOverfor_1", .comment) == ["warning letter"])
    #expect(Self.codes("FagsystemdefineredeDataRefGDPR<nummer>_<versionsnr>", .freeText) == [])
    #expect(Self.codes("FagsystemdefineredeDataRefGDPRxxxx_1", .orderForm) == [])
    #expect(Self.codes("FagsystemdefineredeDataRefGDPR<nummer>_<versionsnr>", .trigger) == ["error pattern"])
  }

  @Test(
    "reports the names of other things as such",
    arguments: [
      ("EP_FagsystemdefineredeDataAflever_1", "endpoint-name"), ("EP_FagsystemdefineredeDataHent_1", "endpoint-name"),
      ("EP_SP1", "endpoint-name"), ("ØiRFakturaTilGodkendelseSvarAfsendSystem", "service-name"),
      ("FakturaTilGodkendelseAfsend", "service-name"), ("FakturaTilGodkendelseSvarAfsend", "service-name"),
      ("SF1590_E", "integration-number"), ("SF1630_B", "integration-number"), ("SF1470", "integration-number"),
    ])
  func otherNames(name: String, code: String) {
    #expect(Self.codes(name, .trigger) == ["error \(code)"])
  }

  @Test("another integration and a part of SF1630 get advice of their own")
  func adviceOnIntegrations() {
    let other = InfRef.check("SF1590_E").first
    #expect(other?.suggestion == nil && other?.message.contains("NemKonto") == true)
    let part = InfRef.check("SF1630_B").first
    #expect(part?.suggestion == "FagsystemdefineredeDataRefGDPR<number>_1")
    #expect(part?.message.contains("service description") == true && part?.message.contains("GDPR-erklæring") == true)
    #expect(InfRef.check("SortimentOverfør_3").allSatisfy { !$0.message.contains("register") })
  }

  @Test("every finding has a message and a remedy in both languages")
  func danishToo() {
    let names = [
      "", " X_1", "InfRef= X_1", "Sortiment\u{AD}Overfør_1", "Sortiment-Overfor_1", "SortimentOverfÃ¸r_1",
      "sortimentOverfør-1", "SortimentOverfør", "SortimentOverfør_01", "SortimentOverfør_1_1", "GPDR012",
      "FagsystemdefineredeDataRef_1", "FagsystemdefineredeDataRefGDPR١_02", "SF7002", "SF7001", "SF1590_E", "SF9999",
      "EP_SP1", "FakturaTilGodkendelseAfsend", "FakturaInformationAfsend_1", "GDPR<nummer>_1", "GDPR1_2",
    ]
    let findings = names.flatMap { InfRef.check($0) }
    #expect(Set(findings.map(\.code)) == Set(InfRefFinding.Code.allCases))
    for finding in findings {
      #expect(finding.danishMessage != finding.message && finding.danishRemedy != finding.remedy, "\(finding)")
      #expect(!finding.danishMessage.isEmpty && !finding.section.isEmpty)
      #expect(finding.sentence(in: .danish).hasSuffix(", i en trigger]"))
    }
  }
}
