internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging

extension Exchange {
  /// Collects everything that waits in the account's IN into its inbox folder, and the receipts of its deliveries.
  ///
  /// Data is fetched only when its metadata is read, understood and expected (contract section 5), appears in the inbox
  /// folder whole, is given to the program that its arrival route names, and is removed from IN only after that. What
  /// cannot be collected stays in IN and is in the report.
  ///
  /// Nothing is removed from IN but what is proven to be what was fetched: data by its size and modification time, if it
  /// was at least two seconds old at the fetch by the server's clock, or else because it is fetched again and has the
  /// same SHA-256; metadata and receipts by their bytes, read again. What differs is never removed, and is a problem of
  /// the report with code `remote-differs`. SFTP cannot remove a file on a condition: what takes its place between this
  /// last look and the server's REMOVE, one round trip later (and a step of the journal, where the data came again),
  /// is removed. So is data that is replaced and given the size and the modification time of what was fetched.
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
    ExchangeError(
      .unknownRoute, operation: "collect", message: "there is no account named \(name) in \(settings.source)",
      remedy: "use one of: \(settings.accounts.map(\.name).joined(separator: ", "))"
    ).inDanish("Der er ingen konto \(name) i \(settings.source).")
  }
}
