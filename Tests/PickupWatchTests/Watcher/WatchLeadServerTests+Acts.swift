import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import Testing
import TriggerFiles

@testable import FileExchange
@testable import PickupWatch

/// Acts of people on a machine that stands by, over a journal on a real server.
extension WatchLeadServerTests {
  /// What people do on a machine, as its console records it.
  private static func recorder(of session: WatchSession, within limit: Duration = .seconds(20)) -> ActRecorder {
    ActRecorder(
      session.database,
      lead: { () async throws(ExchangeError) -> LeadAnswer in try await session.database.leadAnswer() },
      give: { (request: String, key: String) async throws(ExchangeError) -> String in
        try await session.database.give(request, key, by: session.settings, within: limit)
      }, share: {})
  }

  /// Has machines ask the server again and again while `body` lasts.
  private static func whileAsking(_ sessions: [WatchSession], _ body: () async throws -> Void) async throws {
    let asking = Task {
      while !Task.isCancelled {
        for session in sessions { _ = await session.lead.ask(session) }
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    asking.cancel()
    await asking.value
    try outcome.get()
  }

  private struct Refused: Error {
    let reason: String
  }

  static func done<Value: Sendable>(_ answer: ActAnswer<Value>) throws -> Value {
    switch answer {
    case .done(let value): return value
    case .refused(let refusal): throw Refused(reason: refusal.text.en)
    }
  }

  /// Two machines over one journal, of which the first leads, and has the alerts 1 and 2.
  private static func withTwoMachines(
    for machines: JournalServer.Machines,
    _ body: @escaping @Sendable (WatchSession, WatchSession, PostgreSQLServer, String) async throws -> Void
  ) async throws {
    let (server, schema) = try await newSchema()
    try await withWatchedServer { stage in
      func session(_ machine: String) async throws -> WatchSession {
        let settings = try Self.settings(of: stage, on: server, in: schema, for: machines, machine)
        return try await Self.session(settings)
      }
      let leader = try await session("one")
      let other = try await session("other")
      _ = await leader.lead.ask(leader)
      _ = try await leader.database.takeLook(0, ["a", "b"])
      for machine in [leader, other] { _ = await machine.lead.ask(machine) }
      #expect(leader.lead.mayAlert && !other.lead.mayAlert)
      try await body(leader, other, server, schema)
      await other.close()
      await leader.close()
    }
  }

  @Test(
    "what people do on a machine that stands by the leader does, once for each form, and both machines show it",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"),
    arguments: JournalServer.Machines.allCases)
  func actsOnStandby(machines: JournalServer.Machines) async throws {
    try await Self.withTwoMachines(for: machines) { leader, other, _, _ in
      try await Self.whileAsking([leader, other]) {
        let recorder = Self.recorder(of: other)
        func states(_ session: WatchSession) async throws -> [Alert.State] {
          try await session.database.alerts().sorted { $0.id < $1.id }.map(\.state)
        }
        let form = Act(by: "vagten", why: "på vej", key: "k1", at: .now)
        let answer = try await recorder.acknowledge(.alerts([1, 99]), form)
        let first = try Self.done(answer)
        #expect(first.count == 1 && !first.isRepetition && first.outcomes == [1: .done, 99: .unknown])
        for session in [leader, other] {
          let shown = try await session.database.alert(1)?.acknowledgement
          #expect(shown?.by == "vagten" && shown?.why == "på vej" && shown?.act == first.act)
        }
        let second = try await recorder.acknowledge(.alerts([1, 2]), form)
        let again = try Self.done(second)
        #expect(again.isRepetition && again.act == first.act && again.count == 1)
        for session in [leader, other] {
          #expect(try await states(session) == [.acknowledged, .firing])
          let events = try await session.database.life(ofAlert: 1)?.events ?? []
          #expect(events.filter { $0.what == .acknowledged }.count == 1)
        }
        // One by one, as the command does; each has an answer of its own.
        let each = try await recorder.acknowledge(each: [2, 1, 99], Act(by: "AN", at: .now))
        let answers = try Self.done(each)
        #expect(answers.count == 3)
        if case .done(let alert) = answers[0] { #expect(alert.state == .acknowledged) } else { Issue.record("2") }
        if case .refused(let refusal) = answers[1] {
          #expect(refusal.text.en.contains("by vagten"))
        } else {
          Issue.record("1")
        }
        #expect(answers[2] == .unknown)
        let undone = try await recorder.undoAcknowledgement(.alerts([2]), Act(by: "AN", at: .now))
        #expect(try Self.done(undone).count == 1)
        #expect(try await states(other) == [.acknowledged, .firing])

        let matcher = Silence.Matcher(account: "fagsystem")
        let (until, why) = (
          Timestamp.now.later(by: .seconds(3600)), Act(by: "vagten", why: "flytning", key: "k2", at: .now)
        )
        let silenced = try await recorder.silence(matcher, until: until, why)
        let silence = try Self.done(silenced)
        #expect(silence.alerts == 2 && !silence.isRepetition && silence.silence.matcher == matcher)
        let repeated = try await recorder.silence(matcher, until: until, why)
        #expect(try Self.done(repeated).isRepetition)
        let unexplained = try await recorder.silence(matcher, until: until, Act(by: "vagten", at: .now))
        guard case .refused(let refusal) = unexplained else {
          Issue.record("it was done")
          return
        }
        #expect(refusal.reason.en == "a silence needs a reason")
        for session in [leader, other] {
          let silences = try await session.database.silences(at: .now)
          #expect(silences == [silence.silence])
        }
        let ended = try await recorder.endSilence(silence.silence.id, Act(by: "AN", at: .now))
        #expect(try Self.done(ended).alerts == 2)
        #expect(try await other.database.silences(at: .now).isEmpty)
        // Nothing of it was recorded here: the answer of the machine that leads is all there is to wait for.
        try await recorder.confirm()
      }
    }
  }

  @Test(
    "of two people who acknowledge an alert at once on two machines one does it, and the other is told by whom it is",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func actsAtOnce() async throws {
    try await Self.withTwoMachines(for: .several) { leader, other, _, _ in
      try await Self.whileAsking([leader, other]) {
        async let here = Self.recorder(of: leader).acknowledge(.alerts([1]), Act(by: "KH", key: "h", at: .now))
        async let there = Self.recorder(of: other).acknowledge(.alerts([1]), Act(by: "AN", key: "t", at: .now))
        let answers = (try await here, try await there)
        let results = (try Self.done(answers.0), try Self.done(answers.1))
        #expect(results.0.count + results.1.count == 1)
        let by = results.0.count == 1 ? "KH" : "AN"
        #expect((results.0.count == 1 ? results.1 : results.0).outcomes == [1: .already(by: by)])
        for session in [leader, other] {
          try await session.database.waitUntil { $0 == by }
          let events = try await session.database.life(ofAlert: 1)?.events ?? []
          #expect(events.filter { $0.what == .acknowledged }.map(\.by) == [by])
        }
      }
    }
  }

  @Test(
    "an act that the leader did not answer is done by the next one, unless a minute has passed; nothing is done twice",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func unansweredActs() async throws {
    try await Self.withTwoMachines(for: .several) { leader, other, server, schema in
      let recorder = Self.recorder(of: other, within: .milliseconds(300))
      func expectUnanswered(_ alert: Int64, _ key: String) async {
        await #expect {
          _ = try await recorder.acknowledge(.alerts([alert]), Act(by: "vagten", key: key, at: .now))
        } throws: {
          ($0 as? ExchangeError)?.code == .journal && "\($0)".contains("has not answered")
        }
      }
      await expectUnanswered(1, "old")
      try await server.sql("SET search_path = \(schema); UPDATE watch_act SET at = at - 61000", in: "filsluse")
      await expectUnanswered(2, "new")
      await expectUnanswered(2, "new")
      let journal = try #require(try await leader.confirmedJournal())
      let waiting = try await journal.watchRequests()
      #expect(waiting.count == 1)
      // A leader that another machine has replaced answers nothing.
      let version = try await journal.sharedWatch().version
      let answers = Dictionary(uniqueKeysWithValues: waiting.map { ($0, "x") })
      #expect(try await !journal.answerWatch(answers, at: version - 1))
      #expect(try await !journal.shareWatch("x", from: "late", after: version - 1, answering: answers))
      #expect(try await journal.watchRequests() == waiting)
      await leader.close()
      try await Self.whileAsking([other]) {
        try await other.database.waitUntil(2) { $0 == "vagten" }
      }
      #expect(other.lead.mayAlert)
      let alerts = try await other.database.alerts().sorted { $0.id < $1.id }
      #expect(alerts.map(\.state) == [.firing, .acknowledged])
      // It leads now, and knows the form.
      let again = try await recorder.acknowledge(.alerts([1, 2]), Act(by: "vagten", key: "new", at: .now))
      #expect(try Self.done(again).isRepetition)
    }
  }
}

extension WatchDatabase {
  /// Waits until the person who acknowledged an alert is one.
  fileprivate func waitUntil(_ alert: Int64 = 1, _ isReached: (String?) -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
      if isReached(try await self.alert(alert)?.acknowledgement?.by) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("nobody has acknowledged alert \(alert) in time")
  }
}
