import FileExchange
import FilsluseSFTP
import TriggerFiles

/// An error in JSON: as `error` of a line of a result, or as `{"error": …}` in the place of a result.
struct ReportedError: Encodable {
  /// The exact kind, which `filsluse explain` explains: that of the connection's failure where that is the cause.
  let code: String
  /// The party at fault: `passing`, `account`, `file`, `local` or `request`.
  let category: String
  /// The operation that failed, or the command.
  let operation: String
  /// The file or name concerned, with CPR-like numbers masked.
  let path: String?
  /// The failure, its place and remedy in the language of the output.
  let message: String
  /// The remedy alone; `nil` where none is known.
  let remedy: String?
  /// True if the same command may go on later: always where the exit status says that it is not done yet.
  let tryAgain: Bool
  let exitStatus: Int32

  init(
    code: String, category: FailureCategory, operation: String, path: String? = nil, message: String,
    remedy: String? = nil, isRetriable: Bool? = nil, exitStatus: ExitStatus
  ) {
    self.code = code
    self.category = category.rawValue
    self.operation = operation
    self.path = path
    self.message = message
    self.remedy = remedy
    tryAgain = isRetriable ?? category.causePasses
    self.exitStatus = exitStatus.rawValue
  }

  init(_ error: ExchangeError) {
    let remedy: String? = if let transfer = error.transfer { transfer.shownRemedy } else { error.shownRemedy }
    self.init(
      code: error.transfer?.code.rawValue ?? error.code.rawValue, category: error.category,
      operation: error.operation, path: error.path ?? error.transfer?.path.map { "\($0)" },
      message: error.inBothLanguages.shown, remedy: remedy, isRetriable: error.isRetriable,
      exitStatus: error.exitStatus)
  }

  init(_ error: SFTPError) {
    self.init(
      code: error.code.rawValue, category: error.category, operation: error.operation,
      path: error.path.map { "\($0)" }, message: error.inBothLanguages.shown,
      remedy: error.shownRemedy, isRetriable: error.isRetriable, exitStatus: error.exitStatus)
  }

  /// Creates the error that ended a command.
  ///
  /// - Parameters:
  ///   - message: the failure with its remedy, as standard error has it.
  ///   - code: the exact kind; `nil` where only the exit status shows it.
  init(
    ending command: String, _ status: ExitStatus, _ message: String, remedy: String? = nil, code: RequestCode? = nil
  ) {
    let prefix = "filsluse: "
    let text = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
    self.init(
      code: code?.rawValue ?? status.code, category: code == nil ? status.category : .request, operation: command,
      message: text, remedy: remedy, exitStatus: status)
  }
}

extension ExitStatus {
  /// The code of an error without one.
  var code: String {
    switch self {
    case .warning: "warning"
    case .critical: "critical"
    case .usage: "usage"
    case .badData: "bad-data"
    case .inputMissing: "input-missing"
    case .unreachable: "unreachable"
    case .localIO: "local-io"
    case .notDoneYet: "not-done-yet"
    case .refused: "refused"
    case .keyRefused: "key-refused"
    case .configuration: "configuration"
    default: "internal-error"
    }
  }

  /// The party at fault for an error with only this status.
  var category: FailureCategory {
    switch self {
    case .notDoneYet, .unreachable: .passing
    case .keyRefused: .account
    case .badData, .inputMissing, .refused, .warning, .critical: .file
    case .localIO: .local
    default: .request
    }
  }
}
