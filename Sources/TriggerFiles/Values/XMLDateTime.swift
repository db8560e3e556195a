import Glibc

/// A date and time in the form of XML Schema's `dateTime`. The text is kept as written: with or without a zone, with
/// fractions of any length.
public struct XMLDateTime: Sendable, Hashable, CustomStringConvertible {
  /// The text, without white space around it.
  public let text: String

  /// Creates a value from a text such as `2026-11-21T03:14:00Z`.
  ///
  /// - Throws: `ValueError` when it breaks a rule of `dateTime` or names a day or time that does not exist.
  public init(_ text: String) throws(ValueError) {
    let trimmed = XMLSpace.trimmed(text)
    var scanner = DateScanner(trimmed)
    guard scanner.takeDate(), scanner.take("T"), scanner.takeTime(), scanner.takeZone(), scanner.isAtEnd else {
      throw ValueError(
        code: .invalidDate, found: ValueError.shown(trimmed),
        expected: LocalizedText(
          "a point in time, YYYY-MM-DDThh:mm:ss with fraction and zone if wanted (section 2)",
          "et tidspunkt, ÅÅÅÅ-MM-DDTtt:mm:ss, om ønsket med brøkdel og zone (afsnit 2)"),
        remedy: LocalizedText("write it like 2026-11-21T03:14:00Z", "skriv det som 2026-11-21T03:14:00Z"))
    }
    self.text = trimmed
  }

  /// A point in time in UTC, to the millisecond.
  public init(secondsSince1970 seconds: Int64, milliseconds: Int = 0) {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let numbers = [
      (Int(parts.tm_year) + 1900, 4, "-"), (Int(parts.tm_mon) + 1, 2, "-"), (Int(parts.tm_mday), 2, "T"),
      (Int(parts.tm_hour), 2, ":"), (Int(parts.tm_min), 2, ":"), (Int(parts.tm_sec), 2, "."),
      (min(max(milliseconds, 0), 999), 3, "Z"),
    ]
    var text = ""
    text.reserveCapacity(24)
    for (number, width, separator) in numbers {
      let digits = String(number)
      for _ in 0..<max(0, width - digits.utf8.count) { text += "0" }
      text += digits
      text += separator
    }
    self.text = text
  }

  /// The present moment in UTC.
  public static func now() -> Self {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Self(secondsSince1970: Int64(time.tv_sec), milliseconds: Int(time.tv_nsec) / 1_000_000)
  }

  /// The text.
  public var description: String { text }
}

/// A day in the form of XML Schema's `date`, kept as written.
public struct XMLDate: Sendable, Hashable, CustomStringConvertible {
  /// The text, without white space around it.
  public let text: String

  /// Creates a value from a text such as `2026-11-21`, optionally with a zone.
  ///
  /// - Throws: `ValueError` when it breaks a rule of `date` or names a day that does not exist.
  public init(_ text: String) throws(ValueError) {
    let trimmed = XMLSpace.trimmed(text)
    var scanner = DateScanner(trimmed)
    guard scanner.takeDate(), scanner.takeZone(), scanner.isAtEnd else {
      throw ValueError(
        code: .invalidDate, found: ValueError.shown(trimmed),
        expected: LocalizedText(
          "a day, YYYY-MM-DD with a zone if wanted (section 2)", "en dag, ÅÅÅÅ-MM-DD, om ønsket med zone (afsnit 2)"),
        remedy: LocalizedText("write it like 2026-11-21", "skriv den som 2026-11-21"))
    }
    self.text = trimmed
  }

  /// The text.
  public var description: String { text }
}

extension XMLDateTime: Codable {
  /// Reads the text.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws { self = try decoder.value(Self.init) }

  /// Writes the text.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(text) }
}

extension XMLDate: Codable {
  /// Reads the text.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws { self = try decoder.value(Self.init) }

  /// Writes the text.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws { try encoder.write(text) }
}
