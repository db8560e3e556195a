/// Tells what is wrong with a name, in plain words and with the right spelling (contract section 4).
///
/// First comes what copying does to any name, then what is particular to each family of names.
struct InfRefCheck {
  private var findings: [(code: InfRefFinding.Code, severity: Diagnostic.Severity, message: String)] = []

  static func findings(for text: String, register: Set<String>) -> [InfRefFinding] {
    var check = InfRefCheck()
    let name = check.clean(text)
    guard !name.isEmpty else {
      return [InfRefFinding(code: .empty, message: "there is no name")]
    }
    let suggestion = check.judge(name, register)
    return check.findings.map {
      InfRefFinding(code: $0.code, severity: $0.severity, message: $0.message, suggestion: suggestion)
    }
  }

  private mutating func add(
    _ code: InfRefFinding.Code, _ message: String, severity: Diagnostic.Severity = .error
  ) {
    findings.append((code, severity, message))
  }
}

// MARK: What copying does

extension InfRefCheck {
  private mutating func clean(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)[...]
    scalars = withoutSurroundingSpace(scalars)
    if let rest = Self.withoutLabel(scalars) {
      add(
        .label, "the form's label \(Quoted.text(Self.string(scalars.prefix(scalars.count - rest.count)))) is in front")
      scalars = rest
    }
    let visible = withoutInvisible(scalars)
    return withASCIIDigits(withLetters(visible))
  }

  private mutating func withoutSurroundingSpace(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    var inside = scalars.drop { $0.properties.isWhitespace }
    while let last = inside.last, last.properties.isWhitespace { inside.removeLast() }
    if inside.count < scalars.count, !inside.isEmpty {
      add(.surroundingSpace, "there is white space before or after the name")
    }
    return inside
  }

  private static func withoutLabel(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar>? {
    for label in ["infref", "inref"] {
      let count = label.unicodeScalars.count
      guard lowered(string(scalars.prefix(count))) == label else { continue }
      let rest = scalars.dropFirst(count).drop { $0.properties.isWhitespace }
      guard rest.first == "=" || rest.first == ":" else { continue }
      return rest.dropFirst().drop { $0.properties.isWhitespace }
    }
    return nil
  }

  private mutating func withoutInvisible(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    let isUnseen = { (scalar: Unicode.Scalar) in scalar == " " || !Quoted.isVisible(scalar) }
    let unseen = scalars.filter(isUnseen)
    if !unseen.isEmpty {
      let names = unseen.map { $0 == " " ? "a space" : Quoted.name(of: $0) }
      add(
        .invisibleCharacter,
        "the name holds \(names.prefix(5).joined(separator: ", ")), as names copied from a PDF do")
    }
    return scalars.filter { !isUnseen($0) }
  }

  /// Puts right what other encodings and other ways of writing make of `ø`.
  private mutating func withLetters(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var letters: [Unicode.Scalar] = []
    var wrong: InfRefFinding.Code?
    var at = 0
    while at < scalars.count {
      let pair = (scalars[at], at + 1 < scalars.count ? scalars[at + 1] : " ")
      switch pair {
      case ("\u{C3}", "\u{B8}"): (letters, wrong, at) = (letters + ["\u{F8}"], .mojibake, at + 2)
      case ("\u{C3}", "\u{98}"), ("\u{C3}", "\u{2DC}"): (letters, wrong, at) = (letters + ["\u{D8}"], .mojibake, at + 2)
      case ("o", "\u{338}"), ("o", "\u{337}"): (letters, wrong, at) = (letters + ["\u{F8}"], .letter, at + 2)
      default: (letters, at) = (letters + [pair.0], at + 1)
      }
    }
    switch wrong {
    case .mojibake: add(.mojibake, "the letter \u{F8} was read in the wrong encoding (it is U+00F8; the file is UTF-8)")
    case .letter: add(.letter, "the letter \u{F8} is made of two characters; it is the single character U+00F8")
    default: break
    }
    return letters
  }

  private mutating func withASCIIDigits(_ scalars: [Unicode.Scalar]) -> String {
    var digits: [Unicode.Scalar] = []
    var foreign = false
    for scalar in scalars {
      if !scalar.isASCII, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
        let digit = Unicode.Scalar(UInt32(0x30 + Int(value)))
      {
        digits.append(digit)
        foreign = true
      } else {
        digits.append(scalar)
      }
    }
    if foreign { add(.foreignDigits, "digits that look like 0 to 9 are other characters") }
    return Self.string(digits[...])
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private static func lowered(_ text: String) -> String { InfRefSpelling.lowered(text) }
}

// MARK: What is particular to each family

extension InfRefCheck {
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
      return stem.hasPrefix("Fag") ? "\(InfRefName.gdprStem)GDPR<number>_1, as printed on the GDPR declaration" : nil
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
      add(.integrationNumber, "SF1630 is an integration's number, not an InfRef")
      return "\(InfRefName.gdprStem)GDPR<number>_1, as printed on the GDPR declaration"
    case "SF1590_A", "SF1590_B", "SF1590_D", "SF1590":
      add(.integrationNumber, "\(number) is an integration's number, not an InfRef")
      return "for its sortiment \(InfRefName.sortiments.joined(separator: " or "))"
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
    let text = Self.string(rest[...])
    if let mark = InfRefSpelling(stem: InfRefName.gdprMark, in: text) {
      if mark.hasOtherCase { add(.letterCase, "GDPR is written in capitals") }
      rest = mark.rest
    } else if let slip = InfRefSpelling(stem: "GPDR", in: text) {
      add(.gpdr, "GPDR is a slip for GDPR, one that KOMBIT's own documents make")
      rest = slip.rest
    } else {
      add(.missingNumber, "the name goes on with GDPR and the declaration's number")
      return "\(stem)<number>_1, as printed on the GDPR declaration"
    }
    let digits = rest.prefix { ("0"..."9").contains($0) }
    let number = Self.string(digits.drop { $0 == "0" })
    if digits.isEmpty {
      add(.missingNumber, "the GDPR declaration's number is missing")
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
        "\(Quoted.text(Self.string(further))) follows the version")
    }
    return digits.isEmpty ? nil : Self.string(digits)
  }
}
