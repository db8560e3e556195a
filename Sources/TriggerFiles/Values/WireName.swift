/// A data file's name on the wire, which keeps the rules of contract section 7.
///
/// Two names are equal when their bytes are: a Swift `String` holds `å` in two forms to be the same.
public struct WireName: Sendable, CustomStringConvertible {
  /// The longest name with its suffix, in bytes of UTF-8.
  public static let maximumBytes = 255

  /// The name as a string; its UTF-8 is the name on the wire.
  public let string: String

  /// Creates a name from a text, unchanged.
  ///
  /// - Throws: `WireNameError` for the first rule that it breaks.
  public init(_ text: String, suffixes: WireSuffixes = .default) throws(WireNameError) {
    try WireNameError.check(Array(text.utf8), suffixes)
    string = text
  }

  /// Creates a name from a server's bytes, unchanged.
  ///
  /// - Throws: `WireNameError` for the first rule that it breaks; being UTF-8 is one of them.
  public init(bytes: [UInt8], suffixes: WireSuffixes = .default) throws(WireNameError) {
    try WireNameError.check(bytes, suffixes)
    string = String(decoding: bytes, as: UTF8.self)
  }

  /// Creates a name without checking it: it was checked when it was stored, or is only compared with such names.
  package init(unchecked name: String) { string = name }

  /// The name's bytes, valid UTF-8.
  public var bytes: [UInt8] { Array(string.utf8) }

  /// The name.
  public var description: String { string }

  /// The name of a small file beside this one.
  ///
  /// - Throws: `WireNameError` when the two together are too long or the suffix has a byte that no name may have.
  public func appending(suffix: String) throws(WireNameError) -> WireName {
    let name = string + suffix
    try WireNameError.checkForm(Array(name.utf8), room: Self.maximumBytes)
    return WireName(unchecked: name)
  }
}

extension WireName: Hashable {
  /// Returns true if the bytes are the same.
  public static func == (one: Self, other: Self) -> Bool { one.string.utf8.elementsEqual(other.string.utf8) }

  /// Hashes the name: strings of the same bytes have the same hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(string) }
}

extension WireName: Comparable {
  /// Compares the bytes as numbers.
  public static func < (one: Self, other: Self) -> Bool {
    one.string.utf8.lexicographicallyPrecedes(other.string.utf8)
  }
}

extension WireName: Codable {
  /// Reads a name; that it does not end in a suffix is not checked again, since suffixes are settings.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    do throws(WireNameError) {
      try WireNameError.checkForm(Array(name.utf8), room: Self.maximumBytes)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
    self.init(unchecked: name)
  }

  /// Writes the name.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(string) }
}
