import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseHTTP
import Logging
import PickupWatch
import ServiceLifecycle
import SystemPackage
import TriggerFiles
import WatchConsole

/// `filsluse watch`: whether files are picked up, come and are answered in time.
struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: LocalizedText(
      "Watch what lies too long, does not come, or gets no receipt or answer, and alert people.",
      "Overvåg det, der ligger for længe, ikke kommer eller ikke får kvittering eller svar, og send alarmer."
    ).shown,
    discussion: LocalizedText(
      """
      Rules and alerts stand under “watch” in the settings. The folders are listed and new metadata is read; nothing is \
      written on the server, and no data is opened. What was seen is kept in a file of its own (watch: database:). \
      SIGHUP reads the settings anew and keeps the old ones where the new are wrong; SIGTERM or SIGINT ends the watch \
      in good order, a second one at once. Under systemd it says when it is ready, and gives signs of life. Exit status \
      of --once: 0 nothing, 1 a warning, 2 something critical, such as an inbox that cannot be looked into. Where a timer \
      runs --once, let watch: look-every: be the time between two runs: three times as long without a look is a gap, and \
      what did not come in one is only warned of, as it may have come and gone.
      """,
      """
      Regler og alarmer står under „watch“ i indstillingerne. Mapperne listes, og nye metadata læses; intet skrives på \
      serveren, og ingen data åbnes. Det, der er set, gemmes i en fil for sig (watch: database:). SIGHUP læser \
      indstillingerne igen og beholder de gamle, hvor de nye er forkerte; SIGTERM eller SIGINT slutter overvågningen i god \
      orden, endnu et straks. Under systemd siger den, når den er klar, og giver livstegn. Slutstatus for --once: 0 intet, \
      1 en advarsel, 2 noget kritisk, fx en indbakke, der ikke kan ses. Hvor et ur kører --once, skal watch: look-every: \
      være tiden mellem to kørsler: tre gange så længe uden et blik er et hul, og for det, der ikke kom i et hul, advares \
      der kun, da det kan være kommet og gået igen.
      """
    ).shown)

  @Flag(help: ArgumentHelp("Look once and end.", "Se efter én gang, og slut."))
  var once = false

  @Flag(
    help: ArgumentHelp(
      "Say in a sentence what each rule asks and would do now; no server is asked.",
      "Sig i en sætning, hvad hver regel kræver og ville gøre nu; ingen server spørges."))
  var explain = false

  @OptionGroup var page: StatusPageOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if once, explain {
      throw ValidationError(
        remedy: LocalizedText("add --once or --explain, not both", "angiv --once eller --explain, ikke begge"))
    }
    if once || explain, page.http != nil {
      throw ValidationError(
        "--http is for the watch that goes on", "--http er til den overvågning, der bliver ved")
    }
    if !once, !explain, output.json {
      throw ValidationError(
        "--json is for --once and --explain",
        "--json er til --once og --explain",
        remedy: LocalizedText(
          "give the watch that goes on --log-format json", "giv den overvågning, der bliver ved, --log-format json"))
    }
  }

  func run() async throws {
    // A reload reads the same file, even if one of the other places has a file by then.
    let file = try settings.file
    let settings = try Self.rules(of: file)
    if explain { return try explain(settings) }
    if once {
      try await settings.waitForLocalPlatform(isRequired: false)
      return try await lookOnce(settings)
    }
    try await watch(settings, from: file)
  }

  private static func rules(of file: FilePath) throws -> ExchangeSettings {
    let settings = try SettingsOptions.load(file)
    guard !settings.watch.isEmpty else {
      throw CommandFailure(
        .configuration, "\(file): no rules stand under “watch”, so there is nothing to look for",
        "\(file): der står ingen regler under „watch“, så der er intet at se efter")
    }
    return settings
  }

  /// Watches until a signal ends it.
  private func watch(_ settings: ExchangeSettings, from file: FilePath) async throws {
    Output.becomeService()
    let manager = ServiceNotifier.fromEnvironment()
    let daemon = await Daemon.trapped()
    let logger = CommandLogger.make(from: .info, log.logFormat)
    if page.http != nil, !settings.watch.alerts.sinks.isEmpty, settings.watch.alerts.console == nil {
      logger.warning(
        "watch: alerts: console: is not set, so alerts do not link to the console: give it the address at which people open the page"
      )
    }
    let watcher = Watcher(settings: settings, version: ProgramVersion.current, logger: logger)
    let (reloads, reload) = AsyncStream<ExchangeSettings>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let service = ClosureService {
      try await watcher.run(reloads: reloads) { event in
        Self.note(event, logger: logger)
        manager?.tell(event)
      }
    }
    // The page is served until the watch has ended.
    let (source, console) = (watcher.statusSource, watcher.consoleSource)
    let page = try page.services(logger: logger) { address, names, token in
      try StatusServer(
        at: address, hostNames: names, token: token, source: source, console: console, logger: logger)
    }
    try await daemon.run(page + [("watcher", service)], logger: logger) {
      do {
        reload.yield(try Self.rules(of: file))
      } catch {
        logger.error("the settings are kept as they were: \(error)")
        manager?.tellOfWrongSettings()
      }
    }
  }

  private static func note(_ event: Watcher.Event, logger: Logger) {
    switch event {
    case .ready: logger.info("watching")
    case .reloading: logger.info("taking up new settings")
    case .stopping: logger.info("stopping: looks under way are finished first")
    case .alive: break
    }
  }

  private func lookOnce(_ settings: ExchangeSettings) async throws {
    let reports = try await WatchOnce(settings: settings, logger: CommandLogger.make()).run()
    if output.json {
      try Output.print(json: reports.map(ReportedAccount.init))
    } else {
      WatchList(reports, clock: WallClock(zone: settings.watch.timeZone)).print()
    }
    for report in reports {
      if let failure = report.failure {
        Output.note("filsluse: \(report.account): \(failure.inBothLanguages.shown)")
      }
    }
    switch reports.compactMap(\.severity).max() {
    case .critical: throw CommandFailure(.critical)
    case .warning: throw CommandFailure(.warning)
    case nil: break
    }
  }

  private func explain(_ settings: ExchangeSettings) throws {
    let rules = try WatchOnce(settings: settings, logger: CommandLogger.make()).explanations()
    if output.json { return try Output.print(json: rules.map(ExplainedRule.init)) }
    for rule in rules {
      let line = rule.line.map { LocalizedText("line \($0): ", "linje \($0): ").shown } ?? ""
      Output.print(Printable.text("\(line)\(rule.shownSentence) \(rule.shownNow)"))
    }
  }
}

extension ServiceNotifier {
  fileprivate func tell(_ event: Watcher.Event) {
    switch event {
    case .ready: send(["READY=1", "STATUS=watching"])
    case .reloading: send(["RELOADING=1", Self.monotonicTime, "STATUS=taking up new settings"])
    case .alive: if watchdog != nil { send(["WATCHDOG=1"]) }
    case .stopping: send(["STOPPING=1", "STATUS=finishing looks under way"])
    }
  }

  /// Tells systemd that a failed reload is over.
  fileprivate func tellOfWrongSettings() {
    send(["RELOADING=1", Self.monotonicTime])
    send(["READY=1", "STATUS=watching by the old settings: the new ones are wrong, see the log"])
  }
}

/// A rule as JSON explains it.
private struct ExplainedRule: Encodable {
  let line: Int?
  let accounts: [String]
  let asks: String
  let now: String

  init(_ rule: RuleExplanation) {
    line = rule.line
    accounts = rule.accounts
    asks = rule.shownSentence
    now = rule.shownNow
  }
}

extension RuleExplanation {
  /// The requirement of the rule, in the language of the output.
  fileprivate var shownSentence: String { OutputLanguage.current == .danish ? sentenceInDanish : sentence }

  /// The result of the rule now, in the language of the output.
  fileprivate var shownNow: String { OutputLanguage.current == .danish ? nowInDanish : now }
}
