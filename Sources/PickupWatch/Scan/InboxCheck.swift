public import ExchangeSettings
public import FileExchange
public import FilsluseSFTP
public import FilsluseSystem
public import Logging
internal import TriggerFiles

/// Looks into one account's folders over a connection that is open, and judges what it sees.
///
/// It lists IN and OUT and reads each new metadata and receipt once. It never opens data, and asks the server to write
/// nothing. The connection can be kept for the next look. Of one account there is one look at a time.
public struct InboxCheck: Sendable {
  /// The evaluator of the rules.
  public let evaluator: RuleEvaluator
  /// The store of the observations.
  public let store: ObservationStore
  /// The journal of deliveries and arrivals of this machine; `nil` where nothing was ever exchanged here.
  public let journal: Journal?
  /// True if a monitoring gap is a finding. Not so for single looks, between which there are always gaps.
  public var tellsGaps: Bool
  private let clock: @Sendable () -> Timestamp
  private let logger: Logger

  /// Prepares to look.
  public init(
    evaluator: RuleEvaluator, store: ObservationStore, journal: Journal?, tellsGaps: Bool = true,
    clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger
  ) {
    self.evaluator = evaluator
    self.store = store
    self.journal = journal
    self.tellsGaps = tellsGaps
    self.clock = clock
    self.logger = logger
  }

  /// Looks into the account's folders, and judges them.
  ///
  /// Where the report's failure says that the connection has ended, a new one is to be made for the next look.
  public func look(into account: Account, over client: SFTPClient) async -> AccountReport {
    await look(into: account, over: client, isGentle: false)
  }

  private func look(into account: Account, over client: SFTPClient, isGentle: Bool) async -> AccountReport {
    let read = Locked(0)
    var report = await look(into: account, over: client, isGentle, read)
    report.notesRead = read.withLock { $0 }
    return report
  }

  private func look(
    into account: Account, over client: SFTPClient, _ isGentle: Bool, _ read: Locked<Int>
  ) async -> AccountReport {
    let operation = "look into \(account.name)"
    do {
      let look = try await store.begin(account.name, at: clock())
      let scan = FolderScan(client: client, account: account, store: store, clock: clock, logger: logger)
      let difference: Duration?
      do {
        difference = try await scan.run(look)
      } catch {
        // A server that lists other names each time, and never to the end, must not fill the disk.
        try await store.abandon(look)
        throw error
      }
      try await store.finish(look, longestPause: evaluator.longestPause, difference: difference)
      try await SidecarReader(
        client: client, account: account, store: store, deadline: .now + account.listing.longest,
        isGentle: isGentle, read: read
      ).run(look)
      return await judge(account)
    } catch let error as SFTPError {
      return await failed(account, ExchangeError(error, while: operation))
    } catch let error as ExchangeError {
      return await failed(account, error)
    } catch {
      return await failed(
        account, ExchangeError(.watchDatabase, operation: operation, message: "\(error)", remedy: "see the cause"))
    }
  }

  /// Looks into the account's folders over a connection that is kept from look to look, and made where there is none.
  ///
  /// A server may end a connection that was idle, or after so many requests: that says nothing of whether it can be
  /// reached, and what was read stays read. So the look goes on over a new one, with one request at a time, for as long
  /// as each gets further.
  func look(into account: Account, over kept: inout SFTPClient?) async -> AccountReport {
    var (wasIdle, isGentle) = (kept != nil, false)
    while true {
      let client: SFTPClient
      if let open = kept {
        client = open
      } else {
        do throws(ExchangeError) {
          client = try await account.connectToLook(logger: logger)
        } catch {
          return await failed(account, error)
        }
      }
      kept = client
      let report = await look(into: account, over: client, isGentle: isGentle)
      guard let failure = report.failure?.transfer, failure.endsConnection else { return report }
      await client.close()
      kept = nil
      let mayGetFurther = wasIdle || report.notesRead > 0 || failure.code == .connectionLost && !isGentle
      guard mayGetFurther, !Task.isCancelled else { return report }
      isGentle = !wasIdle
      wasIdle = false
    }
  }

  /// Returns the reasons why findings missing from a look have ended, as far as they are known.
  func endings(of ended: [Finding], in report: AccountReport) async -> [Finding.ID: FindingEnding] {
    let explainer = EndingExplainer(evaluator: evaluator, store: store, journal: journal, now: report.checked)
    do throws(ExchangeError) {
      return try await explainer.endings(of: ended, in: report.state, findings: report.findings)
    } catch {
      logger.warning("why findings of \(report.account) are over cannot be said: \(error)")
      return [:]
    }
  }

  /// Judges an account whose folders could not be looked into: what was found at the last look stays, and the failure
  /// is added.
  ///
  /// That a look was broken off because the watcher ends says nothing of the account, and is not kept.
  public func failed(_ account: Account, _ failure: ExchangeError) async -> AccountReport {
    if Task.isCancelled {
      var report = await judge(account)
      report.failure = failure
      return report
    }
    let kind = Finding.Kind(failure)
    do throws(ExchangeError) {
      try await store.noteFailure(kind, failure.localized, of: account.name, at: clock())
    } catch {
      return unusable(account, error)
    }
    var report = await judge(account)
    report.failure = failure
    return report
  }

  /// Judges an account by what was seen last.
  public func judge(_ account: Account) async -> AccountReport {
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
        let sights = try await store.sights(of: account.name, after: last)
        guard let end = sights.last else { break }
        last = end.id
        for sight in sights { findings.add(evaluator.findings(about: sight, in: state, at: now)) }
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
      let kind: Finding.Kind = error.code == .journal ? .journalUnreadable : .sightsUnusable
      return [
        Finding(
          kind: kind, severity: .critical, account: state.account, subject: "file", rule: nil, detail: error.localized)
      ]
    }
  }

  private func unusable(_ account: Account, _ error: ExchangeError) -> AccountReport {
    let finding = Finding(
      kind: .sightsUnusable, severity: .critical, account: account.name, subject: "file", rule: nil,
      detail: error.localized)
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
      case nil where failure.code == .watchDatabase: .sightsUnusable
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
