internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The run as its metrics show it.
extension UnattendedRun {
  /// The names of the loops that have made no progress for too long.
  func stuckLoops(at now: ContinuousClock.Instant) -> [String] {
    (jobs.flatMap(\.heartbeats) + [heartbeat]).filter { !$0.isAlive(at: now) }.map(\.name)
  }

  /// Adds the accounts and the open problems to a snapshot.
  func fill(_ status: inout RunStatus) async {
    let (exchange, jobs) = state.withLock { ($0.exchange, $0.jobs) }
    let accounts = exchange.settings.accounts
    let (counts, looks) = (reporter.counts, reporter.lastLooks)
    for account in accounts {
      var shown = RunAccount(name: account.name)
      shown.counts = counts[account.name] ?? RunCounts()
      shown.lastLook = looks[account.name]
      shown.lookWithinSeconds = max(300, Int((account.poll * 3).components.seconds))
      if let connection = jobs.last(where: { $0.account.name == account.name })?.connection {
        shown.connectionFailures = await connection.failures
        show(await connection.state, in: &shown)
      }
      status.accounts.append(shown)
    }
    do throws(ExchangeError) {
      let open = try await exchange.journal.openWork(of: accounts)
      for index in status.accounts.indices {
        status.accounts[index].open = open[status.accounts[index].name] ?? OpenWork()
      }
      status.problems = try await openProblems(exchange)
    } catch {
      status.journalTrouble = error.description
    }
  }

  private func show(_ state: SharedConnection.State, in account: inout RunAccount) {
    switch state {
    case .idle: account.connection = .idle
    case .connected: account.connection = .connected
    case .maintenance: account.connection = .maintenance
    case .waiting(let reason):
      account.connection = .waiting
      account.failure = VisibleText.oneLine(Masked.name(reason))
    case .stopped(let reason):
      account.connection = .stopped
      account.failure = VisibleText.oneLine(Masked.name(reason.en))
    }
  }

  /// The open problems, looked for every five seconds at most, and less often where that takes long: for each refused
  /// delivery a later one of its name is looked for.
  private func openProblems(_ exchange: Exchange) async throws(ExchangeError) -> OpenProblems {
    if let known = knownProblems.withLock({ $0 }), known.until > .now { return known.problems }
    let begin = ContinuousClock.now
    let problems = try await exchange.journal.openProblems(of: exchange.settings)
    let pause = min(max(.seconds(5), (ContinuousClock.now - begin) * 20), .seconds(60))
    knownProblems.withLock { $0 = KnownProblems(problems: problems, until: .now + pause) }
    return problems
  }

  /// The open problems of the last look for them.
  struct KnownProblems: Sendable {
    let problems: OpenProblems
    /// The time until which they are shown.
    let until: ContinuousClock.Instant
  }
}
