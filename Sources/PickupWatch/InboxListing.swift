internal import FilsluseSFTP
internal import FilsluseSystem
internal import TriggerFiles

/// An inbox's listing, sorted into data and metadata. Receipts and the platform's own half-written files are left out.
struct InboxListing: Sendable {
  struct Metadata: Sendable {
    var name: [UInt8]
    var dataName: [UInt8]
    var modified: Timestamp?
  }

  private(set) var data: [InboxObservation.DataFile] = []
  private(set) var metadata: [Metadata] = []

  init(_ entries: [DirectoryEntry], suffixes: WireSuffixes) {
    for entry in entries where !entry.attributes.isDirectory && entry.name.first != UInt8(ascii: ".") {
      let modified = entry.attributes.modified.map { Timestamp(secondsSince1970: Int64($0)) }
      guard let (dataName, suffix) = suffixes.split(entry.name) else {
        data.append(.init(name: entry.name, size: entry.attributes.size, modified: modified))
        continue
      }
      if suffix == suffixes.metadata {
        metadata.append(Metadata(name: entry.name, dataName: dataName, modified: modified))
      }
    }
  }
}

extension InboxObservation {
  /// Whether data lies there without metadata, or metadata without data.
  var hasHalfPairs: Bool { Set(data.map(\.name)) != Set(metadata.map(\.dataName)) }

  /// Drops the half pairs that a later listing no longer shows as such.
  mutating func keepHalfPairs(thatAreStillHalfIn later: InboxListing) {
    let laterData = Set(later.data.map(\.name))
    let laterMetadata = Set(later.metadata.map(\.dataName))
    let dataNames = Set(data.map(\.name))
    let described = Set(metadata.map(\.dataName))
    data.removeAll { file in
      !described.contains(file.name) && (!laterData.contains(file.name) || laterMetadata.contains(file.name))
    }
    metadata.removeAll { file in
      !dataNames.contains(file.dataName)
        && (!laterMetadata.contains(file.dataName) || laterData.contains(file.dataName))
    }
  }
}
