/// The party at fault, which decides the reaction to a failure.
///
/// Each error code has one category. A retry, the exit status of a command and the kind of an alert derive from it.
public enum FailureCategory: String, Sendable, Hashable, CaseIterable {
  /// The network, the server or another process: it may pass by itself.
  case passing
  /// The account: its key, its host key or its passphrase. Trying again may get it locked.
  case account
  /// One file, folder or document; the others are not concerned.
  case file
  /// This machine: its disk, its journal, its programs. It passes when a person makes room or mends it.
  case local
  /// The request: it names something that does not exist, or comes too late.
  case request

  /// True if the cause passes by itself, or can be removed on this machine, so that a connection or a service keeps
  /// trying. Whether a caller may make the same call again is ``SFTPError/isRetriable``: that is true also for a
  /// server's answer about one file, which may be another one at the next run.
  public var causePasses: Bool {
    switch self {
    case .passing, .local: true
    case .account, .file, .request: false
    }
  }
}
