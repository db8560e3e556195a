import FoundationEssentials
import SystemPackage

/// A tree of 200 triggers and 2,000 other files, all good except the planted mistakes, and the files that an audit
/// skips.
enum AuditTree {
  static func make(in folder: FilePath, planting mistakes: [PlantedMistake]) throws {
    let planted = mistakes.filter { $0.file.hasSuffix(".trigger") }.count
    for number in 0..<(200 - planted) {
      try write(trigger(number), "ud/\(number % 10)/\(number).csv.trigger", folder)
    }
    for number in 0..<(2000 - (mistakes.count - planted)) {
      let (ending, text) = good[number % good.count]
      try write(text, "data/\(number % 40)/\(number).\(ending)", folder)
    }
    for (number, mistake) in mistakes.enumerated() {
      try write(mistake.text, "plantet/\(number)/\(mistake.file)", folder)
    }
    // A circle of links, a link out of the tree, data that is no text, and a file that is too large.
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending("data/rundt").string, withDestinationPath: folder.string)
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending("data/link.txt").string, withDestinationPath: "../plantet/0")
    try write("\u{0}SortimentOverfor_1", "data/program.bin", folder)
    try write(String(repeating: "SortimentOverfor_1\n", count: 60_000), "data/stor.log", folder)
  }

  private static func write(_ text: String, _ path: String, _ folder: FilePath) throws {
    let file = folder.pushing(FilePath(path))
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try TestFiles.write(text, to: file)
  }

  private static func trigger(_ number: Int) -> String {
    switch number % 3 {
    case 0: TestFiles.trigger()
    case 1: TestFiles.trigger(infRef: "SortimentOverfør_1")
    default: TestFiles.trigger(infRef: "SortimentOverf&#248;r_2")
    }
  }

  /// Good files that talk of the same things: services, integrations, the GDPR, identifiers, file names.
  private static let good: [(ending: String, text: String)] = [
    (
      "txt", "SF1630 leverer data; SF7002 og SF1590_D bruger SortimentOverfør_1. GDPR-loven gælder, se GDPR 2016/679.\n"
    ),
    (
      "md",
      "Servicen FagsystemdefineredeDataAflever_1 tager imod; fagsystemdefinerede data kommer fra FakturaInformationAfsend_1.\n"
    ),
    ("log", "04:00:01 dk.firma.SortimentOverfoerService infRef=SortimentOverfør_2 fil=SortimentOverfor_1.csv ok\n"),
    (
      "yaml",
      "routes:\n  - infref: FagsystemdefineredeDataRefGDPR1203_1\ninfrefs: []\nwatch: { infref: \"${INFREF}\" }\n# InfRef: se skema\n"
    ),
    ("json", "{\"infRef\": \"SortimentOverfør_1\", \"other\": {\"infRef\": null}}\n"),
    ("csv", "kommune;InfRef\n0101;SortimentOverfør_1\n0147;FagsystemdefineredeDataRefGDPR99999999999999999999_1\n"),
    ("csv", "cpr;beløb\n0;1\n"),
    ("xml", "<a><InfRef>SortimentOverfør_1</InfRef><!-- InfRef: se SF1630 --></a>\n"),
    ("metadata", metadata),
    ("txt", "InfRef: se skema. The conference is infrequent; kontoversigt, sortiment over flere år.\n"),
  ]

  private static let metadata = TestFiles.trigger().replacing(
    "<FileDescriptor>", with: "<FileTransferUUID>a-1</FileTransferUUID>\n  <FileDescriptor>")
}
