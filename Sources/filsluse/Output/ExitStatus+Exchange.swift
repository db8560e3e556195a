import FileExchange
import PickupWatch

extension ExitStatus {
  /// The exit status of a command that failed with this error.
  init(_ error: ExchangeError) {
    self =
      switch error.code {
      case .fileMissing: .inputMissing
      case .localFile, .notPlain, .folderGone, .journal, .sights, .hookNotStarted: .localIO
      case .unknownRoute, .passphraseMissing, .invalidSettings: .configuration
      case .invalidDelivery, .wrongMunicipality, .invalidDocument, .remoteDiffers, .unknownDelivery, .unknownArrival,
        .committed, .vanished:
        .badData
      case .fileUnreadable: .localIO
      case .accountStopped: .keyRefused
      case .transfer: error.transfer?.exitStatus ?? .notDoneYet
      default: .notDoneYet
      }
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

extension ExchangeError: HasExitStatus {
  var exitStatus: ExitStatus { ExitStatus(self) }
}

extension DeliveryBatch.Refusal: HasExitStatus {
  var exitStatus: ExitStatus { .badData }
  var explanation: String { "\(description)\nfilsluse: nothing was sent; mend the list and send it again" }
}
