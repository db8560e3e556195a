/// A pattern of file names, compared byte by byte: `*` matches any number of bytes, `?` one byte (æ, ø and å are two).
/// Every other character matches itself, and the pattern must match the whole name.
public struct FileNamePattern: Sendable, Hashable, CustomStringConvertible {
  private let bytes: [UInt8]

  private static let any = UInt8(ascii: "*")
  private static let one = UInt8(ascii: "?")
  /// Characters with a meaning in other pattern languages: refused, so that a pattern does not silently fit no name.
  private static let reserved = Array("[]{}\\".utf8)

  /// Reads a pattern.
  ///
  /// - Throws: `ValueError` if it is empty or longer than a name, contains `/`, a control character or one of `[ ] { }
  ///   \`, or has no letter or digit: `*`, `**` and `*.*` would match every name.
  public init(_ text: String) throws(ValueError) {
    bytes = Array(text.utf8)
    guard (1...WireName.maximumBytes).contains(bytes.count) else {
      throw Self.fault(
        LocalizedText("\(bytes.count) bytes", "\(bytes.count) byte"),
        LocalizedText("1 to \(WireName.maximumBytes) bytes", "1 til \(WireName.maximumBytes) byte"),
        remedy: LocalizedText("shorten it", "afkort det"))
    }
    guard !text.unicodeScalars.contains(where: { $0 == "/" || $0.properties.generalCategory == .control }) else {
      throw Self.fault(
        LocalizedText("a slash or a control character", "en skråstreg eller et styretegn"),
        LocalizedText("a pattern of names in one folder", "et mønster for navne i én mappe"),
        remedy: LocalizedText("name the files alone", "angiv kun filernes navne"))
    }
    guard !bytes.contains(where: Self.reserved.contains) else {
      throw Self.fault(
        LocalizedText("one of [ ] { } \\", "et af tegnene [ ] { } \\"),
        LocalizedText("only * and ? with a meaning of their own", "kun * og ? med en særlig betydning"),
        remedy: LocalizedText("write * or ? in its place", "skriv * eller ? i stedet"))
    }
    guard bytes.contains(where: Self.tellsApart) else {
      throw Self.fault(
        LocalizedText("a pattern that fits every name", "et mønster, der passer på alle navne"),
        LocalizedText(
          "at least one letter or digit that the names have in common",
          "mindst et bogstav eller ciffer, som navnene er fælles om"),
        remedy: LocalizedText(
          "write how the names begin or end, such as SF2900_*.xml",
          "skriv, hvordan navnene begynder eller slutter, fx SF2900_*.xml"))
    }
  }

  /// Returns true if a name fits the pattern.
  public func matches(_ name: [UInt8]) -> Bool {
    var (at, position) = (0, 0)
    var retry: (at: Int, position: Int)?
    while position < name.count {
      if at < bytes.count, bytes[at] == Self.any {
        // The `*` takes nothing at first, and one byte more each time that the rest does not fit.
        retry = (at, position)
        at += 1
      } else if at < bytes.count, bytes[at] == Self.one || bytes[at] == name[position] {
        at += 1
        position += 1
      } else if let (star, taken) = retry {
        retry = (star, taken + 1)
        (at, position) = (star + 1, taken + 1)
      } else {
        return false
      }
    }
    return bytes[at...].allSatisfy { $0 == Self.any }
  }

  /// The suffix that every name of the pattern ends in; `nil` where they do not all end in one.
  public func suffix(among suffixes: WireSuffixes) -> String? {
    suffixes.all.first { !$0.isEmpty && bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  /// The pattern, as written.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  private static func tellsApart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
    default: false
    }
  }

  private static func fault(
    _ found: LocalizedText, _ expected: LocalizedText, remedy: LocalizedText
  ) -> ValueError {
    ValueError(code: .unfitFileName, found: found, expected: expected, remedy: remedy)
  }
}
