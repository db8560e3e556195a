internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging
internal import SystemPackage

/// New settings for a run that goes on.
extension UnattendedRun {
  /// Takes up new settings as a whole, or refuses them and says why.
  ///
  /// - Returns: the accounts that are to begin now; changed ones begin when they have ended.
  func reload(_ new: SettingsReload) async -> [Account] {
    guard !stop.isRequested else {
      bulletin.logger.notice("the run is ending: new settings are for the next one")
      return []
    }
    bulletin.tell(.reloading)
    switch new {
    case .unusable(let error):
      let others = error.problems.count - 1
      refuse((error.problems.first?.description ?? "") + (others > 0 ? " (and \(others) more)" : ""))
    case .settings(let settings):
      do throws(ExchangeError) {
        let begun = try await take(settings)
        bulletin.isOver(.reloadRefused, account: "", "new settings are in force")
        bulletin.tell(.ready)
        return begun
      } catch {
        refuse(error.description)
      }
    }
    return []
  }

  /// Each time anew: a person has just asked for it.
  private func refuse(_ reason: String) {
    bulletin.forget(.reloadRefused, account: "")
    bulletin.stands(.reloadRefused, account: "", "the settings are kept as they were: \(reason)")
    bulletin.tell(.reloadRefused(reason))
  }

  private func take(_ new: ExchangeSettings) async throws(ExchangeError) -> [Account] {
    let before = state.withLock { $0 }
    try Self.requireSamePlaces(new, before.exchange.settings)
    let folders = try await Self.folders(new, keeping: before.folders, logger: bulletin.logger)
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
    alerts.change(new.alert, withheld: exchange.withheld.withLock { $0 })
    upkeep.take(exchange, folders: folders.values.flatMap { $0 })
    var working: Set<String> = []
    for jobs in before.jobs {
      let name = jobs.account.name
      working.insert(name)
      let account = new.account(named: name)
      if account == jobs.account, !jobs.stop.isRequested {
        let left = jobs.live.take(exchange, folders: folders[name] ?? [])
        await tell(ofLeft: left, account: name)
        await jobs.line.retryNow()
      } else {
        bulletin.logger.info("\(name): \(account == nil ? "removed from the settings" : "its settings have changed")")
        let left = jobs.live.folders.filter { old in
          !folders.values.joined().contains { $0.rules.path == old.rules.path }
        }
        await tell(ofLeft: left, account: name)
        if account == nil { await tell(ofRemoved: name, exchange) }
        jobs.stop.request()
      }
    }
    endStandingHooks(before.exchange.settings, new)
    return new.accounts.filter { !working.contains($0.name) }
  }

  /// What this process has open and holds locked cannot become another while it runs.
  private static func requireSamePlaces(
    _ new: ExchangeSettings, _ old: ExchangeSettings
  ) throws(ExchangeError) {
    for (key, was, wanted) in [("journal", old.journal, new.journal), ("inbox", old.inbox, new.inbox)]
    where was != wanted {
      throw ExchangeError(
        .invalidSettings, operation: "take up new settings", path: new.source.string,
        message: "\(key): is \(wanted), and this run works with \(was)",
        remedy: "restart filsluse run to change it, or put it back")
    }
  }

  /// Tells of files that were taken from a folder that is watched no longer.
  private func tell(ofLeft folders: [OutgoingFolder], account: String) async {
    for folder in folders {
      await bulletin.reporting { () async throws(ExchangeError) in
        let items = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.items() }
        guard !items.isEmpty else { return }
        bulletin.attention(
          .removedUnfinished, account: account,
          "\(items.count) taken files lie unfinished in \(folder.taken.path), which route \(folder.route) watches no longer: put it back into the settings, or see to them by hand"
        )
      }
    }
  }

  /// Tells of what is open of an account that is gone from the settings.
  private func tell(ofRemoved account: String, _ exchange: Exchange) async {
    bulletin.isOver(.accountStopped, account: account, "the account is gone from the settings")
    await bulletin.reporting { () async throws(ExchangeError) in
      let now = Timestamp.now
      let begun = try await exchange.journal.deliveriesBegun(of: account, before: now)
      let waiting = try await exchange.journal.deliveriesWaiting(of: account, since: now)
      let open = Set((begun + waiting).map(\.id)).sorted()
      let arrivals = try await exchange.journal.arrivalsToFinish(of: account).map(\.id)
      guard !open.isEmpty || !arrivals.isEmpty else { return }
      let numbers = open.map { "D\($0)" } + arrivals.map { "A\($0)" }
      let shown = numbers.prefix(20).joined(separator: ", ") + (numbers.count > 20 ? " …" : "")
      bulletin.attention(
        .removedUnfinished, account: account,
        "the account is gone from the settings, and \(numbers.count) of its deliveries and arrivals are unfinished: \(shown); put it back, or end each (filsluse cancel)"
      )
    }
  }

  /// A program that no route names any more is missed by nobody.
  private func endStandingHooks(_ old: ExchangeSettings, _ new: ExchangeSettings) {
    for route in old.arrivals where route.hook != nil {
      let isNamed = new.arrivals.contains { $0.account == route.account && $0.name == route.name && $0.hook != nil }
      if !isNamed {
        bulletin.isOver(
          .hookNotStarted, account: route.account, of: route.name, "route \(route.name) names no program any more")
      }
    }
  }
}

extension Exchange {
  /// The journal's last entry: what an account's deliveries were refused before it has been told.
  func lastEntry(for account: Account) async throws(ExchangeError) -> Int64 {
    try await journal.deliveriesRefused(of: account.name, after: .max).lastEntry
  }
}

extension Bulletin {
  /// Says that a receiver's program cannot be started, or that it can again.
  func note(_ start: HookStart) {
    if let failure = start.failure {
      stands(.hookNotStarted, account: start.account, of: start.route, failure.description)
    } else {
      isOver(
        .hookNotStarted, account: start.account, of: start.route, "the program of \(start.route) can be started again")
    }
  }
}
