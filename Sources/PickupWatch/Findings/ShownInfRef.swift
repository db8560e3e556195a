internal import FilsluseBase
public import TriggerFiles

/// A data classification as people are shown it: an InfRef with CPR-like numbers masked, or a rule's own name for both
/// of SortimentOverfør (`SF7002`). Two are equal when their bytes are.
public struct ShownInfRef: Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// The name that is shown.
  public let description: String

  /// Shows the InfRef of a file.
  public init(_ infRef: InfRef) { self.init(title: infRef.name) }

  /// Shows the title that a rule has for the files it is about.
  package init(title name: String) { description = Masked.name(name) }

  /// Creates it from a name shown before, unchanged.
  package init(shown name: String) { description = name }

  /// Creates it from a name, unchanged.
  public init(stringLiteral name: String) { self.init(shown: name) }

  /// The name on KOMBIT's order form, where that differs from the wire (contract section 4, TFH206).
  var orderForm: String? {
    InfRef.monitored(by: .sf7002).contains { ShownInfRef($0) == self } ? "SF7002" : nil
  }
}

extension ShownInfRef: Hashable {
  /// Returns true if the names' bytes are the same.
  public static func == (one: Self, other: Self) -> Bool {
    one.description.utf8.elementsEqual(other.description.utf8)
  }

  /// Hashes the name's bytes.
  public func hash(into hasher: inout Hasher) {
    for byte in description.utf8 { hasher.combine(byte) }
  }
}

extension ShownInfRef: Codable {
  /// Reads a name.
  ///
  /// - Throws: `DecodingError` for anything that is no text.
  public init(from decoder: any Decoder) throws {
    self.init(shown: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the name.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
