// Shows who sent a file and what it is, by the metadata that came with it:
//
//     ReadMetadata udtræk_0101.csv.metadata

import Foundation
import TriggerFiles

guard CommandLine.arguments.count == 2 else {
  print("usage: ReadMetadata FILE")
  exit(64)
}
let bytes = [UInt8](try Data(contentsOf: URL(filePath: CommandLine.arguments[1])))

// begin snippet
do {
  let metadata = try FileMetadata(reading: bytes)
  print("transfer", metadata.fileTransferUUID)
  print("file", metadata.fileDescriptor.fileName, metadata.fileDescriptor.sizeInBytes)
  print("sender", metadata.fileDescriptor.sender)
  if let routing = metadata.fileContentDescriptor.routingInfo {
    print("infref", routing.infRef)
    print("for the authority", routing.recipientAuthority)
  }
} catch {
  // Each diagnostic names its line and column, what was found, what the contract wants, and how to mend it.
  for diagnostic in error.diagnostics { print(diagnostic) }
  exit(65)
}
// end snippet
