internal import FilsluseBase

/// Periods as people write them in settings: `4h`, `10m`, `90s`, `2d`, `1h30m`, `500ms`.
public enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// The period that `text` names; `nil` when it is no period, is zero, or is longer than a century.
  ///
  /// Units go from large to small, each at most once, without white space or fractions.
  public static func parse(_ text: String) -> Duration? {
    var rest = Array(text.utf8)[...]
    var smallerUnits = units[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      let letters = rest.dropFirst(digits.count).prefix { (0x61...0x7A).contains($0) }
      guard (1...12).contains(digits.count),
        let index = smallerUnits.firstIndex(where: { Array($0.name.utf8) == Array(letters) })
      else { return nil }
      let count = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
      let (product, tooLarge) = count.multipliedReportingOverflow(by: units[index].milliseconds)
      let (sum, tooLargeTogether) = total.addingReportingOverflow(product)
      if tooLarge || tooLargeTogether { return nil }
      total = sum
      smallerUnits = units[(index + 1)...]
      rest = rest.dropFirst(digits.count + letters.count)
    }
    return (1...century).contains(total) ? .milliseconds(total) : nil
  }

  /// Formats a period so that `parse` reads the same one; fractions of a millisecond are dropped.
  public static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    if rest < 0 { return "-" + format(.zero - duration) }
    var text = ""
    for unit in units where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }

  private static let century: Int64 = 100 * 366 * 86_400_000
}

/// Amounts of data as people write them in settings: `500kB`, `20MB`, `10GB`; a thousand, not 1024, at a time.
public enum ByteCountText {
  private static let units: [(name: String, bytes: UInt64)] = [
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
  ]

  /// Returns the number of bytes; `nil` for an invalid amount or zero.
  public static func parse(_ text: String) -> UInt64? {
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard (1...12).contains(digits.count), let count = UInt64(String(decoding: digits, as: UTF8.self)), count > 0,
      let unit = units.first(where: { $0.name.utf8.elementsEqual(text.utf8.dropFirst(digits.count)) })
    else { return nil }
    let (bytes, isTooMuch) = count.multipliedReportingOverflow(by: unit.bytes)
    return isTooMuch || bytes > UInt64(Int64.max) ? nil : bytes
  }

  /// Formats an amount so that `parse` reads the same one.
  public static func format(_ bytes: UInt64) -> String {
    let unit = units.first { bytes >= $0.bytes && bytes.isMultiple(of: $0.bytes) }
    return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)B"
  }
}

/// Speeds as people write them in settings: `500kB/s`, `2MB/s`, `16Mbit/s`, or `unlimited`.
public enum SpeedText {
  private static let units: [(name: String, bits: UInt64)] = [
    ("MB/s", 8_000_000), ("kB/s", 8000), ("Mbit/s", 1_000_000), ("kbit/s", 1000), ("B/s", 8),
  ]

  /// The bytes a second that `text` names, `.some(nil)` for `unlimited`; `nil` when it is no speed or below 1000 B/s.
  public static func parse(_ text: String) -> UInt64?? {
    if text == "unlimited" { return .some(nil) }
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard (1...9).contains(digits.count), let count = UInt64(String(decoding: digits, as: UTF8.self)),
      let unit = units.first(where: { $0.name.utf8.elementsEqual(text.utf8.dropFirst(digits.count)) })
    else { return nil }
    let speed = count * unit.bits / 8
    return speed >= 1000 ? .some(speed) : nil
  }

  /// The speed as text that `parse` reads as the same.
  public static func format(_ bytesPerSecond: UInt64?) -> String {
    guard let bytesPerSecond else { return "unlimited" }
    for unit in units.prefix(2) where bytesPerSecond.isMultiple(of: unit.bits / 8) {
      return "\(bytesPerSecond / (unit.bits / 8))\(unit.name)"
    }
    return "\(bytesPerSecond)B/s"
  }
}

/// Times of day as people write them in settings: `06:00`.
public enum ClockText {
  /// Minutes since midnight, 0 to 1440 (`24:00`); `nil` for anything else.
  public static func parse(_ text: some StringProtocol) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
    let digits = [0, 1, 3, 4].map { Int(bytes[$0]) - 0x30 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
    return hour * 60 + minute
  }

  /// The time of day as text that `parse` reads as the same.
  public static func format(_ minute: Int) -> String { "\((minute / 60).twoDigits):\((minute % 60).twoDigits)" }
}
