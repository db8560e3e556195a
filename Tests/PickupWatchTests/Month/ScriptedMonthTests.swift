import ExchangeSettings
import FilsluseSystem
import Testing

@testable import PickupWatch

@Suite(.timeLimit(.minutes(10))) struct ScriptedMonthTests {
  /// Everything that must be found, and what people must be told of it, written down by hand: when it is first found,
  /// when it grows graver, when it is over. Times are by the clock in Denmark, which goes forward on 29 March.
  private static let expected = """
    2026-03-16 10:10 0161 data-without-metadata warning fired
    2026-03-16 10:25 0161 data-without-metadata over resolved
    2026-03-17 05:45 0163 stopped-growing warning fired
    2026-03-17 06:00 0163 stopped-growing over resolved
    2026-03-18 08:30 0101 pick-up-late warning fired
    2026-03-18 09:30 0101 pick-up-late critical graver
    2026-03-18 12:00 0101 pick-up-late over resolved
    2026-03-18 14:00 0201 pick-up-late warning fired
    2026-03-18 16:00 0201 pick-up-late critical graver
    2026-03-19 09:15 0165 not-taken-from-out critical fired
    2026-03-19 09:30 0165 receipt-overdue critical fired
    2026-03-19 09:40 0165 not-taken-from-out over resolved
    2026-03-19 09:45 0165 receipt-overdue over resolved
    2026-03-20 06:10 0147 expected-missing critical fired
    2026-03-23 06:00 0217 municipality-missing critical fired
    2026-03-23 06:10 0147 expected-missing over resolved
    2026-03-23 10:00 0217 municipality-missing over resolved
    2026-03-24 06:10 0151 expected-missing critical fired
    2026-03-24 07:10 0151 expected-missing over resolved
    2026-03-25 20:00 0201 near-clean-up warning fired
    2026-03-26 06:00 0169 business-answer-missing critical fired
    2026-03-26 08:20 0169 business-answer-missing over resolved
    2026-03-27 11:05 0167 receipt-error critical fired
    2026-03-27 13:00 0167 receipt-error over resolved
    2026-03-28 08:00 0201 near-clean-up critical graver
    2026-03-29 03:30 0155 expected-missing critical fired
    2026-03-29 05:30 0153 pick-up-late warning fired
    2026-03-29 06:30 0153 pick-up-late critical graver
    2026-03-29 07:00 0153 pick-up-late over resolved
    2026-03-30 02:30 0155 expected-missing over resolved
    2026-03-30 08:00 0201 near-clean-up over resolved
    2026-03-30 08:00 0201 pick-up-late over resolved
    2026-03-30 08:30 0173 pick-up-late warning fired
    2026-03-30 09:30 0173 pick-up-late critical graver
    2026-03-30 10:00 0173 server-unreachable critical fired
    2026-03-30 11:30 0173 server-unreachable over resolved
    2026-03-30 11:30 0173 watch-gap warning fired
    2026-03-30 12:15 0173 pick-up-late over resolved
    2026-03-30 12:30 0173 watch-gap over resolved
    2026-03-31 05:00 0175 host-key-changed critical fired
    2026-03-31 08:00 0175 host-key-changed over resolved
    2026-03-31 08:00 0175 watch-gap warning fired
    2026-03-31 09:00 0175 watch-gap over resolved
    2026-04-01 12:00 0210 too-few-files critical fired
    2026-04-02 09:00 0210 too-few-files over resolved
    2026-04-07 06:10 0157 expected-missing critical fired
    2026-04-07 12:00 0159 pick-up-late warning fired
    2026-04-07 14:00 0159 pick-up-late critical graver
    2026-04-07 15:00 0159 pick-up-late over resolved
    2026-04-08 06:10 0157 expected-missing over resolved
    2026-04-08 06:30 0183 expected-missing warning fired
    2026-04-08 06:30 0183 watch-gap warning fired
    2026-04-08 07:30 0183 watch-gap over resolved
    2026-04-09 06:10 0183 expected-missing over resolved
    2026-04-09 13:00 0185 metadata-unreadable critical fired
    2026-04-09 13:20 0185 metadata-unreadable over resolved
    2026-04-10 09:00 0187 unknown-infref warning fired
    2026-04-10 09:30 0187 unknown-infref over resolved
    2026-04-13 09:00 0187 unknown-sender warning fired
    2026-04-13 09:30 0187 unknown-sender over resolved
    2026-04-14 10:00 0190 too-many-files warning fired
    2026-04-14 10:05 0190 too-many-files over resolved
    """

  /// What a walk through an inbox's month comes to, in lines such as
  /// `2026-03-16 10:10 0161 data-without-metadata fired`.
  private struct Course: Sendable {
    /// What is found, changes and is over.
    var found: [String] = []
    /// What people are told.
    var told: [String] = []
  }

  /// An inbox is looked into each minute of the days on which something is to be found in it, and else each half hour;
  /// one of those in which all is well, and which are alike, each minute of the month.
  @Test func everythingIsFoundAndToldOnceAtItsMinuteAndNothingElse() async throws {
    let month = try ScriptedMonth()
    let expected = Self.expected.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let troubled = Dictionary(grouping: expected) { $0[2] }
    #expect(month.inboxes.count == 98 && troubled.count == 21)
    let ordinary = try #require(month.inboxes.keys.sorted().first { troubled[$0] == nil })
    let begin = try month.at("2026-03-16 00:00")
    let end = try month.at("2026-04-16 00:00")
    // A month of 31 days that lacks an hour.
    #expect(end.since(begin) == .seconds(31 * 86_400 - 3600))
    // On threads of its own: the other tests' tasks want theirs.
    let threads = BlockingThreads(name: "month", count: 2)
    let course = await withTaskGroup(of: Course.self) { group in
      for inbox in month.inboxes.values {
        let days =
          inbox.account == ordinary ? Set(ScriptedMonth.allDays) : Set((troubled[inbox.account] ?? []).map { $0[0] })
        group.addTask {
          await threads.run { Self.course(of: inbox, month, from: begin, to: end, closely: days) }
        }
      }
      return await group.reduce(into: Course()) { all, course in
        all.found += course.found
        all.told += course.told
      }
    }
    func lines(_ column: Int) -> [String] { expected.map { ($0[..<4] + [$0[column]]).joined(separator: " ") }.sorted() }
    #expect(course.found.sorted() == lines(4))
    #expect(course.told.sorted() == lines(5))
  }

  private static func course(
    of inbox: ScriptedInbox, _ month: ScriptedMonth, from begin: Timestamp, to end: Timestamp,
    closely days: Set<String>
  ) -> Course {
    var course = Course()
    var standing: [String: Finding] = [:]
    // Repetitions are another test's.
    var book = AlertBook(settings: AlertSettings(repeatEvery: .seconds(30 * 86_400)))
    var now = begin
    while now < end {
      let reading = month.clock.reading(at: now)
      if !inbox.isDown(at: now) {
        let view = inbox.view(at: now)
        let findings = month.judgement.findings(in: view, at: now)
        func line(_ finding: Finding, _ what: String) -> String {
          "\(reading) \(inbox.account) \(finding.kind.rawValue) \(what)"
        }
        course.found += changes(from: standing, to: findings).map(line)
        standing = Dictionary(findings.map { ($0.id, $0) }) { $1 }
        let look = AlertLook(
          account: inbox.account, at: now, findings: findings, isComplete: view.state.failure == nil)
        course.told += book.take(look, silences: []).map { line($0.alert.finding, $0.reason.rawValue) }
      }
      now = now.later(by: .seconds(days.contains(reading.day.description) ? 60 : 1800))
    }
    return course
  }

  /// What a look found otherwise than the one before.
  private static func changes(from standing: [String: Finding], to findings: [Finding]) -> [(Finding, String)] {
    var present: [String: Finding] = [:]
    var changes: [(Finding, String)] = []
    for finding in findings where present.updateValue(finding, forKey: finding.id) != nil {
      changes.append((finding, "twice"))
    }
    for (id, finding) in present where standing[id]?.severity != finding.severity {
      changes.append((finding, finding.severity.rawValue))
    }
    return changes + standing.filter { present[$0.key] == nil }.map { ($0.value, "over") }
  }
}
