package import ExchangeSettings
internal import FilsluseBase
internal import Foundation
internal import SystemPackage
internal import TriggerFiles

/// The facts about a file that the receiver's program gets: in its environment, and as JSON on its standard input. Both
/// have the same content, and the same content again when the program is run again.
struct ProgramCall: Sendable, Encodable {
  let arrival: Int64
  /// 1 for the first run; a program that has seen the FileTransferUUID before need not look at it.
  let `try`: Int
  let account: String
  let route: String
  let fileTransferUuid: String
  /// The name that the sender gave the file.
  let name: String
  /// The path of the complete file, which only this program uses.
  let path: String
  let metadataPath: String
  let size: UInt64
  let sha256: SHA256Digest
  /// The sender's SFTP user.
  let sender: String
  let infRef: InfRef?
  let senderItSystem: String?
  let senderAuthority: String?
  let recipientItSystem: String?
  let recipientAuthority: String?
  let transactionId: String?
  let senderTimestamp: String?

  init(_ file: ReceivedFile) {
    arrival = file.arrival.id
    self.try = file.attempt
    account = file.arrival.account
    route = file.route.name
    fileTransferUuid = file.fileTransferUUID
    name = file.name
    path = file.path.string
    metadataPath = file.metadataPath.string
    size = file.size
    sha256 = file.sha256
    sender = file.sender
    let routing = file.routing
    infRef = routing?.infRef
    senderItSystem = routing?.senderITSystem.rawValue
    senderAuthority = routing?.senderAuthority.digits
    recipientItSystem = routing?.recipientITSystem?.rawValue
    recipientAuthority = routing?.recipientAuthority.digits
    transactionId = routing?.transactionID.rawValue
    senderTimestamp = routing?.senderTimestamp.text
  }

  /// The values as environment variables named `FILSLUSE_…`; a missing value has no variable.
  var environment: [String: String] {
    let values: [String: String?] = [
      "ARRIVAL": "\(arrival)", "TRY": "\(self.try)", "ACCOUNT": account, "ROUTE": route,
      "FILE_TRANSFER_UUID": fileTransferUuid, "NAME": name, "PATH": path, "METADATA_PATH": metadataPath,
      "SIZE": "\(size)", "SHA256": sha256.hex, "SENDER": sender, "INFREF": infRef?.name,
      "SENDER_IT_SYSTEM": senderItSystem,
      "SENDER_AUTHORITY": senderAuthority, "RECIPIENT_IT_SYSTEM": recipientItSystem,
      "RECIPIENT_AUTHORITY": recipientAuthority, "TRANSACTION_ID": transactionId,
      "SENDER_TIMESTAMP": senderTimestamp,
    ]
    return Dictionary(uniqueKeysWithValues: values.compactMap { key, value in value.map { ("FILSLUSE_\(key)", $0) } })
  }

  /// True if a value taken from the file itself is too long to start any program with: then the file is at fault. Linux
  /// accepts 128 KiB for one value; the limit for all of them together is always higher.
  var isTooLong: Bool { environment.values.contains { $0.utf8.count >= Self.longestValue } }
  private static let longestValue = (128 << 10) - 64

  /// Returns the values as one JSON object, ending in a newline.
  ///
  /// - Throws: ``ExchangeError`` if a value cannot be written as JSON, which is not known to happen.
  func json() throws(ExchangeError) -> [UInt8] {
    do {
      return Array("\(try JSONText().text(self))\n".utf8)
    } catch {
      throw ExchangeError(
        .invalidDocument, operation: "hand over", path: name, message: "\(error)", remedy: "report this as a defect")
    }
  }
}

extension ExchangeSettings {
  /// The variables of our environment that hold passphrases: no program that we run is to see them.
  package var passphraseVariables: Set<String> {
    Set(
      accounts.flatMap(\.passphraseSources).compactMap { source in
        if case .environment(let variable) = source { variable } else { nil }
      })
  }
}
