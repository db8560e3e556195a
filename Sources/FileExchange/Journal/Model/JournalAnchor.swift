public import FilsluseBase

/// An entry's number and hash: who keeps it elsewhere can tell later whether anything up to that entry was changed.
public struct JournalAnchor: Sendable, Hashable, CustomStringConvertible {
  /// The entry's number.
  public let number: Int64
  /// The hash of the entry, and with it of all before it.
  public let hash: SHA256Digest

  init(number: Int64, hash: SHA256Digest) {
    self.number = number
    self.hash = hash
  }

  /// Reads `4711:` and 64 hexadecimal digits, as ``description`` writes them; `nil` for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int64(parts[0]), number >= 0, let hash = SHA256Digest(hex: String(parts[1]))
    else { return nil }
    self.init(number: number, hash: hash)
  }

  /// The anchor as `4711:9f86d081…`.
  public var description: String { "\(number):\(hash.hex)" }

  /// The anchor before a journal's first entry.
  static let start = JournalAnchor(number: 0, hash: SHA256.digest(of: []))
}
