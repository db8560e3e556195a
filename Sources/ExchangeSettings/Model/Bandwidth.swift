/// The speed limit of an account, for sending and fetching together, at some hours or at all others.
public struct Bandwidth: Sendable, Hashable {
  /// The hours that it is for; `nil` for all that no earlier one names.
  public var hours: WeeklyHours?
  /// The limit in bytes a second; `nil` for none.
  public var bytesPerSecond: UInt64?

  /// Describes a limit.
  public init(hours: WeeklyHours? = nil, bytesPerSecond: UInt64?) {
    self.hours = hours
    self.bytesPerSecond = bytesPerSecond
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
