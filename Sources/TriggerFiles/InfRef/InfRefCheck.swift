/// Explains errors in a name, in plain words and with the right spelling (contract section 4).
///
/// First come the effects of copying on any name (``InfRefCleaning``), then the rules of each family of names, and last
/// the rules of the place that the name is in (``InfRefPlace``).
struct InfRefCheck {
  private var findings: [InfRefFinding]
  let place: InfRefPlace

  static func findings(
    for text: String, register: Set<String>, place: InfRefPlace = .trigger, form: OrderForm = .unknown
  ) -> [InfRefFinding] {
    if place == .declaration || isSpeltAsShown(text) { return [] }
    let cleaning = InfRefCleaning(text)
    guard !cleaning.name.isEmpty else {
      let empty = InfRefFinding(
        code: .empty, message: LocalizedText("there is no name", "der er intet navn"),
        remedy: LocalizedText("write the InfRef that was assigned", "skriv den InfRef, der er tildelt"))
      return place.held([empty], form: form)
    }
    if isPattern(cleaning.name) { return place.held([pattern(cleaning.name)], form: form) }
    var check = InfRefCheck(findings: cleaning.findings, place: place)
    let suggestion = check.judge(cleaning.name, register)
    let all = check.findings.map { finding in
      guard let suggestion, finding.suggestion == nil else { return finding }
      return InfRefFinding(
        code: finding.code, severity: finding.severity, message: LocalizedText(finding.message, finding.danishMessage),
        suggestion: suggestion, section: finding.section)
    }
    return place.held(all, form: form)
  }

  mutating func add(
    _ code: InfRefFinding.Code, _ message: LocalizedText, severity: Diagnostic.Severity = .error,
    remedy: LocalizedText? = nil,
    section: String = "section 4"
  ) {
    findings.append(
      InfRefFinding(code: code, severity: severity, message: message, remedy: remedy, section: section))
  }
}

extension InfRefCheck {
  /// Returns true if a name is, byte for byte, one of the sortiments' or of the shape that the declarations show, as
  /// nearly every name is: there is nothing to explain then. False means nothing.
  private static func isSpeltAsShown(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { ShownName.isSpelt(UnsafeRawBufferPointer($0)) }
  }

  /// Returns true if a name has parts to be filled in: `…GDPR<number>_<version>`, `SortimentOverfør_X`.
  private static func isPattern(_ name: String) -> Bool {
    let scalars = name.unicodeScalars
    let brackets: [(Unicode.Scalar, Unicode.Scalar)] = [("<", ">"), ("{", "}"), ("[", "]")]
    if brackets.contains(where: { scalars.contains($0.0) && scalars.contains($0.1) }) { return true }
    let signs: Set<Unicode.Scalar> = ["*", "#", "\u{2026}"]
    if scalars.contains(where: signs.contains) { return true }
    guard
      let match = InfRefSpelling(stem: KnownInfRefs.gdprStem + KnownInfRefs.gdprMark, in: name)
        ?? InfRefSpelling(stem: KnownInfRefs.sortimentStem, in: name)
    else { return false }
    return match.rest.split(separator: "_").contains { part in
      !part.isEmpty && part.allSatisfy { ["x", "X", "n", "N", "y", "Y"].contains($0) }
    }
  }

  private static func pattern(_ name: String) -> InfRefFinding {
    InfRefFinding(
      code: .pattern,
      message: LocalizedText(
        "\(Quoted.text(name)) is a pattern whose parts are to be filled in",
        "\(Quoted.danish(name)) er et mønster, hvor der mangler at blive udfyldt dele"),
      remedy: LocalizedText(
        "write the number and the version that were assigned", "skriv det nummer og den version, der er tildelt"))
  }

  /// The name of the register that this one is in some spelling.
  private static func declared(_ name: String, in register: Set<String>) -> String? {
    if register.isEmpty { return nil }
    let lowered = InfRefSpelling.lowered(name)
    return register.filter { $0.utf8.count == name.utf8.count && InfRefSpelling.lowered($0) == lowered }.min()
  }

  /// - Returns: the right spelling, if there is one.
  private mutating func judge(_ name: String, _ register: Set<String>) -> String? {
    if let known = Self.declared(name, in: register) {
      if !known.utf8.elementsEqual(name.utf8) {
        add(
          .letterCase,
          LocalizedText(
            "the register has this name in other letters", "registret har dette navn med andre store og små bogstaver"))
      }
      return known
    }
    if let number = IntegrationNumber(startOf: name) { return judgeIntegration(number, name) }
    if let stem = InfRefSpelling.stem(of: name, among: KnownInfRefs.webServiceStems) {
      return judgeWebService(name, stem)
    }
    if judgeEndpoint(name) { return nil }
    if let stem = InfRefSpelling.stem(of: name, among: KnownInfRefs.serviceStems) { return judgeService(stem) }
    if let match = InfRefSpelling(stem: KnownInfRefs.sortimentStem, in: name) { return judgeSortiment(match) }
    if let match = InfRefSpelling(stem: KnownInfRefs.gdprStem, in: name) { return judgeGDPR(match) }
    if let match = InfRefSpelling(stem: KnownInfRefs.gdprMark, in: name) ?? InfRefSpelling(stem: "GPDR", in: name),
      match.rest.first.map({ $0 == "_" || $0 == "-" || ("0"..."9").contains($0) }) ?? true
    {
      add(.shortened, LocalizedText("this is only the end of the name", "det er kun slutningen af navnet"))
      return judgeGDPR(InfRefSpelling(rest: Array(name.unicodeScalars)))
    }
    let near = NearestName.to(name, among: KnownInfRefs.sortiments + register.sorted(), within: 2)
    add(
      .unknown,
      LocalizedText(
        "no InfRef of the documents is called \(Quoted.text(name)); is it in your register?",
        "dokumenterne kender ingen InfRef ved navn \(Quoted.danish(name)); står den i jeres register?"),
      remedy: near == nil
        ? LocalizedText(
          "correct it, or declare it under infrefs: in the settings",
          "ret det, eller skriv det under infrefs: i indstillingerne") : nil)
    return near
  }
}

extension InfRefCheck {
  mutating func judgeSpelling(_ match: InfRefSpelling) {
    if match.hasHyphen {
      add(
        .hyphenation,
        LocalizedText(
          "there is a hyphen inside the name, as at the end of a printed line",
          "der står en bindestreg i navnet, som ved enden af en trykt linje"))
    }
    if match.hasOtherLetters {
      add(.letter, LocalizedText("the name is spelt with \u{F8} (U+00F8)", "navnet staves med \u{F8} (U+00F8)"))
    }
    if match.hasOtherCase {
      add(
        .letterCase,
        LocalizedText(
          "capitals and small letters are not as in the name", "store og små bogstaver er ikke, som de skal være"))
    }
  }

  private mutating func judgeSortiment(_ match: InfRefSpelling) -> String {
    judgeSpelling(match)
    let both = KnownInfRefs.sortiments.joined(separator: " or ")
    guard let version = judgeVersion(match.rest) else { return both }
    let plain = String(version.drop { $0 == "0" })
    guard KnownInfRefs.sortimentVersions.contains(plain) else {
      add(
        .unknownVersion,
        LocalizedText(
          "there is no version \(version): the documents show 1 and 2",
          "der er ingen version \(version): dokumenterne viser 1 og 2"))
      return both
    }
    if plain != version {
      add(.unknownVersion, LocalizedText("the version has a leading zero", "versionen har et foranstillet nul"))
    }
    return "\(KnownInfRefs.sortimentStem)_\(plain)"
  }

  private mutating func judgeGDPR(_ match: InfRefSpelling) -> String {
    judgeSpelling(match)
    let stem = KnownInfRefs.gdprStem + KnownInfRefs.gdprMark
    var rest = match.rest
    let text = InfRefSpelling.string(rest[...])
    if let mark = InfRefSpelling(stem: KnownInfRefs.gdprMark, in: text) {
      judgeSpelling(mark)
      rest = mark.rest
    } else if let slip = InfRefSpelling(stem: "GPDR", in: text) {
      add(
        .gpdr,
        LocalizedText(
          "GPDR is a slip for GDPR, one that KOMBIT's own documents make",
          "GPDR er en skrivefejl for GDPR, som også står i KOMBITs egne dokumenter"))
      rest = slip.rest
    } else {
      add(
        .missingNumber,
        LocalizedText(
          "the name goes on with GDPR and the number that is printed on the GDPR-erklæring",
          "navnet fortsætter med GDPR og det nummer, der står på GDPR-erklæringen"))
      return "\(stem)<number>_1"
    }
    let digits = rest.prefix { ("0"..."9").contains($0) }
    let number = InfRefSpelling.string(digits.drop { $0 == "0" })
    if digits.isEmpty {
      add(
        .missingNumber,
        LocalizedText(
          "the number is missing: it is printed on the GDPR-erklæring",
          "nummeret mangler: det står på GDPR-erklæringen"))
    } else if number.unicodeScalars.count < digits.count {
      add(
        .numberLeadingZero,
        LocalizedText(
          "the number of the GDPR-erklæring has no leading zeros",
          "GDPR-erklæringens nummer har ingen foranstillede nuller"))
    }
    let version = judgeVersion(Array(rest.dropFirst(digits.count))) ?? "1"
    if version.utf8.first == UInt8(ascii: "0") {
      add(
        .versionLeadingZero,
        LocalizedText(
          "the version is shown as 1, without a leading zero", "versionen vises som 1, uden foranstillet nul"),
        severity: .warning)
    } else if version != "1" {
      add(
        .unknownVersion,
        LocalizedText("the documents show version 1 alone", "dokumenterne viser kun version 1"), severity: .warning)
    }
    let shown = String(version.drop { $0 == "0" })
    return "\(stem)\(number.isEmpty ? "<number>" : number)_\(shown.isEmpty ? "1" : shown)"
  }

  /// - Returns: the version's digits, if there are any.
  private mutating func judgeVersion(_ rest: [Unicode.Scalar]) -> String? {
    let missing = LocalizedText("the version is missing", "versionen mangler")
    guard let separator = rest.first else {
      add(.missingVersion, missing)
      return nil
    }
    var version = rest[...]
    if separator == "_" {
      version = version.dropFirst()
    } else {
      add(
        .versionSeparator,
        LocalizedText("the version follows an underscore", "versionen står efter en understregning"))
      version = version.drop { !("0"..."9").contains($0) }
    }
    let digits = version.prefix { ("0"..."9").contains($0) }
    let further = version.dropFirst(digits.count)
    if digits.isEmpty {
      add(.missingVersion, missing)
    } else if !further.isEmpty {
      let isVersion = further.dropFirst().allSatisfy { ("0"..."9").contains($0) }
      let shown = Quoted.both(InfRefSpelling.string(further))
      add(
        isVersion ? .doubledVersion : .unknownVersion,
        LocalizedText("\(shown.en) follows the version", "\(shown.da) står efter versionen"))
    }
    return digits.isEmpty ? nil : InfRefSpelling.string(digits)
  }
}
