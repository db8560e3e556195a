internal import ExchangeSettings
internal import FilsluseSFTP
internal import TriggerFiles

/// A listing of IN, sorted by kind: names are bytes, as the server gave them.
struct IncomingPairs: Sendable {
  /// Data with its metadata, by the data's name.
  struct Pair: Sendable {
    let name: [UInt8]
    let dataSize: UInt64?
    let metadataSuffix: [UInt8]
    /// The attributes of the metadata in the listing.
    let metadata: FileAttributes

    var metadataName: [UInt8] { name + metadataSuffix }
  }

  private(set) var pairs: [Pair] = []
  /// Data files without metadata beside them. Bare files, which never have any, do not count.
  private(set) var dataAlone: [[UInt8]] = []
  /// The names for which the server gives no type.
  private(set) var typeless: Set<[UInt8]> = []
  /// The names of data files with only their metadata present.
  private(set) var metadataAlone: [[UInt8]] = []
  /// The number of files, without bare ones.
  private(set) var fileCount = 0

  init(_ listing: [DirectoryEntry], of account: Account) {
    let metadataSuffix = Array(account.suffixes.metadata.utf8)
    let receiptSuffix = Array(account.suffixes.receipt.utf8)
    var places: [[UInt8]: Int] = [:]
    places.reserveCapacity(listing.count)
    for (place, entry) in listing.enumerated() where !entry.attributes.isDirectory {
      fileCount += 1
      if places[entry.name] == nil { places[entry.name] = place }
    }
    for entry in listing where !entry.attributes.isDirectory {
      let name = entry.name
      if name.hasSuffix(metadataSuffix) {
        let dataName = Array(name.dropLast(metadataSuffix.count))
        if places[dataName] == nil { metadataAlone.append(dataName) }
      } else if !name.hasSuffix(receiptSuffix) {
        if let place = places[name + metadataSuffix] {
          pairs.append(
            Pair(
              name: name, dataSize: entry.attributes.size, metadataSuffix: metadataSuffix,
              metadata: listing[place].attributes))
        } else if account.isBare(name) {
          fileCount -= 1
        } else {
          dataAlone.append(name)
          if !entry.attributes.hasType { typeless.insert(name) }
        }
      }
    }
  }
}
