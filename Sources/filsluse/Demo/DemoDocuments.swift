import ExchangeSettings
import FileExchange
import SystemPackage
import TriggerFiles

/// Lays out every document that crossed the wire as the journals keep it, so that anybody can check them.
struct DemoDocuments {
  let folder: FilePath

  /// Writes `triggers`, `receipts` and `metadata` below the folder.
  func write(from exchanges: [Exchange]) async throws {
    for exchange in exchanges {
      let journal = try await Journal.open(exchange.settings.journal)
      for delivery in try await journal.deliveries() {
        try write(delivery.trigger, as: delivery.wireName.string + ".trigger", in: "triggers")
        if let receipt = delivery.receipt {
          try write(receipt, as: delivery.wireName.string + ".sftpreceipt", in: "receipts")
        }
      }
      for arrival in try await journal.arrivals() {
        try write(arrival.metadata, as: arrival.wireName.string + ".metadata", in: "metadata")
      }
    }
  }

  private func write(_ bytes: [UInt8], as name: String, in kind: String) throws {
    let kindFolder = folder.appending(kind)
    try DemoInputs.makeFolder(kindFolder)
    let file = try FileDescriptor.open(
      kindFolder.appending(name), .writeOnly, options: [.create, .truncate, .closeOnExec],
      permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(bytes) }
  }
}
