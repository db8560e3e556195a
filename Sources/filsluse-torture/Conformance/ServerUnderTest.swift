import FilsluseBase
import FilsluseSFTP
import SystemPackage

/// A running SFTP server with one user, whose folder on this machine can be looked into.
struct ServerUnderTest: Sendable {
  let port: UInt16
  /// The host key's fingerprint.
  let fingerprint: KeyFingerprint
  let user: String
  let keyFile: FilePath
  /// The folder in which a session of the user starts.
  let home: FilePath
  /// The time for which the server may keep written data before it is in ``home``.
  var writeBack = Duration.zero

  /// Returns the address for the client, perhaps by way of a proxy.
  func endpoint(port: UInt16? = nil) -> SFTPEndpoint {
    SFTPEndpoint(
      host: "127.0.0.1", port: port ?? self.port, user: user,
      hostKeys: .pinned([fingerprint]), identity: .keyFile(keyFile))
  }
}

/// A server whose program is not on this machine: its cases are skipped and counted.
struct ServerMissing: Error {
  /// The Debian package that has the program.
  let package: String
}
