import SystemPackage

/// The encodings that the corpus is written in.
enum CorpusEncoding: String, CaseIterable {
  case utf8
  case utf8Marked = "utf8-mark"
  case utf16LittleEndian = "utf16-le"
  case utf16BigEndian = "utf16-be"
  case windows1252

  /// The name that an XML declaration gives it.
  var declared: String {
    switch self {
    case .utf8, .utf8Marked: "UTF-8"
    case .utf16LittleEndian, .utf16BigEndian: "UTF-16"
    case .windows1252: "ISO-8859-1"
    }
  }

  func bytes(of text: String) -> [UInt8] {
    switch self {
    case .utf8: Array(text.utf8)
    case .utf8Marked: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    case .utf16LittleEndian: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .utf16BigEndian: [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case .windows1252: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
  }
}

/// A text of the corpus, and what an audit has to say about it, written down by hand: line, place, verdict and code of
/// each name, the good ones too. A document's own findings have no place.
struct CorpusText: Sendable {
  let name: String
  let text: String
  let verdicts: [String]

  init(_ name: String, _ text: String, _ verdicts: [String]) {
    self.name = name
    self.text = text
    self.verdicts = verdicts
  }

  static let all: [CorpusText] = documents + settings + forms + texts + mails

  // MARK: Triggers and metadata

  private static let documents: [CorpusText] = [
    CorpusText("god.trigger", trigger("SortimentOverfør_1"), ["12 trigger good"]),
    CorpusText("oe.trigger", trigger("SortimentOverfoer_1"), ["12 trigger error letter"]),
    CorpusText("formular.trigger", trigger("SF7002"), ["12 trigger error monitoring-alias"]),
    CorpusText("webservice.trigger", trigger("FakturaInformationAfsend_1"), ["12 trigger error web-service"]),
    CorpusText("endpoint.trigger", trigger("EP_FagsystemdefineredeDataAflever_1"), ["12 trigger error endpoint-name"]),
    CorpusText("service.trigger", trigger("ØiRFakturaTilGodkendelseSvarAfsend_1"), ["12 trigger error service-name"]),
    CorpusText("version.trigger", trigger("SortimentOverfør_3"), ["12 trigger error unknown-version"]),
    CorpusText(
      "implicit.trigger", withoutSystem(trigger("SortimentOverfør_2")),
      ["11 - error unfit-route", "12 trigger good"]),
    CorpusText(
      "udkommenteret.trigger",
      trigger("SortimentOverfør_1").replacing(
        "<FileDescriptor>", with: "<!-- før: SortimentOverfor_1 --><FileDescriptor>"),
      ["3 comment warning letter", "12 trigger good"]),
    CorpusText("fra-anden.metadata", metadata("SortimentOverfor_1"), ["13 arrival warning unfit-inf-ref"]),
    CorpusText("god.metadata", metadata("SortimentOverfør_2"), ["13 arrival good"]),
  ]

  private static func trigger(_ infRef: String) -> String { TestFiles.trigger(infRef: infRef) }

  private static func metadata(_ infRef: String) -> String {
    trigger(infRef).replacing(
      "<FileDescriptor>", with: "<FileTransferUUID>a-1</FileTransferUUID>\n  <FileDescriptor>")
  }

  private static func withoutSystem(_ trigger: String) -> String {
    trigger.split(separator: "\n").filter { !$0.contains("RecipientIt-system") }.joined(separator: "\n")
  }

  // MARK: Settings

  private static let settings: [CorpusText] = [
    CorpusText(
      "egne.yaml",
      """
      routes:
        blå: { account: a, infref: SortimentOverfør_1 }
        bilag: { infref: Finansbilag_1 }
      arrivals: { svar: { infref: Forretningssvar_1 } }
      watch:
        rules:
          - infref: SF7002   # begge versioner af SortimentOverfør
          - infref: Finansbilag_1
            answer: Forretningssvar_1
      infrefs: [Finansbilag_1, Forretningssvar_1]

      """,
      [
        "2 route good", "3 route good", "4 arrival good", "7 watch-rule good", "8 watch-rule good", "9 watch-rule good",
        "10 declaration good", "10 declaration good",
      ]),
    CorpusText(
      "rute.yaml", "routes:\n  å: { infref: SF7002 }\n  b:\n    infref: 'SortimentOverfør-1'\n",
      ["2 route error monitoring-alias", "4 route error version-separator"]),
    CorpusText(
      "ankomst.yaml", "arrivals:\n  å:\n    infref: SortimentOverfør\n", ["3 arrival error missing-version"]),
    CorpusText(
      "vagt.yaml", "watch:\n  rules:\n    - { infref: FakturaInformationAfsend_1, å: 1 }\n    - infref: sf7002\n",
      ["3 watch-rule error web-service", "4 watch-rule error integration-number"]),
    CorpusText(
      "ukendt.yaml", "infrefs: [Ægen_1]\nroutes: { a: { infref: Ægen_1 }, b: { infref: Ægen_2 } }\n",
      ["1 declaration good", "2 route good", "2 route error unknown"]),
    CorpusText(
      "kommentar.yaml",
      "# infref: SF7002\n# infref: SortimentOverfor_1 (før)\nå: 1 # se SortimentOverfør og InfRef: et skema\n",
      ["1 comment good", "2 comment warning letter"]),
    CorpusText(
      "andres.json", "{ \"å\": 1, \"infRef\": \"SF1630\",\n\"routes\": [{ \"infRef\": \"SortimentOverfør_1 \" }] }\n",
      ["1 free-text warning integration-number", "2 route error surrounding-space"]),
    CorpusText(
      "andres.properties", "# InfRef: se skema på siden\nå.infref = FagsystemdefineredeDataHent_1\n",
      ["2 free-text warning service-name"]),
    CorpusText(
      "pladsholder.yaml", "routes: { å: { infref: \"${INFREF}\" }, b: { infref: ~ } }\n", []),
  ]

  // MARK: Order forms

  private static let forms: [CorpusText] = [
    CorpusText(
      "tfh206.txt", "Bestilling af overvågning af rettidig afhentning\nInfRef=SF7002\nfor systemet som helhed\n",
      ["2 order-form good"]),
    CorpusText(
      "tf111.txt", "Bestilling af rute på Serviceplatformens webservice\nInfRef= FakturaInformationAfsend_1\n",
      ["2 order-form good"]),
    CorpusText(
      "sftp-rute.txt", "Bestilling på SFTP-rute\nInfRef: FakturaInformationAfsend_1\nInfRef: SF7002\n",
      ["2 order-form error web-service", "3 order-form error monitoring-alias"]),
    CorpusText(
      "brudt.txt", "Bestillingsformular: SFTP-rute på erklæringen\nInfRef= Fagsystemdefinerede-\nDataRefGDPR1203_1\n",
      ["2 order-form error invisible-character"]),
    CorpusText(
      "tfh223.txt", "TFH223 Bestil SFTP-rute, InfRef SortimentOverfør_1\nså InfRef = SortimentOverfør-1.\n",
      ["1 free-text good", "2 order-form error version-separator"]),
    CorpusText(
      "mønster.txt", "Bestilling: InfRef=FagsystemdefineredeDataRefGDPR<nummer>_<versionsnr> på erklæringen\n", []),
  ]

  // MARK: Other texts

  private static let texts: [CorpusText] = [
    CorpusText(
      "omtale.md",
      "Sortimentet SortimentOverfør findes i to versioner; SF7002, EP_FagsystemdefineredeDataAflever_1 og\n"
        + "FakturaTilGodkendelseAfsend er noget andet. Mønster: FagsystemdefineredeDataRefGDPR<nummer>_<version>\n", []),
    CorpusText(
      "fejl.txt", "blåt brev\nSortimentOverfoer_1 og så SortimentOverfør_2\n",
      ["2 free-text warning letter", "2 free-text good"]),
    CorpusText(
      "drift.log", "04:00 på vej InfRef=SortimentOverfør_7 ok\n04:01 overvågning InfRef=SF7002\n",
      ["1 free-text warning unknown-version", "2 free-text warning monitoring-alias"]),
    CorpusText(
      "brev.txt", "Se på Fagsystemdefinerede-\nDataRefGDPR7_1 i erklæringen, og GDPR 2016/679\n",
      ["1 free-text warning invisible-character"]),
    CorpusText(
      "liste.csv", "kommune;InfRef\nÅrhus;SortimentOverfør_1\nKøge;SF1590_D\n",
      ["2 free-text good", "3 free-text warning integration-number"]),
    CorpusText(
      "side.html", "<p>på <b>SortimentOverfør-2</b></p>\n<!-- SortimentOverfør-1 --><InfRef>SF1590_E</InfRef>\n",
      [
        "1 free-text warning version-separator", "2 comment warning version-separator",
        "2 free-text warning integration-number",
      ]),
    CorpusText("navne.txt", "fil SortimentOverfor_1.csv på disken, klassen SortimentOverfoerService\n", []),
  ]

  private static let mails: [CorpusText] = [
    CorpusText(
      "bestilling.eml",
      "From: a@example.dk\nTo: b@example.dk\nSubject: rute\n\nBestilling af overvågning\nInfRef=SF7002\n",
      ["6 order-form good"])
  ]
}
