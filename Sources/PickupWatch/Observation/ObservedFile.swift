package import FilsluseBase
package import TriggerFiles

/// A file in IN or OUT together with the small file beside it, as the watcher has seen them.
package struct ObservedFile: Sendable, Hashable {
  /// Its folder and its kind.
  package enum Place: Int, Sendable, Hashable, CaseIterable {
    /// Data in IN, with its metadata.
    case inbox = 0
    /// Data in OUT, with its trigger.
    case outbox = 1
    /// A technical receipt in IN.
    case receipt = 2
  }

  /// One of the two files.
  package struct Part: Sendable, Hashable {
    /// The time of the first sighting, by the watcher's clock.
    package var firstSeen: Timestamp
    /// The time of the last look before that, without the file; `nil` for none.
    package var notBefore: Timestamp?
    /// The time of the last change seen.
    package var changed: Timestamp
    /// Its size.
    package var size: UInt64?
    /// The time of the last write, by the server's clock.
    package var modified: Timestamp?

    /// Describes a file that was seen.
    package init(
      firstSeen: Timestamp, notBefore: Timestamp? = nil, changed: Timestamp? = nil, size: UInt64? = nil,
      modified: Timestamp? = nil
    ) {
      self.firstSeen = firstSeen
      self.notBefore = notBefore
      self.changed = changed ?? firstSeen
      self.size = size
      self.modified = modified
    }
  }

  /// The content of its metadata; of a receipt, that content.
  package enum Content: Sendable, Hashable {
    /// It has not been read.
    case unread
    /// It was read.
    case metadata(ObservedFacts)
    /// It was read: the platform took the transfer.
    case success(transfer: String)
    /// It was read: the platform reports these errors.
    case errors(String, transfer: String)
    /// It cannot be read; the text says why.
    case unreadable(LocalizedText)
  }

  /// The store's number of it.
  package var id: Int64 = 0
  /// Its place.
  package var place: Place = .inbox
  /// The data file's name, in the server's bytes.
  package var name: [UInt8]
  /// The time of the first sighting of any of its files, by the watcher's clock.
  package var firstSeen: Timestamp
  /// The data, while it is there.
  package var data: Part?
  /// The metadata, trigger or receipt, while it is there.
  package var sidecar: Part?
  /// The time since which one of the two is missing, by the watcher's clock.
  package var halfSince: Timestamp?
  /// The content of the metadata or receipt.
  package var content: Content = .unread

  /// The content of the metadata, where it could be read.
  package var facts: ObservedFacts? {
    if case .metadata(let facts) = content { facts } else { nil }
  }
}

/// The facts that the watcher takes from metadata.
package struct ObservedFacts: Sendable, Hashable {
  /// The platform's name for the transfer.
  package var transfer: String
  /// The data classification; `nil` for a direct transmission, which has none.
  package var infRef: InfRef?
  /// The SFTP user that sent the file.
  package var sender: String
  /// The CVR number of the sending authority.
  package var senderAuthority: String?
  /// The CVR number of the receiving authority.
  package var recipientAuthority: String?
  /// The data file's size.
  package var size: UInt64
}

extension ObservedFile {
  /// The subject of findings about it: the transfer if known, else a digest of its place and name.
  package var subject: String {
    switch content {
    case .metadata(let facts): return Self.subject(ofTransfer: facts.transfer)
    case .success(let transfer), .errors(_, let transfer): return Self.subject(ofTransfer: transfer)
    case .unread, .unreadable: return subjectOfName
    }
  }

  /// All subjects of present and earlier findings about it.
  var subjects: Set<String> { [subject, subjectOfName] }

  private var subjectOfName: String { Self.subject(ofName: name, place: place.rawValue) }

  /// Returns the subject of a file of a name whose transfer is not known.
  static func subject(ofName name: [UInt8], place: Int) -> String { "name-" + digest([UInt8(place)] + name) }

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
