import ExchangeSettings
import FileExchange
import FilsluseBase
import Logging
import PlatformFixture
import SystemPackage
import TriggerFiles

@testable import PickupWatch

/// A night at many inboxes, one for each municipality, in a real database: filled as looks fill it, judged by the
/// rules.
///
/// It is noon in Denmark on Monday 2026-11-23. Every inbox expects a file of its municipality daily by 06:00, and a
/// file is to be picked up within four hours. The file of all but the last inbox came at 05:00. In the first inboxes it
/// still waits, and is late; in the others it was picked up half an hour later. The other files came at 11:00 and are
/// in time.
struct ConsoleField: Sendable {
  let database: WatchDatabase
  let evaluator: RuleEvaluator
  let queries: ConsoleQueries
  let status: WatchStatus
  let now: Timestamp
  /// The accounts, in the order of their municipalities.
  let accounts: [String]
  let municipalities: [Municipality]

  static let infRef = InfRef(unchecked: "Udbetaling_1")
  static let noon = Timestamp(secondsSince1970: 1_795_431_600)

  /// Fills a database and hands it over.
  ///
  /// - Parameters:
  ///   - inboxes: the number of inboxes, 98 at most.
  ///   - files: the number of files, each with its metadata.
  ///   - late: the number of inboxes with a late file.
  ///   - missing: the number of the last inboxes whose municipalities have sent nothing; 0 for a quiet night.
  static func with(
    inboxes: Int = 98, files: Int = 500, late: Int = 31, missing: Int = 1, _ body: (ConsoleField) async throws -> Void
  ) async throws {
    try await withScratchFolder("console") { folder in
      let database = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      try await body(try await filled(database, inboxes: inboxes, files: files, late: late, missing: missing))
      try await database.close()
    }
  }

  private static func filled(
    _ database: WatchDatabase, inboxes: Int, files: Int, late: Int, missing: Int
  ) async throws -> ConsoleField {
    let municipalities = Array(Municipality.all.prefix(inboxes))
    let accounts = municipalities.map { "kommune-\($0.code)" }
    let settings = settings(accounts, municipalities)
    guard let evaluator = RuleEvaluator(settings) else { throw NoTimeZone() }
    var statuses: [InboxStatus] = []
    let senders = inboxes - missing
    let most = max(0, files - senders)
    for (index, account) in accounts.enumerated() {
      let code = municipalities[index].code
      let isSilent = index >= senders
      let fresh = isSilent ? 0 : most / max(1, senders) + (index < most % max(1, senders) ? 1 : 0)
      let first = isSilent ? [] : pair("Udbetaling_\(code)_a.xml")
      let rest = (0..<fresh).flatMap { pair("Udbetaling_\(code)_b\($0).xml") }
      let filling = Filling(database: database, account: account)
      try await filling.look(at: -72_000, [])
      try await filling.look(at: -25_260, [])
      try await filling.look(at: -25_200, first)
      try await filling.look(at: -23_460, first)
      let left = index < late ? first : []
      try await filling.look(at: -23_400, left)
      try await filling.look(at: -3660, left)
      try await filling.look(at: -3600, left + rest)
      try await filling.look(at: 0, left + rest)
      statuses.append(try await judge(account, evaluator, database))
    }
    let found = statuses
    let queries = ConsoleQueries(
      store: database, evaluator: evaluator, clock: { noon }, inboxes: { found })
    var status = WatchStatus(version: "0.1.0", taken: noon, started: noon.earlier(by: .seconds(86_400)))
    status.inboxes = statuses
    status.alerts = try await database.shown(overSince: noon.earlier(by: .seconds(86_400)))
    return ConsoleField(
      database: database, evaluator: evaluator, queries: queries, status: status, now: noon, accounts: accounts,
      municipalities: municipalities)
  }

  /// Settings with an account for each municipality.
  private static func settings(_ accounts: [String], _ municipalities: [Municipality]) -> ExchangeSettings {
    var settings = ExchangeSettings(source: "filsluse.yaml")
    settings.accounts = accounts.map {
      Account(name: $0, host: "127.0.0.1", user: $0, key: FilePath("/keys/\($0)"), hostKeys: .pinned([]))
    }
    settings.watch.infRefRules = zip(accounts, municipalities).map { account, municipality in
      InfRefRule(
        accounts: [account], infRef: infRef,
        pickUp: PickUpLimit(within: RulePeriod(.seconds(4 * 3600))),
        expected: ExpectedFiles(
          rhythm: Rhythm(.daily, byMinute: 6 * 60), municipalities: [.code(municipality.code)], grace: .seconds(600)),
        line: 1)
    }
    return settings
  }

  /// The id of the transfer by which a file of that name came.
  static func transfer(of name: String) -> String { String(name.dropLast(4)).replacing("_", with: "-") }

  private static func pair(_ name: String) -> [ListingEntry] {
    [ListingEntry.Part.data, .sidecar].map {
      ListingEntry(place: .inbox, part: $0, name: Array(name.utf8), size: 4, modified: nil)
    }
  }

  /// Judges an inbox, takes its alerts and keeps its figures, as the watcher does after a look.
  private static func judge(
    _ account: String, _ evaluator: RuleEvaluator, _ database: WatchDatabase
  ) async throws -> InboxStatus {
    let check = InboxCheck(
      evaluator: evaluator, store: database, journal: nil, clock: { noon },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let described = evaluator.settings.accounts.first { $0.name == account }
    guard let described else { throw NoTimeZone() }
    let report = await check.judge(described)
    _ = try await database.take(
      AlertLook(account: account, at: noon, findings: report.findings), settings: AlertSettings(groupAbove: 10_000),
      sinks: ["log"])
    let state = try await database.state(of: account)
    let keeper = FigureKeeper(evaluator: evaluator, store: database)
    try await keeper.keepPickUps(of: state, at: noon)
    _ = try await keeper.keepExpected(of: state, journal: nil, at: noon)
    let waiting = try await WaitingReader(evaluator: evaluator, store: database).waiting(
      in: account, state: state, at: noon)
    return InboxStatus(account: account, waiting: waiting, lastLook: noon)
  }

  private struct NoTimeZone: Error {}

  /// Fills one inbox.
  private struct Filling {
    let database: WatchDatabase
    let account: String

    /// A look so many seconds before or after noon, which shows those names and reads the metadata that is new.
    func look(at second: Int, _ names: [ListingEntry]) async throws {
      let look = try await database.begin(account, at: ConsoleField.noon.later(by: .seconds(second)))
      try await database.note(names, in: look)
      // Nobody looked less often than this, so that there are no monitoring gaps.
      try await database.finish(look, longestPause: .seconds(86_400), difference: nil)
      let unread = try await database.unread(in: look, after: 0, limit: 200_000)
      let readings = unread.map { note in
        let name = String(decoding: note.name, as: UTF8.self)
        return SidecarReading(
          id: note.id,
          content: .metadata(
            ObservedFacts(
              transfer: ConsoleField.transfer(of: name), infRef: ConsoleField.infRef, sender: "fk-kla",
              senderAuthority: "11111111", recipientAuthority: "29189846", size: 4)))
      }
      try await database.record(readings, in: look)
    }
  }
}
