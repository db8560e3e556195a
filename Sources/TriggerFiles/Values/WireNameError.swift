/// A name that cannot be used on the wire (contract section 7).
public struct WireNameError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The rule that is broken.
  public enum Rule: String, Sendable, Hashable, Codable {
    /// A name has at least one byte.
    case empty
    /// A name with the longest suffix has at most 255 bytes.
    case tooLong
    /// A name is UTF-8.
    case notUTF8
    /// A name has no `/`, NUL, CR, LF or other control character.
    case forbiddenCharacter
    /// A name is never `.` or `..`, and does not begin with `.` or `-`.
    case beginning
    /// A data file's name does not end in a suffix that the exchange gives a meaning.
    case suffix
  }

  /// The rule that is broken.
  public let rule: Rule
  /// The name, shortened and with invisible characters shown.
  public let name: String
  /// The broken rule and its remedy.
  public let message: LocalizedText

  /// The name between Danish quotation marks.
  package var danishName: String { "„\(name.dropFirst().dropLast())“" }

  /// The name and the reason why it is invalid.
  public var description: String { "\(name): \(message)" }

  init(_ rule: Rule, _ name: [UInt8], _ message: LocalizedText) {
    self.rule = rule
    self.name = Quoted.text(String(decoding: name, as: UTF8.self))
    self.message = message
  }

  /// The error as one about a document's file name.
  var valueError: ValueError {
    ValueError(
      code: .unfitFileName, found: LocalizedText(name, danishName),
      expected: LocalizedText(
        "a name that the wire can carry (section 7)", "et navn, som kan bruges på serveren (afsnit 7)"),
      remedy: message)
  }
}

extension WireNameError {
  static func check(_ name: [UInt8], _ suffixes: WireSuffixes) throws(WireNameError) {
    try checkForm(name, room: WireName.maximumBytes - suffixes.longest)
    if let suffix = suffixes.all.first(where: { !$0.isEmpty && name.suffix($0.utf8.count).elementsEqual($0.utf8) }) {
      throw WireNameError(
        .suffix, name,
        LocalizedText(
          "a data file's name must not end in \(suffix), which names the file beside it; rename it",
          "en datafils navn må ikke ende på \(suffix), som er filen ved siden af; omdøb den"))
    }
  }

  /// Everything but the suffixes.
  static func checkForm(_ name: [UInt8], room: Int) throws(WireNameError) {
    guard let first = name.first else {
      throw WireNameError(
        .empty, name, LocalizedText("a name has at least one character", "et navn har mindst et tegn"))
    }
    guard name.count <= room else {
      throw WireNameError(
        .tooLong, name,
        LocalizedText(
          "\(name.count) bytes, where \(room) fit (255 less the longest suffix; æ, ø and å take two each); shorten it",
          "\(name.count) byte, og der er plads til \(room) (255 minus den længste endelse; æ, ø og å fylder to hver); afkort det"
        ))
    }
    guard let text = String(validating: name, as: UTF8.self) else {
      throw WireNameError(
        .notUTF8, name,
        LocalizedText(
          "the name is not UTF-8, perhaps ISO-8859-1; rename the file",
          "navnet er ikke UTF-8, måske ISO-8859-1; omdøb filen"))
    }
    if let scalar = text.unicodeScalars.first(where: isForbidden) {
      let shown = scalar == "/" ? "/" : Quoted.name(of: scalar)
      throw WireNameError(
        .forbiddenCharacter, name,
        LocalizedText(
          "the character \(shown) must not stand in a name; rename the file",
          "tegnet \(shown) må ikke stå i et navn; omdøb filen"))
    }
    guard first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
      let shown = first == UInt8(ascii: ".") ? "." : "-"
      throw WireNameError(
        .beginning, name,
        LocalizedText(
          "a name must not begin with \(shown); rename the file", "et navn må ikke begynde med \(shown); omdøb filen"))
    }
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    // The control characters (Cc), without a look into Unicode's tables for each letter.
    scalar == "/" || scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }
}
