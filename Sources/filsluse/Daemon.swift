import Logging
import ServiceLifecycle
import UnixSignals

/// The frame of commands that run until they are stopped: a group of services, ended by signals.
///
/// SIGTERM or SIGINT shuts the services down gracefully, the last one first; a second one cancels them at once. SIGHUP
/// requests new settings. Signals count from the call of ``trapped()`` on, also while the command is still starting.
struct Daemon {
  private let signals: UnixSignalsSequence

  /// Traps the signals.
  static func trapped() async -> Daemon {
    Daemon(signals: await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup))
  }

  /// Runs services until all have ended.
  ///
  /// - Parameters:
  ///   - services: in the order of their start, each with its name for the log. Where one ends, all end.
  ///   - reload: called for each SIGHUP.
  /// - Throws: the error of the first service that failed.
  func run(_ services: [(name: String, service: any Service)], logger: Logger, reload: @escaping @Sendable () -> Void)
    async throws
  {
    let group = ServiceGroup(services: [], logger: logger)
    var services = services
    let listening = SignalService(signals: signals, reload: reload) { await group.triggerGracefulShutdown() }
    services.insert(("signals", listening), at: 0)
    for (name, service) in services {
      await group.addServiceUnlessShutdown(
        ServiceGroupConfiguration.ServiceConfiguration(
          service: service, successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: service is SignalService ? .cancelGroup : .gracefullyShutdownGroup,
          serviceName: name))
    }
    do { try await group.run() } catch is SecondSignal {}
  }
}

/// A signal that asks for the end while the services are already being shut down.
private struct SecondSignal: Error {}

/// Listens to signals for as long as the other services run.
private struct SignalService: Service {
  let signals: UnixSignalsSequence
  let reload: @Sendable () -> Void
  let shutDown: @Sendable () async -> Void

  func run() async throws {
    var isEnding = false
    for try await signal in signals.cancelOnGracefulShutdown() {
      if signal == .sighup {
        reload()
      } else if isEnding {
        throw SecondSignal()
      } else {
        isEnding = true
        await shutDown()
      }
    }
  }
}
