/// The names that the documents show, and how they are built (contract section 4).
enum KnownInfRefs {
  static let sortimentStem = "SortimentOverf\u{F8}r"
  static let sortimentVersions = ["1", "2"]
  static let sortiments = sortimentVersions.map { "\(sortimentStem)_\($0)" }

  static let gdprStem = "FagsystemdefineredeDataRef"
  static let gdprMark = "GDPR"

  /// Names of services, which occur in the same documents and are often mistaken for InfRefs.
  static let serviceStems = [
    "FagsystemdefineredeDataAflever", "FagsystemdefineredeDataHent", "\u{D8}iRFakturaTilGodkendelseSvarAfsend",
    "\u{D8}iRFakturaTilGodkendelseAfsend", "FakturaTilGodkendelseSvarAfsend", "FakturaTilGodkendelseAfsend",
  ]

  /// InfRefs that a web service carries.
  static let webServiceStems = ["FakturaInformationAfsend", "FakturaInformationSvarAfsend"]

  private static let gdprPrefix = gdprStem + gdprMark

  static func kind(of name: String) -> InfRef.Kind {
    if let index = sortiments.firstIndex(where: { name.utf8.elementsEqual($0.utf8) }) {
      return .sortiment(version: sortimentVersions[index])
    }
    guard name.utf8.starts(with: gdprPrefix.utf8) else { return .other }
    let parts = name.utf8.dropFirst(gdprPrefix.utf8.count).split(
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

/// A fast check of the spelling that nearly every name has, on its bytes in place.
enum ShownName {
  private static let sortiment = Array("\(KnownInfRefs.sortimentStem)_".utf8)
  private static let gdpr = Array("\(KnownInfRefs.gdprStem)\(KnownInfRefs.gdprMark)".utf8)

  /// Returns true if the bytes are one of the sortiments' names, or one of the shape that the declarations show with
  /// version 1.
  static func isSpelt(_ name: UnsafeRawBufferPointer) -> Bool {
    if begins(name, with: sortiment) {
      return name.count == sortiment.count + 1 && (name[sortiment.count] == 0x31 || name[sortiment.count] == 0x32)
    }
    guard begins(name, with: gdpr), name.count >= gdpr.count + 3 else { return false }
    guard name[name.count - 1] == 0x31, name[name.count - 2] == UInt8(ascii: "_"), name[gdpr.count] != 0x30 else {
      return false
    }
    for at in gdpr.count..<(name.count - 2) where !(0x30...0x39).contains(name[at]) { return false }
    return true
  }

  private static func begins(_ name: UnsafeRawBufferPointer, with stem: [UInt8]) -> Bool {
    guard name.count > stem.count else { return false }
    // From the end, where names that are nearly the same differ.
    for at in stride(from: stem.count - 1, through: 0, by: -1) where name[at] != stem[at] { return false }
    return true
  }
}
