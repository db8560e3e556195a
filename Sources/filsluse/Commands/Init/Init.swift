import ArgumentParser
import ExchangeSettings
import FilsluseBase
import FilsluseSFTP
import FoundationEssentials
import Logging
import SystemPackage
import TriggerFiles

/// `filsluse init`: from an empty folder to a first account.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: LocalizedText(
      "Set up a first account: key, settings, list of routes, and the texts to send to others.",
      "Sæt en første konto op: nøgle, indstillinger, ruteliste og de tekster, andre skal have."
    ).shown,
    discussion: LocalizedText(
      """
      On a terminal it asks for what the options do not say. It makes an SSH key (or takes yours), writes into the folder \
      texts the mails and forms for the InfRef, the key, the routes and the monitoring, in Danish and ready to paste, \
      shows the server's host keys to be compared, writes filsluse.yaml and routes.csv, and runs filsluse check. \
      No file that somebody has changed is ever overwritten; stopped anywhere, also by a server that cannot be reached, \
      the same command goes on. Where root sets up /etc/filsluse, the service's user alone can read the key, and journal \
      and inbox are in that user's home.

      Before anything is ordered: filsluse init --trial needs no server and no option, and prints the commands that follow.

      Without a terminal --user is needed, and --fingerprint, as a host key is only trusted if its fingerprint is given; \
      what else is not given stays open in the files. Once the list has a route, filsluse platform --plan filsluse.yaml \
      lets you try it.
      """,
      """
      I en terminal spørger den om det, som valgmulighederne ikke siger. Den laver en SSH-nøgle (eller tager jeres), skriver \
      mails og formularer om InfRef, nøgle, ruter og overvågning til mappen texts, på dansk og klar til at indsætte, viser \
      serverens værtsnøgler til sammenligning, skriver filsluse.yaml og routes.csv og kører filsluse check. Ingen fil, som \
      nogen har rettet, bliver nogensinde overskrevet; stoppes den, også af en server, der ikke kan nås, går samme kommando \
      videre. Hvor root sætter /etc/filsluse op, kan kun tjenestens bruger læse nøglen, og journal og indbakke ligger i \
      den brugers hjemmemappe.

      Før noget er bestilt: filsluse init --trial kræver ingen server og ingen valgmuligheder og skriver de kommandoer, der \
      følger.

      Uden terminal kræves --user og --fingerprint, da der kun stoles på en værtsnøgle, hvis dens fingeraftryk er angivet; \
      hvad der ellers ikke angives, står åbent i filerne. Når listen har en rute, \
      kan den prøves med filsluse platform --plan filsluse.yaml.
      """
    ).shown)

  @Option(help: ArgumentHelp("The folder to set up.", "Mappen, der sættes op.", valueName: "dir"))
  var directory = "."

  @Flag(
    help: ArgumentHelp(
      "A trial on this machine: nobody is contacted and nothing is asked, and what is not given is invented.",
      "En prøve på denne maskine: ingen kontaktes, der spørges ikke, og det, der ikke angives, opfindes."
    ))
  var trial = false

  @Option(
    help: ArgumentHelp(
      "external-test (unless given), production, the name of another server, or trial, as --trial says.",
      "external-test (hvis intet angives), production, navnet på en anden server eller trial, som --trial siger.",
      valueName: "host"))
  var host: String?

  @Option(
    help: ArgumentHelp(
      "The server's port, 22 unless given; in a trial the local platform's, a free one unless given.",
      "Serverens port, 22, hvis intet angives; i en prøve den lokale platforms, en ledig, hvis intet angives."))
  var port: UInt16?

  @Option(
    help: ArgumentHelp(
      "The SFTP user; needed without a terminal.", "SFTP-brugeren; nødvendig uden terminal."))
  var user: String?

  @Option(
    help: ArgumentHelp("The UUID of your IT-system instance.", "UUID'et for jeres it-systeminstans.", valueName: "uuid")
  )
  var itSystem: String?

  @Option(
    help: ArgumentHelp(
      "The CVR number that files are sent for.", "CVR-nummeret, som filer sendes for.", valueName: "cvr"))
  var authority: String?

  @Option(
    help: ArgumentHelp(
      "The private SSH key; made where there is none. By default keys/USER.",
      "Den private SSH-nøgle; laves, hvor den ikke findes. Som standard keys/BRUGER.", valueName: "file"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "The kind of key that is made: rsa, which the platform is known to take, unless given, or ed25519, as in a trial.",
      "Den slags nøgle, der laves: rsa, som platformen vides at tage, hvis intet angives, eller ed25519 som i en prøve."
    ))
  var keyType: KeyType?

  @Option(help: ArgumentHelp("The InfRef, if it is assigned already.", "InfRef'en, hvis den allerede er tildelt."))
  var infref: String?

  @Option(
    help: ArgumentHelp(
      "A short name for the receiving system; flis unless given.",
      "Et kort navn til modtagersystemet; flis, hvis intet angives.", valueName: "name"))
  var receiver: String?

  @Option(
    help: ArgumentHelp("The UUID of the receiving IT-system.", "UUID'et for modtagersystemet.", valueName: "uuid"))
  var recipientItSystem: String?

  @Option(
    help: ArgumentHelp(
      "A municipality with its CVR number; may be repeated.", "En kommune med sit CVR-nummer; kan gentages.",
      valueName: "0751=55133018"))
  var municipality: [String] = []

  @Option(
    help: ArgumentHelp(
      "Whom others may ask: name, telephone, mailbox.", "Hvem andre kan spørge: navn, telefon, postkasse.",
      valueName: "text"))
  var contact: String?

  @Option(
    help: ArgumentHelp(
      "The fingerprint of the server's host key, as its operator gave it; may be repeated.",
      "Fingeraftrykket af serverens værtsnøgle, som dens driftsansvarlige har givet det; kan gentages.",
      valueName: "SHA256:…"))
  var fingerprint: [String] = []

  @Option(
    help: ArgumentHelp(
      "The folder for journal and inbox. By default that of the settings; the home of the service's user where root sets up its folder, such as /etc/filsluse.",
      "Mappen til journal og indbakke. Som standard indstillingernes; hvor root sætter tjenestens mappe op, fx /etc/filsluse, hjemmemappen for tjenestens bruger.",
      valueName: "dir"))
  var dataDirectory: String?

  @Option(
    help: ArgumentHelp(
      "The settings of your other environment, whose keys and UUIDs are not to be used here; may be repeated.",
      "Indstillingerne til jeres andet miljø, hvis nøgler og UUID'er ikke må bruges her; kan gentages.",
      valueName: "file"), completion: .file())
  var otherSettings: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Do not try the connection at the end. The server is still asked for its host keys where no --fingerprint is given.",
      "Prøv ikke forbindelsen til sidst. Serveren spørges stadig om sine værtsnøgler, hvis intet --fingerprint er angivet."
    ))
  var withoutCheck = false

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  /// The kinds of keys that are made.
  enum KeyType: String, ExpressibleByArgument, CaseIterable {
    case rsa, ed25519

    var arguments: [String] { self == .rsa ? ["-t", "rsa", "-b", "3072"] : ["-t", "ed25519"] }
  }

  var folder: FilePath { directory == "." ? "" : FilePath(directory) }
  /// The names of the files beside each other.
  static let settingsName = "filsluse.yaml"
  static let listName = "routes.csv"
  var settingsFile: FilePath { folder.appending(Self.settingsName) }

  /// The service's user, where root sets up a folder for it.
  var service: ServiceUser? { ServiceUser(of: folder) }

  func run() async throws {
    try makeFolder(folder, mode: 0o755)
    let dialogue = Dialogue(in: language.chosen)
    if try isSetUp() {
      noteSettings()
      InitAnswers.forget(in: folder)
    } else {
      try await setUp(dialogue)
    }
    let settings = try SettingsOptions.load(settingsFile)
    if isTrial(settings) { return try endTrial(settings) }
    try compareWithOthers(settings)
    var reports: [CheckReport] = []
    if !withoutCheck { reports = await check(settings) }
    if output.json { try Output.print(json: InitResult(self, checks: reports)) }
    try end(after: reports)
  }

  /// Returns true if the settings exist, and lack no host keys.
  ///
  /// - Throws: `CommandFailure` if a trial is requested and they are for a real server, or the other way round: one
  ///   would contact the real server, the other would not.
  private func isSetUp() throws -> Bool {
    guard InputFile.exists(settingsFile) else { return false }
    let settings = try ExchangeSettings.load(settingsFile)
    if let host = given[.host], (host == TrialValues.host) != isTrial(settings) {
      let (kind, art) = isTrial(settings) ? ("those of a trial", "en prøves") : ("no trial's", "ikke en prøves")
      throw failure(
        .badData, "the settings in \(settingsFile) are \(kind)", "indstillingerne i \(settingsFile) er \(art)",
        remedy: LocalizedText("name another --directory", "angiv en anden --directory"))
    }
    return !lacksHostKeys(settings)
  }

  /// Writes everything, the settings last: if they exist, so does the rest, except host keys that could not be fetched.
  private func setUp(_ dialogue: Dialogue?) async throws {
    try checkDataFolder()
    var answers = try InitAnswers(in: folder, given: given, port: port, language: language.chosen)
    if answers.isTrial, given[.host] == nil {
      say("the trial that was begun here goes on", "den prøve, der er begyndt her, går videre")
    }
    try answers.complete(with: dialogue)
    if answers.isTrial { return try await setUpTrial(answers) }
    var setUp = answers.setUp(fingerprints: fingerprint.compactMap { KeyFingerprint(text: $0) })
    setUp.publicKey = try await publicKey(setUp)
    try writeTexts(setUp, &answers)
    let isEdited = try self.isEdited(settingsFile, answers)
    let trust = try await hostTrust(of: setUp, isEdited: isEdited, dialogue)
    setUp.fingerprints = trust.fingerprints
    setUp.knownHosts = trust.knownHosts
    setUp.dataFolder = dataFolder
    try makeDataFolder()
    let text = setUp.settings(in: answers.fileLanguage)
    try compareWithOthers(try ExchangeSettings.parse(text, source: settingsFile))
    try write([(name: Self.settingsName, text: text)], &answers)
    try writeHostKeys(trust.keys, of: setUp)
    // Values filled in by hand are not known here.
    if !isEdited { sayNext(setUp) }
    if let failure = trust.failure { throw hostKeysMissing(of: setUp, failure) }
    InitAnswers.forget(in: folder)
  }

  func validate() throws {
    guard port != 0 else {
      throw ValidationError("a port is a number from 1 to 65535", "en port er et tal fra 1 til 65535")
    }
    guard !trial || (host ?? TrialValues.host) == TrialValues.host else {
      throw ValidationError("--trial takes no --host", "--trial tager ingen --host")
    }
    guard fingerprint.isEmpty || given[.host] != TrialValues.host else {
      throw ValidationError(
        "a trial contacts no server and takes no --fingerprint",
        "en prøve kontakter ingen server og tager intet --fingerprint")
    }
    try checkFingerprints()
  }

  /// The answers that the options give.
  var given: [InitQuestion: String] {
    let answers: [InitQuestion: String?] = [
      .host: trial ? TrialValues.host : host, .user: user, .itSystem: itSystem, .authority: authority, .key: key,
      .infref: infref, .receiver: receiver, .recipientITSystem: recipientItSystem,
      .municipality: municipality.isEmpty ? nil : municipality.joined(separator: " "), .contact: contact,
    ]
    return answers.compactMapValues(\.self)
  }

  // MARK: Words

  /// The option that names the settings, for command lines that are shown.
  var settingsOption: String { " --config \(ShellWord.quoted(settingsFile.string))" }

  /// Shows the values still to fill in, or else the next step.
  private func sayNext(_ setUp: SetUp) {
    var open: [LocalizedText] = []
    if setUp.itSystem == nil {
      open.append(LocalizedText("it-system: in \(settingsFile)", "it-system: i \(settingsFile)"))
    }
    let list = folder.appending(Self.listName)
    if setUp.infRef == nil { open.append(LocalizedText("the InfRef in \(list)", "InfRef i \(list)")) }
    if setUp.recipientITSystem == nil {
      open.append(LocalizedText("the receiving system's UUID in \(list)", "modtagersystemets UUID i \(list)"))
    }
    if setUp.authorities.isEmpty {
      open.append(LocalizedText("the municipalities in \(list)", "kommunerne i \(list)"))
    }
    guard !open.isEmpty else {
      let plan = ShellWord.quoted(settingsFile.string)
      return say(
        "next: filsluse platform --plan \(plan) lets you try these routes on this machine; filsluse routes check\(settingsOption) verifies the list",
        "næste skridt: filsluse platform --plan \(plan), så ruterne kan prøves på denne maskine; filsluse routes check\(settingsOption) kontrollerer listen"
      )
    }
    let (english, danish) = (open.map(\.en).joined(separator: ", "), open.map(\.da).joined(separator: ", "))
    say(
      "still to be filled in: \(english) (take the # away there); then filsluse routes check\(settingsOption) verifies it. A trial with invented values, before that: filsluse init --trial --directory NAME",
      "mangler at blive udfyldt: \(danish) (fjern # dér); derefter kontrollerer filsluse routes check\(settingsOption) det. En prøve med opfundne værdier før det: filsluse init --trial --directory NAVN"
    )
  }

  func say(_ english: String, _ danish: String) {
    if Output.isQuiet { return }
    Output.note("filsluse: \(Printable.text(LocalizedText(english, danish)[language.chosen]))")
  }

  func failure(
    _ status: ExitStatus, _ english: String, _ danish: String, remedy: LocalizedText? = nil
  ) -> CommandFailure {
    CommandFailure(status, LocalizedText(english, danish), remedy: remedy, in: language.chosen)
  }

  // MARK: The end

  /// Checks every account, and shows each report where the result is for people.
  private func check(_ settings: ExchangeSettings) async -> [CheckReport] {
    var reports: [CheckReport] = []
    for account in settings.accounts {
      let report = await AccountCheck(account: account, writes: true, logger: CommandLogger.make(from: .error)).run()
      if !output.json { Output.print(report.text) }
      reports.append(report)
    }
    return reports
  }

  /// - Throws: `CommandFailure` with the worst status of the checks, unless all is well.
  private func end(after reports: [CheckReport]) throws(CommandFailure) {
    let status = ExitStatus.worst(reports.map(\.status))
    guard status != .done else { return }
    let texts = folder.appending("texts")
    throw failure(
      status,
      "what is to be sent to whom is in \(texts)", "det, der skal sendes, og til hvem, ligger i \(texts)",
      remedy: LocalizedText(
        "when the user and its key are registered: filsluse check\(settingsOption)",
        "når brugeren og dens nøgle er registreret: filsluse check\(settingsOption)")
    )
  }
}
