import FilsluseBase

extension Remedy.Step {
  /// The step as a command line, or an option of one, that a person can type.
  var commandLine: String {
    switch self {
    case .send: "filsluse send"
    case .sendAgain: "filsluse send --again"
    case .nameOnWire: "--name"
    case .stateMunicipality(let code):
      "send --holds-municipality \(code), or the list's column holds-municipality"
    case .receive: "filsluse receive"
    case .run: "filsluse run"
    case .reload: "SIGHUP (systemctl reload)"
    case .retry(let number): "filsluse retry \(number)"
    case .cancel(let number): "filsluse cancel\(number.map { " \($0)" } ?? "")"
    case .giveUp(let number): "filsluse cancel --give-up \(number)"
    case .listProblems: "filsluse status"
    case .closeProblem(let number): "filsluse status --close \(number) --because TEXT"
    case .listJournal: "filsluse journal list"
    case .showJournal(let number): "filsluse journal show \(number)"
    case .checkJournal: "filsluse journal check"
    case .restoreJournal(let copy): "filsluse journal restore \(copy ?? "FILE")"
    case .acceptLoss: "filsluse journal restore FILE --accept-loss"
    case .backUpJournal: "filsluse journal backup FILE"
    case .nameSettings: "--config"
    }
  }
}
