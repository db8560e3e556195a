import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes record`: adds events of InfRefs and routes to the record.
struct RoutesRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: LocalizedText(
      "Record the state of an InfRef, a declaration, a service agreement or an order.",
      "Optegn en InfRefs tilstand, en erklæring, en serviceaftale eller en bestilling."
    ).shown,
    discussion: LocalizedText(
      """
      The lines are added to the record beside the register. Day and name are today and the user's own unless they are \
      given. Tasks are recorded by filsluse routes done.
      """,
      """
      Linjerne føjes til optegnelsen ved siden af registret. Dag og navn er i dag og brugerens eget, medmindre de angives. \
      Opgaver optegnes med filsluse routes done.
      """
    ).shown,
    subcommands: [RecordInfRef.self, RecordDeclaration.self, RecordAgreement.self, RecordOrder.self])
}

/// `filsluse routes record infref`: the state that an InfRef has reached.
struct RecordInfRef: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infref",
    abstract: LocalizedText(
      "Record that an InfRef of SF1630 is requested, assigned, declared or created.",
      "Optegn, at en InfRef til SF1630 er bestilt, tildelt, erklæret eller oprettet."
    ).shown,
    discussion: LocalizedText(
      """
      External test and production are two platforms, each with its own states: the state is recorded for the environment \
      of the InfRef's routes, or for --environment. A renewal of the declaration changes no state; it is recorded by \
      filsluse routes record declaration.
      """,
      """
      Ekstern test og produktion er to platforme, hver med sine egne tilstande: tilstanden optegnes for det miljø, som \
      InfRef'ens ruter hører til, eller for --environment. En fornyelse af erklæringen ændrer ingen tilstand; den \
      optegnes med filsluse routes record declaration.
      """
    ).shown)

  @Argument(help: ArgumentHelp("The InfRef.", "InfRef'en."))
  var name: String

  @Argument(
    help: ArgumentHelp(
      "The state: requested, assigned, declared or created.",
      "Tilstanden: requested (bestilt), assigned (tildelt), declared (erklæret) eller created (oprettet)."),
    completion: .list(InfRefState.allCases.map(\.rawValue)), transform: infRefState)
  var state: InfRefState

  @Option(
    help: ArgumentHelp(
      "The UUID of the IT-system that it was assigned to.", "UUID'et for det it-system, den er tildelt.",
      valueName: "uuid"))
  var owner: String?

  @Option(
    help: ArgumentHelp(
      "external-test or production; needed where the InfRef's routes belong to both.",
      "external-test (ekstern test) eller production (produktion); kræves, hvor InfRef'ens ruter hører til begge."),
    completion: .list(ExchangeEnvironment.allCases.map(\.rawValue)), transform: environmentName)
  var environment: ExchangeEnvironment?

  @Flag(
    help: ArgumentHelp(
      "Record an earlier state than the one recorded: the InfRef is not so far after all.",
      "Optegn en tidligere tilstand end den optegnede: InfRef'en er alligevel ikke nået så langt."))
  var takeBack = false

  @OptionGroup var recording: RecordingOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  private static func infRefState(_ text: String) throws -> InfRefState {
    guard let state = InfRefState(rawValue: text) else {
      let states = InfRefState.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(remedy: LocalizedText("write \(states)", "skriv \(states)"))
    }
    return state
  }

  func run() async throws {
    let recorder = try Recording(settings, recording, language, output)
    let infRef = try DeclaredInfRef.named(name, in: recorder)
    let platform = try platform(of: infRef, in: recorder)
    let before = recorder.register.record.state(of: infRef, in: platform)
    if let before, state < before, !takeBack { throw refusal(infRef, before) }
    try recorder.add([.infRef(infRef, state, owner: ownerSystem(), environment: platform)])
    guard let lost = before, state < lost, !recording.dryRun else { return }
    let message = LocalizedText(
      "warning: \(infRef.name) was \(lost.title()) and is \(state.title()) from now on; only a created one can carry a file",
      "advarsel: \(infRef.name) var \(lost.title(in: .danish)) og er fra nu af \(state.title(in: .danish)); kun en oprettet kan bære en fil"
    )
    Output.note("filsluse: \(Printable.text(message[language.chosen]))")
  }

  private static func environmentName(_ text: String) throws -> ExchangeEnvironment {
    guard let environment = ExchangeEnvironment(rawValue: text) else {
      let names = ExchangeEnvironment.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(remedy: LocalizedText("write \(names)", "skriv \(names)"))
    }
    return environment
  }

  /// The environment of the state: the given one, or the one of all routes with the InfRef, or of all accounts where no
  /// route has it.
  private func platform(of infRef: InfRef, in recorder: Recording) throws(CommandFailure) -> ExchangeEnvironment? {
    if let environment { return environment }
    let routes = recorder.register.routes.filter { $0.infRef == infRef }
    let environments = Set(
      routes.isEmpty
        ? recorder.settings.accounts.map { $0.environment } : routes.map { recorder.environment(of: $0) })
    guard environments.count <= 1 else {
      throw CommandFailure(
        .usage,
        LocalizedText(
          "\(infRef.name) may belong to several environments, each with its own states",
          "\(infRef.name) kan høre til flere miljøer, hvert med sine egne tilstande"),
        remedy: LocalizedText(
          "name one: --environment external-test or production",
          "angiv et: --environment external-test eller production"), in: language.chosen)
    }
    return environments.first.flatMap { $0 }
  }

  private func refusal(_ infRef: InfRef, _ before: InfRefState) -> CommandFailure {
    let (name, command) = (infRef.name, "filsluse routes record declaration \(infRef.name)")
    return CommandFailure(
      .badData,
      LocalizedText(
        "\(name) is \(before.title()), and \(state.title()) would take that back",
        "\(name) er \(before.title(in: .danish)), og \(state.title(in: .danish)) ville tage det tilbage"),
      remedy: LocalizedText(
        "a renewal of the declaration is recorded by \(command); an owner by \(before.rawValue) again with --owner; if it is not \(before.title()) after all: --take-back",
        "en fornyelse af erklæringen optegnes med \(command); en ejer med \(before.rawValue) igen og --owner; er den alligevel ikke \(before.title(in: .danish)): --take-back"
      ), in: language.chosen)
  }

  private func ownerSystem() throws(CommandFailure) -> SystemID? {
    guard let owner else { return nil }
    do throws(ValueError) {
      return try SystemID(owner)
    } catch {
      let name = "--owner \(Printable.text(owner))"
      throw CommandFailure(
        .badData, LocalizedText("\(name) is no UUID", "\(name) er ikke et UUID"), remedy: error.remedy,
        in: language.chosen)
    }
  }
}

/// `filsluse routes record declaration`: an edition of a GDPR declaration.
struct RecordDeclaration: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "declaration",
    abstract: LocalizedText(
      "Record that a GDPR declaration, or a new edition of it, was sent in.",
      "Optegn, at en GDPR-erklæring, eller en ny udgave af den, er indsendt."
    ).shown,
    discussion: LocalizedText(
      """
      The edition is for one version of the data specification, known by its SHA-256: that of --specification, or of the \
      file that the list names for the InfRef. A renewal with the same number is normal.
      """,
      """
      Udgaven gælder én version af dataspecifikationen, kendt på sin SHA-256: den fra --specification eller filen, som \
      listen nævner for InfRef'en. En fornyelse med samme nummer er almindelig.
      """
    ).shown)

  @Argument(help: ArgumentHelp("The InfRef that the declaration is for.", "InfRef'en, som erklæringen gælder."))
  var infref: String

  @Option(
    help: ArgumentHelp(
      "The declaration's number; by default the one in the InfRef.",
      "Erklæringens nummer; som standard det i InfRef'en."))
  var number: String?

  @Option(
    help: ArgumentHelp(
      "The data specification that it was sent for.", "Dataspecifikationen, som den er indsendt for.", valueName: "file"
    ))
  var specification: String?

  @OptionGroup var recording: RecordingOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let number, number.isEmpty || !number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      throw ValidationError(
        "“\(number)” is no number of a declaration", "„\(number)“ er intet erklæringsnummer",
        remedy: LocalizedText("write its digits, such as 1203", "skriv dets cifre, fx 1203"))
    }
  }

  func run() async throws {
    let recorder = try Recording(settings, recording, language, output)
    let infRef = try DeclaredInfRef.named(infref, in: recorder)
    guard let number = number ?? DeclaredInfRef.number(of: infRef) else {
      throw CommandFailure(
        .usage, LocalizedText("\(infRef.name) holds no number", "\(infRef.name) rummer intet nummer"),
        remedy: LocalizedText("say --number", "angiv --number"), in: language.chosen)
    }
    let digest = try digest(for: infRef, in: recorder.register)
    try recorder.add([.declaration(DeclarationEdition(infRef: infRef, number: number, specification: digest))])
  }

  /// The SHA-256 of the specification that is given, or that the list names; `nil` where it names none.
  private func digest(for infRef: InfRef, in register: RouteRegister) throws(CommandFailure) -> SHA256Digest? {
    let listed = register.routes.filter { $0.infRef == infRef }.compactMap(\.specification?.file)
    let files = specification.map { [FilePath($0)] } ?? Set(listed).sorted { $0.string < $1.string }
    guard files.count <= 1 else {
      let names = files.map(\.string).joined(separator: ", ")
      throw CommandFailure(
        .usage,
        LocalizedText(
          "the routes of \(infRef.name) have several specifications (\(names))",
          "ruterne med \(infRef.name) har flere specifikationer (\(names))"),
        remedy: LocalizedText("name one with --specification", "angiv en med --specification"), in: language.chosen)
    }
    guard let file = files.first else { return nil }
    guard let digest = DataSpecification.digest(of: file) else {
      throw CommandFailure(
        .inputMissing,
        LocalizedText("the data specification \(file) cannot be read", "dataspecifikationen \(file) kan ikke læses"),
        remedy: LocalizedText(
          "name the copy that was sent in with --specification", "angiv det indsendte eksemplar med --specification"),
        in: language.chosen)
    }
    return digest
  }
}

/// The InfRefs that have states and declarations.
private enum DeclaredInfRef {
  /// Parses the name of an InfRef of SF1630; writes a warning for one that no route has.
  ///
  /// - Throws: `CommandFailure` for a misspelt name, and for an InfRef of another integration.
  static func named(_ text: String, in recorder: Recording) throws(CommandFailure) -> InfRef {
    let language = recorder.language
    let infRef: InfRef
    do throws(InfRefError) {
      infRef = try InfRef(text, register: recorder.settings.register)
    } catch {
      let messages = error.findings.map { $0.message(in: language) }.joined(separator: "; ")
      let remedies = error.findings.map { $0.remedy(in: language) }.joined(separator: "; ")
      throw CommandFailure(.badData, Printable.text("\(text): \(messages)"), remedy: Printable.text(remedies))
    }
    guard infRef.isSplitPerMunicipality else {
      let message = LocalizedText(
        "\(infRef.name) is no InfRef of SF1630, and only those are requested, assigned, declared and created",
        "\(infRef.name) er ingen InfRef til SF1630, og kun de bestilles, tildeles, erklæres og oprettes")
      throw CommandFailure(.badData, Printable.text(message[language]))
    }
    let known = Set(recorder.register.routes.compactMap { $0.infRef?.name })
    if !known.contains(infRef.name) {
      let near = NearestName.to(infRef.name, among: known.sorted()).map(NearestName.question)
      let message = LocalizedText(
        "warning: no route of the list has \(infRef.name)", "advarsel: ingen rute på listen har \(infRef.name)")
      let whole = message[language] + (near.map { "; \($0[language])" } ?? "")
      Output.note("filsluse: \(Printable.text(whole))")
    }
    return infRef
  }

  /// The declaration's number in the name of an InfRef.
  static func number(of infRef: InfRef) -> String? {
    guard case .fagsystemdefineredeData(let number, _) = infRef.kind else { return nil }
    return number
  }
}
