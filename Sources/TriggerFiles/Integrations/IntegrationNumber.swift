/// An integration's number as people write it: `SF1590_D`, `sf1590-d`, `SF1590D 2.2`, `SF1630 v1.0`.
public struct IntegrationNumber: Sendable, Hashable, Codable {
  /// `SF` and four digits.
  public let number: String
  /// The letter of the part, as in `SF1590_D`; `nil` for none.
  public let part: String?
  /// The version or edition after it, as written; `nil` for none.
  public let version: String?

  /// `SF1590_D`, or `SF1630` where there is no part.
  public var id: String { part.map { "\(number)_\($0)" } ?? number }

  /// Reads the number that a text begins with; `nil` when it begins with none.
  init?(startOf text: String) {
    // Nearly every name goes another way at once.
    guard text.utf8.starts(with: "sf".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
    let scalars = Array(text.lowercased().unicodeScalars)
    guard scalars.count >= 6, scalars[0] == "s", scalars[1] == "f", scalars[2..<6].allSatisfy(Self.isDigit) else {
      return nil
    }
    var rest = scalars[6...]
    // A fifth digit makes it some other number.
    if let next = rest.first, Self.isDigit(next) { return nil }
    number = "SF" + Self.text(scalars[2..<6])
    if let (letter, after) = Self.part(rest) {
      part = letter
      rest = after
    } else {
      part = nil
    }
    let trimmed = rest.drop { !Self.isDigit($0) && !("a"..."z").contains($0) }
    let written = trimmed.first == "v" ? trimmed.dropFirst().drop { !Self.isDigit($0) } : trimmed
    version = written.isEmpty ? nil : Self.text(written)
  }

  /// Returns the part's letter and the text after it: one letter, with or without a sign in front.
  private static func part(_ rest: ArraySlice<Unicode.Scalar>) -> (String, ArraySlice<Unicode.Scalar>)? {
    let separators: Set<Unicode.Scalar> = ["_", "-", " ", "."]
    let letters = rest.first.map(separators.contains) == true ? rest.dropFirst() : rest
    guard let letter = letters.first, ("a"..."z").contains(letter), letter != "v" else { return nil }
    let after = letters.dropFirst()
    if let next = after.first, ("a"..."z").contains(next) { return nil }
    guard let capital = Unicode.Scalar(letter.value - 0x20) else { return nil }
    return (String(Character(capital)), after)
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
