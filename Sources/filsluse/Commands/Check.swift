import ArgumentParser
import ExchangeSettings
import FilsluseSFTP
import Logging
import TriggerFiles

/// `filsluse check`: a table to read before calling the help desk.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: LocalizedText(
      "Look at everything between this machine and the accounts' folders, and say what to do about it.",
      "Se på alt mellem denne maskine og kontoernes mapper, og sig, hvad der skal gøres."
    ).shown,
    discussion: LocalizedText(
      """
      In the order in which a connection is made: the host's name, its address, the server, the algorithms agreed on, \
      the host key and how it is trusted, the login; then what may be done in IN and OUT. In OUT a small file without \
      trigger is written, renamed and removed again. Each is ok, a warning or a failure, or - where it was not reached or \
      the server does not tell.

      Exit status 0 when all is well, 1 with a warning, 2 with a failure behind the login, otherwise that of the \
      connection: 69, 74, 75, 77 or 78.
      """,
      """
      I den rækkefølge, en forbindelse laves i: værtens navn, dens adresse, serveren, de aftalte algoritmer, værtsnøglen og \
      hvordan den er betroet, login; derefter hvad der må gøres i IN og OUT. I OUT skrives, omdøbes og fjernes en lille fil uden \
      trigger. Hver er ok, en advarsel eller en fejl, eller - hvor den ikke blev nået, eller serveren ikke oplyser det.

      Slutstatus 0, når alt er i orden, 1 med en advarsel, 2 med en fejl efter login, ellers forbindelsens: 69, 74, 75, 77 eller 78.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "The account to look at; every account when none is named.",
      "Kontoen, der ses på; alle konti, hvis ingen er angivet."), completion: Proposals.accounts)
  var account: String?

  @Flag(
    help: ArgumentHelp(
      "Write nothing in OUT; what may be done there then stays unknown.",
      "Skriv intet i OUT; så vides det ikke, hvad der må gøres der."))
  var withoutWriting = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    try settings.check(account: account)
    let accounts = settings.accounts.filter { account == nil || $0.name == account }
    var reports: [CheckReport] = []
    for account in accounts {
      let check = AccountCheck(account: account, writes: !withoutWriting, logger: CommandLogger.make(from: .error))
      reports.append(await check.run())
      if !output.json { Output.print((reports.count > 1 ? "\n" : "") + (reports.last?.text ?? "")) }
    }
    if output.json { try Output.print(json: reports) }
    if let missing = settings.missingLocalPlatform, reports.contains(where: { $0.status == .unreachable }) {
      Output.note("filsluse: \(missing.shown)")
    }
    let status = ExitStatus.worst(reports.map(\.status))
    if status != .done { throw CommandFailure(status) }
  }
}
