public import FilsluseBase

/// An entry's number and hash. Kept elsewhere, they reveal later changes up to that entry.
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

/// The hashed content of an entry. In JSON, as PostgreSQL receives it, missing values are left out.
struct EntryContent: Sendable, Encodable {
  /// In milliseconds since 1970.
  let at: Int64
  let delivery: Int64?
  let arrival: Int64?
  let state: String
  let detail: String?
  let facts: String?
}

extension JournalAnchor {
  /// Returns the anchor of the next entry, with this content.
  ///
  /// The hash is the SHA-256 of these texts, one after the other: the previous hash in hexadecimal, the entry's number,
  /// its time in milliseconds, `D12` or `A7` or nothing, the state, the detail, the facts. Each is written as its
  /// length in bytes, `:`, and its UTF-8; a missing one as `-`. So no two entries have the same bytes.
  func followed(by content: EntryContent) -> JournalAnchor {
    let number = number + 1
    let subject = content.delivery.map { "D\($0)" } ?? content.arrival.map { "A\($0)" }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    for text in [hash.hex, "\(number)", "\(content.at)", subject, content.state, content.detail, content.facts] {
      if let text {
        bytes += "\(text.utf8.count):".utf8
        bytes += text.utf8
      } else {
        bytes.append(UInt8(ascii: "-"))
      }
    }
    return JournalAnchor(number: number, hash: SHA256.digest(of: bytes))
  }
}
