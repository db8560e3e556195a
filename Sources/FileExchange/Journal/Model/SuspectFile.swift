internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// A remote file with an open request at the loss of a connection: a possible cause.
struct SuspectFile: Sendable, Hashable {
  /// The data's path in IN or OUT, or a receipt's.
  let path: RemotePath
  /// The number of connections lost while only this file was in progress; 0 while it is suspected together with others.
  var losses = 0
  /// The time of its next try.
  var nextTryAt: Timestamp?
  /// The time of the first suspicion.
  let since: Timestamp
  /// The reason for the end of the last of those connections.
  var reason: String

  /// The number of connections lost at one file after which a person is alerted.
  static let lossesToReport = 3

  /// True if a person must be alerted.
  var isToBeReported: Bool { losses >= Self.lossesToReport }

  /// The error of a file left alone, for a report.
  var error: ExchangeError {
    ExchangeError(
      .transfer, operation: "exchange", path: path.string,
      message: "the connection was lost at this file \(losses == 1 ? "once" : "\(losses) times"): \(reason)",
      remedy:
        "it stays where it lies and is tried again, after all others and over a connection of its own; if it stays so, ask the platform's help desk"
    )
  }
}

extension SuspectFile {
  /// The error in both languages.
  var inBothLanguages: LocalizedText {
    LocalizedText(
      error.description,
      "\(path): forbindelsen gik tabt ved denne fil \(losses == 1 ? "én gang" : "\(losses) gange"). Den bliver liggende og prøves igen efter alle andre over sin egen forbindelse; spørg platformens helpdesk, hvis det bliver ved."
    )
  }
}

extension Account {
  /// Returns the path of a delivery's data in OUT.
  func dataInOUT(_ wireName: WireName) -> RemotePath { RemotePath(folders.out).appending(wireName.string) }
}
