import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// What people do with alerts, in a real database.
@Suite struct ActTests {
  private let settings = AlertSettings(repeatEvery: .seconds(3600), groupAbove: 100)

  private func withStore(_ body: (WatchDatabase) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      try await body(try await WatchDatabase.open(folder.appending("watch.sqlite")))
    }
  }

  private func take(
    _ minute: Int, _ findings: [Finding], account: String = "fagsystem", in store: WatchDatabase
  ) async throws -> Int {
    try await store.take(Given.look(minute, findings, account: account), settings: settings, sinks: ["x"])
      .notificationCount
  }

  private func act(_ minute: Int, by name: String = "vagten", why: String? = nil, key: String? = nil) -> Act {
    Act(by: name, why: why, key: key, at: Given.minute(minute))
  }

  private func done<Value: Sendable>(_ answer: ActAnswer<Value>) throws -> Value {
    switch answer {
    case .done(let value): return value
    case .refused(let reason):
      Issue.record("\(reason)")
      throw Refused()
    }
  }

  private func refusal<Value: Sendable>(_ answer: ActAnswer<Value>) -> String? {
    if case .refused(let refusal) = answer { refusal.text.en } else { nil }
  }

  private struct Refused: Error {}

  private func rows(_ table: String, in store: WatchDatabase) async throws -> Int64? {
    try await store.read("test") { try $0.int("SELECT count(*) FROM \(table)") }
  }

  private func states(in store: WatchDatabase) async throws -> [Alert.State] {
    try await store.alerts(all: true).sorted { $0.id < $1.id }.map(\.state)
  }

  private static let late = RuleGroup.Key(kind: .pickUpLate, rule: LocalizedText("pick-up-within: 4h").ruleID)

  @Test("alerts are acknowledged together, and a form that is sent twice changes nothing twice")
  func togetherAndOnce() async throws {
    try await withStore { store in
      _ = try await take(0, (0..<5).map { Given.finding("f\($0)") }, in: store)
      let first = try done(try await store.acknowledge(.alerts([1, 2, 3]), act(1, why: "på vej", key: "k1")))
      #expect(first.count == 3 && !first.isRepetition && first.outcomes == [1: .done, 2: .done, 3: .done])
      let again = try done(try await store.acknowledge(.alerts([1, 2, 3, 4]), act(2, by: "en anden", key: "k1")))
      #expect(again.isRepetition && again.act == first.act && again.count == 3)
      #expect(try await states(in: store) == [.acknowledged, .acknowledged, .acknowledged, .firing, .firing])
      #expect(try await store.alert(1)?.acknowledgement?.by == "vagten")
      #expect(try await store.life(ofAlert: 1)?.events.filter { $0.what == .acknowledged }.count == 1)
      // They are not repeated, and the others are.
      #expect(try await take(61, (0..<5).map { Given.finding("f\($0)") }, in: store) == 2)
    }
  }

  @Test("says of each alert what became of it")
  func outcomes() async throws {
    try await withStore { store in
      _ = try await take(0, ["a", "b", "c"].map { Given.finding($0) }, in: store)
      let pending = AlertSettings(fireAfter: .seconds(3600))
      _ = try await store.take(
        Given.look(1, [Given.finding("p", account: "lis")], account: "lis"), settings: pending, sinks: [])
      _ = try await take(2, ["a", "b"].map { Given.finding($0) }, in: store)
      _ = try await store.acknowledge(.alerts([2]), act(3, by: "natten"))
      let result = try done(try await store.acknowledge(.alerts([1, 2, 3, 4, 99]), act(4)))
      #expect(
        result.outcomes == [1: .done, 2: .already(by: "natten"), 3: .over, 4: .pending, 99: .unknown]
          && result.count == 1)
    }
  }

  @Test("a group is acknowledged over all accounts, or in one")
  func groups() async throws {
    try await withStore { store in
      for account in ["a", "b", "c"] {
        let findings = [
          Given.finding("f", account: account), Given.finding("g", kind: .dataWithoutMetadata, account: account),
        ]
        _ = try await take(0, findings, account: account, in: store)
      }
      var groups = try await store.ruleGroups()
      #expect(groups.map(\.key.kind) == [.dataWithoutMetadata, .pickUpLate])
      #expect(groups.allSatisfy { $0.alerts == 3 && $0.inboxes == 3 && $0.unattended == 3 })
      #expect(groups.allSatisfy { $0.rule?.en == "pick-up-within: 4h" && RuleGroup.Key(id: $0.id) == $0.key })
      let one = try done(try await store.acknowledge(.group(Self.late, account: "b"), act(1)))
      #expect(one.count == 1 && one.left == 0 && one.outcomes.isEmpty)
      let rest = try done(try await store.acknowledge(.group(Self.late, account: nil), act(2)))
      #expect(rest.count == 2)
      groups = try await store.ruleGroups()
      #expect(groups.map(\.acknowledged) == [0, 3])
      let undone = try done(try await store.undoAcknowledgement(.act(rest.act), act(3)))
      #expect(undone.count == 2)
      #expect(
        try await store.alerts(AlertFilter(state: .acknowledged), PageNumber()).items.map(\.finding.account) == ["b"])
      let nothing = try done(try await store.undoAcknowledgement(.act(rest.act), act(4)))
      #expect(nothing.count == 0)
      // Of one kind, account, InfRef, severity or state, page by page.
      let filter = AlertFilter(account: "a", infRef: "SortimentOverfør_1", severity: .critical, group: Self.late)
      #expect(try await store.alerts(filter, PageNumber(1, size: 1)).items.map(\.finding.subject) == ["f"])
      let beyond = try await store.alerts(AlertFilter(), PageNumber(4, size: 2))
      #expect(beyond.items.isEmpty && beyond.isBeyondEnd && beyond.total == 6 && beyond.pages == 3)
    }
  }

  @Test("members and the alert that stands for them are acknowledged together, and fire again together")
  func members() async throws {
    try await withStore { store in
      let many = AlertSettings(repeatEvery: .seconds(3600), groupAbove: 3)
      let files = (0..<10).map { Given.finding("f\($0)", since: $0) }
      func look(_ minute: Int) async throws -> Int {
        try await store.take(Given.look(minute, files), settings: many, sinks: ["x"]).notificationCount
      }
      #expect(try await look(0) == 1)
      let result = try done(try await store.acknowledge(.group(Self.late, account: nil), act(1)))
      #expect(result.count == 11)
      #expect(try await look(61) == 0)
      let group = try #require(try await store.alerts().first { $0.group != nil })
      let undone = try done(try await store.undoAcknowledgement(.alerts([group.id]), act(62)))
      #expect(undone.count == 11)
      #expect(try await Set(states(in: store)) == [.firing])
      #expect(try await look(63) == 1)
      _ = try done(try await store.acknowledge(.alerts([group.id]), act(64)))
      #expect(try await Set(states(in: store)) == [.acknowledged])
      #expect(try await store.ruleGroups().map(\.acknowledged) == [10])
    }
  }

  @Test(
    "text that cannot be kept is refused, and nothing is changed",
    arguments: [
      "", "  ", "a\nb", "a\u{1B}[2J", String(repeating: "x", count: 501), String(repeating: "æ", count: 10_000),
    ])
  func unsoundText(text: String) async throws {
    try await withStore { store in
      _ = try await take(0, [Given.finding("a")], in: store)
      let name = refusal(try await store.acknowledge(.alerts([1]), act(1, by: text)))
      let comment = refusal(try await store.acknowledge(.alerts([1]), act(1, why: text)))
      let key = refusal(try await store.acknowledge(.alerts([1]), act(1, key: text)))
      #expect(name?.contains("one line") == true && comment?.contains("one line") == true && key != nil)
      #expect(try await states(in: store) == [.firing])
      #expect(try await rows("act", in: store) == 0)
    }
  }

  @Test("no alert, and more alerts than can be named, are refused")
  func unsoundSelections() async throws {
    try await withStore { store in
      for numbers in [[], Array(1...1001)] as [[Int64]] {
        let refused = refusal(try await store.acknowledge(.alerts(numbers), act(1)))
        #expect(refused != nil)
      }
      #expect(RuleGroup.Key(id: "") == nil && RuleGroup.Key(id: "pick-up-late.1") == nil)
      #expect(RuleGroup.Key(id: "pick-up-late.1F00AB34") == nil && RuleGroup.Key(id: "pick-up-late.1f00ab3' ") == nil)
      #expect(RuleGroup.Key(id: "login-failed")?.rule == nil)
      #expect(try await rows("act", in: store) == 0)
    }
  }

  @Test("a silence without reason or scope, over before it begins or too long is refused")
  func unsoundSilences() async throws {
    try await withStore { store in
      let scope = Silence.Matcher(kind: "pick-up-late")
      func refused(_ matcher: Silence.Matcher, _ from: Int?, _ until: Int, why: String? = "x") async throws -> String? {
        refusal(
          try await store.silence(
            matcher, from: from.map(Given.minute), until: Given.minute(until), act(10, why: why)))
      }
      #expect(try await refused(scope, 30, 20)?.contains("before it begins") == true)
      #expect(try await refused(scope, 30, 30)?.contains("before it begins") == true)
      #expect(try await refused(scope, 0, 5)?.contains("past") == true)
      #expect(try await refused(scope, nil, 10 + 367 * 1440)?.contains("a year") == true)
      #expect(try await refused(Silence.Matcher(), nil, 20)?.contains("what is to be silent") == true)
      #expect(try await refused(scope, nil, 20, why: nil)?.contains("reason") == true)
      let silences = try await rows("silence", in: store)
      let acts = try await rows("act", in: store)
      #expect(silences == 0)
      #expect(acts == 0)
      await #expect(throws: ExchangeError.self) {
        _ = try await store.silence(scope, from: Given.minute(30), until: Given.minute(20), by: "drift", why: "x")
      }
    }
  }

  @Test("a silence about a rule covers the alerts that break it at once, and those that come")
  func silenceOfARule() async throws {
    try await withStore { store in
      var other = Given.finding("g")
      other.rule = LocalizedText("pick-up-within: 8h")
      _ = try await take(0, [Given.finding("f"), other], in: store)
      let matcher = Silence.Matcher(
        kind: "pick-up-late", rule: LocalizedText(da: "andre ord", en: "pick-up-within: 4h"))
      let first = try done(
        try await store.silence(matcher, until: Given.minute(100), act(1, why: "kendt", key: "s1")))
      #expect(first.alerts == 1 && !first.isRepetition)
      let again = try done(
        try await store.silence(matcher, until: Given.minute(200), act(2, why: "kendt", key: "s1")))
      #expect(again.isRepetition && again.silence == first.silence)
      #expect(try await rows("silence", in: store) == 1)
      #expect(try await store.alerts(AlertFilter(state: .silenced), PageNumber()).items.map(\.finding.subject) == ["f"])
      #expect(
        try await store.alerts(AlertFilter(state: .unattended), PageNumber()).items.map(\.finding.subject) == ["g"])
      #expect(try await take(61, [Given.finding("f"), other, Given.finding("h")], in: store) == 1)
      #expect(try await store.silenceRows(at: Given.minute(62), PageNumber()).items.map(\.alerts) == [2])
      #expect(try await store.silences(at: Given.minute(62)).first?.matcher == matcher)

      let ended = try done(try await store.endSilence(first.silence.id, act(63, key: "e1")))
      #expect(ended.alerts == 2)
      let twice = try done(try await store.endSilence(first.silence.id, act(64, key: "e1")))
      let over = refusal(try await store.endSilence(first.silence.id, act(65)))
      #expect(twice.isRepetition && over != nil)
      #expect(try await store.alerts(AlertFilter(state: .silenced), PageNumber()).total == 0)
      #expect(try await store.silenceRows(at: Given.minute(66), PageNumber()).items.map(\.state) == [.over])
      #expect(try await take(67, [Given.finding("f"), other, Given.finding("h")], in: store) == 2)
    }
  }

  @Test("a key that was used for something else makes no silence")
  func keyOfSomethingElse() async throws {
    try await withStore { store in
      _ = try await take(0, [Given.finding("a")], in: store)
      _ = try await store.acknowledge(.alerts([1]), act(1, key: "k"))
      let answer = try await store.silence(
        Silence.Matcher(account: "fagsystem"), until: Given.minute(100), act(2, why: "x", key: "k"))
      #expect(refusal(answer)?.contains("something else") == true)
      #expect(try await rows("silence", in: store) == 0)
    }
  }
}
