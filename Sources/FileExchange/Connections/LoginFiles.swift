internal import ExchangeSettings
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The files that a login goes by, as they are at a moment: the keys, their passphrases, the known host keys. A stopped
/// account is tried again as soon as one of them is another one.
struct LoginFiles: Sendable, Equatable {
  /// A file's identity and content, as far as a `stat` shows them; `nil` for a file that cannot be seen.
  private struct State: Sendable, Equatable {
    let identity: FileIdentity
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init?(_ path: FilePath) {
      var status = stat()
      guard stat(path.string, &status) == 0 else { return nil }
      identity = FileIdentity(status)
      size = Int(status.st_size)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  private let states: [State?]

  /// Looks at the files of an account. It blocks.
  init(of account: Account) {
    var paths: [FilePath] = []
    for key in account.keys {
      switch key {
      case .file(let path, _): paths.append(path)
      case .agent(let name, let socket):
        if case .publicKey(let path) = name { paths.append(path) }
        // An agent that was started again has a socket of its own.
        if let socket = socket ?? getenv("SSH_AUTH_SOCK").map({ FilePath(String(cString: $0)) }) {
          paths.append(socket)
        }
      }
    }
    for case .file(let path) in account.passphraseSources { paths.append(path) }
    if case .knownHosts(let path) = account.hostKeys { paths.append(path) }
    states = paths.map(State.init)
  }
}
