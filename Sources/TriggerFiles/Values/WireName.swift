/// A data file's name on the wire: bytes, that keep the rules of contract section 7.
///
/// Two names are equal when their bytes are: a Swift `String` holds `å` in two forms to be the same.
public struct WireName: Sendable, CustomStringConvertible {
  /// The longest name with its suffix, in bytes of UTF-8.
  public static let maximumBytes = 255

  /// The name's bytes, valid UTF-8.
  public let bytes: [UInt8]

  /// Takes a name without changing it.
  ///
  /// - Throws: `WireNameError` for the first rule that it breaks.
  public init(_ text: String, suffixes: WireSuffixes = .default) throws(WireNameError) {
    try self.init(bytes: Array(text.utf8), suffixes: suffixes)
  }

  /// Takes a name without changing it, as a server gave it.
  ///
  /// - Throws: `WireNameError` for the first rule that it breaks; being UTF-8 is one of them.
  public init(bytes: [UInt8], suffixes: WireSuffixes = .default) throws(WireNameError) {
    try WireNameError.check(bytes, suffixes)
    self.bytes = bytes
  }

  /// The name as a string, for showing it.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// The name.
  public var description: String { string }

  /// The name of a small file beside this one.
  ///
  /// - Throws: `WireNameError` when the two together are too long or the suffix has a byte that no name may have.
  public func appending(suffix: String) throws(WireNameError) -> WireName {
    let name = bytes + Array(suffix.utf8)
    try WireNameError.checkForm(name, room: Self.maximumBytes)
    return WireName(checked: name)
  }

  private init(checked bytes: [UInt8]) { self.bytes = bytes }
}

extension WireName: Hashable {
  /// Returns true if the bytes are the same.
  public static func == (one: Self, other: Self) -> Bool { one.bytes == other.bytes }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension WireName: Comparable {
  /// Compares the bytes as numbers.
  public static func < (one: Self, other: Self) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }
}

extension WireName: Codable {
  /// Reads a name; that it does not end in a suffix is not checked again, since suffixes are settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = Array(try container.decode(String.self).utf8)
    do throws(WireNameError) {
      try WireNameError.checkForm(name, room: Self.maximumBytes)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
    self.init(checked: name)
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws { try encoder.write(string) }
}
