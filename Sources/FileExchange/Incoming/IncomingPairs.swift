internal import ExchangeSettings
internal import FilsluseSFTP
internal import TriggerFiles

/// A listing of IN, sorted by kind: names are bytes, as the server gave them.
struct IncomingPairs: Sendable {
  /// Data with its metadata, by the data's name.
  struct Pair: Sendable {
    let name: [UInt8]
    let dataSize: UInt64?
    let metadataName: [UInt8]
    /// The attributes of the metadata in the listing.
    let metadata: FileAttributes
  }

  private(set) var pairs: [Pair] = []
  /// Names of data without metadata. Bare files are left out: they are no half of a pair.
  private(set) var dataAlone: [[UInt8]] = []
  /// The names whose type the server does not give.
  private(set) var typeless: Set<[UInt8]> = []
  /// Names of data (without suffix) of which only the metadata is there.
  private(set) var metadataAlone: [[UInt8]] = []
  /// The number of files, without bare ones.
  private(set) var fileCount = 0

  init(_ listing: [DirectoryEntry], of account: Account) {
    let metadataSuffix = Array(account.suffixes.metadata.utf8)
    let receiptSuffix = Array(account.suffixes.receipt.utf8)
    let files = listing.filter { $0.attributes.isDirectory != true }
    fileCount = files.count
    let listed = Dictionary(files.map { ($0.name, $0.attributes) }, uniquingKeysWith: { first, _ in first })
    for entry in files {
      let name = entry.name
      if name.hasSuffix(metadataSuffix) {
        if listed[Array(name.dropLast(metadataSuffix.count))] == nil {
          metadataAlone.append(Array(name.dropLast(metadataSuffix.count)))
        }
      } else if !name.hasSuffix(receiptSuffix) {
        let metadataName = name + metadataSuffix
        if let metadata = listed[metadataName] {
          pairs.append(
            Pair(name: name, dataSize: entry.attributes.size, metadataName: metadataName, metadata: metadata))
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
