package import ExchangeSettings
package import FilsluseSFTP
package import FilsluseBase
package import Logging
internal import TriggerFiles

/// The shared connection of one account, opened when first needed and kept.
///
/// All tasks that lose it wait for the next one together, so that a server that is down sees one attempt at a time,
/// with the pauses of the ``RetryPolicy``. A connection with a number of tries gives up after them; a lasting one goes
/// on:
/// - In a maintenance window there is no connection, and requests for one wait.
/// - When the account's key or the server's host key is refused, the account is stopped: requests for a connection
///   fail, and one attempt is made after each of the policy's long pauses, or after ``retryNow()``.
package actor SharedConnection {
  package let account: Account
  private let logger: Logger
  private let persistence: Persistence
  /// The time of day, for the maintenance windows.
  private let now: @Sendable () -> Timestamp
  private let connect: @Sendable () async -> Result<SFTPClient, ExchangeError>
  private var client: SFTPClient?
  /// A connection for work that needs one alone, kept for the next such work.
  private var spare: SFTPClient?
  /// True if the last connection ended a stop of the account, and that is not reported yet.
  private var hasRecovered = false
  private var connecting: Task<Attempt, Never>?
  /// The files that the last attempt went by.
  private var files: LoginFiles?
  let shortestPause: Duration
  /// The pauses before the next try.
  private var backoff: Backoff
  /// The pauses before the next try while it is stopped.
  private var stopBackoff: Backoff
  private var nextTry: ContinuousClock.Instant?
  /// The failure of the last try, until it is thrown.
  private var finalFailure: ExchangeError?
  private(set) var state = State.idle
  /// The number of connections that were lost or could not be made.
  private(set) var failures = 0

  /// The result of an attempt to connect.
  private struct Attempt: Sendable {
    /// The files that it went by, as they were before it.
    let files: LoginFiles
    let outcome: Result<SFTPClient, ExchangeError>
  }

  /// The reason why the account is stopped, if it is.
  var reasonOfStop: ExchangeError? {
    if case .stopped(let reason) = state { return Self.stopped(account, reason) }
    return nil
  }

  package init(
    _ account: Account, _ persistence: Persistence, policy: RetryPolicy = RetryPolicy(), logger: Logger,
    now: @escaping @Sendable () -> Timestamp = { .now },
    connect: @escaping @Sendable () async -> Result<SFTPClient, ExchangeError>
  ) {
    self.account = account
    shortestPause = policy.backoff.first
    backoff = policy.backoff
    stopBackoff = policy.stopBackoff
    self.logger = logger
    self.persistence = persistence
    self.now = now
    self.connect = connect
  }

  /// A connection that nothing else uses: the kept one, or a new one.
  ///
  /// - Throws: as ``open()``, and the failure to connect.
  func openAlone() async throws(ExchangeError) -> SFTPClient {
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
  func keep(_ alone: SFTPClient) async {
    guard client != nil, spare == nil else { return await alone.close() }
    spare = alone
  }

  /// True while there is a connection that was not lost.
  package var isOpen: Bool { client != nil }

  /// The connection, as soon as there is one.
  ///
  /// - Throws: ``ExchangeError`` when the account is stopped, the tries are used up, or the task is cancelled.
  package func open() async throws(ExchangeError) -> SFTPClient {
    while true {
      if Task.isCancelled { throw .cancelled(while: "connect to \(account.name)") }
      if case .stopped(let reason) = state, nextTry.map({ $0 > .now }) ?? false { throw Self.stopped(account, reason) }
      if isLasting, account.isInMaintenance(at: now()) {
        await close()
        state = .maintenance
        try await pause(for: .seconds(10))
      } else if let client {
        return client
      } else if let nextTry, nextTry > .now {
        try await pause(for: min(nextTry - .now, .seconds(10)))
      } else if let made = await attempt() {
        return made
      } else if let failure = takeFinalFailure() {
        throw failure
      }
    }
  }

  /// One attempt to connect, shared by all tasks that wait for it.
  private func attempt() async -> SFTPClient? {
    let task =
      connecting
      ?? Task { [account, connect] in
        Attempt(files: await BlockingThreads.shared.run { LoginFiles(of: account) }, outcome: await connect())
      }
    connecting = task
    // The tasks that share it belong to one account, and are cancelled together.
    let attempt = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
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
      ownLogger.say(
        isLasting ? .info : .debug,
        LocalizedText("\(account.name): connected to \(made.server)", "\(account.name): forbundet til \(made.server)"))
      return made
    case .failure(let error):
      note(error)
      return nil
    }
  }

  /// Closes a connection that failed, so that the next use makes another one at once.
  package func drop(_ lost: SFTPClient) async {
    if client === lost { client = nil }
    if client == nil, state == .connected { state = .idle }
    await lost.close()
  }

  /// Drops a failed connection, and schedules the next attempt. If several tasks lose the same one, the first counts.
  ///
  /// - Throws: the failure, when it was the last try.
  func lose(
    _ lost: SFTPClient, because error: ExchangeError, madeProgress: Bool
  ) async throws(ExchangeError) {
    guard let client, client === lost else { return }
    self.client = nil
    if madeProgress { backoff.reset() }
    note(error)
    let failure = takeFinalFailure()
    await lost.close()
    await closeSpare()
    if let failure { throw failure }
  }

  /// Closes the kept connection: the loss of the shared one has probably ended it too.
  private func closeSpare() async {
    let last = spare
    spare = nil
    await last?.close()
  }

  /// Resets the pauses: work over the connection has succeeded.
  func succeeded(with used: SFTPClient) {
    if let client, client === used { backoff.reset() }
  }

  /// Schedules the next attempt after a failure; after the last one, the next use begins with the first again.
  private func note(_ error: ExchangeError) {
    failures += 1
    let pause = backoff.next()
    if case .tries(let most) = persistence, backoff.failures >= most || !error.category.causePasses {
      backoff.reset()
      nextTry = nil
      state = .idle
      finalFailure = error
      return
    }
    var isStopped = error.category == .account
    // A server that is away at the next try has not repaired the reason for the stop.
    if case .stopped = state { isStopped = true }
    guard isStopped else {
      state = .waiting(error.description)
      nextTry = .now + pause
      logger.about(error, of: account.name).say(
        .warning,
        error.naming(account, isRetried: true)
          + LocalizedText("; trying again in \(pause.visible)", "; der prøves igen om \(pause.visibleInDanish)"))
      return
    }
    let rest = stopBackoff.next()
    nextTry = .now + rest
    if error.category == .account || stopBackoff.failures == 1 { state = .stopped(error.inBothLanguages) }
    logger.about(error, of: account.name).say(
      .error,
      error.naming(account)
        + LocalizedText(
          "; the account is stopped, and tried again in \(rest.visible), on \(Remedy.Step.reload), or when its key or known_hosts changes",
          "; kontoen er standset og prøves igen om \(rest.visibleInDanish), ved \(Remedy.Step.reload.inDanish), eller når dens nøgle eller known_hosts ændres"
        ))
  }

  /// The logger for lines about the account.
  private var ownLogger: Logger { logger.carrying(["account": account.name]) }

  private func takeFinalFailure() -> ExchangeError? {
    defer { finalFailure = nil }
    return finalFailure
  }

  private var isLasting: Bool { if case .lasting = persistence { true } else { false } }

  private func pause(for duration: Duration) async throws(ExchangeError) {
    Heartbeat.current?.beat()
    switch persistence {
    // A run that is asked to stop makes no new connection.
    case .lasting(let stop):
      if await stop.wait(atMost: duration) { throw .cancelled(while: "connect to \(account.name)") }
    case .tries:
      do { try await Task.sleep(for: duration) } catch { throw .cancelled(while: "connect to \(account.name)") }
    }
  }

  /// Closes the connection when a maintenance window has begun, even while it is in use; the work goes on afterwards.
  func enforceMaintenance() async {
    if account.isInMaintenance(at: now()), client != nil {
      ownLogger.say(
        .info,
        LocalizedText(
          "\(account.name): maintenance window, the connection is closed",
          "\(account.name): vedligehold, forbindelsen lukkes"))
      await close()
      state = .maintenance
    }
  }

  /// Retries a stopped account if its pause is over or the files of its login have changed; the result is in ``state``.
  func retryWhenDue() async {
    guard case .stopped = state, !account.isInMaintenance(at: now()) else { return }
    if let nextTry, nextTry > .now {
      let now = await BlockingThreads.shared.run { [account] in LoginFiles(of: account) }
      guard now != files, case .stopped = state, connecting == nil else { return }
      ownLogger.say(
        .notice,
        LocalizedText(
          "\(account.name): the key, its passphrase or the known host keys have changed; the account is tried again",
          "\(account.name): nøglen, dens adgangskode eller de kendte værtsnøgler er ændret; kontoen prøves igen"))
    }
    _ = await attempt()
  }

  /// Returns true once after each recovery from a stop.
  func takeRecovery() -> Bool {
    defer { hasRecovered = false }
    return hasRecovered
  }

  /// Retries a stopped or pausing account at once: a person may have repaired it.
  func retryNow() {
    nextTry = nil
    stopBackoff.reset()
  }

  /// Ends the connection.
  package func close() async {
    await closeSpare()
    guard let client else { return }
    self.client = nil
    if state == .connected { state = .idle }
    await client.close()
  }
}
