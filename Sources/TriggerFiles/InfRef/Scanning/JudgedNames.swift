/// Verdicts on names, remembered: a log says the same name over and over, or names that are wrong in the same way.
struct JudgedNames {
  /// The parts of a name's context that affect the verdict.
  struct Context: Equatable {
    let place: InfRefPlace
    let form: OrderForm
    /// The delimiters of the name; `nil` without a label.
    let label: LabelledName.Form?
    /// True if the label can be trusted.
    let isTrusted: Bool
    /// True if an ending such as `.csv` follows.
    let isFileName: Bool
    /// True if a part to be filled in follows.
    let isPattern: Bool
  }

  private struct Key<Name: Hashable>: Hashable {
    let name: Name
    let context: Context

    /// Hashes only the name, because a text has few contexts.
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
  }

  private static let most = 4096

  private let register: DeclaredSpellings
  private var findings: [Key<String>: [InfRefFinding]] = [:]
  /// The verdicts by shape: the findings of one name of it, or `nil` where they are not meant as names.
  private var shapes: [Key<NameShape>: [InfRefFinding]?] = [:]

  init(_ register: Set<String>) { self.register = DeclaredSpellings(register) }

  /// Returns the findings about a name, by codes and severities; `nil` when it is not meant as one.
  ///
  /// The texts may be those of another name of its shape; see ``exactFindings(for:_:)``.
  mutating func verdict(on name: FoundName, _ context: Context) -> [InfRefFinding]? {
    guard !register.mayHave(name.text), let shape = NameShape(name.text) else { return judge(name, context) }
    let key = Key(name: shape, context: context)
    if let known = shapes[key] { return known }
    let verdict = judge(name, context)
    if isSettled(verdict, name, context) {
      if shapes.count >= Self.most { shapes.removeAll(keepingCapacity: true) }
      shapes[key] = .some(verdict)
    }
    return verdict
  }

  /// Returns the findings about a name, in its own words.
  mutating func exactFindings(for name: String, _ context: Context) -> [InfRefFinding] {
    let key = Key(name: name, context: context)
    if let known = findings[key] { return known }
    let new = InfRef.check(name, register: register.names, place: context.place, form: context.form)
    if findings.count >= Self.most { findings.removeAll(keepingCapacity: true) }
    findings[key] = new
    return new
  }

  private mutating func judge(_ name: FoundName, _ context: Context) -> [InfRefFinding]? {
    let findings = exactFindings(for: name.text, context)
    if findings.isEmpty {
      // No findings; but a text that is no InfRef at this place is not counted as a good one.
      return InfRefCheck.isMention(name.text, register.names) ? nil : []
    }
    let counts = context.label == nil ? Meaning.isMeant(findings, name) : Meaning.isMeant(findings, name, context)
    return counts ? findings : nil
  }

  /// Returns true if the verdict holds for the whole shape: the similarity of an unknown name to another depends on its
  /// digits, and counts where no label declares it.
  private func isSettled(_ verdict: [InfRefFinding]?, _ name: FoundName, _ context: Context) -> Bool {
    guard findings[Key(name: name.text, context: context)]?.contains(where: { $0.code == .unknown }) == true else {
      return true
    }
    return context.label != nil && (context.isTrusted || Meaning.looksVersioned(name.text))
  }
}

/// The user's register, with indexes that quickly rule out most names.
private struct DeclaredSpellings {
  let names: Set<String>
  private let lowered: Set<[UInt8]>
  private let lengths: Set<Int>

  init(_ names: Set<String>) {
    self.names = names
    lowered = Set(names.map { Array(InfRefSpelling.lowered($0).utf8) })
    lengths = Set(lowered.map(\.count))
  }

  /// Returns true if a name, or its form after copying, may be one of the register in some spelling.
  func mayHave(_ name: String) -> Bool {
    if names.isEmpty { return false }
    // Letters up to U+00FF stand for themselves, unless a sign of U+0080 to U+00BF follows, as after a wrong decoding.
    guard name.utf8.allSatisfy({ LabelledName.isNameByte($0) && $0 != 0xC2 && $0 < 0xC4 }) else { return true }
    return lengths.contains(name.utf8.count) && lowered.contains(Array(InfRefSpelling.lowered(name).utf8))
  }
}

/// Distinguishes names that are meant as InfRefs from text about such things.
private enum Meaning {
  /// Returns true if a labelled text is meant as an InfRef.
  static func isMeant(_ findings: [InfRefFinding], _ found: FoundName, _ context: JudgedNames.Context) -> Bool {
    context.isTrusted || !isForeign(findings) || looksVersioned(found.text)
  }

  /// Returns true if a text has a digit, and a sign as in front of a version.
  static func looksVersioned(_ text: String) -> Bool {
    InfRefSpelling.hasDigit(text) && text.utf8.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }

  /// Returns true if a name in the middle of a text is meant as an InfRef.
  static func isMeant(_ findings: [InfRefFinding], _ found: FoundName) -> Bool {
    if found.isFileName || found.isPattern || isForeign(findings) { return false }
    let codes = Set(findings.map(\.code))
    guard codes.isDisjoint(with: otherNames) else { return false }
    guard codes.contains(.missingVersion) else {
      return !(codes.contains(.shortened) && codes.contains(.missingNumber))
    }
    // The name of a family (*the versions of SortimentOverfør*), a shortened one (*GDPR2016*), and a program's own
    // identifiers: `SortimentOverførService`, `sortimentoverfoer`.
    let isFamily = !InfRefSpelling.hasDigit(found.text)
    return !isFamily && codes.isDisjoint(with: [.shortened, .versionSeparator, .letterCase, .unknownVersion])
  }

  /// Returns true for a name that is in no document and resembles none there.
  private static func isForeign(_ findings: [InfRefFinding]) -> Bool {
    findings.contains { $0.code == .unknown && $0.suggestion == nil }
  }

  /// Names of other things, which are legitimate in many texts.
  private static let otherNames: Set<InfRefFinding.Code> = [
    .serviceName, .endpointName, .webService, .integrationNumber, .monitoringAlias, .empty, .pattern,
  ]
}

extension InfRefCheck {
  /// Returns true if a name without findings is none that a trigger could have: an alias, a pattern, a service.
  fileprivate static func isMention(_ name: String, _ register: Set<String>) -> Bool {
    guard !InfRef.isDeclared(name, in: register) else { return false }
    let codes = findings(for: name, register: register).map(\.code)
    return codes.contains { $0 != .monitoringAlias && $0 != .webService && $0 != .versionLeadingZero }
  }
}
