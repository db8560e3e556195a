public import ExchangeSettings
public import FileExchange
public import FilsluseBase
public import Logging
internal import ServiceLifecycle

/// Watches every inbox in the settings, and alerts about its findings.
///
/// Each account has its own loop and connection, so that a slow, dead or refused one delays no other. Observations and
/// alerts are on the disk before any notification is sent; after a kill, the next watcher continues from there.
public final class Watcher: Sendable {
  /// An event of the watcher, for a service manager for example.
  public enum Event: Sendable, Hashable {
    /// Every account's loop turns.
    case ready
    /// New settings are being taken up.
    case reloading
    /// All loops have come round lately.
    case alive
    /// It ends normally.
    case stopping
  }

  private let settings: ExchangeSettings
  private let clock: @Sendable () -> Timestamp
  private let logger: Logger
  private let version: String
  private let started: Timestamp
  private let unconfirmed = UnconfirmedSends()
  private let session = Locked<WatchSession?>(nil)

  /// Creates a watcher.
  ///
  /// - Parameter version: the version shown on the status page.
  public init(
    settings: ExchangeSettings, version: String, clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger
  ) {
    self.settings = settings
    self.version = version
    self.clock = clock
    self.logger = logger
    started = clock()
  }

  /// Watches until it is shut down gracefully, or cancelled.
  ///
  /// It runs as a service of swift-service-lifecycle: after the graceful shutdown of its service group it finishes
  /// looks and notifications in progress, and begins nothing new.
  ///
  /// - Parameters:
  ///   - reloads: settings that replace the previous ones, as a whole or not at all.
  ///   - onEvent: receives the events, on any thread.
  /// - Throws: `ExchangeError` with code `watchDatabase` if observations cannot be stored, now or with new settings.
  public func run(
    reloads: AsyncStream<ExchangeSettings> = AsyncStream { $0.finish() },
    onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws(ExchangeError) {
    let stop = GracefulStop()
    // The handler loses the type of an error.
    let outcome = await withGracefulShutdownHandler {
      await Result { () async throws(ExchangeError) in try await watch(until: stop, reloads: reloads, onEvent: onEvent)
      }
    } onGracefulShutdown: {
      stop.request()
    }
    try outcome.get()
  }

  private func watch(
    until stop: GracefulStop, reloads: AsyncStream<ExchangeSettings>, onEvent: @escaping @Sendable (Event) -> Void
  ) async throws(ExchangeError) {
    let newest = Locked<ExchangeSettings?>(nil)
    let turn = Locked<GracefulStop?>(nil)
    let listening = Task {
      for await settings in reloads {
        newest.withLock { $0 = settings }
        turn.withLock { $0 }?.request()
      }
    }
    let stopping = Task {
      await stop.wait()
      if !Task.isCancelled { onEvent(.stopping) }
      turn.withLock { $0 }?.request()
    }
    defer {
      listening.cancel()
      stopping.cancel()
    }
    var current = settings
    while !stop.isRequested, !Task.isCancelled {
      let end = GracefulStop()
      turn.withLock { $0 = end }
      // A stop that was requested before `turn` held the end of this session.
      if stop.isRequested { break }
      let new = newest.withLock { settings in
        defer { settings = nil }
        return settings
      }
      let session = try await begin(new, or: &current)
      await watch(session, until: end, onEvent: onEvent)
      if !stop.isRequested, !Task.isCancelled { onEvent(.reloading) }
    }
  }

  /// The content of the console, through every reload of the settings.
  package var statusSource: StatusSource {
    StatusSource(
      status: { [self] in
        while let asked = session.withLock({ $0 }) {
          let status = await asked.status()
          // A session that has ended may have closed its files: ask the next one.
          if status.storeTrouble == nil || asked === session.withLock({ $0 }) { return status }
        }
        return emptyStatus
      },
      health: { [self] in WatchHealth(loops: session.withLock { $0 }?.loops ?? []) },
      clock: clock)
  }

  /// The session that watches now; `nil` while the watcher starts or takes up new settings.
  var presentSession: WatchSession? { session.withLock { $0 } }

  private var emptyStatus: WatchStatus {
    WatchStatus(version: version, taken: clock(), started: started, storeTrouble: .starting)
  }

  /// Begins with the new settings, where there are any that can be taken up, and else with those of before.
  private func begin(
    _ new: ExchangeSettings?, or current: inout ExchangeSettings
  ) async throws(ExchangeError) -> WatchSession {
    if let new {
      do throws(ExchangeError) {
        let session = try await begin(new)
        current = new
        return session
      } catch {
        logger.error("the settings are kept as they were: \(error)")
      }
    }
    return try await begin(current)
  }

  private func begin(_ settings: ExchangeSettings) async throws(ExchangeError) -> WatchSession {
    try await WatchSession.begin(
      settings, version: version, started: started, unconfirmed: unconfirmed, clock: clock, logger: logger)
  }

  /// Watches by one version of the settings.
  private func watch(
    _ session: WatchSession, until end: GracefulStop, onEvent: @escaping @Sendable (Event) -> Void
  ) async {
    self.session.withLock { $0 = session }
    onEvent(.ready)
    await session.run(until: end) { onEvent(.alive) }
    self.session.withLock { $0 = nil }
    await session.close()
  }
}
