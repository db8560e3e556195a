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
      No file is ever overwritten; stopped anywhere, the same command goes on. Where root sets up /etc/filsluse, the \
      service's user alone can read the key, and journal and inbox are in that user's home.

      Without a terminal a host key is only trusted if its fingerprint is given. To try the routes before anything is \
      ordered: filsluse routes platform.
      """,
      """
      I en terminal spørger den om det, som valgmulighederne ikke siger. Den laver en SSH-nøgle (eller tager jeres), skriver \
      mails og formularer om InfRef, nøgle, ruter og overvågning til mappen texts, på dansk og klar til at indsætte, viser \
      serverens værtsnøgler til sammenligning, skriver filsluse.yaml og routes.csv og kører filsluse check. Ingen fil bliver \
      nogensinde overskrevet; stoppes den, går samme kommando videre. Hvor root sætter /etc/filsluse op, kan kun tjenestens \
      bruger læse nøglen, og journal og indbakke ligger i den brugers hjemmemappe.

      Uden terminal stoles der kun på en værtsnøgle, hvis dens fingeraftryk er angivet. Ruterne kan prøves, før noget \
      bestilles: filsluse routes platform.
      """
    ).shown)

  @Option(help: ArgumentHelp("The folder to set up.", "Mappen, der sættes op.", valueName: "dir"))
  var directory = "."

  @Option(
    help: ArgumentHelp(
      "external-test, production, or the name of another server.",
      "external-test, production eller navnet på en anden server.", valueName: "host"))
  var host: String?

  @Option(help: ArgumentHelp("The server's port.", "Serverens port."))
  var port: UInt16 = 22

  @Option(help: ArgumentHelp("The SFTP user.", "SFTP-brugeren."))
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
      "The kind of key that is made: rsa, which the platform is known to take, or ed25519.",
      "Den slags nøgle, der laves: rsa, som platformen vides at tage, eller ed25519."))
  var keyType: KeyType = .rsa

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

  @Flag(help: ArgumentHelp("Do not try the connection at the end.", "Prøv ikke forbindelsen til sidst."))
  var withoutCheck = false

  @OptionGroup var language: LanguageOptions

  /// The kinds of keys that are made.
  enum KeyType: String, ExpressibleByArgument, CaseIterable {
    case rsa, ed25519

    var arguments: [String] { self == .rsa ? ["-t", "rsa", "-b", "3072"] : ["-t", "ed25519"] }
  }

  var folder: FilePath { directory == "." ? "" : FilePath(directory) }
  private var settingsFile: FilePath { folder.appending("filsluse.yaml") }

  /// The service's user, where root sets up a folder for it.
  var service: ServiceUser? { ServiceUser(of: folder) }

  func run() async throws {
    try makeFolder(folder, mode: 0o755)
    let dialogue = Dialogue(in: language.chosen)
    if InputFile.exists(settingsFile) {
      note(kept: settingsFile)
      InitAnswers.forget(in: folder)
    } else {
      try await setUp(dialogue)
    }
    let settings = try SettingsOptions.load(settingsFile)
    if !withoutCheck { try await check(settings) }
  }

  /// Writes everything, the settings last: where they are, the rest is there.
  private func setUp(_ dialogue: Dialogue?) async throws {
    try checkDataFolder()
    var answers = try InitAnswers(in: folder, given: given, language: language.chosen)
    try answers.complete(with: dialogue)
    var setUp = answers.setUp(port: port, fingerprints: fingerprint)
    setUp.publicKey = try await publicKey(setUp)
    try makeFolder(folder.appending("texts"), mode: 0o755)
    let letters = setUp.letters.map { (path: folder.appending("texts").appending($0.fileName), letter: $0) }
    var others: [FilePath] = []
    for (path, letter) in letters where try !write(letter.text, to: path) { others.append(path) }
    let list = folder.appending("routes.csv")
    let texts = ReportLanguage.allCases.map { setUp.list(in: $0) }
    if try !write(setUp.list(in: language.chosen), to: list, orKeeping: texts) { others.append(list) }
    guard others.isEmpty else {
      let names = others.map(\.string).joined(separator: ", ")
      throw failure(
        .badData,
        "\(names): what is there was made from other answers and stays; remove it to have it made anew by the same command",
        "\(names): det, der er der, er lavet af andre svar og bliver; fjern det for at få det lavet igen af samme kommando"
      )
    }
    for (path, letter) in letters {
      say(
        "\(path): from \(letter.sender.en), to \(letter.recipient)",
        "\(path): fra \(letter.sender.da), til \(letter.recipient)")
    }
    if setUp.fingerprints.isEmpty { setUp.fingerprints = try await comparedFingerprints(of: setUp, dialogue) }
    setUp.dataFolder = dataFolder
    try makeDataFolder()
    let text = setUp.settings(in: language.chosen)
    _ = try ExchangeSettings.parse(text, source: settingsFile)
    _ = try write(text, to: settingsFile)
    InitAnswers.forget(in: folder)
  }

  func validate() throws {
    guard port > 0 else {
      throw ValidationError("a port is a number from 1 to 65535", "en port er et tal fra 1 til 65535")
    }
    for text in fingerprint {
      do throws(SFTPError) {
        _ = try HostKeyFingerprint(text)
      } catch {
        let option = "--fingerprint \(Printable.text(text))"
        throw ValidationError(
          "\(option): \(error.message)",
          "\(option) er intet fingeraftryk; angiv det, som ssh-keygen -lf viser: SHA256: og 43 tegn")
      }
    }
  }

  /// The answers that the options give.
  private var given: [InitQuestion: String] {
    let answers: [InitQuestion: String?] = [
      .host: host, .user: user, .itSystem: itSystem, .authority: authority, .key: key, .infref: infref,
      .receiver: receiver, .recipientITSystem: recipientItSystem,
      .municipality: municipality.isEmpty ? nil : municipality.joined(separator: " "), .contact: contact,
    ]
    return answers.compactMapValues(\.self)
  }

  // MARK: Files

  func makeFolder(_ path: FilePath, mode: Int) throws(CommandFailure) {
    if path.isEmpty || InputFile.exists(path) { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch {
      throw failure(
        .localIO, "\(path) cannot be made: \(error)",
        "\(path) kan ikke oprettes; se efter mappen over den og rettighederne til den")
    }
    try owned(path) { (service: ServiceUser) throws(Errno) in try service.share(folder: path) }
  }

  /// Does something about the owner of a new file or folder, where root makes it for a service.
  func owned(_ path: FilePath, by change: (ServiceUser) throws(Errno) -> Void) throws(CommandFailure) {
    guard let service else { return }
    do throws(Errno) {
      try change(service)
    } catch {
      throw failure(
        .localIO, "\(path) cannot be given to the service's user: \(error)",
        "\(path) kan ikke gives til tjenestens bruger: \(error.words.da)")
    }
  }

  /// Writes a new file; one that is there stays as it is.
  ///
  /// - Returns: false where a file is there with a content that is neither this one nor among `others`.
  private func write(
    _ text: String, to path: FilePath, orKeeping others: [String] = []
  ) throws(CommandFailure) -> Bool {
    if !InputFile.exists(path) {
      do throws(NewFileError) {
        let service = service
        try NewFile.write(to: path) { file, _ in
          _ = try file.writeAll(Array(text.utf8))
          try service?.share(file)
        }
        Output.print(path.string)
        return true
      } catch {
        guard case .taken = error else {
          throw failure(
            .localIO, "\(path) is not written: \(error); \(error.remedy)",
            "\(path) er ikke skrevet: \(error.shown); \(error.shownRemedy)")
        }
      }
    }
    note(kept: path)
    let content = try InputFile.read(path, upTo: 1 << 20)
    return ([text] + others).contains { $0.utf8.elementsEqual(content) }
  }

  func note(kept path: FilePath) {
    say("\(path) is there already and stays as it is", "\(path) er der allerede og bliver, som den er")
  }

  // MARK: Words

  func say(_ english: String, _ danish: String) {
    Output.note("filsluse: \(Printable.text(LocalizedText(english, danish)[language.chosen]))")
  }

  func failure(_ status: ExitStatus, _ english: String, _ danish: String) -> CommandFailure {
    CommandFailure(status, Printable.text(LocalizedText(english, danish)[language.chosen]))
  }

  // MARK: The end

  private func check(_ settings: ExchangeSettings) async throws {
    var statuses: [ExitStatus] = []
    for account in settings.accounts {
      let report = await AccountCheck(account: account, writes: true, logger: CommandLogger.make(from: .error)).run()
      Output.print(report.text)
      statuses.append(report.status)
    }
    let status = ExitStatus.worst(statuses)
    guard status != .done else { return }
    let texts = folder.appending("texts")
    throw failure(
      status, "what is to be sent to whom is in \(texts); when the user and its key are registered: filsluse check",
      "det, der skal sendes, og til hvem, ligger i \(texts); når brugeren og dens nøgle er registreret: filsluse check")
  }
}
