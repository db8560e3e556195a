// Lists a folder on an SFTP server, with nothing but the client:
//
//     ListFolder 127.0.0.1 2222 flis ~/.ssh/flis SHA256:… IN

import FilsluseSFTP
import Foundation
import Logging
import SystemPackage

let arguments = CommandLine.arguments
guard arguments.count == 7, let port = UInt16(arguments[2]) else {
  print("usage: ListFolder HOST PORT USER KEY FINGERPRINT FOLDER")
  exit(64)
}
let (host, user, keyFile, fingerprint) = (arguments[1], arguments[3], FilePath(arguments[4]), arguments[5])
let folder = RemotePath(arguments[6])

do {
  // begin snippet
  // A server is trusted by its host key's fingerprint alone; there is no way to skip that.
  let endpoint = SFTPEndpoint(
    host: host, port: port, user: user, hostKeys: .pinned([try HostKeyFingerprint(fingerprint)]),
    identity: .keyFile(keyFile))
  try await withSFTPClient(endpoint, logger: Logger(label: "example")) { client in
    for entry in try await client.list(folder) {
      print(entry.text ?? "a name that is not UTF-8", entry.attributes.size ?? 0)
    }
  }
  // end snippet
} catch {
  print(error)
  exit(1)
}
