import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseSystem
import Logging
import UnixSignals

/// `filsluse run`: the exchange as a service.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deliver what appears in the watched folders and collect what comes, until stopped.",
    discussion: """
      Watched folders stand under "outgoing" at the routes. A file is taken when it is whole, and lies in the folder's \
      sent, refused or set-aside in the end. SIGTERM or SIGINT ends it in good order; a second one at once. Whatever \
      ends it, the next run goes on where it stopped. Under systemd it says when it is ready, and gives signs of life.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    let manager = ServiceNotifier.fromEnvironment()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let settings = try settings.load()
    let logger = CommandLogger.make(from: .info, log.logFormat)
    try await Exchange.during(settings, logger: logger) { try await serve($0, until: signals, manager, logger: logger) }
  }

  private func serve(
    _ exchange: Exchange, until signals: UnixSignalsSequence, _ manager: ServiceNotifier?, logger: Logger
  ) async throws {
    let stop = GracefulStop()
    let work = Task {
      try await exchange.runUnattended(until: stop) { event in
        Self.note(event, logger: logger)
        manager?.tell(event)
      }
    }
    let listening = Task {
      for await _ in signals {
        if stop.isRequested { work.cancel() }
        stop.request()
      }
    }
    defer { listening.cancel() }
    try await work.value
  }

  private static func note(_ event: UnattendedEvent, logger: Logger) {
    switch event {
    case .ready: logger.info("ready")
    case .stopping: logger.info("stopping: what is under way is finished first")
    case .status(let text): logger.debug("\(text)")
    case .alive, .attention: break
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
    case .attention: break
    }
  }
}
