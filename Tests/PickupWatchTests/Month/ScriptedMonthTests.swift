import ExchangeSettings
import FilsluseBase
import PlatformFixture
import Testing

@testable import PickupWatch

@Suite(.timeLimit(.minutes(25))) struct ScriptedMonthTests {
  /// All findings of the month and their notifications, written down by hand: when each is first found, when it grows
  /// escalated, when it is over. A file that never came is not resolved by the next deadline, but expired; so is one
  /// that was gone when the platform may have removed it. Times are by the clock in Denmark, which goes forward on 29
  /// March.
  private static let expected = """
    2026-03-16 10:10 0161 data-without-metadata warning fired
    2026-03-16 10:25 0161 data-without-metadata over resolved
    2026-03-17 05:45 0163 stopped-growing warning fired
    2026-03-17 06:00 0163 stopped-growing over resolved
    2026-03-18 08:30 0101 pick-up-late warning fired
    2026-03-18 09:30 0101 pick-up-late critical escalated
    2026-03-18 12:00 0101 pick-up-late over resolved
    2026-03-18 14:00 0201 pick-up-late warning fired
    2026-03-18 16:00 0201 pick-up-late critical escalated
    2026-03-19 09:15 0165 not-taken-from-out critical fired
    2026-03-19 09:30 0165 receipt-overdue critical fired
    2026-03-19 09:40 0165 not-taken-from-out over resolved
    2026-03-19 09:45 0165 receipt-overdue over resolved
    2026-03-20 06:10 0147 expected-missing critical fired
    2026-03-23 06:00 0217 municipality-missing critical fired
    2026-03-23 06:10 0147 expected-missing over expired
    2026-03-23 10:00 0217 municipality-missing over resolved
    2026-03-24 06:10 0151 expected-missing critical fired
    2026-03-24 07:10 0151 expected-missing over resolved
    2026-03-25 20:00 0201 near-clean-up warning fired
    2026-03-26 06:00 0169 business-answer-missing critical fired
    2026-03-26 08:20 0169 business-answer-missing over resolved
    2026-03-27 11:05 0167 receipt-error critical fired
    2026-03-27 13:00 0167 receipt-error over resolved
    2026-03-28 08:00 0201 near-clean-up critical escalated
    2026-03-29 03:30 0155 expected-missing critical fired
    2026-03-29 05:30 0153 pick-up-late warning fired
    2026-03-29 06:30 0153 pick-up-late critical escalated
    2026-03-29 07:00 0153 pick-up-late over resolved
    2026-03-30 02:30 0155 expected-missing over expired
    2026-03-30 08:00 0201 near-clean-up over expired
    2026-03-30 08:00 0201 pick-up-late over expired
    2026-03-30 08:30 0173 pick-up-late warning fired
    2026-03-30 09:30 0173 pick-up-late critical escalated
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
    2026-04-07 14:00 0159 pick-up-late critical escalated
    2026-04-07 15:00 0159 pick-up-late over resolved
    2026-04-08 06:10 0157 expected-missing over expired
    2026-04-08 06:30 0183 expected-missing warning fired
    2026-04-08 06:30 0183 watch-gap warning fired
    2026-04-08 07:30 0183 watch-gap over resolved
    2026-04-09 06:10 0183 expected-missing over expired
    2026-04-09 13:00 0185 metadata-unreadable critical fired
    2026-04-09 13:20 0185 metadata-unreadable over resolved
    2026-04-10 09:00 0187 unknown-infref warning fired
    2026-04-10 09:30 0187 unknown-infref over resolved
    2026-04-13 09:00 0187 unknown-sender warning fired
    2026-04-13 09:30 0187 unknown-sender over resolved
    2026-04-14 10:00 0190 too-many-files warning fired
    2026-04-14 10:05 0190 too-many-files over resolved
    """

  /// The days on which an inbox is watched: a good week before its troubles, as weekly and monthly rules need, and a
  /// day after them. One of the inboxes without troubles is watched all the month, the others for a day.
  private static func days(of inbox: ScriptedInbox, troubled: [String], isOrdinary: Bool) -> [String] {
    let all = ScriptedMonth.allDays
    guard let first = troubled.min().flatMap({ all.firstIndex(of: $0) }),
      let last = troubled.max().flatMap({ all.firstIndex(of: $0) })
    else { return isOrdinary ? all : Array(all.prefix(1)) }
    let before = inbox.account == "0210" ? all.count : 8
    return Array(all[max(0, first - before)...min(all.count - 1, last + 1)])
  }

  /// The watch is the daemon's, from the listing of a real server to a program that takes the alerts; only the clock is
  /// the script's. It looks when something happens in an inbox, at the minutes of the list and the minutes before them,
  /// and else every 75 minutes: a notification that is not sent in its minute, or that is not in the list, fails the
  /// test.
  @Test("sends every finding once at its minute, in both languages, and nothing else")
  func month() async throws {
    let month = try ScriptedMonth()
    let expected = Self.expected.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let troubled = Dictionary(grouping: expected) { $0[2] }
    #expect(month.inboxes.count == 98 && troubled.count == 21)
    let ordinary = try #require(month.inboxes.keys.sorted().first { troubled[$0] == nil })
    let plans = try month.inboxes.values.sorted { $0.account < $1.account }.map { inbox in
      let lines = troubled[inbox.account] ?? []
      let isOrdinary = inbox.account == ordinary
      let isQuiet = lines.isEmpty && !isOrdinary
      return MonthStage.Plan(
        inbox: inbox, days: Self.days(of: inbox, troubled: lines.map { $0[0] }, isOrdinary: isOrdinary),
        isWatchedClosely: !isQuiet,
        minutes: try isQuiet ? [month.at("2026-03-16 06:30")] : lines.map { try month.at("\($0[0]) \($0[1])") })
    }
    let course = try await withTestServer { server in
      try await withThrowingTaskGroup(of: MonthStage.Course.self) { group in
        for shard in 0..<3 {
          let plans = plans.enumerated().filter { $0.offset % 3 == shard }.map(\.element)
          group.addTask { try await MonthStage.play(plans, of: month, on: server, shard: shard) }
        }
        return try await group.reduce(into: MonthStage.Course()) { $0.add($1) }
      }
    }
    func lines(_ column: Int) -> [String] { expected.map { ($0[..<4] + [$0[column]]).joined(separator: " ") }.sorted() }
    #expect(course.found.sorted() == lines(4))
    for language in AlertSettings.Language.allCases {
      let sent = course.sent[language] ?? []
      #expect(sent.map(\.line).sorted() == lines(5))
      try GoldenTexts(language).expect(sent)
    }
  }
}
