/// The names that the documents show, and how they are built (contract section 4).
enum InfRefName {
  static let sortimentStem = "SortimentOverf\u{F8}r"
  static let sortimentVersions = ["1", "2"]
  static let sortiments = sortimentVersions.map { "\(sortimentStem)_\($0)" }

  static let gdprStem = "FagsystemdefineredeDataRef"
  static let gdprMark = "GDPR"

  /// Names of services, which stand in the same documents and are often taken for InfRefs.
  static let serviceStems = [
    "FagsystemdefineredeDataAflever", "FagsystemdefineredeDataHent", "\u{D8}iRFakturaTilGodkendelseAfsend",
  ]

  /// InfRefs that a web service carries.
  static let webServiceStems = ["FakturaInformationAfsend", "FakturaInformationSvarAfsend"]

  static func kind(of name: String) -> InfRef.Kind {
    if let version = sortimentVersions.first(where: { name.utf8.elementsEqual("\(sortimentStem)_\($0)".utf8) }) {
      return .sortiment(version: version)
    }
    let prefix = gdprStem + gdprMark
    guard name.utf8.starts(with: prefix.utf8) else { return .other }
    let parts = name.utf8.dropFirst(prefix.utf8.count).split(
      separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard parts.count == 2, let number = digits(parts[0]), let version = digits(parts[1]),
      number.utf8.first != UInt8(ascii: "0")
    else { return .other }
    return .fagsystemdefineredeData(gdprNumber: number, version: version)
  }

  /// The text of one ASCII digit or more.
  private static func digits(_ bytes: some Collection<UInt8>) -> String? {
    guard !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
