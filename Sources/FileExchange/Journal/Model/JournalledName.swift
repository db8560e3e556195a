/// A data file's name in IN or OUT in the journal's form. It need not be a valid `WireName`: an arrival with another
/// name is quarantined, and still recorded.
///
/// Two names are equal when their bytes are: a Swift `String` holds `å` in two forms to be the same.
public struct JournalledName: Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// The name as a string.
  public let string: String

  /// Creates it from a name that the journal has.
  init(kept name: String) { string = name }

  /// Creates it from a literal name, unchanged.
  public init(stringLiteral name: String) { self.init(kept: name) }

  /// Creates it from a name in IN: invalid UTF-8, and NUL, at which SQLite would cut the name, are replaced by U+FFFD.
  ///
  /// Names are compared in this form only. Two names may have the same form; that causes no wrong fetch or removal,
  /// because only a valid UTF-8 name can match the name in its metadata.
  init(listed name: [UInt8]) {
    let text = String(decoding: name, as: UTF8.self)
    guard name.contains(0) else {
      string = text
      return
    }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 })
    string = String(scalars)
  }

  /// The name's bytes, valid UTF-8.
  public var bytes: [UInt8] { Array(string.utf8) }

  /// The name.
  public var description: String { string }
}

extension JournalledName: Hashable {
  /// Returns true if the bytes are the same.
  public static func == (one: Self, other: Self) -> Bool { one.string.utf8.elementsEqual(other.string.utf8) }

  /// Hashes the name: strings of the same bytes have the same hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(string) }
}

extension JournalledName: Comparable {
  /// Compares the bytes as numbers.
  public static func < (one: Self, other: Self) -> Bool {
    one.string.utf8.lexicographicallyPrecedes(other.string.utf8)
  }
}
