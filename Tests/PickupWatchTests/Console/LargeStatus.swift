import FilsluseBase
import FilsluseHTTP
import TriggerFiles

@testable import PickupWatch
@testable import WatchConsole

/// Everything there can be, in the greatest number and with the longest texts.
enum LargeStatus {
  static let hostile = "<script>alert(1)</script>\"'&\u{202E}\u{0}\u{1B}[31m"

  /// 98 inboxes, all with files of several sorts, hundreds of alerts, texts without measure.
  static func status(text: String = String(repeating: "lang tekst med æøå <&> ", count: 60)) -> WatchStatus {
    let words = LocalizedText(da: text, en: text)
    let moment = ExampleStatus.hours(-3)
    let days = PageVoice(.danish, now: ExampleStatus.now, timeZone: "Europe/Copenhagen").lastDays(30)
    var status = WatchStatus(version: "0.1.0", taken: ExampleStatus.now, started: moment)
    status.storeTrouble = .failing(text)
    status.sinkTroubles = (0..<50).map { _ in SinkTrouble(sink: text, waiting: .max) }
    status.infRefs = [ShownInfRef(stringLiteral: ExampleStatus.sortiment)]
    status.inboxes = (0..<98).map { number in
      InboxStatus(
        account: "kommune-\(number)-\(text)",
        waiting: (0..<5).map { kind in
          WaitingFiles(
            infRef: "Data_\(kind)_\(text)", files: 1000, bytes: 1 << 40,
            oldest: OldestFile(ageSeconds: 9_000 + number, since: moment, limitSeconds: 7_200, warnAtSeconds: 5_400))
        }, lastLook: moment, failure: LookFailure(since: moment, text: words), looks: 10)
    }
    status.alerts = (0..<400).map { number in
      let severity: Finding.Severity = number.isMultiple(of: 2) ? .critical : .warning
      let finding = Finding(
        kind: .pickUpLate, severity: severity, account: text, subject: "\(number)", fileName: text,
        infRef: ShownInfRef(stringLiteral: text),
        sender: text, authority: text, since: moment, due: moment, rule: words, detail: words)
      var alert = Alert(id: Int64(number), finding: finding, firstSeen: moment)
      alert.state = Alert.State.allCases[number % 4]
      alert.group = AlertGroup([finding, finding, finding])
      alert.acknowledgement = Alert.Acknowledgement(by: text, why: text, at: moment, severity: severity)
      alert.ending = FindingEnding(why: words)
      return alert
    }
    status.expected = (0..<98).map { number in
      ExpectedSeries(
        account: text, infRef: ShownInfRef(stringLiteral: text), rule: words,
        days: days.map {
          ExpectedDay(day: $0, state: number < 60 ? .late : .came, by: moment, came: moment, files: 1, expectedFiles: 2)
        })
    }
    status.pickUps = (0..<98).map { _ in
      PickUpSeries(
        account: text, infRef: ShownInfRef(stringLiteral: text),
        days: days.map {
          PickUpDay(
            day: $0, count: 9_999, medianSeconds: 8_000, slowestSeconds: 90_000, limitSeconds: 7_200,
            watchedAllDay: false)
        })
    }
    status.exchanges = (0..<500).map { _ in
      ExchangeStatus(
        at: moment, account: text, direction: .arrival, fileName: text, infRef: ShownInfRef(stringLiteral: text),
        bytes: 1, state: "refused",
        outcome: words, isTrouble: true)
    }
    status.gaps = (0..<300).map { _ in WatchGap(from: moment, until: ExampleStatus.now, account: text, reason: words) }
    return status
  }
}
