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

/// The watch of several machines over a journal on a real server.
@Suite(.timeLimit(.minutes(25))) struct WatchLeadServerTests {
  /// An empty schema on a server, for a journal.
  static func newSchema() async throws -> (server: PostgreSQLServer, name: String) {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "watch_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    return (server, schema)
  }

  /// The watch by some settings, as it begins.
  static func session(_ settings: ExchangeSettings) async throws -> WatchSession {
    try await WatchSession.begin(
      settings, version: "test", started: .now, unconfirmed: UnconfirmedSends(), clock: { .now },
      logger: Logger(label: "test"))
  }

  /// The settings of a machine that watches a server, with a journal in a schema.
  static func settings(
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
    let (server, schema) = try await Self.newSchema()
    try await withWatchedServer { stage in
      let settings = try Self.settings(of: stage, on: server, in: schema, for: .one, "one")
      let session = try await Self.session(settings)
      let database = session.database
      _ = await session.lead.ask(session)
      #expect(session.lead.mayAlert)
      #expect(try await database.sharedVersion() == 1)
      _ = try await database.takeLook(0, ["a"])
      let journal = try #require(try await session.confirmedJournal())
      let document = try await database.sharedAlerts()
      #expect(try await journal.shareWatch(document, from: "one", after: 1))
      _ = await session.lead.ask(session)
      #expect(session.lead.mayAlert)
      #expect(try await database.sharedVersion() == 2)
      _ = try await database.takeLook(1, ["a", "b"])
      _ = await session.lead.ask(session)
      #expect(try await journal.sharedWatch().version == 3)
      #expect(try await database.alerts().map(\.finding.subject) == ["a", "b"])
      // What another machine has written is the newer.
      #expect(try await journal.shareWatch(document, from: "other", after: 3))
      _ = try await database.takeLook(2, ["a", "b", "c"])
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
    let (server, schema) = try await Self.newSchema()
    try await withWatchedServer { stage in
      func session(_ machine: String) async throws -> WatchSession {
        let settings = try Self.settings(of: stage, on: server, in: schema, for: machines, machine)
        return try await Self.session(settings)
      }
      let leader = try await session("one")
      let other = try await session("other")
      _ = await leader.lead.ask(leader)
      #expect(try await leader.database.takeLook(0, ["a"]) == 1)
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
      #expect(reason.text.en.contains("newer"))

      // The former leader sees that another one has written, takes the lead again, and goes on with its own alerts.
      #expect(try await leader.database.takeLook(1, ["a", "b"]) == 1)
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
    let (server, schema) = try await Self.newSchema()
    try await withWatchedServer { stage in
      func session(_ machine: String) async throws -> WatchSession {
        let settings = try Self.settings(of: stage, on: server, in: schema, for: .one, machine)
        return try await Self.session(settings)
      }
      let leader = try await session("one")
      let other = try await session("other")
      _ = await leader.lead.ask(leader)
      _ = try await leader.database.takeLook(0, ["a"])
      _ = await leader.lead.ask(leader)
      _ = await other.lead.ask(other)
      #expect(try await other.database.takeLook(1, ["a", "own"]) == 1)
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
    "an act that does not reach the server is no success, and nothing is recorded until the server has the alerts again",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func unrecordedActs() async throws {
    let (server, schema) = try await Self.newSchema()
    try await withWatchedServer { stage in
      let settings = try Self.settings(of: stage, on: server, in: schema, for: .one, "one")
      try stage.put("f.xml", infRef: "SortimentOverfør_1")
      try await WatcherAtWork.with(settings, in: stage.state.appending("one")) { work in
        func alter(_ change: String) async throws {
          try await server.sql("SET search_path = \(schema); ALTER TABLE \(change)", in: "filsluse")
        }
        func refusal() async -> LocalizedText? { await work.watcher.statusSource.status().refusalOfActs }
        let late = try await work.alert(.pickUpLate, "a")
        let queries = try #require(work.watcher.consoleSource.queries())
        // The server does not take the alerts any more.
        try await alter("watch_state RENAME TO away")
        await #expect {
          _ = try await queries.acknowledge(.alerts([late.alert]), Act(by: "vagten", key: "k", at: .now))
        } throws: {
          // Either nothing is recorded, since the watcher has noticed it, or the act is here alone.
          ($0 as? ExchangeError).map { [.journal, .actNotShared].contains($0.code) } == true
        }
        try await work.until("the notice of it") { await refusal() != nil }
        let (until, matcher) = (Timestamp.now.later(by: .seconds(3600)), Silence.Matcher(account: "a"))
        let silence = Act(by: "vagten", why: "flytning", key: "s", at: .now)
        await #expect { _ = try await queries.silence(matcher, until: until, silence) } throws: {
          "\($0)".contains("does not say which machine leads the watch")
        }
        #expect(try await queries.silences(PageNumber()).total == 0)
        try await alter("away RENAME TO watch_state")
        try await work.until("the server's answer") { await refusal() == nil }
        let answer = try await queries.silence(matcher, until: until, silence)
        guard case .done(let done) = answer else {
          Issue.record("it was refused")
          return
        }
        #expect(!done.isRepetition)
      }
    }
  }

  @Test(
    "an act of the command is no success until the watcher beside it has written it to the server",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func commandsActs() async throws {
    let (server, schema) = try await Self.newSchema()
    try await withWatchedServer { stage in
      let settings = try Self.settings(of: stage, on: server, in: schema, for: .one, "one")
      let session = try await Self.session(settings)
      _ = await session.lead.ask(session)
      _ = try await session.database.takeLook(0, ["a"])
      let alert = try #require(try await session.database.alerts().first)
      // The command has the database open beside the watcher.
      let database = try await WatchDatabase.open(settings.watch.database)
      func expectAlone() async {
        await #expect {
          try await database.waitUntilShared(by: settings, within: .milliseconds(500))
        } throws: {
          ($0 as? ExchangeError)?.code == .actNotShared
        }
      }
      let (until, act) = (Timestamp.now.later(by: .seconds(3600)), Act(by: "vagten", why: "flytning", at: .now))
      let silenced = try await database.silence(Silence.Matcher(account: "a"), from: nil, until: until, act)
      guard case .done(let silence) = silenced else {
        Issue.record("the silence was refused")
        return
      }
      await expectAlone()
      _ = await session.lead.ask(session)
      try await database.waitUntilShared(by: settings)
      let answer = try await database.acknowledge(.alerts([alert.id]), Act(by: "vagten", at: .now))
      guard case .done(let result) = answer else {
        Issue.record("the acknowledgement was refused")
        return
      }
      #expect(result.count == 1)
      await expectAlone()
      _ = await session.lead.ask(session)
      try await database.waitUntilShared(by: settings)
      // Its end is the silence's row, changed.
      _ = try await database.endSilence(silence.silence.id, Act(by: "vagten", at: .now))
      await expectAlone()
      _ = await session.lead.ask(session)
      try await database.waitUntilShared(by: settings)
      // An alert that is resolved meanwhile takes its acts out of what is shared.
      _ = try await database.undoAcknowledgement(.alerts([alert.id]), Act(by: "vagten", at: .now))
      let waiting = Task { try await database.waitUntilShared(by: settings) }
      try await Task.sleep(for: .milliseconds(500))
      _ = try await session.database.takeLook(1, [])
      try await session.database.write("test") { try $0.execute("DELETE FROM outbox") }
      _ = await session.lead.ask(session)
      try await waiting.value
      // Another machine has taken the lead since the act, and may have replaced what is here.
      try await database.noteLeader("vagt-2")
      await expectAlone()
      try await database.noteLeader(nil)
      // Cut off: without its password the command does not get in either.
      try FileManager.default.removeItem(atPath: stage.state.appending("one").appending("password").string)
      await expectAlone()
      try await database.close()
      await session.close()
    }
  }

  @Test("a machine whose journal is in a file again records what people do, whichever machine led before")
  func journalInFileAgain() async throws {
    try await withWatchedServer { stage in
      let session = try await Self.session(stage.settings)
      try await session.database.noteLeader("vagt-1")
      _ = await session.lead.ask(session)
      let reason = try await session.database.refusalOfActs()
      #expect(reason == nil)
      await session.close()
    }
  }

  @Test(
    "of two machines one alerts people; when it ends, the other one sends the end of its alerts and nothing twice",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"),
    arguments: JournalServer.Machines.allCases)
  func takesOver(machines: JournalServer.Machines) async throws {
    let (server, schema) = try await Self.newSchema()
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
        #expect(await work.watcher.statusSource.status().standby?.en.contains("leads the watch") == true)
        let queries = try #require(work.watcher.consoleSource.queries())
        try await work.until("the file on the console of the machine that stands by") {
          try await queries.search("f.xml").files.count == 1
        }
        let late = try #require(fired.withLock { $0 })
        // On the machine that stands by; the one that leads does it, and this one has it from there.
        let answer = try await queries.acknowledge(.alerts([late.alert]), Act(by: "vagten", key: "k", at: .now))
        #expect(try Self.done(answer).count == 1)
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
