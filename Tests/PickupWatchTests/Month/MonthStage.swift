import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Plays the script on a real server, and lets the daemon's own loop look at it by the script's clock.
final class MonthStage {
  /// One inbox, the days on which it is watched, and the minutes at which something must be sent.
  struct Plan: Sendable {
    let inbox: ScriptedInbox
    let days: [String]
    /// True if it is also looked into where nothing happens.
    let isWatchedClosely: Bool
    let minutes: [Timestamp]
  }

  /// A notification that was sent.
  struct SentText: Sendable {
    /// One line, as `2026-03-16 10:10 0161 data-without-metadata fired`.
    let line: String
    /// The headline, and everything below it.
    let text: [String]
  }

  /// The result of a run of the script.
  struct Course: Sendable {
    /// The findings as they begin, change and end, in lines as those of ``SentText``.
    var found: [String] = []
    var sent: [AlertSettings.Language: [SentText]] = [:]

    mutating func add(_ other: Course) {
      found += other.found
      sent.merge(other.sent) { $0 + $1 }
    }
  }

  private static let minute = Duration.seconds(60)

  private let month: ScriptedMonth
  private let server: TestServer
  private let clock = Locked(Timestamp(secondsSince1970: 0))
  private let session: WatchSession
  private let folder: FilePath
  private let journal: FilePath
  private var course = Course()
  /// The latest moment that was played.
  private var latest = Timestamp(secondsSince1970: 0)
  /// One connection for all inboxes: they are folders of one user.
  private var connection: SharedConnection?

  private init(_ month: ScriptedMonth, _ server: TestServer, _ folder: FilePath) async throws {
    self.month = month
    self.server = server
    self.folder = folder
    var settings = month.settings
    settings.watch.database = folder.appending("watch.sqlite")
    settings.journal = folder.appending("journal.sqlite")
    settings.watch.alerts = Self.alerts(.danish, to: folder)
    for index in settings.accounts.indices {
      let name = settings.accounts[index].name
      // Each inbox is at a server of its own by the settings, so that no alert waits for the looks of others.
      settings.accounts[index] = Account(
        name: name, host: "\(name).invalid", port: server.port, user: server.user.name, key: server.user.keyFile,
        hostKeys: .pinned([server.fingerprint]), folders: RemoteFolders(in: "\(name)/IN", out: "\(name)/OUT"))
    }
    journal = settings.journal
    try await Journal.open(journal).close()
    let clock = clock
    session = try await WatchSession.begin(
      settings, version: "test", started: clock.withLock { $0 }, unconfirmed: UnconfirmedSends(),
      clock: { clock.withLock { $0 } }, logger: WatchedServer.quiet)
  }

  /// The alerts' settings in a language. Repetitions are another test's.
  private static func alerts(_ language: AlertSettings.Language, to folder: FilePath) -> AlertSettings {
    AlertSettings(
      language: language, repeatEvery: .seconds(30 * 86_400),
      sinks: [
        .command(AlertSink.CommandTarget(command: ["/bin/sh", "-c", "cat >> \"$0\"", received(in: folder).string]))
      ])
  }

  private static func received(in folder: FilePath) -> FilePath { folder.appending("received") }

  static func play(
    _ plans: [Plan], of month: ScriptedMonth, on server: TestServer, shard: Int
  ) async throws -> Course {
    try await withScratchFolder("month-\(shard)") { folder in
      let stage = try await MonthStage(month, server, folder)
      for plan in plans { try await stage.play(plan) }
      return try await stage.end()
    }
  }

  private func play(_ plan: Plan) async throws {
    let inbox = plan.inbox
    let scene = try MonthScene(inbox, server, journal: journal)
    let account = try #require(session.settings.account(named: inbox.account))
    var standing: [Finding.ID: Finding] = [:]
    for now in try times(of: plan) {
      clock.withLock { $0 = now }
      latest = max(latest, now)
      try await scene.set(at: now)
      let blindness = inbox.blindness(at: now)
      if let blindness, blindness.failure == nil { continue }
      let account = self.account(account, during: blindness)
      if let kept = connection {
        let isOther = await kept.account != account
        if blindness != nil || isOther {
          await kept.close()
          connection = nil
        }
      }
      let connection = connection ?? .forLooks(into: account, logger: WatchedServer.quiet)
      self.connection = connection
      let watch = AccountLoop(account, of: session)
      let report = try #require(await watch.turn(over: connection))
      note(report.findings, &standing, inbox, at: now)
    }
  }

  /// The account as it is to be reached: at a port where nothing listens, or expecting another host key, while it is
  /// blind.
  private func account(_ account: Account, during blindness: BlindSpan?) -> Account {
    var account = account
    account.host = server.host
    switch blindness?.failure {
    case .serverUnreachable?: account.port = 1
    case .hostKeyChanged?:
      account.hostKeys = .pinned([KeyFingerprint(of: [])])
    default: break
    }
    return account
  }

  private func times(of plan: Plan) throws -> [Timestamp] {
    let begin = try month.at("\(try #require(plan.days.first)) 00:00")
    let end = try month.at("\(try #require(plan.days.last)) 23:59")
    var times = plan.inbox.events.union(plan.minutes)
    times.formUnion(plan.minutes.map { $0.earlier(by: Self.minute) })
    var next = begin
    while plan.isWatchedClosely, next <= end {
      times.insert(next)
      next = next.later(by: Self.minute * 75)
    }
    return times.filter { begin <= $0 && $0 <= end }.sorted()
  }

  private func note(
    _ findings: [Finding], _ standing: inout [Finding.ID: Finding], _ inbox: ScriptedInbox, at now: Timestamp
  ) {
    func line(_ finding: Finding, _ what: String) -> String {
      "\(month.clock.reading(at: now)) \(inbox.account) \(finding.kind.rawValue) \(what)"
    }
    var present: [Finding.ID: Finding] = [:]
    for finding in findings where present.updateValue(finding, forKey: finding.id) != nil {
      course.found.append(line(finding, "twice"))
    }
    for (id, finding) in present where standing[id]?.severity != finding.severity {
      course.found.append(line(finding, finding.severity.rawValue))
    }
    for (id, finding) in standing where present[id] == nil { course.found.append(line(finding, "over")) }
    standing = present
  }

  /// Sends everything to the programs that take alerts, and returns what they got.
  private func end() async throws -> Course {
    clock.withLock { $0 = latest }
    await connection?.close()
    await session.close()
    for language in AlertSettings.Language.allCases {
      // Each language is sent from a copy of what the session recorded, as by a watcher that is started again.
      let database = folder.appending("\(language).sqlite")
      try FileManager.default.copyItem(
        atPath: folder.appending("watch.sqlite").string, toPath: database.string)
      let store = try await WatchDatabase.open(database)
      let path = Self.received(in: folder)
      try WatchedServer.write([], to: path)
      let dispatcher = AlertDispatcher(
        store: store, settings: Self.alerts(language, to: folder), clock: { [clock] in clock.withLock { $0 } },
        logger: WatchedServer.quiet)
      try await dispatcher.run(untilSentFrom: store)
      try await store.close()
      let lines = try String(contentsOfFile: path.string, encoding: .utf8).split(separator: "\n")
      course.sent[language] = try lines.map { json in
        let notice = try SentNotification(json: String(json))
        let at = month.clock.reading(at: try #require(Timestamp(notice.at)))
        return SentText(
          line: "\(at) \(notice.account) \(notice.kind) \(notice.reason.rawValue)",
          text: [notice.headline] + notice.text)
      }
    }
    return course
  }
}
