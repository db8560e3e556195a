import FilsluseBase
import TriggerFiles

@testable import FileExchange
@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Every page of the console over values that are made up: a night on which 31 of 98 inboxes are late.
enum ExampleConsole {
  static let now = ExampleStatus.now
  static let lateInboxes = 31
  static let rule = LocalizedText(da: "skal hentes inden 4 timer", en: "pick-up-within: 4h")
  static let key = RuleGroup.Key(kind: .pickUpLate, rule: "1f00ab34")

  static func context(_ language: PageLanguage = .english, address: String = "/") -> PageContext {
    PageContext(
      voice: PageVoice(language, now: now, timeZone: "Europe/Copenhagen"), tickets: FormTickets(secret: PageSecret()),
      name: "Vagt <Å>", address: address)
  }

  /// The state of the watcher, with so many inboxes.
  static func status(inboxes count: Int = 98, late: Int = lateInboxes) -> WatchStatus {
    var status = ExampleStatus.night()
    status.inboxes = (0..<count).map { number in
      let age = number < late ? 18_840 + number * 60 : 600 + number * 60
      return InboxStatus(
        account: account(number),
        waiting: [
          WaitingFiles(
            infRef: "\(ExampleStatus.aids)", files: 3, bytes: 10_000,
            oldest: OldestFile(
              ageSeconds: age, since: now.earlier(by: .seconds(age)), limitSeconds: 14_400, warnAtSeconds: 10_800))
        ], lastLook: ExampleStatus.hours(-0.005), lookSeconds: 0.2, looks: 24_000)
    }
    return status
  }

  static func account(_ number: Int) -> String { "kommune-\(Municipality.all[number % 98].code)" }

  static func overview(inboxes: Int = 98, late: Int = lateInboxes) -> Overview {
    let status = status(inboxes: inboxes, late: late)
    var overview = Overview(status: status)
    overview.inboxes = status.inboxes.map { InboxRow(status: $0) }
    if late > 0 { overview.groups = [group(late: late), server] }
    overview.matrix = matrix(days: 7, rows: inboxes)
    overview.problems = problems
    return overview
  }

  static func group(late: Int = lateInboxes) -> RuleGroup {
    RuleGroup(
      key: key, rule: rule, alerts: late, inboxes: late, critical: late, acknowledged: 2, silenced: 1,
      oldest: ExampleStatus.hours(-5.2))
  }

  private static let server = RuleGroup(
    key: RuleGroup.Key(kind: .serverUnreachable), alerts: 1, inboxes: 1, critical: 1, oldest: ExampleStatus.hours(-1.4))

  /// A night with every kind of alert and of open problem, on which the console cannot say everything either.
  static var everyKind: Overview { nightOfEveryKind(inboxes: 98) }

  /// The same with so many inboxes.
  static func nightOfEveryKind(inboxes count: Int) -> Overview {
    var overview = overview(inboxes: count, late: min(count, lateInboxes))
    overview.groups = (Finding.Kind.all + Finding.Kind.ofJournal).enumerated().map { index, kind in
      RuleGroup(
        key: RuleGroup.Key(kind: kind, rule: "1f00ab34"), rule: rule, alerts: 30 + index, inboxes: 20,
        critical: index.isMultiple(of: 2) ? 3 : 0, acknowledged: 2, silenced: 1, oldest: ExampleStatus.hours(-5.2))
    }
    let kinds = OpenProblem.Kind.allCases
    var problems = OpenProblems()
    problems.problems = kinds.flatMap { kind in
      (1...5).map { number in
        OpenProblem(
          OpenProblem.Key(kind, account: account(number), subject: "D\(number)"), message: "it waits", remedy: "look",
          since: ExampleStatus.hours(-30))
      }
    }
    problems.counts = Dictionary(uniqueKeysWithValues: kinds.map { ($0, 7) })
    overview.problems = problems
    overview.status.storeTrouble = .failing(
      "write the alerts to watch.sqlite: disk I/O error; make room on the disk")
    overview.status.sinkTroubles = (1...4).map {
      SinkTrouble(sink: "webhook vagtsystem-\($0).kommune.example.dk 1f00ab34", waiting: 1200)
    }
    overview.status.gaps += (2...4).map { number in
      WatchGap(
        from: ExampleStatus.hours(-20), until: ExampleStatus.hours(-19), account: account(number),
        reason: LocalizedText(da: "overvågningen var ikke startet", en: "the watcher was not running"))
    }
    overview.status.standby = WatchDatabase.standbyNotice(under: "vagt-2")
    return overview
  }

  /// The first screen while the watcher starts.
  static var starting: Overview {
    var overview = Overview(
      status: WatchStatus(version: "0.1.0", taken: now, started: now, storeTrouble: .starting))
    overview.isUnknown = true
    return overview
  }

  static var problems: OpenProblems {
    var problems = OpenProblems()
    problems.problems = [
      OpenProblem(
        OpenProblem.Key(.quarantined, account: account(0), subject: "A7"), message: "no rule expects it",
        remedy: "look",
        since: ExampleStatus.hours(-30)),
      OpenProblem(
        OpenProblem.Key(.refused, account: account(1), subject: "D12"), message: "refused", remedy: "mend it",
        since: ExampleStatus.hours(-3)),
    ]
    problems.counts = [.quarantined: 4, .refused: 1]
    return problems
  }

  /// The matrix; Morsø is missing on the day before.
  static func matrix(days count: Int, rows: Int = 98) -> Matrix {
    let days = context().voice.lastDays(count)
    let lines = (0..<rows).map { number -> MatrixRow in
      let municipality = Municipality.all[number % 98]
      let cells = days.indices.map { index -> MatrixCell? in
        let isMissing = municipality.code == "0773" && index == count - 2
        return MatrixCell(
          state: isMissing ? .missing : index == count - 1 ? .notYet : .came, files: isMissing ? 0 : 1,
          expectedFiles: 1,
          came: isMissing ? nil : ExampleStatus.hours(-20), by: ExampleStatus.hours(-22))
      }
      return MatrixRow(
        id: municipality.code, municipality: MunicipalityLabel(code: municipality.code, title: municipality.title),
        account: nil, cells: cells)
    }
    return Matrix(days: days, rows: lines)
  }

  static func alert(_ id: Int64 = 41, _ change: (inout Alert) -> Void = { _ in }) -> Alert {
    let finding = Finding(
      kind: .pickUpLate, severity: .critical, account: account(0), subject: "u-\(id)",
      fileName: "udtræk_0101_20261120.csv", infRef: "\(ExampleStatus.sortiment)", sender: "fk-kla-prod",
      authority: "11111111", size: 1200, since: ExampleStatus.hours(-5.23), due: ExampleStatus.hours(-1.23), rule: rule)
    var alert = Alert(id: id, finding: finding, firstSeen: ExampleStatus.hours(-5.23))
    alert.see(finding, at: ExampleStatus.hours(-1.2), fireAfter: .zero)
    alert.state = .firing
    change(&alert)
    return alert
  }

  /// A life with every sort of event.
  static var life: AlertLife {
    let events = AlertLifeEvent.What.allCases.enumerated().map { index, what in
      AlertLifeEvent(
        id: Int64(index + 1), at: ExampleStatus.hours(-5 + Double(index) / 10), what: what,
        sink: what == .sent ? "mail to vagt@kommune.dk" : nil, reason: what == .sent ? .repeated : nil,
        times: what == .sent ? 3 : 1, last: what == .sent ? ExampleStatus.hours(-1) : nil,
        by: what == .acknowledged ? "KH" : nil, why: what == .acknowledged ? LocalizedText("leverandøren ringer") : nil,
        silence: what == .silenced ? 5 : nil, group: what == .grouped ? 40 : nil)
    }
    return AlertLife(alert: alert(), events: events, file: 812)
  }

  static func file(_ id: Int64 = 812, name: String = "udtræk_0101_20261120.csv") -> FileRow {
    FileRow(
      id: id, account: account(0), name: name, infRef: "\(ExampleStatus.sortiment)", sender: "fk-kla-prod",
      senderAuthority: "11111111", recipientAuthority: "64942212",
      municipality: MunicipalityLabel(code: "0101", title: "0101 København"), size: 48_210,
      firstSeen: ExampleStatus.hours(-5.23), gone: id == 812 ? nil : ExampleStatus.hours(-1),
      age: FileAge(
        firstSeen: ExampleStatus.hours(-5.23), notBefore: ExampleStatus.hours(-5.24), stamp: nil, difference: nil,
        longestPause: .seconds(180)), waitedSeconds: 18_828, limitSeconds: 14_400,
      state: id == 812 ? .late : .pickedUpLate)
  }

  static var history: FileHistory {
    let events = FileEvent.What.allCases.enumerated().map { index, what in
      FileEvent(at: ExampleStatus.hours(-5.2 + Double(index) / 10), what: what, size: 48_210)
    }
    return FileHistory(
      row: file(), transfer: "11111111-2222-4333-8444-555555555555", problem: LocalizedText("en fejl"), events: events,
      alerts: [alert()], disclosures: [NameDisclosure(by: "KH", why: "sag 17", at: ExampleStatus.hours(-0.5))],
      arrival: 7)
  }

  static func trends(days: Int, count: Int = 98) -> [PickUpSeries] {
    let names = context().voice.lastDays(days)
    return (0..<count).map { number in
      PickUpSeries(
        account: account(number), infRef: "\(ExampleStatus.sortiment)",
        days: names.enumerated().map { index, day in
          PickUpDay(
            day: day, count: 12, medianSeconds: 3000 + index, slowestSeconds: 9000 + number * 100, limitSeconds: 14_400,
            watchedAllDay: index != 3)
        })
    }
  }

  static var punctuality: [Punctuality] {
    Municipality.all.map { municipality in
      Punctuality(
        id: municipality.code, municipality: MunicipalityLabel(code: municipality.code, title: municipality.title),
        account: nil, came: 28, late: 1, missing: municipality.code == "0773" ? 1 : 0, unknown: 1)
    }
  }

  static var silences: Paged<SilenceRow> {
    let matchers = [
      Silence.Matcher(account: account(3)), Silence.Matcher(infRef: .sf7002, kind: "pick-up-late", rule: rule),
      Silence.Matcher(findingID: "pick-up-late/a/b"),
    ]
    let rows = zip(matchers, SilenceRow.State.allCases).enumerated().map { index, pair in
      SilenceRow(
        silence: Silence(
          id: Int64(index + 1), matcher: pair.0, from: ExampleStatus.hours(-1), until: ExampleStatus.hours(4.75),
          by: "KH", why: "varslet arbejde"), state: pair.1, alerts: 2)
    }
    return Paged(items: rows, total: 3)
  }

  static var trail: JournalTrail {
    JournalTrail(
      line: JournalLine(
        subject: .delivery(12), begun: ExampleStatus.hours(-9.5), state: .delivery(.refused),
        wireName: "boern_0773_20261120.csv", counterpart: "børnefag", infRef: .sf7002, size: 88_000),
      entries: [
        JournalTrail.Entry(id: 1, at: ExampleStatus.hours(-9.5), title: DeliveryState.staged.title),
        JournalTrail.Entry(
          id: 2, at: ExampleStatus.hours(-9.4), title: DeliveryState.refused.title,
          detail: LocalizedText("2001: ruten findes ikke")),
      ])
  }
}
