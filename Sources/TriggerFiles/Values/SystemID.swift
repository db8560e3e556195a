/// The UUID of an IT-system instance (contract sections 1 and 2).
public struct SystemID: Sendable, Hashable, CustomStringConvertible {
  /// The UUID in lower case.
  public let rawValue: String

  /// Creates an id from a UUID, unchanged.
  ///
  /// - Throws: `ValueError` if it is not a UUID, or has an upper-case digit.
  public init(_ text: String) throws(ValueError) {
    try LowerCaseUUID.check(text)
    rawValue = text
  }

  private init(random: Void) { rawValue = LowerCaseUUID.random() }

  /// A new random UUID.
  public static func random() -> Self { Self(random: ()) }

  /// The UUID.
  public var description: String { rawValue }
}

/// The UUID of one transmission; every retry has the same one (contract section 3).
public struct TransactionID: Sendable, Hashable, CustomStringConvertible {
  /// The UUID in lower case.
  public let rawValue: String

  /// Creates an id from a UUID, unchanged.
  ///
  /// - Throws: `ValueError` if it is not a UUID, or has an upper-case digit.
  public init(_ text: String) throws(ValueError) {
    try LowerCaseUUID.check(text)
    rawValue = text
  }

  private init(random: Void) { rawValue = LowerCaseUUID.random() }

  /// A new random UUID.
  public static func random() -> Self { Self(random: ()) }

  /// The UUID.
  public var description: String { rawValue }
}

extension SystemID: Codable {
  /// Reads the UUID.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws { self = try decoder.value(Self.init) }

  /// Writes the UUID.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(rawValue) }
}

extension TransactionID: Codable {
  /// Reads the UUID.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws { self = try decoder.value(Self.init) }

  /// Writes the UUID.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(rawValue) }
}
