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

  @OptionGroup var recording: RecordingOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  private static func infRefState(_ text: String) throws -> InfRefState {
    guard let state = InfRefState(rawValue: text) else {
      let states = InfRefState.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("write \(states)", "skriv \(states)")
    }
    return state
  }

  func run() async throws {
    let recorder = try Recording(settings, recording, language, output)
    let infRef = try DeclaredInfRef.named(name, in: recorder)
    try recorder.add([.infRef(infRef, state, owner: ownerSystem())])
  }

  private func ownerSystem() throws(CommandFailure) -> SystemID? {
    guard let owner else { return nil }
    do throws(ValueError) {
      return try SystemID(owner)
    } catch {
      let name = "--owner \(Printable.text(owner))"
      let message = LocalizedText("\(name) is no UUID; ", "\(name) er ikke et UUID; ") + error.remedy
      throw CommandFailure(.badData, message[language.chosen])
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
        "“\(number)” is no number of a declaration; write its digits, such as 1203",
        "„\(number)“ er intet erklæringsnummer; skriv dets cifre, fx 1203")
    }
  }

  func run() async throws {
    let recorder = try Recording(settings, recording, language, output)
    let infRef = try DeclaredInfRef.named(infref, in: recorder)
    guard let number = number ?? DeclaredInfRef.number(of: infRef) else {
      let message = LocalizedText(
        "\(infRef.name) holds no number; say --number", "\(infRef.name) rummer intet nummer; angiv --number")
      throw CommandFailure(.usage, Printable.text(message[language.chosen]))
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
      let message = LocalizedText(
        "the routes of \(infRef.name) have several specifications (\(names)); name one with --specification",
        "ruterne med \(infRef.name) har flere specifikationer (\(names)); angiv en med --specification")
      throw CommandFailure(.usage, Printable.text(message[language.chosen]))
    }
    guard let file = files.first else { return nil }
    guard let digest = DataSpecification.digest(of: file) else {
      let message = LocalizedText(
        "the data specification \(file) cannot be read; name the copy that was sent in with --specification",
        "dataspecifikationen \(file) kan ikke læses; angiv det indsendte eksemplar med --specification")
      throw CommandFailure(.inputMissing, Printable.text(message[language.chosen]))
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
      let words = error.findings.map { "\($0.message(in: language)); \($0.remedy(in: language))" }
      throw CommandFailure(.badData, Printable.text("\(text): \(words.joined(separator: "; "))"))
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
