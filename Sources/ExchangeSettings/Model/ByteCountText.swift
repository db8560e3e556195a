/// Amounts of data as people write them in settings: `500kB`, `20MB`, `10GB`; a thousand, not 1024, at a time.
public enum ByteCountText {
  private static let units: [(name: String, bytes: UInt64)] = [
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
  ]

  /// The number of bytes; `nil` for what is no amount, or none at all.
  public static func parse(_ text: String) -> UInt64? {
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard (1...12).contains(digits.count), let count = UInt64(String(decoding: digits, as: UTF8.self)), count > 0,
      let unit = units.first(where: { $0.name.utf8.elementsEqual(text.utf8.dropFirst(digits.count)) })
    else { return nil }
    let (bytes, isTooMuch) = count.multipliedReportingOverflow(by: unit.bytes)
    return isTooMuch || bytes > UInt64(Int64.max) ? nil : bytes
  }

  /// The amount as text that `parse` reads as the same.
  public static func format(_ bytes: UInt64) -> String {
    let unit = units.first { bytes >= $0.bytes && bytes.isMultiple(of: $0.bytes) }
    return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)B"
  }
}
