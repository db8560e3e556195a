/// An authority's number in the Danish business register: exactly eight digits.
public struct CVRNumber: Sendable, Hashable, CustomStringConvertible {
  /// The prefix of the digits in a document (contract section 2).
  public static let urnPrefix = "urn:oio:cvr-nr:"

  /// The eight digits.
  public let digits: String

  /// Creates a number from exactly eight digits.
  ///
  /// - Throws: `ValueError` for anything else.
  public init(_ digits: String) throws(ValueError) {
    guard digits.utf8.count == 8, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw ValueError(
        code: .invalidCVR, found: ValueError.shown(digits),
        expected: LocalizedText(
          "a CVR number, exactly 8 digits (section 2)", "et CVR-nummer, netop 8 cifre (afsnit 2)"),
        remedy: LocalizedText(
          "write the authority's CVR number without blanks, dots or country code",
          "skriv myndighedens CVR-nummer uden mellemrum, punktummer og landekode"))
    }
    self.digits = digits
  }

  /// Reads the form that documents have: `urn:oio:cvr-nr:` and eight digits.
  ///
  /// - Throws: `ValueError` for anything else.
  public init(urn: String) throws(ValueError) {
    let prefix = Array(Self.urnPrefix.utf8)
    let digits = String(decoding: urn.utf8.dropFirst(prefix.count), as: UTF8.self)
    guard urn.utf8.starts(with: prefix), let number = try? CVRNumber(digits) else {
      throw ValueError(
        code: .invalidCVR, found: ValueError.shown(urn),
        expected: LocalizedText(
          "\(Self.urnPrefix) and exactly 8 digits (section 2)", "\(Self.urnPrefix) og netop 8 cifre (afsnit 2)"),
        remedy: LocalizedText(
          "write the authority's CVR number in this form, without white space around it",
          "skriv myndighedens CVR-nummer i denne form uden blanktegn omkring"))
    }
    self = number
  }

  /// The number as documents write it.
  public var urn: String { Self.urnPrefix + digits }

  /// True if the last digit is the check digit by modulus 11. Numbers of test authorities often fail this.
  public var hasValidCheckDigit: Bool {
    let weights = [2, 7, 6, 5, 4, 3, 2, 1]
    let sum = zip(digits.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    return sum.isMultiple(of: 11)
  }

  /// The eight digits.
  public var description: String { digits }
}

extension CVRNumber: Codable {
  /// Reads the URN, or just eight digits.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    self = try decoder.value { text throws(ValueError) in
      text.utf8.count == 8 ? try CVRNumber(text) : try CVRNumber(urn: text)
    }
  }

  /// Writes the URN.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(urn) }
}
