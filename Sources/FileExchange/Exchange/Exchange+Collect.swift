internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

extension Exchange {
  /// Collects everything that waits in the account's IN into its inbox folder, and the receipts of its deliveries.
  ///
  /// Data is fetched only after its metadata is read, understood and expected (contract section 5). It appears in the
  /// inbox folder whole, is handed to its arrival route's program, and is then removed from IN. Pairs that cannot be
  /// collected stay in IN and are in the report.
  ///
  /// A file is removed from IN only if it is proven to be the fetched one. For data, size and modification time are the
  /// proof if the file was at least two seconds old at the fetch by the server's clock; otherwise it is fetched again
  /// and its SHA-256 compared. Metadata and receipts are read again and compared byte by byte. A file that differs is
  /// never removed, and is a problem of the report with code `remote-differs`. SFTP has no conditional removal: a file
  /// that replaces the proven one between this last check and the server's REMOVE, one round trip later (and a step of
  /// the journal, if the data was fetched again), is removed. So is replaced data with the same size and modification
  /// time.
  public func collect(_ accountName: String, options: CollectionOptions = CollectionOptions()) async -> CollectionReport
  {
    let recorder = CollectionRecorder(account: accountName)
    guard let account = settings.account(named: accountName) else {
      recorder.add(problem: unknownAccount(accountName))
      return recorder.report
    }
    let starts = Locked<[ProgramStart]>([])
    var exchange = self
    exchange.onProgramStart = { start in
      onProgramStart(start)
      starts.withLock { $0.append(start) }
    }
    func look(_ part: CollectionRun.Part, over client: SFTPClient) async -> ConnectionUse {
      let (steps, lessons) = (recorder.steps, suspects.lessons(at: account.name))
      do throws(ExchangeError) {
        try await CollectionRun(exchange, into: account, for: part, over: client, options: options, recorder: recorder)
          .carryOut()
        return .done
      } catch {
        let madeProgress = recorder.steps > steps || suspects.lessons(at: account.name) > lessons
        return .lost(error, madeProgress: madeProgress)
      }
    }
    var failure = await withConnections(to: account) { await look(.unsuspected, over: $0) }
    if failure == nil, recorder.hasLast {
      failure = await withOwnConnection(to: account) { await look(.last, over: $0) }
    }
    if let failure { recorder.add(problem: failure) }
    let report = recorder.report
    await noteOutcome(of: account, failure: failure, report: report, starts: starts.withLock { $0 })
    return report
  }

  func unknownAccount(_ name: String) -> ExchangeError {
    let names = settings.accounts.map(\.name)
    let meant = NearestName.withSameNumbers(as: name, among: names)
    let list = names.joined(separator: ", ")
    return ExchangeError(
      .unknownRoute, operation: "collect", message: "there is no account named \(name) in \(settings.source)",
      remedy: "\(meant.map { "did you mean “\($0)”? " } ?? "")use one of: \(list)"
    ).inDanish(
      "Der er ingen konto \(name) i \(settings.source).\(meant.map { " Mente du „\($0)“?" } ?? "") Brug en af: \(list)."
    )
  }
}
