import FilsluseBase

extension Remedy.Step {
  /// The step in both languages as a command line, or an option of one, that a person can type.
  var words: Remedy.StepWords { (commandLineInDanish, commandLine) }

  /// Returns the wording for a process started with `--config`: a command line for the record names the settings file
  /// too, because it would otherwise go into the record of other settings.
  func words(settings: String?) -> Remedy.StepWords {
    guard let settings, isForTheRecord else { return words }
    let option = " --config \(ShellWord.quoted(settings))"
    return (words.da + option, words.en + option)
  }

  private var isForTheRecord: Bool {
    switch self {
    case .recordInfRef, .recordCreatedInfRef, .recordDeclaration, .recordTask, .takeBackTask, .recordAgreement,
      .recordOrder,
      .recordConfirmedOrder, .recordMonitoring, .addRoute, .replaceRoute, .correctAuthority:
      true
    default: false
    }
  }

  private var commandLineInDanish: String {
    switch self {
    case .stateMunicipality(let code):
      "send --holds-municipality \(code), eller listens kolonne holds-municipality"
    case .overrideRefusal: "filsluse send --override \"BEGRUNDELSE\""
    case .listMoreProblems: "filsluse status viser dem med --most"
    case .closeProblem(let number?): "filsluse status --close \(number) --because TEKST"
    case .restoreJournal(nil): "filsluse journal restore FIL"
    case .acceptLoss: "filsluse journal restore FIL --accept-loss"
    case .backUpJournal: "filsluse journal backup FIL"
    case .scanHostKeys: "filsluse known-hosts scan VÆRT"
    default: commandLine
    }
  }

  /// The step in English.
  var commandLine: String {
    switch self {
    case .send: "filsluse send"
    case .sendAgain: "filsluse send --again"
    case .nameOnWire: "--name"
    case .stateMunicipality(let code):
      "send --holds-municipality \(code), or the list's column holds-municipality"
    case .overrideRefusal: "filsluse send --override \"REASON\""
    case .receive: "filsluse receive"
    case .run: "filsluse run"
    case .reload: "SIGHUP (systemctl reload)"
    case .retry(let number): "filsluse retry\(number.map { " \($0)" } ?? "")"
    case .takeOverByHand(let number): "filsluse retry \(number) --by-hand"
    case .cancel(let number): "filsluse cancel\(number.map { " \($0)" } ?? "")"
    case .giveUp(let number): "filsluse cancel --give-up \(number)"
    case .listProblems: "filsluse status"
    case .listMoreProblems: "filsluse status shows them with --most"
    case .closeProblem(let number): "filsluse status --close\(number.map { " \($0) --because TEXT" } ?? "")"
    case .listJournal: "filsluse journal list"
    case .showJournal(let number): "filsluse journal show \(number)"
    case .checkJournal: "filsluse journal check"
    case .restoreJournal(let copy): "filsluse journal restore \(copy ?? "FILE")"
    case .acceptLoss: "filsluse journal restore FILE --accept-loss"
    case .reconcileJournal: "filsluse journal reconcile"
    case .backUpJournal: "filsluse journal backup FILE"
    case .nameSettings: "--config"
    case .makeSettings: "filsluse init"
    case .scanHostKeys: "filsluse known-hosts scan HOST"
    case .watchOnce: "filsluse watch --once"
    case .explainWatch: "filsluse watch --explain"
    case .listAlerts: "filsluse alerts list"
    case .acknowledge(let alert): "filsluse alerts ack\(alert.map { " \($0)" } ?? "")"
    case .testAlerts: "filsluse alerts test"
    case .addRoute: "filsluse routes new"
    case .replaceRoute: "filsluse routes new --replace COLUMN=VALUE"
    case .recordInfRef(let name): "filsluse routes record infref \(Self.word(name)) assigned"
    case .recordCreatedInfRef(let name): "filsluse routes record infref \(Self.word(name)) created"
    case .recordDeclaration(let infRef, let specification):
      "filsluse routes record declaration \(Self.word(infRef)) --specification \(Self.word(specification))"
    case .recordTask(let task, let route):
      "filsluse routes done \(Self.word(task))\(route.map { " --route \(Self.word($0))" } ?? "")"
    case .takeBackTask(let task, let route):
      "filsluse routes done \(Self.word(task))\(route.map { " --route \(Self.word($0))" } ?? "") --undo"
    case .recordAgreement(let route, let authority):
      "filsluse routes record agreement --route \(Self.word(route)) --authority \(authority)"
    case .recordOrder(let route): "filsluse routes record order ordered --route \(Self.word(route))"
    case .recordConfirmedOrder(let route): "filsluse routes record order confirmed --route \(Self.word(route))"
    case .recordMonitoring(let route):
      "filsluse routes record order ordered --monitoring --route \(Self.word(route))"
    case .correctAuthority(let line, let authority):
      "filsluse routes new --replace \(line.map(Self.word).joined(separator: " ")) authority=\(authority ?? "CVR")"
    }
  }

  private static func word(_ name: String) -> String { ShellWord.quoted(name) }
}
