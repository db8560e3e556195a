internal import CSystemShim
import FilsluseSFTP

/// The version of the program, and its build.
enum ProgramVersion {
  /// The version that reports and the watcher show.
  static let current = "0.2.0"

  /// The text of `--version`: version, commit, and the version of libssh2 in use.
  static var full: String {
    let commit = filsluse_commit().map { "commit \(String(cString: $0))" } ?? "built without a commit"
    return "\(current) (\(commit), libssh2 \(Algorithms.libraryVersion))"
  }
}
