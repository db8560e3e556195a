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
      let isLabel = anchor == .label
      guard
        let found = isLabel ? LabelledName(in: bytes, around: start)?.name : LooseName(in: bytes, around: start)?.name
      else { return start + 1 }
      guard found.range.lowerBound >= end else { return start + 1 }
      // A name that spells wrong may hold a further anchor; what was looked at is done with.
      end = found.range.upperBound
      if let findings = isLabel ? labelled(found) : loose(found) {
        occurrences.append(
          InfRefOccurrence(
            name: found.text, position: places.position(at: found.range.lowerBound), isLabelled: isLabel,
            findings: findings))
      }
      return end
    }
    return occurrences
  }

  /// What to say about a name with a label; `nil` when it is not meant as one.
  private func labelled(_ found: FoundName) -> [InfRefFinding]? {
    let findings = InfRef.check(found.text, register: register)
    guard surroundings == .prose, Self.isForeign(findings) else { return findings }
    let bytes = found.text.utf8
    let hasDigit = bytes.contains { (0x30...0x39).contains($0) }
    let hasSeparator = bytes.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    return hasDigit && hasSeparator ? findings : nil
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
