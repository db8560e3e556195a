internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging

/// The connection of one account, made when it is first needed, kept, and shared by all who work for the account.
///
/// All who lose it wait for the next together, so that a server that is down sees one attempt at a time, with the
/// pauses of the ``RetryPolicy``. In a maintenance window there is none: who asks for one waits. When the account's key
/// or the server's host key is refused the line is stopped: who asks for one gets an error, and one attempt is made
/// after each of the policy's long pauses, or when ``retryNow()`` asks for it.
actor SharedConnection {
  let account: Account
  private let logger: Logger
  private let stop: GracefulStop
  /// The time of day, for the maintenance windows.
  private let now: @Sendable () -> Timestamp
  private let connect: @Sendable () async -> Result<SFTPClient, ExchangeError>
  private var client: SFTPClient?
  /// A connection for work that is alone on it, kept for the next such work.
  private var spare: SFTPClient?
  /// True if it was stopped until the last connection was made, and that was not reported yet.
  private var hasRecovered = false
  private var connecting: Task<Attempt, Never>?
  /// The files that the last attempt went by.
  private var files: LoginFiles?
  private let shortestPause: Duration
  /// The pauses before the next try.
  private var backoff: Backoff
  /// The pauses before the next try while it is stopped.
  private var stopBackoff: Backoff
  private var nextTry: ContinuousClock.Instant?
  private(set) var state = State.idle

  /// The result of an attempt to connect.
  private struct Attempt: Sendable {
    /// The files that it went by, as they were before it.
    let files: LoginFiles
    let outcome: Result<SFTPClient, ExchangeError>
  }

  /// The state of the connection.
  enum State: Sendable, Equatable {
    /// It was not needed yet, or was closed.
    case idle
    case connected
    /// It was lost or could not be made; the next attempt is to come.
    case waiting(String)
    case maintenance
    /// A person must repair something; there is no connection until a try succeeds.
    case stopped(String)

    /// The state in a word, as a status line shows it.
    var shown: String {
      switch self {
      case .idle: "idle"
      case .connected: "connected"
      case .waiting: "not connected"
      case .maintenance: "in maintenance"
      case .stopped: "STOPPED"
      }
    }
  }

  /// The reason why the account is stopped, if it is.
  var reasonOfStop: ExchangeError? {
    if case .stopped(let reason) = state { return Self.stopped(account, reason) }
    return nil
  }

  init(
    _ account: Account, policy: RetryPolicy, logger: Logger, stop: GracefulStop,
    now: @escaping @Sendable () -> Timestamp = { .now },
    connect: @escaping @Sendable () async -> Result<SFTPClient, ExchangeError>
  ) {
    self.account = account
    shortestPause = policy.backoff.first
    backoff = policy.backoff
    stopBackoff = policy.stopBackoff
    self.logger = logger
    self.stop = stop
    self.now = now
    self.connect = connect
  }

  /// Runs `body` with the connection, and again with a new one while it asks for that after a failure that may pass.
  ///
  /// - Returns: why it will not get further: the account is stopped, the task was cancelled, or the failure is none of
  ///   the connection's.
  nonisolated func use(_ body: (SFTPClient) async -> ConnectionUse) async -> ExchangeError? {
    while true {
      let client: SFTPClient
      do throws(ExchangeError) {
        client = try await self.open()
      } catch {
        return error
      }
      switch await body(client) {
      case .done:
        await succeeded(with: client)
        return nil
      case .left(let error): return error
      case .lost(let error, let madeProgress):
        // What the server refuses over a sound connection it refuses over the next one too, and others are using this
        // one.
        guard error.endsConnection, !Task.isCancelled else { return error }
        await lose(client, because: error, madeProgress: madeProgress)
      }
    }
  }

  /// Runs `body` with a connection that nothing else uses, and again with a new one while it learns something by losing
  /// it. The shared connection has to be there first, with its pauses and maintenance windows.
  ///
  /// - Parameter isKept: whether the connection is kept for the next such work; otherwise it is closed.
  /// - Returns: why it will not get further, as ``use(_:)`` does.
  nonisolated func useAlone(
    keepingWhile isKept: () -> Bool, _ body: (SFTPClient) async -> ConnectionUse
  ) async -> ExchangeError? {
    while true {
      let client: SFTPClient
      do throws(ExchangeError) {
        client = try await self.openAlone()
      } catch {
        return error
      }
      let use = await body(client)
      if case .done = use, isKept() { await keep(client) } else { await client.close() }
      switch use {
      case .done: return nil
      case .left(let error), .lost(let error, madeProgress: false): return error
      case .lost:
        do {
          try await Task.sleep(for: shortestPause)
        } catch {
          return .cancelled(while: "connect to \(account.name)")
        }
      }
    }
  }

  private func openAlone() async throws(ExchangeError) -> SFTPClient {
    _ = try await open()
    if let kept = spare {
      spare = nil
      // A connection that died while it waited says nothing about the next file.
      if (try? await kept.realPath(".")) != nil { return kept }
      await kept.close()
    }
    return try await connect().get()
  }

  /// Keeps a connection, unless the shared one was lost: then this one is closed with it.
  private func keep(_ alone: SFTPClient) async {
    guard client != nil, spare == nil else { return await alone.close() }
    spare = alone
  }

  /// The connection, as soon as there is one.
  ///
  /// - Throws: ``ExchangeError`` when the account is stopped or the task cancelled.
  private func open() async throws(ExchangeError) -> SFTPClient {
    while true {
      if Task.isCancelled { throw .cancelled(while: "connect to \(account.name)") }
      if case .stopped(let reason) = state, nextTry.map({ $0 > .now }) ?? false { throw Self.stopped(account, reason) }
      if account.isInMaintenance(at: now()) {
        await close()
        state = .maintenance
        try await pause(for: .seconds(10))
      } else if let client {
        return client
      } else if let nextTry, nextTry > .now {
        try await pause(for: min(nextTry - .now, .seconds(10)))
      } else if let made = await attempt() {
        return made
      }
    }
  }

  /// One attempt to connect, shared by all who need it now.
  private func attempt() async -> SFTPClient? {
    let task =
      connecting
      ?? Task { [account, connect] in
        Attempt(files: await BlockingThreads.shared.run { LoginFiles(of: account) }, outcome: await connect())
      }
    connecting = task
    let attempt = await task.value
    // The first task that resumes handles the result.
    guard connecting == task else { return client }
    connecting = nil
    files = attempt.files
    switch attempt.outcome {
    case .success(let made):
      client = made
      nextTry = nil
      stopBackoff.reset()
      if case .stopped = state { hasRecovered = true }
      state = .connected
      logger.info("\(account.name): connected to \(made.server)")
      return made
    case .failure(let error):
      note(error)
      return nil
    }
  }

  /// Drops a connection that failed. Of many who lose the same one the first counts.
  private func lose(_ lost: SFTPClient, because error: ExchangeError, madeProgress: Bool) async {
    guard let client, client === lost else { return }
    self.client = nil
    if madeProgress { backoff.reset() }
    note(error)
    await lost.close()
    await closeSpare()
  }

  /// Closes the kept connection: the loss of the shared one has probably ended it too.
  private func closeSpare() async {
    let last = spare
    spare = nil
    await last?.close()
  }

  private func succeeded(with used: SFTPClient) {
    if let client, client === used { backoff.reset() }
  }

  private func note(_ error: ExchangeError) {
    let pause = backoff.next()
    var isStopped = error.category == .account
    // A server that is away at the next try has not repaired the reason for the stop.
    if case .stopped = state { isStopped = true }
    guard isStopped else {
      state = .waiting(error.description)
      nextTry = .now + pause
      logger.warning("\(account.name): \(error); trying again in \(pause.visible)")
      return
    }
    let rest = stopBackoff.next()
    nextTry = .now + rest
    if error.category == .account || stopBackoff.failures == 1 { state = .stopped(error.description) }
    logger.error(
      "\(account.name): \(error); the account is stopped, and tried again in \(rest.visible), on \(Remedy.Step.reload), or when its key or known_hosts is replaced"
    )
  }

  private func pause(for duration: Duration) async throws(ExchangeError) {
    Heartbeat.current?.beat()
    // Nothing is begun for the sake of a stop, and a connection that is not there would be.
    if await stop.wait(atMost: duration) { throw .cancelled(while: "connect to \(account.name)") }
  }

  /// Closes the connection when a maintenance window has begun, even while it is in use; the work goes on afterwards.
  func enforceMaintenance() async {
    if account.isInMaintenance(at: now()), client != nil {
      logger.info("\(account.name): maintenance window, the connection is closed")
      await close()
      state = .maintenance
    }
  }

  /// Tries a stopped account again, if it is time or the files of its login are other ones by now; what it comes to is in
  /// ``state``.
  func retryWhenDue() async {
    guard case .stopped = state, !account.isInMaintenance(at: now()) else { return }
    if let nextTry, nextTry > .now {
      let now = await BlockingThreads.shared.run { [account] in LoginFiles(of: account) }
      guard now != files, case .stopped = state, connecting == nil else { return }
      logger.notice(
        "\(account.name): the key, its passphrase or the known host keys have changed; the account is tried again")
    }
    _ = await attempt()
  }

  /// Returns true once after each recovery from a stop.
  func takeRecovery() -> Bool {
    defer { hasRecovered = false }
    return hasRecovered
  }

  /// Retries at once a stopped account, or one that waits for its next try: a person may have repaired it.
  func retryNow() {
    nextTry = nil
    stopBackoff.reset()
  }

  /// Ends the connection.
  func close() async {
    await closeSpare()
    guard let client else { return }
    self.client = nil
    if state == .connected { state = .idle }
    await client.close()
  }

  private static func stopped(_ account: Account, _ reason: String) -> ExchangeError {
    ExchangeError(
      .accountStopped, operation: "connect to \(account.name)", message: "the account is stopped: \(reason)",
      remedy:
        "mend it: it is tried again when its key or known_hosts is replaced, on \(.reload), and after pauses of up to an hour"
    )
  }
}

extension Account {
  /// Returns true if a moment is in one of the account's maintenance windows, by the clock in Denmark.
  func isInMaintenance(at moment: Timestamp) -> Bool {
    maintenance.contains { $0.contains(moment, by: .denmark) }
  }

  /// Returns the speed limit at a moment in bytes per second; `nil` for none.
  func bytesPerSecond(at moment: Timestamp) -> UInt64? {
    bandwidth.first { $0.hours?.contains(moment, by: .denmark) ?? true }?.bytesPerSecond
  }
}
