import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import PickupWatch

/// The watch of several machines with one journal on a server: one of them alerts people.
@Suite(.timeLimit(.minutes(25))) struct WatchLeadTests {
  private func withTwoDatabases(_ body: (WatchDatabase, WatchDatabase) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let one = try await WatchDatabase.open(folder.appending("one.sqlite"))
      let other = try await WatchDatabase.open(folder.appending("other.sqlite"))
      try await body(one, other)
      try await one.close()
      try await other.close()
    }
  }

  private func take(_ minute: Int, _ subjects: [String], in store: WatchDatabase) async throws -> Int {
    try await store.take(
      Given.look(minute, subjects.map { Given.finding($0) }),
      settings: AlertSettings(repeatEvery: .seconds(3600), groupAbove: 100), sinks: ["x"]
    ).notificationCount
  }

  @Test("a machine that stands by has the leader's alerts, acknowledgements and silences, and goes on where it ended")
  func takesAlerts() async throws {
    try await withTwoDatabases { one, other in
      #expect(try await take(0, ["a", "b", "c"], in: one) == 3)
      #expect(try await take(0, ["own"], in: other) == 1)
      guard case .done = try await one.acknowledge(.alerts([2]), Act(by: "vagten", at: Given.minute(1))) else {
        Issue.record("it was not acknowledged")
        return
      }
      let silence = try await one.silence(
        Silence.Matcher(account: "lis"), from: Given.minute(1), until: Given.minute(600), by: "vagten", why: "flytning")
      #expect(try await take(2, ["a", "b"], in: one) == 1)
      let document = try await one.sharedAlerts()
      for _ in 0..<2 {
        try await other.take(document, of: SharedWatch(version: 7, host: "one"))
        #expect(try await other.sharedAlerts() == document)
      }
      #expect(try await other.sharedVersion() == 7)
      #expect(try await other.alerts() == one.alerts())
      #expect(try await other.silences(at: Given.minute(2)) == [silence])
      #expect(try await other.entry(to: "x") == 4)
      let first = try #require(try await other.due(to: "x", at: Given.minute(3), longestPause: .seconds(900)))
      #expect(try await one.due(to: "x", at: Given.minute(3), longestPause: .seconds(900))?.id == first.id)
      // What is known is not sent again, what is acknowledged not repeated, and each end is sent.
      #expect(try await take(3, ["a", "b"], in: other) == 0)
      #expect(try await take(63, ["a", "b"], in: other) == 1)
      #expect(try await take(64, [], in: other) == 2)
    }
  }

  /// The oldest notification of each alert that waits.
  private func waiting(in store: WatchDatabase) async throws -> [OutboxEntry] {
    var entries: [OutboxEntry] = []
    while let entry = try await store.due(
      to: "x", at: Given.minute(70), longestPause: .seconds(900), besides: Set(entries.map(\.id)))
    {
      entries.append(entry)
    }
    return entries.sorted { $0.event.alert.id < $1.event.alert.id }
  }

  @Test("machines that alert at the same time share the ids of alerts and none of notifications")
  func idsOfTwo() async throws {
    try await withTwoDatabases { one, other in
      #expect(try await take(0, ["a"], in: one) == 1)
      let first = try #require(try await waiting(in: one).first)
      #expect(!first.id.contains("."))
      try await one.noteSent(first, to: "x", at: Given.minute(1))
      let document = try await one.sharedAlerts()
      try await other.take(document, of: SharedWatch(version: 1, host: "one"))
      // One repeats its alert and finds another thing; the other one sees the end of it, and finds something else.
      #expect(try await take(63, ["a", "c"], in: one) == 2)
      #expect(try await take(64, ["b"], in: other) == 2)
      let (ours, theirs) = (try await waiting(in: one), try await waiting(in: other))
      #expect(ours.map(\.event.alert.id) == [1, 2] && theirs.map(\.event.alert.id) == [1, 2])
      #expect(Set((ours + theirs).map(\.id)).count == 4)
      let episodes = (ours + theirs).map { $0.event.episode(from: $0.origin) }
      #expect(episodes[0] == episodes[2] && episodes[1] != episodes[3])
      for entry in ours + theirs {
        let sent = AlertNotification(
          entry.event, database: entry.origin, author: entry.author, wording: AlertWording(.danish))
        #expect(sent.id == entry.id)
      }
      // What waits keeps its id on the machine that sends it in the end.
      let shared = try await other.sharedAlerts()
      try await one.take(shared, of: SharedWatch(version: 2, host: "other"))
      #expect(try await waiting(in: one).map(\.id) == theirs.map(\.id))
    }
  }

  @Test("acts of two machines that have the same number are kept apart: who acknowledged, and who was shown a name")
  func keepsActsApart() async throws {
    try await withTwoDatabases { one, other in
      _ = try await take(0, ["a"], in: one)
      let shown = Act(by: "jurist", why: "aktindsigt", key: "k", at: Given.minute(1))
      let number = try await other.write("test") { database -> Int64 in
        let number = try shown.keep(.namesShown, count: 1, in: database)
        try database.execute(
          "INSERT INTO shown_name (act, observation, account, name) VALUES (?, 9, 'lis', 'f.xml')", [number])
        return number
      }
      guard case .done(let done) = try await one.acknowledge(.alerts([1]), Act(by: "vagten", at: Given.minute(1)))
      else {
        Issue.record("it was not acknowledged")
        return
      }
      #expect(done.act == number)
      let document = try await one.sharedAlerts()
      for version in [1, 2] as [Int64] {
        try await other.take(document, of: SharedWatch(version: version, host: "one"))
        #expect(try await other.sharedAlerts() == document)
      }
      #expect(try await other.life(ofAlert: 1)?.events.last?.by == "vagten")
      #expect(try await other.disclosures(ofFile: 9).map(\.by) == ["jurist"])
      let repeated = try await other.read("test") { try shown.earlier(in: $0) }
      #expect(repeated?.number == number + 1 && repeated?.count == 1)
    }
  }

  @Test("what waits for a sink that only the former leader's settings name goes to the sink in its place")
  func replacesSinks() async throws {
    try await withTwoDatabases { one, other in
      try await one.keepOnly(sinks: ["x"])
      #expect(try await take(0, ["a"], in: one) == 1)
      try await other.keepOnly(sinks: ["y"])
      try await other.take(try await one.sharedAlerts(), of: SharedWatch(version: 1, host: "one"))
      try await other.keepOnly(sinks: ["y"])
      #expect(try await other.entry(to: "y") == 1)
      #expect(try await other.entry(to: "x") == 0)
    }
  }

  @Test("while another machine leads, nobody can acknowledge or silence here, and is told where")
  func refusesActs() async throws {
    try await withTwoDatabases { _, store in
      _ = try await take(0, ["a"], in: store)
      try await store.noteLeader("vagt-1")
      let act = Act(by: "vagten", why: "flytning", at: Given.minute(1))
      let matcher = Silence.Matcher(account: "lis")
      guard case .refused(let reason) = try await store.acknowledge(.alerts([1]), act),
        case .refused = try await store.silence(matcher, until: Given.minute(60), act),
        case .refused = try await store.endSilence(1, act),
        case .failure? = try await store.acknowledge(1, by: "vagten", why: nil, at: Given.minute(1))
      else {
        Issue.record("it was done")
        return
      }
      #expect(reason.en.contains("vagt-1") && reason.da.contains("vagt-1"))
      try await store.noteLeader("")
      guard case .refused(let unnamed) = try await store.acknowledge(.alerts([1]), act) else {
        Issue.record("it was done")
        return
      }
      #expect(unnamed.en.hasPrefix("another machine leads the watch"))
      try await store.noteLeader(nil)
      guard case .success? = try await store.acknowledge(1, by: "vagten", why: nil, at: Given.minute(1)) else {
        Issue.record("it was refused")
        return
      }
    }
  }

  @Test("alerts of another version are refused, and those that are here stay")
  func refusesOtherVersions() async throws {
    try await withTwoDatabases { one, other in
      _ = try await take(0, ["a"], in: other)
      let document = try await one.sharedAlerts().replacing("\"schema\":1", with: "\"schema\":2")
      for document in [document, "{}", ""] {
        await #expect { try await other.take(document, of: SharedWatch(version: 1, host: "one")) } throws: { error in
          (error as? ExchangeError)?.code == .watchDatabase && "\(error)".contains("another version of Filsluse")
        }
      }
      #expect(try await other.alerts().map(\.finding.subject) == ["a"])
    }
  }

  @Test("shared alerts with another table, another column or a row of another length are refused, and change nothing")
  func refusesOtherColumns() async throws {
    try await withTwoDatabases { one, other in
      _ = try await take(0, ["a"], in: one)
      _ = try await take(0, ["own"], in: other)
      let (document, before) = (try await one.sharedAlerts(), try await other.sharedAlerts())
      for (part, replacement) in [
        ("\"columns\":[\"id\",", "\"columns\":[\"id\\\") VALUES (1); DROP TABLE alert; --\","),
        ("\"columns\":[\"id\",", "\"columns\":["), ("\"rows\":[[", "\"rows\":[[1,"),
        ("\"name\":\"alert\"", "\"name\":\"observed_file\""),
      ] {
        let changed = document.replacing(part, with: replacement)
        #expect(changed != document)
        await #expect(throws: ExchangeError.self) {
          try await other.take(changed, of: SharedWatch(version: 9, host: "one"))
        }
      }
      #expect(try await other.sharedAlerts() == before)
    }
  }

  @Test("a watcher at work with a database is seen, and nothing is made where none was")
  func seesWatchers() async throws {
    try await withScratchFolder { folder in
      let database = folder.appending("watch.sqlite")
      #expect(try !WatchDatabase.hasWatcher(database))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty)
      do {
        let lock = try WatchLock(on: database)
        #expect(try WatchDatabase.hasWatcher(database) && lock.isInPlace)
      }
      #expect(try !WatchDatabase.hasWatcher(database))
    }
  }

  @Test(
    "a machine alerts while it leads, goes on when the server is away for long, and asks first when it stood still",
    arguments: [
      (true, nil, nil, false), (true, 1, nil, true), (false, 1, nil, false), (true, 25, nil, false),
      (true, 1, 5, false), (true, 1, 31, true), (false, 1, 31, false), (false, 1, 301, true), (false, 25, 301, false),
    ] as [(Bool, Int?, Int?, Bool)])
  func saysWhoAlerts(isLeading: Bool, sinceAsked: Int?, failingFor: Int?, mayAlert: Bool) {
    #expect(
      WatchLead.mayAlert(
        isLeading: isLeading, sinceAsked: sinceAsked.map { .seconds($0) }, failingFor: failingFor.map { .seconds($0) })
        == mayAlert)
  }

  /// The settings of a machine that watches a server, with a journal in a schema.
  private static func settings(
    of stage: WatchedServer, on server: PostgreSQLServer, in schema: String, for machines: JournalServer.Machines,
    _ machine: String
  ) throws -> ExchangeSettings {
    let folder = stage.state.appending(machine)
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    let password = folder.appending("password")
    try WatchedServer.write(Array(PostgreSQLServer.password.utf8), to: password)
    var settings = stage.settings
    settings.journal = folder.appending("journal")
    settings.journalServer = JournalServer(
      address:
        "postgresql://filsluse@/filsluse?host=\(server.socket)&port=\(server.port)&options=-csearch_path%3D\(schema)",
      passwordFile: password, machines: machines)
    settings.watch.database = folder.appending("watch.sqlite")
    settings.watch.lookEvery = .milliseconds(300)
    settings.watch.infRefRules[0].pickUp = PickUpLimit(within: RulePeriod(.seconds(1)), warnAt: 100)
    return settings
  }

  @Test(
    "a leader whose alerts the server has kept without an answer goes on, and loses nothing that was done here since",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func lostAnswer() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "watch_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    try await withWatchedServer { stage in
      let settings = try Self.settings(of: stage, on: server, in: schema, for: .one, "one")
      let session = try await WatchSession.begin(
        settings, version: "test", started: .now, unconfirmed: UnconfirmedSends(), clock: { .now },
        logger: Logger(label: "test"))
      let database = session.database
      _ = await session.lead.ask(session)
      #expect(session.lead.mayAlert)
      #expect(try await database.sharedVersion() == 1)
      _ = try await take(0, ["a"], in: database)
      let journal = try #require(try await session.confirmedJournal())
      let document = try await database.sharedAlerts()
      #expect(try await journal.shareWatch(document, from: "one", after: 1))
      _ = await session.lead.ask(session)
      #expect(session.lead.mayAlert)
      #expect(try await database.sharedVersion() == 2)
      _ = try await take(1, ["a", "b"], in: database)
      _ = await session.lead.ask(session)
      #expect(try await journal.sharedWatch().version == 3)
      #expect(try await database.alerts().map(\.finding.subject) == ["a", "b"])
      // What another machine has written is the newer.
      #expect(try await journal.shareWatch(document, from: "other", after: 3))
      _ = try await take(2, ["a", "b", "c"], in: database)
      _ = await session.lead.ask(session)
      #expect(!session.lead.mayAlert)
      _ = await session.lead.ask(session)
      #expect(session.lead.mayAlert)
      #expect(try await database.alerts().map(\.finding.subject) == ["a"])
      await session.close()
    }
  }

  @Test(
    "alerts of another version make no machine alert beside the one that leads, and leave the one that leads at work",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"),
    arguments: JournalServer.Machines.allCases)
  func otherVersion(machines: JournalServer.Machines) async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "watch_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    try await withWatchedServer { stage in
      func session(_ machine: String) async throws -> WatchSession {
        let settings = try Self.settings(of: stage, on: server, in: schema, for: machines, machine)
        return try await WatchSession.begin(
          settings, version: "test", started: .now, unconfirmed: UnconfirmedSends(), clock: { .now },
          logger: Logger(label: "test"))
      }
      let leader = try await session("one")
      let other = try await session("other")
      _ = await leader.lead.ask(leader)
      #expect(try await take(0, ["a"], in: leader.database) == 1)
      _ = await leader.lead.ask(leader)
      _ = await other.lead.ask(other)
      #expect(leader.lead.mayAlert && !other.lead.mayAlert && !other.lead.isServerSilent)

      let journal = try #require(try await leader.confirmedJournal())
      let foreign = try await leader.database.sharedAlerts().replacing("\"schema\":1", with: "\"schema\":2")
      let version = try await journal.sharedWatch().version
      #expect(try await journal.shareWatch(foreign, from: "newer", after: version))
      _ = await other.lead.ask(other)
      // The server has said that another machine leads, so this one does not count the time until it alerts alone.
      #expect(!other.lead.mayAlert && !other.lead.isServerSilent)
      #expect(try await other.database.alerts().map(\.finding.subject) == ["a"])
      let refusal = try await other.database.acknowledge(.alerts([1]), Act(by: "vagten", at: Given.minute(1)))
      guard case .refused(let reason) = refusal else {
        Issue.record("it was done")
        return
      }
      #expect(reason.en.contains("newer"))

      // The former leader sees that another one has written, takes the lead again, and goes on with its own alerts.
      #expect(try await take(1, ["a", "b"], in: leader.database) == 1)
      for _ in 0..<2 { _ = await leader.lead.ask(leader) }
      #expect(leader.lead.mayAlert && !leader.lead.isServerSilent)
      #expect(try await leader.database.alerts().map(\.finding.subject) == ["a", "b"])
      _ = await other.lead.ask(other)
      #expect(try await other.database.alerts().map(\.finding.subject) == ["a", "b"])
      await other.close()
      await leader.close()
    }
  }

  @Test(
    "a machine that stood by without the server has the leader's alerts again once the server is back, unchanged ones too",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func takesAgain() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "watch_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    try await withWatchedServer { stage in
      func session(_ machine: String) async throws -> WatchSession {
        let settings = try Self.settings(of: stage, on: server, in: schema, for: .one, machine)
        return try await WatchSession.begin(
          settings, version: "test", started: .now, unconfirmed: UnconfirmedSends(), clock: { .now },
          logger: Logger(label: "test"))
      }
      let leader = try await session("one")
      let other = try await session("other")
      _ = await leader.lead.ask(leader)
      _ = try await take(0, ["a"], in: leader.database)
      _ = await leader.lead.ask(leader)
      _ = await other.lead.ask(other)
      #expect(try await take(1, ["a", "own"], in: other.database) == 1)
      // Without its password the machine does not get in.
      let password = stage.state.appending("other").appending("password")
      try FileManager.default.removeItem(atPath: password.string)
      _ = await other.lead.ask(other)
      #expect(other.lead.isServerSilent && !other.lead.mayAlert)
      #expect(try await other.database.alerts().map(\.finding.subject) == ["a", "own"])
      try WatchedServer.write(Array(PostgreSQLServer.password.utf8), to: password)
      _ = await other.lead.ask(other)
      #expect(!other.lead.isServerSilent && !other.lead.mayAlert)
      #expect(try await other.database.alerts().map(\.finding.subject) == ["a"])
      await other.close()
      await leader.close()
    }
  }

  @Test(
    "of two machines one alerts people; when it ends, the other one sends the end of its alerts and nothing twice",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"),
    arguments: JournalServer.Machines.allCases)
  func takesOver(machines: JournalServer.Machines) async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "watch_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    try await withWatchedServer { stage in
      let one = try Self.settings(of: stage, on: server, in: schema, for: machines, "one")
      let other = try Self.settings(of: stage, on: server, in: schema, for: machines, "other")
      try stage.put("f.xml", infRef: "SortimentOverfør_1")
      let (alerted, over) = (GracefulStop(), GracefulStop())
      let fired = Locked<SentNotification?>(nil)
      defer { over.request() }
      let first = Task {
        defer { alerted.request() }
        try await WatcherAtWork.with(one, in: stage.state.appending("one")) { work in
          let late = try await work.alert(.pickUpLate, "a")
          fired.withLock { $0 = late }
          alerted.request()
          await over.wait()
        }
      }
      await alerted.wait()
      try await WatcherAtWork.with(other, in: stage.state.appending("other")) { work in
        func state() async -> Alert.State? {
          await work.watcher.statusSource.status().alerts.first { $0.finding.kind == .pickUpLate }?.state
        }
        try await work.until("the leader's alert") { await state() == .firing }
        #expect(await work.watcher.statusSource.status().refusalOfActs?.en.contains("leads the watch") == true)
        let queries = try #require(work.watcher.consoleSource.queries())
        try await work.until("the file on the console of the machine that stands by") {
          try await queries.search("f.xml").files.count == 1
        }
        let late = try #require(fired.withLock { $0 })
        let leader = try await WatchDatabase.open(one.watch.database)
        _ = try await leader.acknowledge(late.alert, by: "vagten", why: nil, at: .now)
        try await leader.close()
        try await work.until("the acknowledgement") { await state() == .acknowledged }
        over.request()
        try await first.value
        try stage.remove("f.xml")
        try await work.end(of: late)
        #expect(try work.notifications().map(\.reason.isEnd) == [true])
      }
    }
  }
}
