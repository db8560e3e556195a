internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// A name in a listing, sorted: which file it is a part of, and which part.
struct ListingEntry: Sendable, Hashable {
  enum Part: Int, Sendable, Hashable, CaseIterable {
    /// The data itself.
    case data = 1
    /// Its metadata, trigger or receipt.
    case sidecar = 2
  }

  let place: ObservedFile.Place
  let part: Part
  /// The data file's name.
  let name: [UInt8]
  let size: UInt64?
  let modified: Timestamp?

  init(place: ObservedFile.Place, part: Part, name: [UInt8], size: UInt64?, modified: Timestamp?) {
    self.place = place
    self.part = part
    self.name = name
    self.size = size
    self.modified = modified
  }

  /// Creates an entry of IN (`outgoing` false) or OUT; `nil` for folders, hidden files and foreign files.
  init?(_ entry: DirectoryEntry, outgoing: Bool, suffixes: WireSuffixes) {
    guard !entry.attributes.isDirectory, entry.name.first != UInt8(ascii: ".") else { return nil }
    size = entry.attributes.size
    modified = entry.attributes.modified.map { Timestamp(secondsSince1970: Int64($0)) }
    guard let (data, suffix) = suffixes.split(entry.name) else {
      (place, part, name) = (outgoing ? .outbox : .inbox, .data, entry.name)
      return
    }
    switch (suffix, outgoing) {
    case (suffixes.metadata, false): place = .inbox
    case (suffixes.receipt, false): place = .receipt
    case (suffixes.trigger, true): place = .outbox
    default: return nil
    }
    (part, name) = (.sidecar, data)
  }
}
