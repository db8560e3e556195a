/// Tells what is wrong with a name, in plain words and with the right spelling (contract section 4).
///
/// First comes what copying does to any name (``InfRefCleaning``), then what is particular to each family of names.
struct InfRefCheck {
  private var findings: [InfRefFinding]

  static func findings(for text: String, register: Set<String>) -> [InfRefFinding] {
    if isSpeltAsShown(text) { return [] }
    let cleaning = InfRefCleaning(text)
    guard !cleaning.name.isEmpty else {
      return [InfRefFinding(code: .empty, message: "there is no name")]
    }
    var check = InfRefCheck(findings: cleaning.findings)
    let suggestion = check.judge(cleaning.name, register)
    return check.findings.map {
      InfRefFinding(code: $0.code, severity: $0.severity, message: $0.message, suggestion: suggestion)
    }
  }

  private mutating func add(
    _ code: InfRefFinding.Code, _ message: String, severity: Diagnostic.Severity = .error
  ) {
    findings.append(InfRefFinding(code: code, severity: severity, message: message))
  }
}

extension InfRefCheck {
  /// Whether a name is, byte for byte, one of the sortiments' or of the shape that the declarations show, as nearly every
  /// name is: there is nothing to explain then. False says nothing.
  private static func isSpeltAsShown(_ text: String) -> Bool {
    if InfRefName.sortiments.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { return true }
    let stem = InfRefName.gdprStem + InfRefName.gdprMark
    guard text.utf8.starts(with: stem.utf8) else { return false }
    let rest = text.utf8.dropFirst(stem.utf8.count)
    let number = rest.prefix { ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) }
    return number.first.map { $0 != UInt8(ascii: "0") } == true && rest.dropFirst(number.count).elementsEqual("_1".utf8)
  }

  /// - Returns: the right spelling, if there is one.
  private mutating func judge(_ name: String, _ register: Set<String>) -> String? {
    if let known = register.sorted().first(where: { InfRefSpelling.lowered($0) == InfRefSpelling.lowered(name) }) {
      if !known.utf8.elementsEqual(name.utf8) { add(.letterCase, "the register has this name in other letters") }
      return known
    }
    if let number = InfRefSpelling.integrationNumber(in: name) { return judgeIntegration(number) }
    if let stem = InfRefSpelling.stem(of: name, among: InfRefName.webServiceStems) {
      add(.webService, "\(stem) is carried by a web service (SF1590_D), not by SFTP: no trigger can name it")
      return nil
    }
    if let stem = InfRefSpelling.stem(of: name, among: InfRefName.serviceStems) {
      add(.serviceName, "\(stem) is a service's name, not an InfRef")
      return stem.hasPrefix("Fagsystem") ? "\(InfRefName.gdprStem)GDPR<number>_1" : nil
    }
    if let match = InfRefSpelling(stem: InfRefName.sortimentStem, in: name) { return judgeSortiment(match) }
    if let match = InfRefSpelling(stem: InfRefName.gdprStem, in: name) { return judgeGDPR(match) }
    if let match = InfRefSpelling(stem: InfRefName.gdprMark, in: name) ?? InfRefSpelling(stem: "GPDR", in: name),
      match.rest.first.map({ $0 == "_" || $0 == "-" || ("0"..."9").contains($0) }) ?? true
    {
      add(.shortened, "this is only the end of the name")
      return judgeGDPR(InfRefSpelling(rest: Array(name.unicodeScalars)))
    }
    let near = InfRefSpelling.nearest(to: name, among: InfRefName.sortiments + register.sorted())
    add(.unknown, "no InfRef of the documents is called \(Quoted.text(name)); is it in your register?")
    return near
  }

  private mutating func judgeIntegration(_ number: String) -> String? {
    switch number {
    case "SF7002":
      add(
        .monitoringAlias,
        "SF7002 stands on the form that orders pickup monitoring (TFH206); a trigger names one of its InfRefs")
      return InfRefName.sortiments.joined(separator: " or ")
    case "SF1630":
      add(
        .integrationNumber, "SF1630 is an integration's number, not an InfRef; that is printed on the GDPR declaration")
      return "\(InfRefName.gdprStem)GDPR<number>_1"
    case "SF1590_A", "SF1590_B", "SF1590_D", "SF1590":
      add(.integrationNumber, "\(number) is an integration's number, not an InfRef; its sortiment has one")
      return InfRefName.sortiments.joined(separator: " or ")
    default:
      add(
        .integrationNumber, "\(number) is an integration's number, not an InfRef; declare its InfRef in your register")
      return nil
    }
  }

  private mutating func judgeSpelling(_ match: InfRefSpelling) {
    if match.hasHyphen { add(.hyphenation, "there is a hyphen inside the name, as at the end of a printed line") }
    if match.hasOtherLetters { add(.letter, "the name is spelt with \u{F8} (U+00F8)") }
    if match.hasOtherCase { add(.letterCase, "capitals and small letters are not as in the name") }
  }

  private mutating func judgeSortiment(_ match: InfRefSpelling) -> String {
    judgeSpelling(match)
    let both = InfRefName.sortiments.joined(separator: " or ")
    guard let version = judgeVersion(match.rest) else { return both }
    let plain = String(version.drop { $0 == "0" })
    guard InfRefName.sortimentVersions.contains(plain) else {
      add(.unknownVersion, "there is no version \(version): the documents show 1 and 2")
      return both
    }
    if plain != version { add(.unknownVersion, "the version has a leading zero") }
    return "\(InfRefName.sortimentStem)_\(plain)"
  }

  private mutating func judgeGDPR(_ match: InfRefSpelling) -> String {
    judgeSpelling(match)
    let stem = InfRefName.gdprStem + InfRefName.gdprMark
    var rest = match.rest
    let text = InfRefSpelling.string(rest[...])
    if let mark = InfRefSpelling(stem: InfRefName.gdprMark, in: text) {
      judgeSpelling(mark)
      rest = mark.rest
    } else if let slip = InfRefSpelling(stem: "GPDR", in: text) {
      add(.gpdr, "GPDR is a slip for GDPR, one that KOMBIT's own documents make")
      rest = slip.rest
    } else {
      add(.missingNumber, "the name goes on with GDPR and the number that is printed on the GDPR declaration")
      return "\(stem)<number>_1"
    }
    let digits = rest.prefix { ("0"..."9").contains($0) }
    let number = InfRefSpelling.string(digits.drop { $0 == "0" })
    if digits.isEmpty {
      add(.missingNumber, "the number is missing: it is printed on the GDPR declaration")
    } else if number.unicodeScalars.count < digits.count {
      add(.numberLeadingZero, "the GDPR declaration's number has no leading zeros")
    }
    let version = judgeVersion(Array(rest.dropFirst(digits.count))) ?? "1"
    if version.utf8.first == UInt8(ascii: "0") {
      add(.versionLeadingZero, "the version is shown as 1, without a leading zero", severity: .warning)
    } else if version != "1" {
      add(.unknownVersion, "the documents show version 1 alone", severity: .warning)
    }
    let shown = String(version.drop { $0 == "0" })
    return "\(stem)\(number.isEmpty ? "<number>" : number)_\(shown.isEmpty ? "1" : shown)"
  }

  /// - Returns: the version's digits, if there are any.
  private mutating func judgeVersion(_ rest: [Unicode.Scalar]) -> String? {
    guard let separator = rest.first else {
      add(.missingVersion, "the version is missing")
      return nil
    }
    var version = rest[...]
    if separator == "_" {
      version = version.dropFirst()
    } else {
      add(.versionSeparator, "the version follows an underscore")
      version = version.drop { !("0"..."9").contains($0) }
    }
    let digits = version.prefix { ("0"..."9").contains($0) }
    let further = version.dropFirst(digits.count)
    if digits.isEmpty {
      add(.missingVersion, "the version is missing")
    } else if !further.isEmpty {
      let isVersion = further.dropFirst().allSatisfy { ("0"..."9").contains($0) }
      add(
        isVersion ? .doubledVersion : .unknownVersion,
        "\(Quoted.text(InfRefSpelling.string(further))) follows the version")
    }
    return digits.isEmpty ? nil : InfRefSpelling.string(digits)
  }
}
