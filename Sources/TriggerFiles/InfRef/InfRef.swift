/// The data's category that a route is ordered for (contract section 4). Two are equal when their bytes are.
public struct InfRef: Sendable, CustomStringConvertible {
  /// The kind of a name, as its spelling shows it.
  public enum Kind: Sendable, Hashable, Codable {
    /// `SortimentOverfør_<version>` of SF7002.
    case sortiment(version: String)
    /// `FagsystemdefineredeDataRefGDPR<number>_<version>` of SF1630; both are digits of any number.
    case fagsystemdefineredeData(gdprNumber: String, version: String)
    /// A name from the user's own register.
    case other
  }

  /// The name, unchanged.
  public let name: String
  /// Creates an InfRef that is valid in a trigger.
  ///
  /// - Parameter register: the names that the user declares, accepted unchecked.
  /// - Throws: `InfRefError` with all findings about the name. Nothing is corrected.
  public init(_ text: String, register: Set<String> = []) throws(InfRefError) {
    let findings = Self.check(text, register: register)
    guard !findings.contains(where: { $0.severity == .error }) else {
      throw InfRefError(name: text, findings: findings)
    }
    self.init(unchecked: text)
  }

  /// Creates an InfRef from a name without checking it; ``check(_:register:place:form:)`` lists its faults.
  public init(unchecked name: String) { self.name = name }

  /// The kind of the name.
  public var kind: Kind { KnownInfRefs.kind(of: name) }

  /// True if only explicit routes carry its files, which name authority and system of the recipient (contract section
  /// 3).
  public var requiresExplicitRoute: Bool { InfRefEntry.entry(for: kind)?.needsExplicitRoute ?? false }

  /// True if it is a sortiment's, which only the shared classification system sends (contract section 4).
  package var isSortiment: Bool {
    if case .sortiment = kind { return true }
    return false
  }

  /// True for an InfRef of SF1630: its data files are always split per municipality (contract section 5).
  public var isSplitPerMunicipality: Bool {
    name.utf8.starts(with: "\(KnownInfRefs.gdprStem)\(KnownInfRefs.gdprMark)".utf8)
  }

  /// Returns all findings about a name in its place: errors, and warnings about a valid but unusual name.
  ///
  /// - Parameters:
  ///   - register: the names that the user declares, accepted unchecked.
  ///   - place: the place of the name; each place has its own rules.
  ///   - form: the kind of the form, if the place is an order form's text.
  public static func check(
    _ text: String, register: Set<String> = [], place: InfRefPlace = .trigger, form: OrderForm = .unknown
  ) -> [InfRefFinding] {
    if isDeclared(text, in: register) { return [] }
    return InfRefCheck.findings(for: text, register: register, place: place, form: form)
  }

  /// Returns true if the user's register has a name, byte for byte.
  package static func isDeclared(_ text: String, in register: Set<String>) -> Bool {
    // A set compares strings by canonical equivalence, so at most one element can be the name.
    register.firstIndex(of: text).map { register[$0].utf8.elementsEqual(text.utf8) } ?? false
  }

  /// The name of both versions of SortimentOverfør in the order form for monitoring; it is never on the wire.
  public static let sf7002 = InfRef(unchecked: "SF7002")

  /// Returns the InfRefs behind a name in a monitoring rule: for `SF7002` both of SortimentOverfør (contract section 4,
  /// TFH206, House reading); none for any other name, which means itself.
  public static func monitored(by alias: InfRef) -> [InfRef] {
    alias == sf7002 ? KnownInfRefs.sortiments.map { InfRef(unchecked: $0) } : []
  }

  /// The name.
  public var description: String { name }
}

extension InfRef: Hashable {
  /// Returns true if the names' bytes are the same.
  public static func == (one: Self, other: Self) -> Bool { one.name.utf8.elementsEqual(other.name.utf8) }

  /// Hashes the name's bytes.
  public func hash(into hasher: inout Hasher) {
    for byte in name.utf8 { hasher.combine(byte) }
  }
}

extension InfRef: Comparable {
  /// Compares the names' bytes as numbers.
  public static func < (one: Self, other: Self) -> Bool { one.name.utf8.lexicographicallyPrecedes(other.name.utf8) }
}

extension InfRef: Codable {
  /// Reads a name without checking it; ``check(_:register:)`` does that.
  ///
  /// - Throws: `DecodingError` for anything that is no text.
  public init(from decoder: any Decoder) throws {
    self.init(unchecked: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the name.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(name) }
}
