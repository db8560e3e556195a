import LocalPlatform
import PlatformFixture
import SystemPackage

/// The servers that the conformance cases run on.
enum ServerKind: String, CaseIterable, Sendable {
  case openSSH = "openssh"
  case openSSHWithoutRename = "openssh-no-rename"
  case openSSHWithoutSetstat = "openssh-no-setstat"
  case openSSHReadOnly = "openssh-read-only"
  case proFTPD = "proftpd"
  case dropbear
  case asyncSSH = "asyncssh"
  case conch
  case rclone
  case rcloneCached = "rclone-cached"

  /// The server as the matrix describes it.
  var title: String {
    switch self {
    case .openSSH: "OpenSSH internal-sftp"
    case .openSSHWithoutRename: "OpenSSH, no rename, posix-rename, fsync, statvfs"
    case .openSSHWithoutSetstat: "OpenSSH, no setstat"
    case .openSSHReadOnly: "OpenSSH, read-only"
    case .proFTPD: "ProFTPD mod_sftp"
    case .dropbear: "dropbear with sftp-server"
    case .asyncSSH: "asyncssh: 128 KiB window, writes in sequence, no FSTAT"
    case .conch: "Twisted conch"
    case .rclone: "rclone serve sftp"
    case .rcloneCached: "rclone serve sftp --vfs-cache-mode writes"
    }
  }

  /// True if the short form runs on it, where it is installed.
  var isInShortForm: Bool {
    switch self {
    case .openSSHWithoutSetstat, .openSSHReadOnly, .rclone, .rcloneCached: false
    default: true
    }
  }

  /// Runs the server until `body` is done.
  ///
  /// - Parameters:
  ///   - programs: where the programs are that are not installed: a folder with `usr` in it.
  ///   - prepare: fills the user's folder before the server has seen it.
  /// - Throws: `ServerMissing` where its program is neither there nor installed; what keeps it from starting; what
  ///   `body` throws.
  func run(
    in folder: FilePath, programs: FilePath, prepare: (FilePath) throws -> Void,
    _ body: (ServerUnderTest) async throws -> Void
  ) async throws {
    let workshop = ServerWorkshop(folder: folder, programs: programs)
    switch self {
    case .openSSH: try await workshop.openSSH([], prepare, body)
    case .openSSHWithoutRename:
      try await workshop.openSSH(["-P", "rename,posix-rename,fsync,statvfs"], prepare, body)
    case .openSSHWithoutSetstat: try await workshop.openSSH(["-P", "setstat"], prepare, body)
    case .openSSHReadOnly: try await workshop.openSSH(["-R"], prepare, body)
    case .proFTPD: try await workshop.proFTPD(prepare, body)
    case .dropbear: try await workshop.dropbear(prepare, body)
    case .asyncSSH: try await workshop.asyncSSH(prepare, body)
    case .conch: try await workshop.conch(prepare, body)
    case .rclone: try await workshop.rclone([], prepare, body)
    case .rcloneCached:
      try await workshop.rclone(["--vfs-cache-mode", "writes"], writeBack: .seconds(7), prepare, body)
    }
  }
}
