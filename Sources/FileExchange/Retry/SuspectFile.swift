internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem

/// A remote file whose own request was open when a connection was lost: it may be the cause.
struct SuspectFile: Sendable, Hashable {
  /// The data's path in IN or OUT, or a receipt's.
  let path: RemotePath
  /// How many connections were lost while it alone was being worked on; 0 while others are suspected with it.
  var losses = 0
  /// When it is to be tried again.
  var nextTryAt: Timestamp?
  /// When it was first suspected.
  let since: Timestamp
  /// How the last of those connections ended.
  var reason: String

  /// So many connections are lost at one file before a person is told of it.
  static let lossesToTell = 3

  /// Whether a person is to be told of it.
  var isToBeTold: Bool { losses >= Self.lossesToTell }

  /// Why it was not gone through with, for a report.
  var error: ExchangeError {
    ExchangeError(
      .transfer, operation: "exchange", path: path.string,
      message: "the connection was lost at this file \(losses == 1 ? "once" : "\(losses) times"): \(reason)",
      remedy:
        "it stays where it lies and is tried again, after all others and over a connection of its own; if it stays so, ask the platform's help desk"
    )
  }
}

extension ExchangeError {
  /// Whether the connection ended while a request was open, so that the file of that request may be the cause. One of
  /// which more had come than before is not.
  var isLoss: Bool {
    if keepsMore { return false }
    return switch transfer?.code {
    case .connectionLost?, .protocolViolation?, .timedOut?: true
    default: false
    }
  }
}

extension Account {
  /// Where the data of a delivery lies in OUT.
  func dataInOUT(_ wireName: String) -> RemotePath { RemotePath(folders.out).appending(wireName) }
}
