import ExchangeSettings
import FilsluseSystem
import PickupWatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct ScriptedMonthTests {
  /// Everything that must be found, written down by hand: when it is first found, when it grows graver, when it is over.
  /// Times are by the clock in Denmark.
  private static let expected = """
    2026-03-16 10:10 0161 data-without-metadata warning
    2026-03-16 10:25 0161 data-without-metadata over
    2026-03-17 05:45 0163 stopped-growing warning
    2026-03-17 06:00 0163 stopped-growing over
    2026-03-18 08:30 0101 pick-up-late warning
    2026-03-18 09:30 0101 pick-up-late critical
    2026-03-18 12:00 0101 pick-up-late over
    2026-03-18 14:00 0201 pick-up-late warning
    2026-03-18 16:00 0201 pick-up-late critical
    2026-03-19 09:15 0165 not-taken-from-out critical
    2026-03-19 09:30 0165 receipt-overdue critical
    2026-03-19 09:40 0165 not-taken-from-out over
    2026-03-19 09:45 0165 receipt-overdue over
    2026-03-20 06:10 0147 expected-missing critical
    2026-03-23 06:00 0217 municipality-missing critical
    2026-03-23 06:10 0147 expected-missing over
    2026-03-23 10:00 0217 municipality-missing over
    2026-03-24 06:10 0151 expected-missing critical
    2026-03-24 07:10 0151 expected-missing over
    2026-03-25 20:00 0201 near-clean-up warning
    2026-03-26 06:00 0169 business-answer-missing critical
    2026-03-26 08:20 0169 business-answer-missing over
    2026-03-27 11:05 0167 receipt-error critical
    2026-03-27 13:00 0167 receipt-error over
    2026-03-28 08:00 0201 near-clean-up critical
    2026-03-29 03:30 0155 expected-missing critical
    2026-03-29 05:30 0153 pick-up-late warning
    2026-03-29 06:30 0153 pick-up-late critical
    2026-03-29 07:00 0153 pick-up-late over
    2026-03-30 02:30 0155 expected-missing over
    2026-03-30 08:00 0201 near-clean-up over
    2026-03-30 08:00 0201 pick-up-late over
    2026-03-30 08:30 0173 pick-up-late warning
    2026-03-30 09:30 0173 pick-up-late critical
    2026-03-30 10:00 0173 server-unreachable critical
    2026-03-30 11:30 0173 server-unreachable over
    2026-03-30 11:30 0173 watch-gap warning
    2026-03-30 12:15 0173 pick-up-late over
    2026-03-30 12:30 0173 watch-gap over
    2026-03-31 05:00 0175 host-key-changed critical
    2026-03-31 08:00 0175 host-key-changed over
    2026-03-31 08:00 0175 watch-gap warning
    2026-03-31 09:00 0175 watch-gap over
    2026-04-01 12:00 0210 too-few-files critical
    2026-04-02 09:00 0210 too-few-files over
    2026-04-07 06:10 0157 expected-missing critical
    2026-04-07 12:00 0159 pick-up-late warning
    2026-04-07 14:00 0159 pick-up-late critical
    2026-04-07 15:00 0159 pick-up-late over
    2026-04-08 06:10 0157 expected-missing over
    2026-04-08 06:30 0183 expected-missing warning
    2026-04-08 06:30 0183 watch-gap warning
    2026-04-08 07:30 0183 watch-gap over
    2026-04-09 06:10 0183 expected-missing over
    2026-04-09 13:00 0185 metadata-unreadable critical
    2026-04-09 13:20 0185 metadata-unreadable over
    2026-04-10 09:00 0187 unknown-infref warning
    2026-04-10 09:30 0187 unknown-infref over
    2026-04-13 09:00 0187 unknown-sender warning
    2026-04-13 09:30 0187 unknown-sender over
    2026-04-14 10:00 0190 too-many-files warning
    2026-04-14 10:05 0190 too-many-files over
    """

  /// An inbox is judged each minute of the days on which something is to be found in it, and else each half hour.
  @Test func everythingIsFoundAtItsMinuteAndNothingElse() async throws {
    let month = try ScriptedMonth()
    let expected = Self.expected.split(separator: "\n").map(String.init)
    let troubled = Dictionary(grouping: expected) { String($0.split(separator: " ")[2]) }
    #expect(month.inboxes.count == 98 && troubled.count == 21)
    let begin = try month.at("2026-03-16 00:00")
    let end = try month.at("2026-04-16 00:00")
    // A month of 31 days that lacks an hour.
    #expect(end.since(begin) == .seconds(31 * 86_400 - 3600))
    // On threads of its own: the other tests' tasks want theirs.
    let threads = BlockingThreads(name: "month", count: 2)
    let found = await withTaskGroup(of: [String].self) { group in
      for inbox in month.inboxes.values {
        let days = Set((troubled[inbox.account] ?? []).map { String($0.prefix(10)) })
        group.addTask {
          await threads.run { Self.course(of: inbox, month, from: begin, to: end, closely: days) }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(found.sorted() == expected.sorted())
  }

  /// What is found, changes and is over in one inbox.
  private static func course(
    of inbox: ScriptedInbox, _ month: ScriptedMonth, from begin: Timestamp, to end: Timestamp,
    closely days: Set<String>
  ) -> [String] {
    var lines: [String] = []
    var standing: [String: Finding] = [:]
    var now = begin
    while now < end {
      if !inbox.isDown(at: now) {
        let findings = month.judgement.findings(in: inbox.view(at: now), at: now)
        var present: [String: Finding] = [:]
        for finding in findings { present[finding.id] = finding }
        func line(_ finding: Finding, _ what: String) {
          lines.append("\(month.clock.reading(at: now)) \(inbox.account) \(finding.kind.rawValue) \(what)")
        }
        if present.count != findings.count { lines.append("\(now) \(inbox.account) two findings with one identity") }
        for (id, finding) in present where standing[id]?.severity != finding.severity {
          line(finding, finding.severity.rawValue)
        }
        for (id, finding) in standing where present[id] == nil { line(finding, "over") }
        standing = present
      }
      let isClose = days.contains(month.clock.reading(at: now).day.description)
      now = now.later(by: .seconds(isClose ? 60 : 1800))
    }
    return lines
  }
}
