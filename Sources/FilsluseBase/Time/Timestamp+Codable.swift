import Glibc

extension Timestamp: Codable {
  /// Reads `2026-11-21T03:14:47.123Z`, the only accepted form; `nil` for any other text.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 24 else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      bytes[range].allSatisfy { (0x30...0x39).contains($0) }
        ? bytes[range].reduce(0) { $0 * 10 + Int64($1) - 0x30 } : nil
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), let milliseconds = number(20..<23)
    else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year) - 1900
    parts.tm_mon = Int32(month) - 1
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(hour)
    parts.tm_min = Int32(minute)
    parts.tm_sec = Int32(second)
    self.init(millisecondsSince1970: Int64(timegm(&parts)) * 1000 + milliseconds)
    // A 31 June would have become 1 July.
    guard description == text else { return nil }
  }

  /// Reads the form of ``encode(to:)``.
  ///
  /// - Throws: `DecodingError` for any other text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let moment = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a moment is written as 2026-11-21T03:14:47.123Z")
    }
    self = moment
  }

  /// Writes the moment as `2026-11-21T03:14:47.123Z`.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
