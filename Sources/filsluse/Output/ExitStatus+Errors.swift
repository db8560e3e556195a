import FileExchange
import FilsluseSFTP
import PickupWatch

extension ExitStatus {
  /// The exit status of a failure by the party at fault.
  init(_ category: FailureCategory) {
    self =
      switch category {
      case .passing: .notDoneYet
      case .account: .keyRefused
      case .file, .request: .badData
      case .local: .localIO
      }
  }

  /// The exit status of a failed connection or request: its category's, or a more exact one.
  init(_ code: SFTPError.Code) {
    self =
      switch code {
      case .connectionRefused, .unreachable, .nameNotResolved, .connectTimedOut, .protocolViolation, .unsupported:
        .unreachable
      case .fingerprintMalformed, .knownHostsUnreadable, .noCommonAlgorithm: .configuration
      case .permissionDenied: .keyRefused
      // The server's answer about one file or folder: the next run asks again.
      case .noSuchFile, .failure, .resumeRefused, .sizeMismatch, .tooLarge, .listingTooLong: .notDoneYet
      default: ExitStatus(code.category)
      }
  }

  /// The exit status of a failed delivery, collection or journal: its category's, or a more exact one.
  init(_ code: ExchangeError.Code) {
    self =
      switch code {
      case .fileMissing: .inputMissing
      case .fileUnreadable, .journalReplaced: .localIO
      case .unknownRoute, .invalidSettings, .passphraseMissing: .configuration
      case .sizeMismatch: .notDoneYet
      default: ExitStatus(code.category)
      }
  }

  /// The exit status of a command that failed with this error.
  init(_ error: ExchangeError) {
    self = error.transfer.map { ExitStatus($0.code) } ?? ExitStatus(error.code)
  }

  /// Returns the worst of several statuses: the one that a person must act on first.
  static func worst(_ statuses: some Sequence<ExitStatus>) -> ExitStatus {
    let order: [ExitStatus] = [
      .internalError, .configuration, .keyRefused, .unreachable, .inputMissing, .badData, .localIO, .refused,
      .notDoneYet, .critical, .warning, .done,
    ]
    let given = Set(statuses)
    return order.first(where: given.contains) ?? .done
  }
}

extension SFTPError: HasExitStatus {
  var exitStatus: ExitStatus { ExitStatus(code) }
}

extension ExchangeError: HasExitStatus {
  var exitStatus: ExitStatus { ExitStatus(self) }
}

/// An error in JSON.
struct ReportedError: Encodable {
  let code: String
  let message: String
  /// True if the same command may go on later: the cause may pass, or the exit status says that it is not done yet.
  let tryAgain: Bool

  init(_ error: ExchangeError) {
    code = error.code.rawValue
    message = error.description
    tryAgain = error.isRetriable || error.exitStatus == .notDoneYet
  }
}

extension DeliveryBatch.Refusal: HasExitStatus {
  var exitStatus: ExitStatus { .badData }
  var explanation: String { "\(description)\nfilsluse: nothing was sent; mend the list and send it again" }
}
