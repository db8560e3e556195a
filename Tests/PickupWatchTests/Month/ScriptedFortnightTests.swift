import ExchangeSettings
import FilsluseSystem
import Testing

@testable import PickupWatch

/// The first half of the scripted month through the alerts.
@Suite(.timeLimit(.minutes(10))) struct ScriptedFortnightTests {
  /// Everything that people are told, written down by hand. Times are by the clock in Denmark, which goes forward on 29
  /// March.
  private static let expected = """
    2026-03-16 10:10 0161 data-without-metadata fired
    2026-03-16 10:25 0161 data-without-metadata resolved
    2026-03-17 05:45 0163 stopped-growing fired
    2026-03-17 06:00 0163 stopped-growing resolved
    2026-03-18 08:30 0101 pick-up-late fired
    2026-03-18 09:30 0101 pick-up-late graver
    2026-03-18 12:00 0101 pick-up-late resolved
    2026-03-18 14:00 0201 pick-up-late fired
    2026-03-18 16:00 0201 pick-up-late graver
    2026-03-19 09:15 0165 not-taken-from-out fired
    2026-03-19 09:30 0165 receipt-overdue fired
    2026-03-19 09:40 0165 not-taken-from-out resolved
    2026-03-19 09:45 0165 receipt-overdue resolved
    2026-03-20 06:10 0147 expected-missing fired
    2026-03-23 06:00 0217 municipality-missing fired
    2026-03-23 06:10 0147 expected-missing resolved
    2026-03-23 10:00 0217 municipality-missing resolved
    2026-03-24 06:10 0151 expected-missing fired
    2026-03-24 07:10 0151 expected-missing resolved
    2026-03-25 20:00 0201 near-clean-up fired
    2026-03-26 06:00 0169 business-answer-missing fired
    2026-03-26 08:20 0169 business-answer-missing resolved
    2026-03-27 11:05 0167 receipt-error fired
    2026-03-27 13:00 0167 receipt-error resolved
    2026-03-28 08:00 0201 near-clean-up graver
    2026-03-29 03:30 0155 expected-missing fired
    2026-03-29 05:30 0153 pick-up-late fired
    2026-03-29 06:30 0153 pick-up-late graver
    2026-03-29 07:00 0153 pick-up-late resolved
    2026-03-30 02:30 0155 expected-missing resolved
    2026-03-30 08:00 0201 near-clean-up resolved
    2026-03-30 08:00 0201 pick-up-late resolved
    2026-03-30 08:30 0173 pick-up-late fired
    2026-03-30 09:30 0173 pick-up-late graver
    2026-03-30 10:00 0173 server-unreachable fired
    2026-03-30 11:30 0173 server-unreachable resolved
    2026-03-30 11:30 0173 watch-gap fired
    2026-03-30 12:15 0173 pick-up-late resolved
    2026-03-30 12:30 0173 watch-gap resolved
    2026-03-31 05:00 0175 host-key-changed fired
    2026-03-31 08:00 0175 host-key-changed resolved
    2026-03-31 08:00 0175 watch-gap fired
    2026-03-31 09:00 0175 watch-gap resolved
    """

  /// An inbox is looked into each minute of the days on which something is told of it, and else each half hour.
  @Test func everythingIsToldOnceAtItsMinuteAndNothingElse() async throws {
    let month = try ScriptedMonth()
    let expected = Self.expected.split(separator: "\n").map(String.init)
    let troubled = Dictionary(grouping: expected) { String($0.split(separator: " ")[2]) }
    let begin = try month.at("2026-03-16 00:00")
    let end = try month.at("2026-04-01 00:00")
    // On threads of its own: the other tests' tasks want theirs.
    let threads = BlockingThreads(name: "fortnight", count: 2)
    let told = await withTaskGroup(of: [String].self) { group in
      for inbox in month.inboxes.values {
        let days = Set((troubled[inbox.account] ?? []).map { String($0.prefix(10)) })
        group.addTask { await threads.run { Self.told(of: inbox, month, from: begin, to: end, closely: days) } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(told.sorted() == expected.sorted())
  }

  /// What people are told of one inbox.
  private static func told(
    of inbox: ScriptedInbox, _ month: ScriptedMonth, from begin: Timestamp, to end: Timestamp, closely days: Set<String>
  ) -> [String] {
    // Repetitions are another test's.
    var book = AlertBook(settings: AlertSettings(repeatEvery: .seconds(30 * 86_400)))
    var lines: [String] = []
    var now = begin
    while now < end {
      if !inbox.isDown(at: now) {
        let view = inbox.view(at: now)
        let look = AlertLook(
          account: inbox.account, at: now, findings: month.judgement.findings(in: view, at: now),
          isComplete: view.state.failure == nil)
        lines += book.take(look, silences: []).map { tiding in
          let kind = tiding.alert.finding.kind.rawValue
          return "\(month.clock.reading(at: now)) \(inbox.account) \(kind) \(tiding.reason.rawValue)"
        }
      }
      let isClose = days.contains(month.clock.reading(at: now).day.description)
      now = now.later(by: .seconds(isClose ? 60 : 1800))
    }
    return lines
  }
}
