import FilsluseSystem
import SeededNumbers
import TriggerFiles

@testable import PickupWatch

/// An invented night with much to see, for the tests and for the pictures in the documentation.
enum ExampleStatus {
  /// 03:14 on a Saturday in Denmark.
  static let now = Timestamp(millisecondsSince1970: 1_795_227_287_000)
  static let sortiment = "SortimentOverfør_2"
  static let aids = "FagsystemdefineredeDataRefGDPR1203_1"
  static let children = "FagsystemdefineredeDataRefGDPR1417_1"

  static func night() -> WatchStatus {
    var status = WatchStatus(
      version: "0.1.0", taken: now, started: hours(-412.3), infRefs: [sortiment, aids, children])
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
        infRef: infRef, files: files, bytes: bytes,
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

  private static var alerts: [AlertStatus] {
    [
      AlertStatus(
        id: 41, kind: "pick-up-late", severity: .critical, state: .firing, account: "fakturahåndtering",
        infRef: sortiment, orderForm: "SF7002", fileName: "sortiment_461_20261120.xml", sender: "fk-kla-prod",
        since: hours(-5.23), due: hours(-1.23),
        rule: LocalizedText(da: "skal hentes inden 4 timer", en: "pick-up-within: 4h"),
        headline: LocalizedText(da: "Fil ikke afhentet i tide", en: "File not picked up in time"),
        text: LocalizedText(
          da: "En fil ligger i IN længere, end reglen tillader, og er ikke afhentet.",
          en: "A file lies in IN longer than the rule allows and has not been picked up."),
        remedy: LocalizedText(
          da: "Se efter, om det system, der skal hente, kører og kan logge på; hent derefter filen.",
          en: "See whether the system that is to fetch it runs and can log in; then fetch the file."),
        ask: LocalizedText(
          da: "helpdesk@serviceplatformen.dk om ruter og overvågning",
          en: "helpdesk@serviceplatformen.dk about routes and monitoring"), canAcknowledge: true),
      AlertStatus(
        id: 43, kind: "login-failed", severity: .critical, state: .firing, account: "ledelsesinfo",
        since: hours(-1.4), headline: LocalizedText(da: "Login mislykkes", en: "Login fails"),
        text: LocalizedText(
          da: "Serveren afviser kontoens login, så intet kan overvåges, hentes eller sendes.",
          en: "The server refuses the account's login, so nothing can be watched, fetched or sent."),
        remedy: LocalizedText(
          da: "Se efter, om nøglen er den, der er registreret for SFTP-brugeren, og om den er udskiftet.",
          en: "See whether the key is the one registered for the SFTP user, and whether it was replaced."),
        canAcknowledge: true),
      AlertStatus(
        id: 42, kind: "pick-up-late", severity: .warning, state: .firing, account: "hjælpemidler", infRef: aids,
        since: hours(-3.25), due: hours(0.75),
        rule: LocalizedText(da: "skal hentes inden 4 timer", en: "pick-up-within: 4h"), count: 98,
        headline: LocalizedText(da: "98 filer er snart ikke afhentet i tide", en: "98 files are soon late"),
        text: LocalizedText(
          da: "Filerne har ligget i IN i mere end tre fjerdedele af den tid, de må.",
          en: "The files have lain in IN for more than three quarters of the time that they may."),
        remedy: LocalizedText(
          da: "Se efter, om det system, der skal hente, kører.", en: "See whether the system that is to fetch runs."),
        canAcknowledge: true),
      AlertStatus(
        id: 38, kind: "receipt-error", severity: .critical, state: .acknowledged, account: "børnefag",
        infRef: children, fileName: "boern_0773_20261120.csv", since: hours(-9.5),
        headline: LocalizedText(da: "Teknisk kvittering melder fejl", en: "Technical receipt reports an error"),
        text: LocalizedText(
          da: "Platformens tekniske kvittering siger, at en afsendt fil ikke er fordelt.",
          en: "The platform's technical receipt says that a delivered file was not distributed."),
        remedy: LocalizedText(
          da: "Læs fejlen i detaljerne, ret årsagen, og send derefter filen igen.",
          en: "Read the error in the details, mend its cause, and send the file again."),
        detail: LocalizedText(da: "Kvitteringen siger: „2001: No valid route“", en: "2001: No valid route"),
        acknowledgedBy: "vagt", acknowledged: hours(-8.9), canAcknowledge: false),
      AlertStatus(
        id: 35, kind: "expected-missing", severity: .critical, state: .resolved, account: "klassifikation",
        infRef: sortiment, since: hours(-21),
        headline: LocalizedText(
          da: "Ventet fil er ikke kommet", en: "Expected file has not come"),
        text: LocalizedText(
          da: "En fil, der skulle være kommet inden fristen, er ikke set i IN.",
          en: "A file that was to have come by its deadline has not been seen in IN."),
        remedy: LocalizedText(da: "Spørg afsenderen.", en: "Ask the sender."), resolved: hours(-18.4),
        canAcknowledge: false),
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
      return ExpectedSeries(account: account, infRef: infRef, rule: LocalizedText(da: rule, en: rule), days: days)
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
      return PickUpSeries(account: account, infRef: infRef, days: days)
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
        infRef: children,
        bytes: 48_210, state: "picked-up", outcome: picked),
      ExchangeStatus(
        at: hours(-0.9), account: "børnefag", direction: .delivery, fileName: "boern_0461_20261121.csv",
        infRef: children, bytes: 1_204_311, state: "accepted", outcome: accepted),
      ExchangeStatus(
        at: hours(-3.2), account: "hjælpemidler", direction: .arrival, fileName: "hjaelpemidler_0751.xml", infRef: aids,
        bytes: 4_203_991, state: "picked-up", outcome: picked),
      ExchangeStatus(
        at: hours(-9.5), account: "børnefag", direction: .delivery, fileName: "boern_0773_20261120.csv",
        infRef: children, bytes: 88_000, state: "refused", outcome: refused, isTrouble: true),
    ]
  }
}
