public import ExchangeSettings
public import FileExchange
internal import FilsluseSFTP
public import FilsluseBase
import Glibc
public import Logging
internal import SystemPackage
internal import TriggerFiles

/// One look into every watched account, each over its own connection. An account that cannot be reached does not block
/// the others.
public struct WatchOnce: Sendable {
  /// Accounts and rules.
  public let settings: ExchangeSettings
  private let clock: @Sendable () -> Timestamp
  private let logger: Logger

  /// Connections that are open at a time.
  private static let atATime = 16

  /// Prepares a look into every watched account.
  public init(
    settings: ExchangeSettings, clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger
  ) {
    self.settings = settings
    self.clock = clock
    self.logger = logger
  }

  /// The accounts that a rule is about, in the order of the settings.
  public var watchedAccounts: [Account] { settings.watchedAccounts }

  /// Looks into every watched account.
  ///
  /// - Returns: a report for each account, in the order of the settings.
  /// - Throws: `ExchangeError` with code `watchDatabase` if the observations cannot be stored.
  public func run() async throws(ExchangeError) -> [AccountReport] {
    let (store, reports) = try await withLook { look in await lookIntoAll(look) }
    try await store.close()
    return reports
  }

  /// Evaluates every watched account by its last observations, without connecting to any server.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` if the observations cannot be read.
  public func judge() async throws(ExchangeError) -> [AccountReport] {
    let (store, reports) = try await withLook { look in
      var reports: [AccountReport] = []
      for account in watchedAccounts { reports.append(await look.judge(account)) }
      return reports
    }
    try await store.close()
    return reports
  }

  private func withLook(
    _ body: (InboxCheck) async -> [AccountReport]
  ) async throws(ExchangeError) -> (WatchDatabase, [AccountReport]) {
    let evaluator = try RuleEvaluator(checking: settings)
    let store = try await WatchDatabase.open(settings.watch.database)
    var journal: Journal?
    var broken: ExchangeError?
    do throws(ExchangeError) { journal = try await settings.journalIfThere() } catch { broken = error }
    let look = InboxCheck(
      evaluator: evaluator, store: store, journal: journal, tellsGaps: false, clock: clock, logger: logger)
    var reports = await body(look)
    if let broken { for index in reports.indices { reports[index].add(broken) } }
    try await journal?.close()
    return (store, reports)
  }

  private func lookIntoAll(_ look: InboxCheck) async -> [AccountReport] {
    await withTaskGroup(of: (Int, AccountReport).self) { group in
      var rest = watchedAccounts.enumerated().makeIterator()
      var reports: [(Int, AccountReport)] = []
      for _ in 0..<Self.atATime {
        guard let (index, account) = rest.next() else { break }
        group.addTask { (index, await connect(account, look)) }
      }
      while let report = await group.next() {
        reports.append(report)
        if let (index, account) = rest.next() { group.addTask { (index, await connect(account, look)) } }
      }
      return reports.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func connect(_ account: Account, _ look: InboxCheck) async -> AccountReport {
    let connection = SharedConnection.forLooks(into: account, logger: logger)
    let report = await look.look(into: account, over: connection)
    await connection.close()
    return report
  }
}

extension AccountReport {
  /// Adds that the journal cannot be read.
  mutating func add(_ broken: ExchangeError) {
    findings.insert(
      Finding(
        kind: .journalUnreadable, severity: .critical, account: account, subject: "file",
        detail: broken.inBothLanguages),
      at: 0)
  }

  /// Adds that the watch's database is not the file that has its path now.
  mutating func add(displacement: LocalizedText) {
    findings.insert(
      Finding(
        kind: .observationsUnusable, severity: .critical, account: account, subject: "displaced",
        detail: displacement),
      at: 0)
  }
}
