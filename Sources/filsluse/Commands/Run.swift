import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseHTTP
import Logging
import ServiceLifecycle
import TriggerFiles

/// `filsluse run`: the exchange as a service.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: LocalizedText(
      "Deliver what appears in the watched folders and collect what comes, until stopped.",
      "Levér det, der kommer i de overvågede mapper, og hent det, der ankommer, indtil den stoppes."
    ).shown,
    discussion: LocalizedText(
      """
      Watched folders stand under “outgoing” at the routes. A file is taken when it is whole, and lies in the folder's \
      sent, refused or set-aside in the end. SIGTERM or SIGINT ends it in good order; a second one at once. Whatever \
      ends it, the next run goes on where it stopped. SIGHUP reads the settings anew and keeps the old ones where the new \
      are wrong; what is unchanged goes on undisturbed, and stopped accounts are tried again. Another journal or inbox \
      needs a restart. Under systemd it says when it is ready, and gives signs of life. --http serves /metrics for \
      Prometheus, /healthz, /readyz, and /api/status.json with everything that waits for a person.
      """,
      """
      Overvågede mapper står under „outgoing“ ved ruterne. En fil tages, når den er hel, og ligger til sidst i mappens \
      sent/, refused/ eller set-aside/. SIGTERM eller SIGINT slutter den i god orden; endnu et straks. Uanset hvad der \
      slutter den, går næste kørsel videre, hvor den standsede. SIGHUP læser indstillingerne igen og beholder de gamle, \
      hvor de nye er forkerte; det, der er uændret, fortsætter uforstyrret, og stoppede konti prøves igen. En anden journal \
      eller indbakke kræver en genstart. Under systemd siger den, når den er klar, og giver livstegn. --http viser /metrics \
      til Prometheus, /healthz, /readyz og /api/status.json med alt, der venter på en person.
      """
    ).shown)

  @OptionGroup var page: StatusPageOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    Output.becomeService()
    let manager = ServiceNotifier.fromEnvironment()
    let daemon = await Daemon.trapped()
    // A reload reads the same file, even if one of the other places has a file by then.
    let file = try settings.file
    let loaded = try SettingsOptions.load(file)
    let logger = CommandLogger.make(from: .info, log.logFormat)
    let (reloads, reload) = AsyncStream<SettingsReload>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let monitor = RunMonitor(version: ProgramVersion.current)
    // The page is served until the run has ended.
    let page = try page.services(logger: logger) { address, names, token in
      try StatusServer(at: address, hostNames: names, token: token, monitor: monitor, logger: logger)
    }
    try await Exchange.during(loaded, logger: logger) { exchange in
      let service = ClosureService {
        try await exchange.runUnattended(reloads: reloads, monitor: monitor) { event in
          Self.note(event, logger: logger)
          manager?.tell(event)
        }
      }
      try await daemon.run(page + [("exchange", service)], logger: logger) {
        do throws(SettingsError) {
          reload.yield(.settings(try SettingsOptions.load(file)))
        } catch {
          for problem in error.problems { logger.error("\(problem)") }
          reload.yield(.unusable(error))
        }
      }
    }
  }

  private static func note(_ event: UnattendedEvent, logger: Logger) {
    switch event {
    case .ready: logger.info("ready")
    case .stopping: logger.info("stopping: what is under way is finished first")
    case .status(let text): logger.debug("\(text)")
    case .reloading: logger.info("taking up new settings")
    case .alive, .attention, .resolved, .reloadRefused: break
    }
  }
}

extension ServiceNotifier {
  fileprivate func tell(_ event: UnattendedEvent) {
    switch event {
    case .ready: send(["READY=1", "STATUS=at work"])
    case .alive: if watchdog != nil { send(["WATCHDOG=1"]) }
    case .status(let text): send([Self.status(text)])
    case .stopping: send(["STOPPING=1", "STATUS=finishing what is under way"])
    case .reloading: send(["RELOADING=1", Self.monotonicTime, "STATUS=taking up new settings"])
    case .reloadRefused: send(["READY=1", Self.keptSettings])
    case .attention, .resolved: break
    }
  }

  private static let keptSettings = "STATUS=at work by the old settings: the new ones are wrong, see the log"
}
