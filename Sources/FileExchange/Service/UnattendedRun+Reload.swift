internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// New settings for a run that goes on.
extension UnattendedRun {
  /// Applies new settings as a whole, or refuses them and reports why.
  ///
  /// - Returns: the accounts to begin now; changed ones begin when they have ended.
  func reload(_ new: SettingsReload) async -> [Account] {
    guard !stop.isRequested else {
      reporter.logger.notice("the run is ending: new settings are for the next one")
      return []
    }
    reporter.publish(.reloading)
    switch new {
    case .unusable(let error):
      let others = error.problems.count - 1
      refuse((error.problems.first?.description ?? "") + (others > 0 ? " (and \(others) more)" : ""))
    case .settings(let settings):
      do throws(ExchangeError) {
        let begun = try await take(settings)
        reporter.publish(.ready)
        return begun
      } catch {
        refuse(error.description)
      }
    }
    return []
  }

  /// Reports the refusal each time, because a person has just requested the reload.
  private func refuse(_ reason: String) {
    reporter.attention(
      .reloadRefused, account: "", isNews: true,
      LocalizedText(
        "the settings are kept as they were: \(reason)",
        "Indstillingerne er, som de var, for de nye kan ikke bruges; loggen siger, hvad der er galt."))
    reporter.publish(.reloadRefused(reason))
  }

  private func take(_ new: ExchangeSettings) async throws(ExchangeError) -> [Account] {
    let before = state.withLock { $0 }
    try Self.requireSamePlaces(new, before.exchange.settings)
    let folders = try await Self.folders(new, keeping: before.folders, logger: reporter.logger)
    var firstEntries = before.firstEntries
    for account in new.accounts where firstEntries[account.name] == nil {
      firstEntries[account.name] = try await before.exchange.lastEntry(for: account)
    }
    // Nothing is refused from here on.
    let exchange = before.exchange.taking(new)
    state.withLock { state in
      state.exchange = exchange
      state.folders = folders
      state.firstEntries = firstEntries
    }
    alerts.change(exchange)
    reporter.settle(by: new)
    upkeep.take(exchange, folders: folders.values.flatMap { $0 })
    var working: Set<String> = []
    for jobs in before.jobs {
      let name = jobs.account.name
      working.insert(name)
      let account = new.account(named: name)
      if account == jobs.account, !jobs.stop.isRequested {
        let left = jobs.live.take(exchange, folders: folders[name] ?? [])
        await report(ofLeft: left, account: name)
        exchange.suspects.endPauses(of: name)
        await jobs.connection.retryNow()
      } else {
        reporter.logger.info("\(name): \(account == nil ? "removed from the settings" : "its settings have changed")")
        let left = jobs.live.folders.filter { old in
          !folders.values.joined().contains { $0.rules.path == old.rules.path }
        }
        await report(ofLeft: left, account: name)
        if account == nil { await report(ofRemoved: name, exchange) }
        jobs.stop.request()
      }
    }
    return new.accounts.filter { !working.contains($0.name) }
  }

  /// The files that this process has open and locked cannot be changed while it runs.
  private static func requireSamePlaces(
    _ new: ExchangeSettings, _ old: ExchangeSettings
  ) throws(ExchangeError) {
    let places = [
      ("journal", old.journalName, new.journalName), ("inbox", old.inbox.string, new.inbox.string),
    ]
    for (key, was, wanted) in places where was != wanted {
      throw ExchangeError(
        .invalidSettings, operation: "take up new settings", path: new.source.string,
        message: "\(key): is \(wanted), and this run works with \(was)",
        remedy: "restart \(.run) to change it, or put it back"
      ).inDanish(
        ("\(key): er \(wanted) i \(new.source), og denne kørsel arbejder med \(was). Genstart \(.run) for at ændre det, eller sæt det tilbage."
          as Remedy).inDanish)
    }
  }

  /// Reports files that were taken from a folder that is watched no longer.
  private func report(ofLeft folders: [OpenedWatchedFolder], account: String) async {
    for folder in folders {
      await reporter.reporting { () async throws(ExchangeError) in
        let items = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.items() }
        guard !items.isEmpty else { return }
        reporter.attention(
          .removedUnfinished, account: account, at: folder.taken.path,
          LocalizedText(
            "\(items.count) taken files lie unfinished in \(folder.taken.path), which route \(folder.route) watches no longer: put it back into the settings, or see to them by hand",
            "\(items.count) filer, der er taget, ligger ufærdige i \(folder.taken.path), som ruten \(folder.route) ikke længere overvåger. Sæt mappen ind i indstillingerne igen, eller tag dig af filerne i hånden."
          ))
      }
    }
  }

  /// Reports the open work of an account that is gone from the settings.
  private func report(ofRemoved account: String, _ exchange: Exchange) async {
    await reporter.reporting { () async throws(ExchangeError) in
      guard let left = try await exchange.journal.unfinished(of: account) else { return }
      reporter.attention(
        .removedUnfinished, account: account, LocalizedText(left.line, left.line(in: .danish)))
    }
  }
}

extension Exchange {
  /// Returns the journal's last entry: refusals of an account's deliveries up to it were reported before.
  func lastEntry(for account: Account) async throws(ExchangeError) -> Int64 {
    try await journal.deliveriesRefused(of: account.name, after: .max).lastEntry
  }
}

extension RunReporter {
  /// Ends the problems that there cannot be by the settings in force.
  func settle(by settings: ExchangeSettings) {
    isOver(.reloadRefused, account: "", LocalizedText("new settings are in force", "De nye indstillinger gælder."))
    areOver(LocalizedText("the account is gone from the settings", "Kontoen er taget ud af indstillingerne.")) {
      problem in
      problem.kind != .removedUnfinished && problem.key.account.map { settings.account(named: $0) == nil } ?? false
    }
    areOver(LocalizedText("the route names no program any more", "Ruten har ikke længere noget program.")) { problem in
      problem.kind == .hookCannotStart
        && !settings.arrivals.contains {
          $0.account == problem.key.account && $0.name == problem.key.subject && $0.hook != nil
        }
    }
    areOver(LocalizedText("the folder is watched again", "Mappen overvåges igen.")) { problem in
      problem.kind == .removedUnfinished
        && settings.routes.contains { $0.outgoing?.path.appending(".taken").string == problem.place }
    }
  }

  /// Reports that a receiver's program cannot be started, or can be started again.
  func note(_ start: ProgramStart) {
    if let failure = start.failure {
      attention(.hookCannotStart, account: start.account, of: start.route, failure.inBothLanguages)
    } else {
      isOver(
        .hookCannotStart, account: start.account, of: start.route, .hookStarts(start.route))
    }
  }
}
