import SystemPackage
import TriggerFiles

/// Metadata files to read, each with ids of its own.
struct DocumentFiles {
  let folder: FilePath
  let metadata: [FilePath]

  init(in scratch: FilePath, count: Int) throws {
    folder = scratch
    metadata = try (0..<count).map { number in
      let trigger = try Self.trigger(number)
      let document = try FileMetadata(
        fileTransferUUID: TransactionID.random().rawValue, fileDescriptor: trigger.fileDescriptor,
        fileContentDescriptor: trigger.fileContentDescriptor)
      let file = scratch.appending("\(number).metadata")
      try Self.write(document.xml(), file)
      return file
    }
  }

  /// A trigger as senders write them, built from its parts.
  static func trigger(_ number: Int) throws -> Trigger {
    Trigger(
      fileDescriptor: try DataFileDescriptor(
        fileName: "udtræk_\(number).csv", sizeInBytes: UInt64(number), sender: "fagsystem",
        sendersFileID: TransactionID.random().rawValue),
      fileContentDescriptor: .routing(
        try RoutingInfo(
          infRef: InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1"), senderITSystem: .random(),
          senderAuthority: CVRNumber("10000009"), transactionID: .random(), senderTimestamp: .now(),
          recipientITSystem: .random(), recipientAuthority: CVRNumber("10000017"))))
  }

  static func read(_ path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
      let size = Int(try file.seek(offset: 0, from: .end))
      return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
  }

  static func write(_ bytes: [UInt8], _ path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    _ = try file.closeAfter { try file.writeAll(bytes) }
  }
}
