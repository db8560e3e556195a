import ArgumentParser
import ExchangeSettings
import FileExchange
import TriggerFiles

/// `filsluse receive`: collects everything that waits.
struct Receive: AsyncParsableCommand, GoesOnWhenRepeated {
  static let configuration = CommandConfiguration(
    commandName: "receive",
    abstract: LocalizedText(
      "Collect everything that waits in IN into the inbox folder, and the receipts of what was sent.",
      "Hent alt, der venter i IN, til indbakkens mappe, og kvitteringerne for det, der er sendt."
    ).shown,
    discussion: LocalizedText(
      """
      Data is fetched only when its metadata is read and expected (arrivals: in the settings), appears in the inbox \
      whole, is given to the program that its route names (hook:), and is removed from IN only then. What cannot be \
      collected stays in IN and is named.
      """,
      """
      Data hentes kun, når deres metadata er læst og ventet (arrivals: i indstillingerne), kommer hele i indbakken, gives til \
      det program, som ruten nævner (hook:), og fjernes først da fra IN. Det, der ikke kan hentes, bliver i IN og nævnes.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "The account to collect for; every account when none is named.",
      "Kontoen, der hentes for; alle konti, hvis ingen er angivet."), completion: Proposals.accounts)
  var account: String?

  @Flag(
    help: ArgumentHelp(
      "For a trial: leave everything in IN. A later run without this removes what was handed over.",
      "Til en prøve: lad alt ligge i IN. En senere kørsel uden dette fjerner det, der er overdraget."))
  var keepRemote = false

  @Flag(
    help: ArgumentHelp(
      "Fetch and compare what an earlier run left in IN, even where size and time prove it the same.",
      "Hent og sammenlign det, som en tidligere kørsel lod ligge i IN, selv hvor størrelse og tid viser, at det er det samme."
    ))
  var verifyRepeats = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    try settings.check(account: account)
    try await settings.waitForLocalPlatform()
    let names = account.map { [$0] } ?? settings.accounts.map(\.name)
    let progress = TransferLine(verb: LocalizedText("fetched", "hentet").shown, files: nil)
    var options = Exchange.CollectionOptions()
    options.keepsRemote = keepRemote
    options.verifiesRepeats = verifyRepeats
    options.onProgress = progress.note
    let reports = try await Exchange.during(settings, logger: CommandLogger.make()) { [options] exchange in
      var reports: [CollectionReport] = []
      for name in names { reports.append(await exchange.collect(name, options: options)) }
      return reports
    }
    progress.finish()
    try ReceiveResult(reports: reports, settings: settings).show(json: output.json)
  }
}
