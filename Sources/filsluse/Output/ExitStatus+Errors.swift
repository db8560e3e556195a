import FileExchange
import FilsluseBase
import FilsluseSFTP
import PickupWatch
import SystemPackage
import TriggerFiles

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
      default: code.category == .file && code.isRetriable ? .notDoneYet : ExitStatus(code.category)
      }
  }

  /// The exit status of a failed delivery, collection or journal: its category's, or a more exact one.
  init(_ code: ExchangeError.Code) {
    self =
      switch code {
      case .fileMissing: .inputMissing
      case .fileUnreadable, .journalReplaced: .localIO
      case .unknownRoute, .invalidSettings, .passphraseMissing: .configuration
      default: code.category == .file && code.isRetriable ? .notDoneYet : ExitStatus(code.category)
      }
  }

  /// The exit status of a command that failed with this error.
  init(_ error: ExchangeError) {
    self = error.transfer.map { ExitStatus($0.code) } ?? ExitStatus(error.code)
  }

  /// Returns the worst of several statuses: the most urgent one for a person.
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
  var explanation: String { "filsluse: \(inBothLanguages.shown)" }

  func reported(by command: String) -> ReportedError { ReportedError(self) }
}

extension ExchangeError: HasExitStatus {
  var exitStatus: ExitStatus { ExitStatus(self) }
  var explanation: String { "filsluse: \(inBothLanguages.shown)" }

  func reported(by command: String) -> ReportedError { ReportedError(self) }
}

extension SFTPError {
  /// The failure without its remedy, in the language of the output.
  var shownMessage: String { OutputLanguage.current == .danish ? messageInDanish() : message }

  /// The remedy in the language of the output.
  var shownRemedy: String? {
    OutputLanguage.current == .danish ? remedyInDanish : remedy
  }
}

extension ExchangeError {
  /// The failure without its remedy, in the language of the output.
  var shownMessage: String {
    guard OutputLanguage.current == .danish else { return message }
    return transfer?.shownMessage ?? inDanish
  }

  /// The remedy in the language of the output.
  var shownRemedy: String {
    guard OutputLanguage.current == .danish else { return remedy.description }
    return (transfer?.code.explanation ?? code.explanation).remedy.da.inDanish
  }
}

extension DeliveryBatch.Refusal: HasExitStatus {
  var exitStatus: ExitStatus { .badData }
  var explanation: String {
    let end = LocalizedText(
      "nothing was sent; mend the list and send it again", "intet er sendt; ret listen, og send den igen")
    return "\(problems.map(\.shown).joined(separator: "\n"))\nfilsluse: \(end.shown)"
  }
}

extension DeliveryBatch.Problem {
  /// The problem in the language of the output.
  fileprivate var shown: String {
    guard OutputLanguage.current == .danish else { return description }
    let place = Masked.name(list.string) + (line.map { ":\($0)" } ?? "")
    return "\(place): fejl: \(Masked.name(text.da))"
  }
}
