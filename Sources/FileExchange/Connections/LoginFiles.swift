internal import ExchangeSettings
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The present state of a login's files: the keys, their passphrases, the known host keys. A stopped account is retried
/// as soon as one of them is replaced, changed, or given other permissions.
struct LoginFiles: Sendable, Equatable {
  /// The version of each; `nil` for a file that cannot be seen.
  private let versions: [FileVersion?]

  /// Looks at the files of an account. It blocks.
  init(of account: Account) {
    var paths: [FilePath] = []
    for key in account.keys {
      switch key {
      case .file(let path, _): paths.append(path)
      case .agent(let name, let socket):
        if case .publicKey(let path) = name { paths.append(path) }
        // A restarted agent has another socket.
        if let socket = socket ?? getenv("SSH_AUTH_SOCK").map({ FilePath(String(cString: $0)) }) {
          paths.append(socket)
        }
      }
    }
    for case .file(let path) in account.passphraseSources { paths.append(path) }
    if case .knownHosts(let path) = account.hostKeys { paths.append(path) }
    versions = paths.map { FileVersion(of: $0) }
  }
}
