internal import FilsluseBase

extension ObservedFile {
  /// The subject of findings about it: the transfer where it is known, else a digest of its place and name.
  package var subject: String {
    switch content {
    case .metadata(let facts): return Self.subject(ofTransfer: facts.transfer)
    case .success(let transfer), .errors(_, let transfer): return Self.subject(ofTransfer: transfer)
    case .unread, .unreadable: return subjectOfName
    }
  }

  /// All subjects of present and earlier findings about it.
  var subjects: Set<String> { [subject, subjectOfName] }

  private var subjectOfName: String { "name-" + Self.digest([UInt8(place.rawValue)] + name) }

  /// Returns a transfer's id where it is one as the platform gives them; else a digest of it.
  static func subject(ofTransfer transfer: String) -> String {
    let isPlain =
      (1...64).contains(transfer.utf8.count)
      && transfer.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
    // Ten digits in a row may be a person's.
    return isPlain && Masked.name(transfer) == transfer ? transfer : "transfer-" + digest(Array(transfer.utf8))
  }

  private static func digest(_ bytes: [UInt8]) -> String { String(SHA256.digest(of: bytes).hex.prefix(24)) }
}
