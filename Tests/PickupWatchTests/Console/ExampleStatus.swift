import FilsluseBase
import FilsluseHTTP
import SeededNumbers
import TriggerFiles

@testable import PickupWatch
@testable import WatchConsole

/// An invented night with much to see, for the tests and for the pictures in the documentation.
enum ExampleStatus {
  /// 03:14 on a Saturday in Denmark.
  static let now = Timestamp(millisecondsSince1970: 1_795_227_287_000)
  static let sortiment = "SortimentOverfør_2"
  static let aids = "FagsystemdefineredeDataRefGDPR1203_1"
  static let children = "FagsystemdefineredeDataRefGDPR1417_1"

  static func night() -> WatchStatus {
    var status = WatchStatus(
      version: "0.1.0", taken: now, started: hours(-412.3),
      infRefs: [sortiment, aids, children].map { ShownInfRef(stringLiteral: $0) })
    status.inboxes = inboxes
    status.alerts = alerts
    status.expected = expected
    status.pickUps = pickUps
    status.exchanges = exchanges
    status.gaps = [
      WatchGap(
        from: hours(-22.2), until: hours(-20.6),
        reason: LocalizedText(da: "overvågningen var ikke startet", en: "the watcher was not running"))
    ]
    return status
  }

  /// A night on which nothing is wrong.
  static func quietNight() -> WatchStatus {
    var status = night()
    status.alerts = []
    status.gaps = []
    status.inboxes = status.inboxes.map {
      InboxStatus(account: $0.account, lastLook: hours(-0.005), lookSeconds: 0.2, looks: 24_000)
    }
    return status
  }

  static func hours(_ count: Double) -> Timestamp { now.later(by: .milliseconds(Int64(count * 3_600_000))) }

  private static var inboxes: [InboxStatus] {
    func waiting(_ infRef: String, _ files: Int, _ bytes: UInt64, age: Int, limit: Int, _ business: Bool = false)
      -> WaitingFiles
    {
      WaitingFiles(
        infRef: "\(infRef)", files: files, bytes: bytes,
        oldest: OldestFile(
          ageSeconds: age, since: now.earlier(by: .seconds(age)), ageFrom: business ? .server : .seen,
          limitSeconds: limit, warnAtSeconds: limit * 3 / 4, businessTime: business))
    }
    let busy = [
      InboxStatus(
        account: "fakturahåndtering", waiting: [waiting(sortiment, 3, 18_400_000, age: 18_840, limit: 14_400)],
        lastLook: hours(-0.008), lookSeconds: 0.31, looks: 24_700, failedLooks: 3, clockAheadSeconds: 1.2),
      InboxStatus(
        account: "hjælpemidler", waiting: [waiting(aids, 98, 412_000_000, age: 11_700, limit: 14_400)],
        lastLook: hours(-0.011), lookSeconds: 0.84, looks: 24_700),
      InboxStatus(
        account: "børnefag", waiting: [waiting(children, 12, 3_100_000, age: 5_400, limit: 28_800, true)],
        lastLook: hours(-0.004), lookSeconds: 0.22, looks: 24_700),
      InboxStatus(
        account: "ledelsesinfo", lastLook: hours(-1.4),
        failure: LookFailure(
          since: hours(-1.4),
          text: LocalizedText(
            da: "serveren afviser nøglen; se efter, om den er udskiftet",
            en: "the server refuses the key; see whether it was replaced")), looks: 24_610, failedLooks: 84),
    ]
    return busy
      + ["ydelser", "klassifikation", "madservice", "byggesager", "skoledata", "tandpleje"].map {
        InboxStatus(account: $0, lastLook: hours(-0.007), lookSeconds: 0.2, looks: 24_700)
      }
  }

  private static var alerts: [Alert] {
    let rule = LocalizedText(da: "skal hentes inden 4 timer", en: "pick-up-within: 4h")
    func alert(
      _ id: Int64, _ kind: Finding.Kind, _ severity: Finding.Severity, _ state: Alert.State, _ account: String,
      infRef: ShownInfRef? = nil, fileName: String? = nil, sender: String? = nil, since: Double, due: Double? = nil,
      rule: LocalizedText? = nil, detail: LocalizedText? = nil
    ) -> Alert {
      let finding = Finding(
        kind: kind, severity: severity, account: account, subject: "\(id)", fileName: fileName, infRef: infRef,
        sender: sender, since: hours(since), due: due.map(hours), rule: rule, detail: detail)
      var alert = Alert(id: id, finding: finding, firstSeen: hours(since))
      alert.see(finding, at: hours(since), fireAfter: .zero)
      alert.state = state
      return alert
    }
    let late = (0..<98).map {
      Finding(kind: .pickUpLate, severity: .warning, account: "hjælpemidler", subject: "\($0)", infRef: "\(aids)")
    }
    var group = alert(42, .manyFindings, .warning, .firing, "hjælpemidler", since: -3.25, due: 0.75, rule: rule)
    group.standFor(late)
    group.finding.since = hours(-3.25)
    var known = alert(
      38, .receiptError, .critical, .acknowledged, "børnefag", infRef: "\(children)",
      fileName: "boern_0773_20261120.csv",
      since: -9.5, detail: LocalizedText(da: "Kvitteringen siger: „2001: No valid route“", en: "2001: No valid route"))
    known.acknowledgement = Alert.Acknowledgement(by: "vagt", why: nil, at: hours(-8.9), severity: .critical)
    var over = alert(35, .expectedMissing, .critical, .resolved, "klassifikation", infRef: "\(sortiment)", since: -21)
    over.resolved = hours(-18.4)
    return [
      alert(
        41, .pickUpLate, .critical, .firing, "fakturahåndtering", infRef: "\(sortiment)",
        fileName: "sortiment_461_20261120.xml", sender: "fk-kla-prod", since: -5.23, due: -1.23, rule: rule),
      alert(43, .loginFailed, .critical, .firing, "ledelsesinfo", since: -1.4), group, known, over,
    ]
  }

  private static let voice = PageVoice(.english, now: now, timeZone: "Europe/Copenhagen")

  private static var expected: [ExpectedSeries] {
    func series(_ account: String, _ infRef: String, _ rule: String, _ pattern: String) -> ExpectedSeries {
      let states: [Character: ExpectedDay.State] = [
        "c": .came, "l": .late, "m": .missing, "n": .notYet, "o": .dayOff, "?": .notWatched,
      ]
      let days = zip(voice.lastDays(pattern.count), pattern).map { day, letter in
        var expected = ExpectedDay(day: day, state: states[letter] ?? .dayOff)
        expected.by = Timestamp("\(day)T05:00:00.000Z")
        if letter == "l" { expected.came = expected.by?.later(by: .seconds(5_400)) }
        if rule.contains("municipality"), letter == "m" { (expected.files, expected.expectedFiles) = (97, 98) }
        return expected
      }
      return ExpectedSeries(
        account: account, infRef: ShownInfRef(stringLiteral: infRef), rule: LocalizedText(da: rule, en: rule),
        days: days)
    }
    return [
      series("fakturahåndtering", sortiment, "daily by 06:00", "cccclcccccccc?n"),
      series("hjælpemidler", aids, "weekdays by 06:00, one per municipality", "ooccccmooccccco"),
      series("børnefag", children, "weekly on friday by 06:00", "oooooocoooooocn"),
      series("klassifikation", "SortimentOverfør_1", "daily by 06:00", "ccccccccccccccn"),
    ]
  }

  private static var pickUps: [PickUpSeries] {
    func series(_ account: String, _ infRef: String, limit: Int, typical: Int, seed: UInt64, slips: Set<Int>)
      -> PickUpSeries
    {
      var random = SeededGenerator(seed: seed)
      let days = voice.lastDays(30).enumerated().compactMap { index, day -> PickUpDay? in
        if index % 7 == 1, seed == 3 { return nil }
        let median = typical + Int.random(in: -typical / 3...typical / 2, using: &random)
        let slowest =
          slips.contains(index) ? limit + limit / 3 : median * 2 + Int.random(in: 0...typical, using: &random)
        return PickUpDay(
          day: day, count: 12 + Int.random(in: 0...90, using: &random), medianSeconds: median,
          slowestSeconds: slowest, limitSeconds: limit, watchedAllDay: index != 28)
      }
      return PickUpSeries(account: account, infRef: ShownInfRef(stringLiteral: infRef), days: days)
    }
    return [
      series("fakturahåndtering", sortiment, limit: 14_400, typical: 3_000, seed: 1, slips: [17, 29]),
      series("hjælpemidler", aids, limit: 14_400, typical: 3_600, seed: 2, slips: []),
      series("børnefag", children, limit: 28_800, typical: 6_000, seed: 3, slips: []),
    ]
  }

  private static var exchanges: [ExchangeStatus] {
    let picked = LocalizedText(da: "afhentet", en: "picked up")
    let accepted = LocalizedText(da: "fordelt af platformen", en: "distributed by the platform")
    let refused = LocalizedText(da: "afvist: 2001", en: "refused: 2001")
    return [
      ExchangeStatus(
        at: hours(-0.2), account: "ydelser", direction: .arrival, fileName: "ydelser_0101_20261121.csv",
        infRef: "\(children)",
        bytes: 48_210, state: "picked-up", outcome: picked),
      ExchangeStatus(
        at: hours(-0.9), account: "børnefag", direction: .delivery, fileName: "boern_0461_20261121.csv",
        infRef: "\(children)", bytes: 1_204_311, state: "accepted", outcome: accepted),
      ExchangeStatus(
        at: hours(-3.2), account: "hjælpemidler", direction: .arrival, fileName: "hjaelpemidler_0751.xml",
        infRef: "\(aids)",
        bytes: 4_203_991, state: "picked-up", outcome: picked),
      ExchangeStatus(
        at: hours(-9.5), account: "børnefag", direction: .delivery, fileName: "boern_0773_20261120.csv",
        infRef: "\(children)", bytes: 88_000, state: "refused", outcome: refused, isTrouble: true),
    ]
  }
}
