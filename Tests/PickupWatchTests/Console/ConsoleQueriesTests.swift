import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// The answers to a console's questions, from a database that looks have filled.
@Suite(.timeLimit(.minutes(25))) struct ConsoleQueriesTests {
  @Test("late files of 31 inboxes are one group, and the silent municipality another")
  func groups() async throws {
    try await ConsoleField.with { field in
      let groups = try await field.queries.ruleGroups()
      #expect(groups.map(\.key.kind) == [.pickUpLate, .expectedMissing])
      let late = try #require(groups.first { $0.key.kind == .pickUpLate })
      #expect(late.alerts == 31 && late.inboxes == 31 && late.critical == 31 && late.unattended == 31)
      #expect(late.rule?.en == "pick-up-within: 4h")
      // The files came seven hours ago; the alerts were made now.
      #expect(late.oldest == field.now.earlier(by: .seconds(25_200)))
      let filter = AlertFilter(group: late.key, municipality: [field.municipalities[4].code])
      let alerts = try await field.queries.alerts(filter, PageNumber())
      #expect(alerts.items.map(\.finding.account) == [field.accounts[4]])
      #expect(alerts.items[0].since == late.oldest && alerts.items[0].firstSeen == field.now)
      let life = try #require(try await field.queries.life(ofAlert: alerts.items[0].id))
      let file = try #require(life.file)
      let history = try #require(try await field.queries.file(file))
      #expect(history.row.account == field.accounts[4] && history.row.state == .late)
      #expect(history.alerts.map(\.id) == [alerts.items[0].id])
      let matcher = try #require(try await field.queries.matcher(for: late.key))
      #expect(matcher.kind == "pick-up-late" && matcher.rule?.en == "pick-up-within: 4h" && matcher.account == nil)
      #expect(try await field.queries.matcher(for: RuleGroup.Key(kind: .loginFailed)) == nil)
    }
  }

  @Test("inboxes are listed by what is wrong, and then by the age of their oldest file against its limit")
  func inboxes() async throws {
    try await ConsoleField.with { field in
      let rows = try await field.queries.inboxRows()
      #expect(rows.count == 98 && rows.prefix(31).allSatisfy { $0.state == .late && $0.alerts.critical == 1 })
      // The municipality of the last inbox has sent nothing: no file waits there, and a critical alert fires.
      #expect(rows[31].id == field.accounts[97] && rows[31].state == .critical && rows[31].oldest == nil)
      #expect(rows.dropFirst(32).allSatisfy { $0.state == .fine })
      #expect(rows[0].oldest?.ageSeconds == 7 * 3600 && rows[0].oldest?.limitShare == 1.75)
      #expect(rows.reduce(0) { $0 + $1.files } == 500 - 66)
      let silent = try #require(try await field.queries.inbox(field.accounts[97]))
      #expect(silent.row.files == 0 && silent.municipalities.map(\.code) == [field.municipalities[97].code])
      #expect(silent.gaps.isEmpty && silent.watchedSince == field.now.earlier(by: .seconds(72_000)))
      #expect(try await field.queries.inbox("nobody") == nil)
    }
  }

  @Test("an inbox whose alert is acknowledged stands after what is wrong, and is not shown in order")
  func attendedInboxes() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 1) { field in
      let silent = try #require(field.status.alerts.first { $0.finding.kind == .expectedMissing })
      _ = try await field.queries.acknowledge(.alerts([silent.id]), Act(by: "KH", at: field.now))
      let rows = try await field.queries.inboxRows()
      #expect(rows.map(\.state) == [.late, .attended, .fine, .fine] && rows[1].id == field.accounts[3])
      let detail = try #require(try await field.queries.inbox(field.accounts[3]))
      #expect(detail.row.state == .attended)
    }
  }

  @Test("the state of an inbox is the worst of its files and its open alerts")
  func inboxState() {
    typealias Example = (critical: Int, warnings: Int, silenced: Int, age: Int, state: InboxRow.State)
    let examples: [Example] = [
      (0, 0, 0, 0, .fine), (0, 0, 1, 0, .attended), (0, 1, 1, 0, .warning), (0, 1, 0, 80, .nearLimit),
      (1, 1, 0, 80, .critical), (1, 0, 0, 120, .late), (0, 0, 1, 120, .late),
    ]
    for example in examples {
      var alerts = WatchDatabase.OpenAlertCounts()
      alerts.critical = example.critical
      alerts.warnings = example.warnings
      alerts.silenced = example.silenced
      let oldest = OldestFile(ageSeconds: example.age, since: ConsoleField.noon, limitSeconds: 100, warnAtSeconds: 75)
      var status = InboxStatus(
        account: "a", waiting: [WaitingFiles(infRef: nil, files: 1, bytes: 1, oldest: oldest)],
        lastLook: ConsoleField.noon)
      #expect(InboxRow(status: status, alerts: alerts).state == example.state, "\(example)")
      status.failure = LookFailure(since: ConsoleField.noon, text: LocalizedText("down"))
      #expect(InboxRow(status: status, alerts: alerts).state == .blind, "\(example)")
      status = InboxStatus(account: "a")
      let unseen: InboxRow.State = example.critical > 0 ? .critical : example.warnings > 0 ? .warning : .unknown
      #expect(InboxRow(status: status, alerts: alerts).state == unseen, "\(example)")
    }
  }

  @Test("files are listed page by page, and beyond the last page there are none")
  func pages() async throws {
    try await ConsoleField.with(inboxes: 2, files: 131, late: 0) { field in
      let account = field.accounts[0]
      let first = try await field.queries.files(of: account, .waiting, PageNumber(1, size: 50))
      let last = try await field.queries.files(of: account, .waiting, PageNumber(3, size: 50))
      #expect(first.items.count == 50 && last.items.count == 30 && first.total == 130 && first.pages == 3)
      #expect(first.items.allSatisfy { $0.state == .waiting && $0.waitedSeconds == 3600 && $0.limitSeconds == 14_400 })
      #expect(Set(first.items.map(\.id)).isDisjoint(with: last.items.map(\.id)))
      let beyond = try await field.queries.files(of: account, .waiting, PageNumber(4, size: 50))
      #expect(beyond.items.isEmpty && beyond.isBeyondEnd && beyond.total == 130)
      let gone = try await field.queries.files(of: account, .gone, PageNumber())
      #expect(gone.items.map(\.state) == [.pickedUp] && gone.items[0].waitedSeconds == 1800)
      #expect(try await field.queries.files(of: "nobody", .waiting, PageNumber()).total == 0)
      #expect(PageNumber(0, size: 0) == PageNumber(1, size: 1) && PageNumber(.max, size: .max).size == 200)
    }
  }

  @Test("a file is followed from its first sight to its removal")
  func history() async throws {
    try await ConsoleField.with(inboxes: 2, files: 1, late: 0) { field in
      let gone = try await field.queries.files(of: field.accounts[0], .gone, PageNumber())
      let history = try #require(try await field.queries.file(gone.items[0].id))
      func at(_ second: Int) -> Timestamp { field.now.later(by: .seconds(second)) }
      #expect(
        history.events == [
          FileEvent(at: at(-25_260), what: .notYetThere), FileEvent(at: at(-25_200), what: .dataSeen, size: 4),
          FileEvent(at: at(-25_200), what: .sidecarSeen, size: 4), FileEvent(at: at(-23_460), what: .lastSeen),
          FileEvent(at: at(-23_400), what: .gone),
        ])
      let code = field.municipalities[0].code
      #expect(history.row.municipality?.code == code && history.transfer == "Udbetaling-\(code)-a")
      #expect(history.alerts.isEmpty && history.arrival == nil && history.disclosures.isEmpty)
      #expect(try await field.queries.file(4711) == nil)
    }
  }

  @Test("the matrix has a row for each municipality, and a cell leads to its files")
  func matrix() async throws {
    try await ConsoleField.with(inboxes: 5, files: 20, late: 2) { field in
      let matrix = try await field.queries.matrix(days: 14)
      #expect(matrix.days.count == 14 && matrix.days.last == "2026-11-23")
      #expect(matrix.rows.map(\.id) == field.municipalities.map(\.code))
      #expect(matrix.rows.map { $0.cells.last??.state } == [.came, .came, .came, .came, .missing])
      // Nobody watched before.
      #expect(matrix.rows.allSatisfy { $0.cells.dropLast().allSatisfy { $0?.state == .notWatched } })
      let code = field.municipalities[2].code
      let cell = try #require(try await field.queries.matrixCell(code, day: "2026-11-23", PageNumber()))
      #expect(cell.municipality?.code == code && cell.expectations.map(\.account) == [field.accounts[2]])
      #expect(cell.files.total == 5 && cell.files.items.map(\.state).first == .pickedUp)
      #expect(cell.files.items.count == 5 && cell.files.items.allSatisfy { $0.account == field.accounts[2] })
      let first = try #require(
        try await field.queries.matrixCell(code, day: "2026-11-23", PageNumber(2, size: 2), most: 3))
      #expect(!cell.hasMore && first.hasMore && first.files.total == 3)
      #expect(first.files.items.map(\.id) == [cell.files.items[2].id])
      // What came in the day's time before it counts for that day.
      let before = try #require(try await field.queries.matrixCell(code, day: "2026-11-22", PageNumber()))
      #expect(before.files.total == 0)
      let silent = try #require(
        try await field.queries.matrixCell(field.municipalities[4].code, day: "2026-11-23", PageNumber()))
      #expect(silent.files.total == 0 && silent.expectations.map(\.day.state) == [.missing])
      for (row, day) in [
        (code, "2026-13-01"), (code, "2026-01-01"), ("9999", "2026-11-23"), ("account.x", "2026-11-23"),
      ] {
        let cell = try await field.queries.matrixCell(row, day: day, PageNumber())
        #expect(cell?.day == nil, "\(row) \(day)")
      }
      #expect(
        try await field.queries.matrix(account: field.accounts[1]).rows.map(\.id) == [field.municipalities[1].code])
      #expect(try await field.queries.matrix(infRef: "Anden_1").rows.isEmpty)
    }
  }

  @Test("trends and punctuality come from the figures that are kept")
  func trends() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 1) { field in
      let trends = try await field.queries.pickUpTrends(days: 30)
      #expect(trends.map(\.account) == [field.accounts[1], field.accounts[2]])
      #expect(
        trends.first?.days == [
          PickUpDay(
            day: "2026-11-23", count: 1, medianSeconds: 1800, slowestSeconds: 1800, limitSeconds: 14_400,
            watchedAllDay: true)
        ])
      let punctuality = try await field.queries.punctuality(days: 90)
      #expect(punctuality.map(\.id) == [3, 0, 1, 2].map { field.municipalities[$0].code })
      #expect(punctuality.map(\.share) == [0, 1, 1, 1] && punctuality.allSatisfy { $0.unknown == 13 })
      let detail = try #require(try await field.queries.municipality(field.municipalities[3].code))
      #expect(detail.accounts == [field.accounts[3]] && detail.punctuality[30]?.missing == 1)
      #expect(detail.matrix.days.count == 30 && detail.matrix.rows.count == 1)
      #expect(try await field.queries.municipality("0999") == nil)
    }
  }

  @Test("files are found by a part of their name, a municipality, a CVR number and a transfer")
  func search() async throws {
    try await ConsoleField.with(inboxes: 5, files: 20, late: 2) { field in
      func found(_ text: String, limit: Int = 50) async throws -> ConsoleMatches {
        try await field.queries.search(text, limit: limit)
      }
      let (first, second) = (field.municipalities[0], field.municipalities[1])
      #expect(try await found("UDBETALING_\(first.code)_A").files.map(\.name) == ["Udbetaling_\(first.code)_a.xml"])
      #expect(try await found(first.code).municipality?.code == first.code)
      #expect(try await found(first.code).files.count == 5)
      #expect(try await found(second.name).files.allSatisfy { $0.account == field.accounts[1] })
      #expect(try await found(second.name).files.count == 5)
      #expect(try await found("29189846").files.count == 20)
      #expect(try await found("Udbetaling-\(first.code)-a").files.map(\.account) == [field.accounts[0]])
      let some = try await found("Udbetaling_", limit: 3)
      #expect(some.files.count == 3 && some.hasMoreFiles)
      #expect(try await found("%").isEmpty)
      #expect(try await found("Udbetaling%a").isEmpty)
      #expect(try await found("' OR 1=1 --").isEmpty)
      #expect(try await found(String(repeating: "x", count: 10_000)).isEmpty)
      #expect(try await found("  ").isEmpty)
      #expect(try await found("1").alert?.id == 1)
      #expect(try await found(field.accounts[3].uppercased()).accounts == [field.accounts[3]])
      let files = try await field.queries.files(ofMunicipality: first.code, PageNumber(1, size: 2))
      #expect(files?.total == 5 && files?.items.count == 2)
    }
  }
}
