/// Finds every InfRef in a text, and everything that was meant to be one.
///
/// A name counts as meant where the text says so (an element or a label `InfRef`), and elsewhere where it begins as the
/// documents' names do. What merely talks about a service, an integration or the GDPR is left alone. Text is UTF-8;
/// other bytes are looked at too, and shown as U+FFFD.
public struct InfRefScanner: Sendable {
  /// How much a label can be trusted.
  public enum Surroundings: Sendable, Hashable {
    /// Configuration and data: what follows a label is an InfRef.
    case structured
    /// XML and its like: an element's content or a quoted value is an InfRef, the rest is text.
    case markup
    /// Text for people and logs: what follows a label may be any word.
    case prose
  }

  /// The InfRefs that the user declares: good as they stand.
  public var register: Set<String>
  /// How much a label can be trusted.
  public var surroundings: Surroundings

  /// Makes a scanner.
  public init(register: Set<String> = [], surroundings: Surroundings = .structured) {
    self.register = register
    self.surroundings = surroundings
  }

  /// Everything found in a text, in its order.
  public func occurrences(in bytes: [UInt8]) -> [InfRefOccurrence] { bytes.withUnsafeBytes(occurrences) }

  /// Everything found in a text, in its order.
  public func occurrences(in bytes: UnsafeRawBufferPointer) -> [InfRefOccurrence] {
    var occurrences: [InfRefOccurrence] = []
    var places = PlaceCounter(bytes)
    var end = 0
    AnchorSearch.forEach(in: bytes) { anchor, start in
      guard start >= end else { return end }
      guard AnchorNeighbours.fit(anchor, at: start, in: bytes) else { return start + 1 }
      let label = anchor == .label ? LabelledName(in: bytes, around: start) : nil
      let name = anchor == .label ? label?.name : LooseName(in: bytes, around: start)?.name
      guard let name, name.range.lowerBound >= end else { return start + 1 }
      // A name that is spelt wrong may hold a further anchor; what was looked at is done with.
      end = name.range.upperBound
      if let findings = label.map({ labelled($0.name, $0.form) }) ?? loose(name) {
        occurrences.append(
          InfRefOccurrence(
            name: name.text, position: places.position(at: name.range.lowerBound), isLabelled: label != nil,
            findings: findings))
      }
      return end
    }
    return occurrences
  }

  /// What to say about a name with a label; `nil` when it is not meant as one.
  private func labelled(_ found: FoundName, _ form: LabelledName.Form) -> [InfRefFinding]? {
    let findings = InfRef.check(found.text, register: register)
    guard !isTrusted(form), Self.isForeign(findings) else { return findings }
    let bytes = found.text.utf8
    let hasDigit = bytes.contains { (0x30...0x39).contains($0) }
    let hasSeparator = bytes.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    return hasDigit && hasSeparator ? findings : nil
  }

  private func isTrusted(_ form: LabelledName.Form) -> Bool {
    switch surroundings {
    case .structured: form != .inComment
    case .markup: form == .element || form == .quoted
    case .prose: false
    }
  }

  /// What to say about a name in the middle of a text; `nil` when it is not meant as one.
  private func loose(_ found: FoundName) -> [InfRefFinding]? {
    let findings = InfRef.check(found.text, register: register)
    guard !findings.isEmpty else { return findings }
    if found.isFileName || Self.isForeign(findings) { return nil }
    let codes = Set(findings.map(\.code))
    guard codes.isDisjoint(with: Self.otherNames) else { return nil }
    if codes.contains(.shortened), !codes.isDisjoint(with: [.missingVersion, .missingNumber]) { return nil }
    // A program's own identifiers: `SortimentOverførService`, `sortimentoverfoer`.
    let isIdentifier =
      codes.contains(.missingVersion) && !codes.isDisjoint(with: [.versionSeparator, .letterCase, .unknownVersion])
    return isIdentifier ? nil : findings
  }

  /// A name that no document shows and that resembles none of theirs.
  private static func isForeign(_ findings: [InfRefFinding]) -> Bool {
    findings.contains { $0.code == .unknown && $0.suggestion == nil }
  }

  /// Names of other things, which stand rightly in many texts.
  private static let otherNames: Set<InfRefFinding.Code> = [
    .serviceName, .webService, .integrationNumber, .monitoringAlias, .empty,
  ]
}
