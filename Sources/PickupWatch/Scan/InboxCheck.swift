package import ExchangeSettings
package import FileExchange
package import FilsluseSFTP
package import FilsluseBase
package import Logging
internal import TriggerFiles

/// Looks into one account's folders over an open connection, and evaluates the rules on the result.
///
/// It lists IN and OUT and reads new metadata and receipts, each once. It never reads data, and writes nothing on the
/// server. The connection can be kept for the next look. One account has at most one look at a time.
package struct InboxCheck: Sendable {
  /// The evaluator of the rules.
  package let evaluator: RuleEvaluator
  /// The store of the observations.
  package let store: WatchDatabase
  /// The journal of this machine's deliveries and arrivals; `nil` if there is none.
  package let journal: Journal?
  /// True to report a monitoring gap as a finding; false for single looks, which always have gaps between them.
  package var tellsGaps: Bool
  private let clock: @Sendable () -> Timestamp
  private let logger: Logger
  /// The sidecar files suspected of making the server end the session; the caller keeps them between looks.
  var losing = LosingSidecars()
  /// The number of such losses within one look before it is given up.
  private static let mostLossesInALook = 16

  /// Prepares to look.
  package init(
    evaluator: RuleEvaluator, store: WatchDatabase, journal: Journal?, tellsGaps: Bool = true,
    clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger
  ) {
    self.evaluator = evaluator
    self.store = store
    self.journal = journal
    self.tellsGaps = tellsGaps
    self.clock = clock
    self.logger = logger
  }

  /// Receives the report in the transaction that saves the observations: its changes are saved together with them, or
  /// not at all.
  typealias Taker = (inout AccountReport) async throws(ExchangeError) -> Void

  /// Looks into the account's folders, and evaluates the rules.
  ///
  /// If the report's failure says that the connection has ended, the next look needs a new one.
  package func look(into account: Account, over client: SFTPClient) async -> AccountReport {
    do throws(ExchangeError) {
      return try await attempt(account, over: client, isGentle: false, progress: Locked(SidecarReader.Progress())) {
        _ in
      }
    } catch {
      return await failed(account, error)
    }
  }

  /// Looks into the account's folders over a connection kept between looks, which is opened when needed.
  ///
  /// A server counts as reachable even if it closes an idle connection, or a connection after a number of requests. The
  /// look then keeps its readings and goes on over a new connection, one request at a time, as long as each connection
  /// reads something new or finds the file that makes the server end the session.
  func look(
    into account: Account, over connection: SharedConnection, _ take: Taker = { _ in }
  ) async -> AccountReport {
    var (wasIdle, isGentle, losses) = (await connection.isOpen, false, 0)
    while true {
      let progress = Locked(SidecarReader.Progress())
      let noted = losing.noted
      var client: SFTPClient?
      do throws(ExchangeError) {
        let open = try await connection.open()
        client = open
        return try await attempt(account, over: open, isGentle: isGentle, progress: progress, take)
      } catch {
        guard let client, let code = error.transfer?.code, error.transfer?.endsConnection == true else {
          return await failed(account, error, take)
        }
        await connection.drop(client)
        losses += losing.noted - noted
        let came = progress.withLock(\.self)
        let mayGetFurther =
          wasIdle || came.read > 0 || !isGentle && (came.hasBegun || code == .connectionLost)
          || losing.noted > noted && losses <= Self.mostLossesInALook
        guard mayGetFurther, !Task.isCancelled else { return await failed(account, error, take) }
        isGentle = !wasIdle
        wasIdle = false
      }
    }
  }

  /// Lists the folders, reads new metadata, and evaluates the rules.
  ///
  /// The end of a look is one transaction, with the observations and the findings. No transaction waits for the server,
  /// so the listing is written earlier if there is metadata to read; so are the long parts of a first look.
  private func attempt(
    _ account: Account, over client: SFTPClient, isGentle: Bool, progress: Locked<SidecarReader.Progress>,
    _ take: Taker
  ) async throws(ExchangeError) -> AccountReport {
    do {
      let look = try await store.begin(account.name, at: clock())
      let scan = FolderScan(client: client, account: account, store: store, clock: clock, logger: logger)
      let rest: FolderScan.Rest
      do {
        rest = try await scan.run(look)
      } catch {
        // A server that lists other names each time, and never to the end, must not fill the disk.
        try await store.abandon(look)
        throw error
      }
      let report = try await store.transaction { () async throws(ExchangeError) -> AccountReport? in
        try await store.finish(
          look, rest: rest.names, longestPause: evaluator.longestPause, difference: rest.clockDifference)
        guard try await store.unread(in: look, after: 0, limit: 1).isEmpty else { return nil }
        return try await conclude(account, take)
      }
      if let report { return report }
      let readings = try await SidecarReader(
        client: client, account: account, store: store, deadline: .now + account.listing.duration,
        isGentle: isGentle, progress: progress, losing: losing
      ).run(look)
      return try await conclude(account, take) { () async throws(ExchangeError) in
        try await store.record(readings, in: look)
      }
    } catch let error as SFTPError {
      throw ExchangeError(error, while: "look into \(account.name)")
    } catch let error as ExchangeError {
      throw error
    } catch {
      throw ExchangeError(
        .watchDatabase, operation: "look into \(account.name)", message: "\(error)", remedy: "see the cause")
    }
  }

  /// Evaluates an account and passes the report on, in one transaction with the writes of `observed`.
  private func conclude(
    _ account: Account, failure: ExchangeError? = nil, _ take: Taker,
    _ observed: () async throws(ExchangeError) -> Void = {}
  ) async throws(ExchangeError) -> AccountReport {
    try await store.transaction { () async throws(ExchangeError) -> AccountReport in
      try await observed()
      var report = await judge(account)
      report.failure = report.failure ?? failure
      try await take(&report)
      return report
    }
  }

  /// Evaluates an account as ``conclude(_:failure:_:_:)`` does; if the database cannot be written, the report says so.
  private func concludeAnyway(
    _ account: Account, failure: ExchangeError, _ take: Taker,
    _ observed: () async throws(ExchangeError) -> Void = {}
  ) async -> AccountReport {
    do throws(ExchangeError) {
      return try await conclude(account, failure: failure, take, observed)
    } catch {
      var report = unusable(account, error)
      do throws(ExchangeError) { try await take(&report) } catch { logger.say(.error, error.inBothLanguages) }
      return report
    }
  }

  /// Returns the reasons why findings missing from a look have ended, if known.
  func endings(of ended: [Finding], in report: AccountReport) async -> [Finding.ID: FindingEnding] {
    let explainer = EndingExplainer(evaluator: evaluator, store: store, journal: journal, now: report.checked)
    do throws(ExchangeError) {
      return try await explainer.endings(of: ended, in: report.state, findings: report.findings)
    } catch {
      logger.say(
        .warning,
        LocalizedText(
          "why findings of \(report.account) are over cannot be said: \(error)",
          "det kan ikke siges, hvorfor fund for \(report.account) er ovre: \(error.inDanish)"))
      return [:]
    }
  }

  /// Evaluates an account after a failed look: the findings of the last look stay, and the failure is added.
  ///
  /// A look interrupted by the end of the watcher says nothing about the account, and is not recorded as a failure.
  func failed(_ account: Account, _ failure: ExchangeError, _ take: Taker = { _ in }) async -> AccountReport {
    if Task.isCancelled {
      var report = await judge(account)
      report.failure = failure
      return report
    }
    return await concludeAnyway(account, failure: failure, take) { () async throws(ExchangeError) in
      try await store.noteFailure(Finding.Kind(failure), failure.inBothLanguages, of: account.name, at: clock())
    }
  }

  /// Evaluates an account by its last observations, after a failed look that is not repeated yet.
  func judgeAgain(_ account: Account, after failure: ExchangeError, _ take: Taker) async -> AccountReport {
    await concludeAnyway(account, failure: failure, take)
  }

  /// Evaluates an account by its last observations.
  package func judge(_ account: Account) async -> AccountReport {
    let now = clock()
    do throws(ExchangeError) {
      var state = try await store.state(of: account.name)
      if !account.bareFiles.isEmpty {
        let bare = try await store.bareFiles(of: account.name, isBare: account.isBare)
        state.files -= min(state.files, bare.files)
        state.bytes -= min(state.bytes, bare.bytes)
      }
      var findings = FindingCollection(account: account.name)
      findings.add(evaluator.findings(about: state, at: now).filter { tellsGaps || $0.kind != .watchGap })
      var last: Int64 = 0
      while true {
        let observedFiles = try await store.observations(of: account.name, after: last)
        guard let end = observedFiles.last else { break }
        last = end.id
        for observed in observedFiles { findings.add(evaluator.findings(about: observed, in: state, at: now)) }
      }
      findings.add(await judgeHistory(of: state, at: now))
      return AccountReport(account: account.name, checked: now, state: state, findings: findings.sorted())
    } catch {
      return unusable(account, error)
    }
  }

  /// Evaluates missing files and deliveries.
  private func judgeHistory(of state: InboxState, at now: Timestamp) async -> [Finding] {
    let history = WatchHistory(evaluator: evaluator, store: store, journal: journal)
    do throws(ExchangeError) {
      let arrivals = try await history.arrivals(in: state, at: now)
      let deliveries = try await history.deliveries(in: state, at: now)
      return evaluator.missing(among: arrivals, in: state, at: now)
        + evaluator.otherMunicipalities(among: arrivals, in: state, at: now)
        + evaluator.findings(about: deliveries, answers: arrivals, in: state, at: now)
    } catch {
      let kind: Finding.Kind = error.code.isOfJournal ? .journalUnreadable : .observationsUnusable
      return [
        Finding(
          kind: kind, severity: .critical, account: state.account, subject: "file",
          detail: error.inBothLanguages)
      ]
    }
  }

  private func unusable(_ account: Account, _ error: ExchangeError) -> AccountReport {
    let finding = Finding(
      kind: .observationsUnusable, severity: .critical, account: account.name, subject: "file",
      detail: error.inBothLanguages)
    return AccountReport(account: account.name, checked: clock(), findings: [finding], failure: error)
  }
}

extension Finding.Kind {
  /// The kind that a failure to look is.
  init(_ failure: ExchangeError) {
    self =
      switch failure.transfer?.code {
      case .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .fingerprintMalformed, .knownHostsUnreadable:
        .hostKeyChanged
      case nil where [.watchDatabase, .watchSchema].contains(failure.code): .observationsUnusable
      case nil: .loginFailed
      case let code?:
        switch code.category {
        case .passing, .request: .serverUnreachable
        case .account, .local: .loginFailed
        case .file: .listingFailed
        }
      }
  }
}
