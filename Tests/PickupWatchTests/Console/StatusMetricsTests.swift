import FilsluseBase
import Foundation
import Testing
import TriggerFiles

@testable import PickupWatch
@testable import WatchConsole

/// The metrics, read back by the format's own rules.
@Suite struct StatusMetricsTests {
  private struct Sample: Hashable {
    var name: String
    var labels: [String: String]
  }

  private struct BadLine: Error { var line: String }

  /// Reads the text format: each family once, announced, its samples together, no sample twice.
  private func read(_ text: String) throws -> (types: [String: String], samples: [Sample: Double]) {
    var types: [String: String] = [:]
    var samples: [Sample: Double] = [:]
    var current = ""
    #expect(text.hasSuffix("\n"))
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if let help = line.wholeMatch(of: #/# HELP ([a-z_]+) (.+)/#) {
        current = String(help.output.1)
        #expect(types[current] == nil, "\(current) comes twice")
        types[current] = ""
      } else if let type = line.wholeMatch(of: #/# TYPE ([a-z_]+) (gauge|counter)/#) {
        #expect(type.output.1 == current)
        types[current] = String(type.output.2)
      } else if let sample = line.wholeMatch(
        of: #/([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\["\\n])*",?)+)\})? ([0-9.e+-]+|NaN)/#)
      {
        #expect(sample.output.1 == current)
        var labels: [String: String] = [:]
        for label in (sample.output.2 ?? "").matches(of: #/([a-z]+)="((?:[^"\\]|\\["\\n])*)"/#) {
          labels[String(label.output.1)] = String(label.output.2)
        }
        let key = Sample(name: current, labels: labels)
        #expect(samples[key] == nil, "\(line) comes twice")
        samples[key] = Double(String(sample.output.3))
      } else {
        throw BadLine(line: String(line))
      }
    }
    return (types, samples)
  }

  private func read(_ status: WatchStatus) throws -> (types: [String: String], samples: [Sample: Double]) {
    try read(StatusMetrics(status, at: status.taken).text())
  }

  @Test("The metrics are well-formed and agree with the snapshot")
  func values() throws {
    let (types, samples) = try read(ExampleStatus.night())
    let invoices = ["account": "fakturahåndtering", "infref": ExampleStatus.sortiment]
    #expect(samples[Sample(name: "filsluse_inbox_waiting_files", labels: invoices)] == 3)
    #expect(samples[Sample(name: "filsluse_inbox_waiting_bytes", labels: invoices)] == 18_400_000)
    #expect(samples[Sample(name: "filsluse_inbox_oldest_age_seconds", labels: invoices)] == 18_840)
    #expect(samples[Sample(name: "filsluse_inbox_pick_up_limit_seconds", labels: invoices)] == 14_400)
    #expect(samples[Sample(name: "filsluse_inbox_look_success", labels: ["account": "ledelsesinfo"])] == 0)
    #expect(samples[Sample(name: "filsluse_inbox_look_success", labels: ["account": "ydelser"])] == 1)
    #expect(samples[Sample(name: "filsluse_alerts", labels: ["severity": "critical", "state": "firing"])] == 2)
    #expect(samples[Sample(name: "filsluse_alerts", labels: ["severity": "warning", "state": "pending"])] == 0)
    #expect(samples[Sample(name: "filsluse_watch_ready", labels: [:])] == 0)
    #expect(samples[Sample(name: "filsluse_watch_gap_seconds", labels: [:])] == 5_760)
    #expect(types["filsluse_inbox_looks_total"] == "counter")
    #expect(types.filter { $0.key.hasSuffix("_total") }.allSatisfy { $0.value == "counter" })
    #expect(types.values.allSatisfy { !$0.isEmpty })
  }

  @Test("Labels are bounded by the settings, whatever comes over the wire")
  func bounds() throws {
    var status = ExampleStatus.night()
    let before = try read(status).samples.count
    status.inboxes[0].waiting += (0..<5_000).map {
      WaitingFiles(infRef: "Unknown_\($0)", files: 1, bytes: 2, oldest: OldestFile(ageSeconds: $0, since: status.taken))
    }
    let (_, samples) = try read(status)
    let other = ["account": "fakturahåndtering", "infref": "other"]
    #expect(samples[Sample(name: "filsluse_inbox_waiting_files", labels: other)] == 5_000)
    #expect(samples[Sample(name: "filsluse_inbox_oldest_age_seconds", labels: other)] == 4_999)
    #expect(samples.count == before + 3)
    let allowed: Set = ["account", "infref", "severity", "state", "version"]
    #expect(samples.keys.allSatisfy { allowed.isSuperset(of: $0.labels.keys) })
    #expect(!StatusMetrics(status, at: status.taken).text().contains("sortiment_461"))
  }

  @Test("A rule is called as it is in the settings: by SF7002, or by its own words where it has no InfRef")
  func rulesByName() throws {
    var status = ExampleStatus.quietNight()
    let (direct, bare) = ("arrival: nabo", "bare-files: SF2900_*")
    let rule = LocalizedText(da: "dagligt kl. 06:00", en: "daily by 06:00")
    status.expected = ["SF7002", direct].map {
      ExpectedSeries(
        account: "ydelser", infRef: ShownInfRef(stringLiteral: $0), title: $0 == direct ? rule : nil, rule: rule,
        days: [ExpectedDay(day: "2026-11-21", state: .missing)])
    }
    status.pickUps = [bare, direct].map {
      PickUpSeries(
        account: "ydelser", infRef: ShownInfRef(stringLiteral: $0), title: rule,
        days: [PickUpDay(day: "2026-11-21", count: 4, medianSeconds: 60, slowestSeconds: 90, watchedAllDay: true)])
    }
    let samples = try read(status).samples
    for name in ["SF7002", direct] {
      let labels = ["account": "ydelser", "infref": name, "state": "missing"]
      #expect(samples[Sample(name: "filsluse_expected_outcomes", labels: labels)] == 1)
    }
    for name in [bare, direct] {
      #expect(
        samples[Sample(name: "filsluse_pick_ups_last_day", labels: ["account": "ydelser", "infref": name])] == 4)
    }
  }

  @Test("Pick-ups of several InfRefs that share a label are counted together")
  func pickUpsOfOthers() throws {
    var status = ExampleStatus.quietNight()
    status.pickUps = [("A_1", "2026-11-20", 9, 900), ("B_1", "2026-11-21", 4, 90), ("C_1", "2026-11-21", 2, 300)].map {
      PickUpSeries(
        account: "ydelser", infRef: ShownInfRef(stringLiteral: $0.0),
        days: [PickUpDay(day: $0.1, count: $0.2, medianSeconds: 60, slowestSeconds: $0.3, watchedAllDay: true)])
    }
    let samples = try read(status).samples
    let labels = ["account": "ydelser", "infref": "other"]
    #expect(samples[Sample(name: "filsluse_pick_ups_last_day", labels: labels)] == 6)
    #expect(samples[Sample(name: "filsluse_pick_up_slowest_seconds", labels: labels)] == 300)
    #expect(samples[Sample(name: "filsluse_pick_up_median_seconds", labels: labels)] == nil)
  }

  @Test("The documentation names every metric that is served, its type and its labels, and no other")
  func documented() throws {
    let page = try String(contentsOf: Documentation.page("Console", of: "WatchConsole"), encoding: .utf8)
    var documented: [String: String] = [:]
    for row in page.matches(of: #/\| `(filsluse_[a-z_]+)` \| ([a-z]+) \|([^|]*)\| [^|]+ \|/#) {
      let labels = row.output.3.matches(of: #/`([a-z]+)`/#).map { String($0.output.1) }
      let entry = "\(row.output.2) \(labels.sorted())"
      #expect(documented.updateValue(entry, forKey: String(row.output.1)) == nil, "\(row.output.1) comes twice")
    }
    let (types, samples) = try read(ExampleStatus.night())
    var served: [String: String] = [:]
    for (name, type) in types {
      let labels = Set(samples.keys.filter { $0.name == name }.flatMap(\.labels.keys))
      served[name] = "\(type) \(labels.sorted())"
    }
    #expect(served == documented)
    #expect(served.count > 15)
  }

  @Test("Hostile names stay inside their label")
  func hostile() throws {
    var status = ExampleStatus.night()
    status.inboxes[0].account = "a\"} 1\n\\evil{x=\""
    let (_, samples) = try read(status)
    #expect(samples.keys.contains { $0.labels["account"] == #"a\"} 1\n\\evil{x=\""# })
  }

  @Test("The metrics are well-formed for a status of the greatest size and for an empty one")
  func large() throws {
    #expect(try read(LargeStatus.status()).samples.count > 500)
    #expect(try read(WatchStatus(version: "0", taken: ExampleStatus.now, started: ExampleStatus.now)).types.count >= 4)
  }
}

/// The JSON: its keys stay, and it reads back as it was.
@Suite struct StatusJSONTests {
  /// A part of the JSON, as a program reads it.
  private struct Read: Decodable {
    struct Alert: Decodable {
      let id: Int64
      let account: String
      let fileName: String?
      let state: String
      let headline: LocalizedText
      let detail: LocalizedText?
      let count: Int
      let canAcknowledge: Bool
    }

    let taken: Timestamp
    let storeTrouble: String?
    let sinkTroubles: [SinkTrouble]
    let inboxes: [InboxStatus]
    let pickUps: [PickUpSeries]
    let expected: [ExpectedSeries]
    let alerts: [Alert]
    let exchanges: [ExchangeStatus]
    let gaps: [WatchGap]
  }

  @Test("Metrics that were written are read back alike")
  func roundTrip() throws {
    var starting = ExampleStatus.night()
    starting.storeTrouble = .starting
    for status in [ExampleStatus.night(), starting, LargeStatus.status(text: LargeStatus.hostile)] {
      let read = try JSONDecoder().decode(Read.self, from: Data(try status.json().utf8))
      #expect(read.taken == status.taken && read.storeTrouble == status.storeTrouble?.text)
      #expect(read.sinkTroubles == status.sinkTroubles && read.inboxes == status.inboxes)
      #expect(read.pickUps == status.pickUps && read.expected == status.expected)
      #expect(read.exchanges == status.exchanges && read.gaps == status.gaps)
      #expect(read.alerts.count == status.alerts.count)
      for (read, alert) in zip(read.alerts, status.alerts) {
        #expect(read.id == alert.id && read.state == alert.state.rawValue && read.count == alert.count)
        #expect(read.account == alert.finding.account && read.fileName == alert.finding.fileName)
        #expect(read.headline == alert.title && read.detail == alert.finding.detail)
        #expect(read.canAcknowledge == (alert.state == .firing))
      }
    }
  }

  @Test("The keys are those that are documented")
  func keys() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(ExampleStatus.night().json().utf8)) as? [String: Any])
    func keys(_ list: String) throws -> Set<String> {
      let items = try #require(object[list] as? [[String: Any]])
      return Set(items.flatMap(\.keys))
    }
    #expect(
      Set(object.keys) == [
        "form", "version", "taken", "started", "timeZone", "lookEverySeconds", "infRefs", "inboxes", "pickUps",
        "expected", "alerts", "exchanges", "gaps", "sinkTroubles",
      ])
    #expect(object["form"] as? Int == 1 && object["taken"] as? String == "2026-11-21T02:14:47.000Z")
    #expect(
      try keys("inboxes") == [
        "account", "waiting", "lastLook", "lookSeconds", "failure", "looks", "failedLooks", "clockAheadSeconds",
      ])
    #expect(
      try keys("alerts") == [
        "id", "kind", "severity", "state", "account", "infRef", "orderForm", "fileName", "sender", "since", "due",
        "rule",
        "count", "headline", "text", "remedy", "ask", "detail", "acknowledgedBy", "acknowledged", "resolved",
        "canAcknowledge", "isExpired",
      ])
    #expect(try keys("pickUps") == ["account", "infRef", "days"])
    #expect(try keys("expected") == ["account", "infRef", "rule", "days"])
    #expect(
      try keys("exchanges") == [
        "at", "account", "direction", "fileName", "infRef", "bytes", "state", "outcome", "isTrouble",
      ])
    #expect(try keys("gaps") == ["from", "until", "reason"])
  }

  @Test("CPR-like numbers in names are masked in the JSON even if they were not before")
  func masked() throws {
    var status = ExampleStatus.quietNight()
    status.alerts = [
      ExampleConsole.alert {
        $0.finding.fileName = "udtraek_010190-1234.csv"
        $0.finding.detail = LocalizedText("udtraek_010190-1234.csv is half written")
      }
    ]
    let json = try status.json()
    #expect(!json.contains("010190"))
    #expect(json.contains("udtraek_******-****.csv\"") && json.contains("udtraek_******-****.csv is half written"))
  }

  @Test("A moment is read only in the form in which it is written")
  func moments() {
    let moment = Timestamp(millisecondsSince1970: 1_795_227_287_123)
    #expect(Timestamp(moment.description) == moment)
    for text in [
      "", "2026-11-21", "2026-02-30T00:00:00.000Z", "2026-11-21T24:00:00.000Z", "2026-11-21T02:14:47.123+01",
    ] {
      #expect(Timestamp(text) == nil, "\(text)")
    }
  }
}
