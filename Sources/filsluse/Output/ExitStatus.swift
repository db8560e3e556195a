import TriggerFiles

/// The exit status of the command, in the numbers of sysexits.h.
struct ExitStatus: RawRepresentable, Hashable, Sendable {
  let rawValue: Int32

  /// Success.
  static let done = ExitStatus(rawValue: 0)
  /// `watch --once`, `status` or `check` found a problem whose time limit is not reached yet.
  static let warning = ExitStatus(rawValue: 1)
  /// `watch --once` or `check` found something critical, or could not look.
  static let critical = ExitStatus(rawValue: 2)
  /// The command was called wrongly (EX_USAGE).
  static let usage = ExitStatus(rawValue: 64)
  /// A document or a name breaks the contract (EX_DATAERR).
  static let badData = ExitStatus(rawValue: 65)
  /// A local file that was named is not there (EX_NOINPUT).
  static let inputMissing = ExitStatus(rawValue: 66)
  /// The server cannot be reached, or lacks a needed feature (EX_UNAVAILABLE).
  static let unreachable = ExitStatus(rawValue: 69)
  /// The program broke a rule of its own (EX_SOFTWARE).
  static let internalError = ExitStatus(rawValue: 70)
  /// Reading or writing local files failed (EX_IOERR).
  static let localIO = ExitStatus(rawValue: 74)
  /// Not done yet; the same command again goes on (EX_TEMPFAIL).
  static let notDoneYet = ExitStatus(rawValue: 75)
  /// The platform's receipt reports an error (EX_PROTOCOL).
  static let refused = ExitStatus(rawValue: 76)
  /// The key or the host key was refused, or the server does not permit a needed step (EX_NOPERM).
  static let keyRefused = ExitStatus(rawValue: 77)
  /// The settings cannot be used (EX_CONFIG).
  static let configuration = ExitStatus(rawValue: 78)
}

/// An error that says how the command ends when nothing catches it.
protocol HasExitStatus: Error {
  var exitStatus: ExitStatus { get }
  /// The text for standard error, in the language of the output.
  var explanation: String { get }
  /// The remedy, which the explanation ends with, in the language of the output.
  var reportedRemedy: String? { get }
  /// The error in JSON.
  ///
  /// - Parameter command: the command that ends with it, such as `journal list`.
  func reported(by command: String) -> ReportedError
}

extension HasExitStatus {
  var explanation: String { "filsluse: \(self)" }
  var reportedRemedy: String? { nil }

  func reported(by command: String) -> ReportedError {
    ReportedError(ending: command, exitStatus, explanation, remedy: reportedRemedy)
  }
}

/// A command's end other than done. Without a message when everything has been said already.
struct CommandFailure: HasExitStatus {
  var status: ExitStatus
  /// The exact kind; `nil` where only the exit status shows it.
  var code: RequestCode?
  /// The failure without its remedy.
  var message: String?
  /// The remedy, where one is known.
  var remedy: String?

  init(_ status: ExitStatus, code: RequestCode? = nil, _ message: String? = nil, remedy: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  /// An end with a message in both languages.
  init(
    _ status: ExitStatus, code: RequestCode? = nil, _ english: String, _ danish: String, remedy: LocalizedText? = nil
  ) {
    self.init(status, code: code, LocalizedText(english, danish).shown, remedy: remedy?.shown)
  }

  /// An end with a message that may quote what is not printable.
  init(
    _ status: ExitStatus, code: RequestCode? = nil, _ message: LocalizedText, remedy: LocalizedText? = nil,
    in language: ReportLanguage = OutputLanguage.current
  ) {
    self.init(
      status, code: code, Printable.text(message[language]), remedy: remedy.map { Printable.text($0[language]) })
  }

  var exitStatus: ExitStatus { status }
  var explanation: String { message.map { "filsluse: \($0)" + (remedy.map { "; \($0)" } ?? "") } ?? "" }
  var reportedRemedy: String? { remedy }

  func reported(by command: String) -> ReportedError {
    ReportedError(ending: command, exitStatus, explanation, remedy: remedy, code: code)
  }
}
