/// Forty mistakes of twenty kinds, written down by hand: what stands in a file, and what an audit has to say about it.
struct PlantedMistake {
  let file: String
  let text: String
  /// The line of the mistake.
  let line: Int
  let code: String
  /// True if it is only a warning.
  var isWarning = false

  static let all: [PlantedMistake] = names + lists + triggers

  /// In triggers: the InfRef's text, which stands in line 12.
  static let triggers: [PlantedMistake] = [
    trigger("surrounding-space", " SortimentOverfør_1"),
    trigger("label", "InfRef= SortimentOverfør_1"),
    trigger("invisible-character", "Fagsystemdefinerede\u{AD}DataRefGDPR1203_1"),
    trigger("hyphenation", "Fagsystemdefinerede-DataRefGDPR1203_1"),
    trigger("mojibake", "SortimentOverfÃ¸r_1"),
    trigger("letter", "SortimentOverfor_1"),
    trigger("letter-case", "sortimentOverfør_1"),
    trigger("version-separator", "SortimentOverfør-1"),
    trigger("monitoring-alias", "SF7002"),
    trigger("service-name", "FagsystemdefineredeDataAflever_1"),
    trigger("integration-number", "SF1590_D"),
    trigger("web-service", "FakturaInformationAfsend_1"),
    trigger("unknown", "Finansbilag_1", isWarning: true),
    PlantedMistake(
      file: "implicit-1.trigger", text: withoutSystem(TestFiles.trigger()), line: 11, code: "unfit-route"),
    PlantedMistake(
      file: "implicit-2.trigger", text: withoutSystem(TestFiles.trigger(infRef: "SortimentOverfør_2")), line: 11,
      code: "unfit-route"),
  ]

  /// In configuration, text and logs.
  static let names: [PlantedMistake] = [
    .init(file: "a.yaml", text: "routes:\n  - infref: SortimentOverfoer_1\n", line: 2, code: "letter"),
    .init(
      file: "b.json", text: "{\n\n\"infRef\": \"SORTIMENTOVERFØR_1\"}\n", line: 3, code: "letter-case", isWarning: true),
    .init(file: "c.properties", text: "a=b\ninfref=SF1630\n", line: 2, code: "integration-number", isWarning: true),
    .init(
      file: "d.ini", text: "InfRef = FagsystemdefineredeDataHent_1\n", line: 1, code: "service-name", isWarning: true),
    .init(file: "e.conf", text: "infref: SF7002\n", line: 1, code: "monitoring-alias", isWarning: true),
    .init(
      file: "f.txt", text: "Ruten er bestilt på SortimentOverfør-2.\n", line: 1, code: "version-separator",
      isWarning: true),
    .init(
      file: "g.txt", text: "Brug\nSortimentOverfør_3 fra nu af\n", line: 2, code: "unknown-version", isWarning: true),
    .init(
      file: "h.log", text: "04:00 sendt InfRef=SortimentOverfør_7 ok\n", line: 1, code: "unknown-version",
      isWarning: true),
    .init(
      file: "i.txt", text: "GPDR-slip: FagsystemdefineredeDataRefGPDR1203_1\n", line: 1, code: "gpdr", isWarning: true),
    .init(file: "j.log", text: "x FagsystemdefineredeDataRefGPDR77_1;\n", line: 1, code: "gpdr", isWarning: true),
    .init(
      file: "k.md", text: "- `FagsystemdefineredeDataRefGDPR1203`\n", line: 1, code: "missing-version", isWarning: true),
    .init(file: "l.txt", text: "“InfRef=SortimentOverfør”\n", line: 1, code: "missing-version", isWarning: true),
    .init(
      file: "m.txt", text: "Se Fagsystemdefinerede-\nDataRefGDPR1203_1 i erklæringen\n", line: 1,
      code: "invisible-character", isWarning: true),
    .init(file: "n.xml", text: "<a>\n<b>SortimentOverfÃ¸r_2</b></a>\n", line: 2, code: "mojibake", isWarning: true),
    .init(
      file: "o.txt", text: "FagsystemdefineredeDataRefGDPR1203_01\n", line: 1, code: "version-leading-zero",
      isWarning: true),
    .init(
      file: "p.yml", text: "infref: 'FagsystemdefineredeDataRefGDPR5_01'\n", line: 1, code: "version-leading-zero",
      isWarning: true),
  ]

  /// In CSV.
  static let lists: [PlantedMistake] = [
    .init(
      file: "a.csv", text: table("FagsystemdefineredeDataRefGDPR0123_1"), line: 3, code: "number-leading-zero",
      isWarning: true),
    .init(
      file: "b.csv", text: table("FagsystemdefineredeDataRefGDPR007_1"), line: 3, code: "number-leading-zero",
      isWarning: true),
    .init(
      file: "c.csv", text: table("FagsystemdefineredeDataRefGDPR_1"), line: 3, code: "missing-number", isWarning: true),
    .init(file: "d.csv", text: table("FagsystemdefineredeDataRef_1"), line: 3, code: "missing-number", isWarning: true),
    .init(
      file: "e.csv", text: table("FagsystemdefineredeDataRefGDPR1203_1_1"), line: 3, code: "doubled-version",
      isWarning: true),
    .init(
      file: "f.csv", text: table("FagsystemdefineredeDataRefGDPR١٢_1"), line: 3, code: "foreign-digits", isWarning: true
    ),
    .init(file: "g.csv", text: table("GDPR1203_1"), line: 3, code: "shortened", isWarning: true),
    .init(file: "h.csv", text: table("SortimentOverfør_1 "), line: 3, code: "surrounding-space", isWarning: true),
    .init(file: "i.csv", text: "a,b\n1,GDPR88_1\n", line: 2, code: "shortened", isWarning: true),
  ]

  private static func trigger(_ code: String, _ infRef: String, isWarning: Bool = false) -> PlantedMistake {
    PlantedMistake(
      file: "\(code).trigger", text: TestFiles.trigger(infRef: infRef), line: 12, code: code, isWarning: isWarning)
  }

  private static func withoutSystem(_ trigger: String) -> String {
    trigger.split(separator: "\n").filter { !$0.contains("RecipientIt-system") }.joined(separator: "\n")
  }

  private static func table(_ infRef: String) -> String {
    "kommune;InfRef\n0101;SortimentOverfør_1\n0147;\(infRef)\n"
  }
}
