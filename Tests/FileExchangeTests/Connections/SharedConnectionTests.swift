import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// The shared connection of an account, without an exchange.
@Suite(.timeLimit(.minutes(25))) struct SharedConnectionTests {
  private static let noon = Timestamp(secondsSince1970: 1_795_172_400)  // 2026-11-20T11:00:00Z
  private static let night = Timestamp(secondsSince1970: 1_795_219_800)  // 2026-11-21T00:10:00Z

  private func line(
    _ test: TestExchange, stop: GracefulStop = GracefulStop(), clock: Locked<Timestamp>,
    attempts: Locked<Int> = Locked(0)
  ) -> SharedConnection {
    var account = test.exchange.settings.accounts[0]
    account.maintenance = [WeeklyHours("daily 01:00-02:00")].compactMap { $0 }
    let (exchange, target) = (test.exchange, account)
    return SharedConnection(
      account, .lasting(until: stop), policy: exchange.patience.retry, logger: exchange.logger,
      now: { clock.withLock { $0 } }
    ) {
      attempts.withLock { $0 += 1 }
      return await Result { () async throws(ExchangeError) in try await exchange.connect(to: target) }
    }
  }

  private func look(_ client: SFTPClient) async -> ConnectionUse {
    do throws(SFTPError) {
      _ = try await client.list(RemotePath("OUT"))
      return .done
    } catch {
      return .lost(ExchangeError(error, while: "look"), madeProgress: false)
    }
  }

  @Test("many share one connection")
  func manyShareOneConnection() async throws {
    try await TestExchange.with { test in
      let attempts = Locked(0)
      let line = line(test, clock: Locked(Self.noon), attempts: attempts)
      await withTaskGroup(of: ExchangeError?.self) { group in
        for _ in 0..<50 { group.addTask { await line.use { await look($0) } } }
        for await failure in group { #expect(failure == nil) }
      }
      #expect(attempts.withLock { $0 } == 1)
      #expect(await line.state == .connected)
      await line.close()
      #expect(await line.state == .idle)
    }
  }

  @Test("a maintenance window closes the connection, and the work goes on after it")
  func aWindowThatBeginsEndsTheConnectionAndWhatWasUnderWayGoesOnAfterIt() async throws {
    try await TestExchange.with { test in
      let clock = Locked(Self.noon)
      let attempts = Locked(0)
      let stop = GracefulStop()
      let line = line(test, stop: stop, clock: clock, attempts: attempts)
      #expect(await line.use { await look($0) } == nil)
      clock.withLock { $0 = Self.night }
      await line.enforceMaintenance()
      #expect(await line.state == .maintenance)
      async let waiting = line.use { await look($0) }
      try await Task.sleep(for: .milliseconds(300))
      #expect(attempts.withLock { $0 } == 1)
      // Asked to stop, who waits for the window's end is let go.
      stop.request()
      #expect(await waiting?.code == .cancelled)
      clock.withLock { $0 = Self.noon }
      #expect(await line.use { await look($0) } == nil)
      #expect(attempts.withLock { $0 } == 2)
      await line.close()
    }
  }

  @Test("keeps the connection of work that is alone on it, replaces a dead one, and ends it with the shared one")
  func keepsAConnectionForWorkThatIsAlone() async throws {
    try await TestExchange.with { test in
      let attempts = Locked(0)
      let used = Locked<[SFTPClient]>([])
      let line = line(test, clock: Locked(Self.noon), attempts: attempts)
      func lookAlone(keeps: Bool) async -> ExchangeError? {
        await line.useAlone(keepingWhile: { keeps }) { client in
          used.withLock { $0.append(client) }
          return await look(client)
        }
      }
      // The shared connection and one of its own, which is used again.
      #expect(await lookAlone(keeps: true) == nil)
      #expect(await lookAlone(keeps: true) == nil)
      #expect(attempts.withLock { $0 } == 2)
      // A kept connection that has died in between fails no work.
      await used.withLock { $0[1] }.close()
      #expect(await lookAlone(keeps: true) == nil)
      #expect(attempts.withLock { $0 } == 3)
      // A connection that is not to be kept is closed at once, and a kept one when the line is closed.
      #expect(await lookAlone(keeps: false) == nil)
      #expect(await lookAlone(keeps: true) == nil)
      #expect(attempts.withLock { $0 } == 4)
      await line.close()
      for client in used.withLock({ $0 }) {
        guard case .lost = await look(client) else {
          Issue.record("a connection is still open")
          return
        }
      }
    }
  }

  @Test("a lost connection is made again once for all")
  func whoeverLosesItTheNextIsMadeOnce() async throws {
    try await TestExchange.with { test in
      let attempts = Locked(0)
      let line = line(test, clock: Locked(Self.noon), attempts: attempts)
      let gone = Locked(false)
      await withTaskGroup(of: ExchangeError?.self) { group in
        for _ in 0..<20 {
          group.addTask {
            await line.use { client in
              if gone.withLock({
                let first = !$0; $0 = true; return first
              }) {
                await client.close()
              }
              return await look(client)
            }
          }
        }
        for await failure in group { #expect(failure == nil) }
      }
      #expect(attempts.withLock { $0 } == 2)
      await line.close()
    }
  }

  /// A retry at a server that is still away repairs nothing.
  @Test("a stopped line stays stopped until a try succeeds, in spite of other failures in between")
  func stopped() async throws {
    try await TestExchange.with { test in
      let outcomes = Locked<[ExchangeError.Code]>([.passphraseMissing, .claimedElsewhere])
      var policy = test.exchange.patience.retry
      policy.stopBackoff.first = .seconds(3600)
      let (exchange, account) = (test.exchange, test.exchange.settings.accounts[0])
      let line = SharedConnection(
        account, .lasting(until: GracefulStop()), policy: policy, logger: exchange.logger
      ) {
        if let code = outcomes.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
          return .failure(ExchangeError(code, operation: "o", message: "m", remedy: "r"))
        }
        return await Result { () async throws(ExchangeError) in try await exchange.connect(to: account) }
      }
      let error = await line.use { await look($0) }
      let danish = "Kontoen er standset. Nøglens adgangskode kan ikke fås."
      #expect(error?.code == .accountStopped && error?.inDanish.hasPrefix(danish) == true, "\(error as Any)")
      // Its pause is not over: nothing is tried.
      await line.retryWhenDue()
      #expect(outcomes.withLock { $0.count } == 1)
      await line.retryNow()
      await line.retryWhenDue()
      #expect(outcomes.withLock { $0.isEmpty })
      #expect(await line.reasonOfStop != nil)
      #expect(await line.use { await look($0) }?.code == .accountStopped)
      await line.retryNow()
      #expect(await line.use { await look($0) } == nil)
      #expect(await line.takeRecovery())
      #expect(await !line.takeRecovery())
      await line.close()
    }
  }

  @Test(
    "a connection with a number of tries gives up after them, or at a lasting error, and starts again on use"
  )
  func givesUp() async throws {
    try await TestExchange.with { test in
      let outcomes = Locked<[ExchangeError.Code]>([.claimedElsewhere, .claimedElsewhere, .passphraseMissing])
      let attempts = Locked(0)
      let (exchange, account) = (test.exchange, test.exchange.settings.accounts[0])
      let connection = SharedConnection(
        account, .tries(2), policy: exchange.patience.retry, logger: exchange.logger
      ) {
        attempts.withLock { $0 += 1 }
        if let code = outcomes.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
          return .failure(ExchangeError(code, operation: "o", message: "m", remedy: "r"))
        }
        return await Result { () async throws(ExchangeError) in try await exchange.connect(to: account) }
      }
      #expect(await connection.use { await look($0) }?.code == .claimedElsewhere)
      #expect(attempts.withLock { $0 } == 2)
      #expect(await connection.use { await look($0) }?.code == .passphraseMissing)
      #expect(attempts.withLock { $0 } == 3)
      #expect(await connection.use { await look($0) } == nil)
      // Losses count as tries too, but for those of a connection that got something done.
      let uses = Locked(0)
      let failure = await connection.use { client in
        let use = uses.withLock { uses in
          uses += 1
          return uses
        }
        await client.close()
        guard case .lost(let error, _) = await look(client) else { return .done }
        return .lost(error, madeProgress: use < 4)
      }
      #expect(failure?.code == .transfer)
      #expect(uses.withLock { $0 } == 4)
      await connection.close()
    }
  }

  @Test("an attempt that hangs ends with the task that waits for it")
  func anAttemptEndsWithItsTask() async throws {
    try await TestExchange.with { test in
      let begun = AsyncStream<Void>.makeStream()
      let connection = SharedConnection(
        test.exchange.settings.accounts[0], .lasting(until: GracefulStop()), logger: test.exchange.logger
      ) {
        begun.continuation.yield()
        do { try await Task.sleep(for: .seconds(3600)) } catch {}
        return .failure(.cancelled(while: "connect"))
      }
      let working = Task { await connection.use { await look($0) } }
      for await _ in begun.stream { break }
      working.cancel()
      #expect(await working.value?.code == .cancelled)
    }
  }
}
