import ExchangeSettings
import FoundationEssentials
import LocalPlatform
import SystemPackage
import TriggerFiles

/// Foreign files in IN, in OUT and in the inbox folder. Whatever happens, they stay unchanged.
struct ForeignThings {
  /// Every one of them is named so.
  static let prefix = "fremmed"

  static func isOne(_ name: String) -> Bool { name.hasPrefix(prefix) }

  private let contents: [FilePath: Data]

  /// Puts them where a worker's sender and receiver look.
  init(worker: Int, on platform: LocalPlatform, inbox: FilePath) throws {
    let (sender, receiver) = (PlatformPlan.sender(worker), PlatformPlan.receiver(worker))
    let (incoming, outgoing) = (platform.inFolder(of: receiver), platform.outFolder(of: sender))
    let receipts = platform.inFolder(of: sender)
    let data = Data("Det her er ikke jeres.\n".utf8)
    let unexpected = try FileMetadata(
      fileTransferUUID: "0f9f1a52-0000-4000-8000-00000000000\(worker % 10)",
      fileDescriptor: DataFileDescriptor(
        fileName: "fremmed-par.csv", sizeInBytes: UInt64(data.count), sender: "fremmed", recipients: [receiver]),
      fileContentDescriptor: .empty)
    let alone = try FileMetadata(
      fileTransferUUID: "0f9f1a52-1111-4000-8000-00000000000\(worker % 10)",
      fileDescriptor: DataFileDescriptor(
        fileName: "fremmed-alene.csv", sizeInBytes: 5, sender: "fremmed", recipients: [receiver]),
      fileContentDescriptor: .empty)
    let receipt = try TechnicalReceipt(
      fileTransferUUID: "0f9f1a52-2222-4000-8000-00000000000\(worker % 10)", sendersFileID: "fremmed",
      outcome: .receipt(message: "SUCCESS"))
    contents = [
      incoming.appending("fremmed-uden-metadata.csv"): data,
      incoming.appending("fremmed-par.csv"): data,
      incoming.appending("fremmed-par.csv.metadata"): Data(unexpected.xml()),
      incoming.appending("fremmed-alene.csv.metadata"): Data(alone.xml()),
      receipts.appending("fremmed.csv.sftpreceipt"): Data(receipt.xml()),
      outgoing.appending("fremmed.part"): data,
      outgoing.appending("fremmed-uden-trigger.csv"): data,
      inbox.appending("fremmed.txt"): data,
    ]
    try FileManager.default.createDirectory(atPath: inbox.string, withIntermediateDirectories: true)
    for (path, content) in contents { try content.write(to: URL(filePath: path.string)) }
  }

  /// Returns those that are gone or changed.
  func missing() -> [String] {
    contents.compactMap { path, content in
      FileManager.default.contents(atPath: path.string) == content ? nil : path.string
    }.sorted()
  }
}
