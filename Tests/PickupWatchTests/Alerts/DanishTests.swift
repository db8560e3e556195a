import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import FilsluseSFTP
@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Danish output is Danish throughout.
@Suite("Danish alerts and pages") struct DanishTests {
  @Test("says every kind of rule in Danish")
  func rules() throws {
    let infRef = InfRefRule(accounts: ["a"], infRef: .sf7002)
    let direct = InfRefRule(accounts: ["a"], about: .direct(arrival: "nabo", senders: ["nabosystem"]))
    let bare = InfRefRule(accounts: ["a"], about: .bare(try FileNamePattern("SF2900_*")))
    func rhythm(_ text: String) throws -> String { RuleText.rhythm(try #require(Rhythm(text))).da }
    func within(_ text: String) throws -> PickUpLimit { PickUpLimit(within: try #require(RulePeriod(text))) }
    #expect(try rhythm("daily by 15:42") == "hver dag inden kl. 15.42")
    #expect(try rhythm("weekdays by 06:00") == "hver hverdag inden kl. 06.00")
    #expect(try rhythm("weekly mon by 06:00") == "hver mandag inden kl. 06.00")
    #expect(try rhythm("monthly 1 by 12:00") == "den 1. i hver måned inden kl. 12.00")
    #expect(RuleText.pickUp(try within("4h"), infRef).da == "skal hentes inden 4 timer")
    #expect(RuleText.pickUp(try within("30h business"), infRef).da == "skal hentes inden 30 timer i åbningstiden")
    #expect(
      RuleText.pickUp(try within("1h30m business"), direct).da
        == "direkte sendte filer (modtagelsen nabo) skal hentes inden 1 time og 30 minutter i åbningstiden")
    #expect(
      RuleText.pickUp(try within("2d4h"), bare).da
        == "filer uden metadata (SF2900_*) skal hentes inden 2 døgn og 4 timer")
    let expected = ExpectedFiles(rhythm: try #require(Rhythm("daily by 06:00")))
    #expect(RuleText.expected(expected, infRef).da == "ventes hver dag inden kl. 06.00")
    #expect(RuleText.answer(.by(minute: 360)).da == "forretningssvar ventes inden kl. 06.00")
    #expect(
      RuleText.answer(.within(RulePeriod(.seconds(28_800), isBusinessTime: true))).da
        == "forretningssvar ventes inden 8 timer i åbningstiden")
    #expect(RuleText.platformTakes(.seconds(900)).da == "platformen skal tage triggere inden 15 minutter")
    #expect(RuleText.receipt(.seconds(60)).da == "teknisk kvittering ventes inden 1 minut")
    #expect(RuleText.halfPair(.seconds(600)).da == "et ufuldstændigt filpar må ligge i 10 minutter")
    #expect(RuleText.stalled(.seconds(90)).da == "en fil, der ikke er hel, må stå stille i 1 minut og 30 sekunder")
    #expect(RuleText.cleanUp(.seconds(864_000)).da == "platformen sletter efter 10 døgn")
    #expect(RuleText.mostFiles(5).da == "højst 5 filer i IN" && RuleText.mostFiles(1).da == "højst 1 fil i IN")
    #expect(RuleText.mostBytes(20_000_000).da == "højst 20 MB i IN")
  }

  @Test("has no English word in an alert of any kind, whatever its rule")
  func alerts() throws {
    let findings = try EveryFinding.all()
    #expect(Set(findings.map(\.kind)) == Set(Finding.Kind.all))
    for finding in findings {
      for reason in NotificationReason.allCases {
        var alert = Alert(id: 17, finding: finding, firstSeen: Given.minute(0))
        alert.see(finding, at: Given.minute(1), fireAfter: .zero)
        if finding.kind == .manyFindings { alert.standFor(findings) }
        if reason.isEnd { alert.resolve(at: Given.minute(9), reason == .expired ? .unwatched : nil) }
        alert.noteNotification(reason, at: Given.minute(1))
        let notice = AlertNotification(
          AlertEvent(alert: alert, reason: reason), database: "abc", wording: AlertWording(.danish))
        for line in [notice.headline] + notice.text {
          #expect(EnglishWords.found(in: line).isEmpty, "\(finding.kind.rawValue) \(reason): \(line)")
        }
      }
    }
  }

  @Test("has no English word on any page of the console, with every kind of alert on them")
  func pages() throws {
    let context = ExampleConsole.context(.danish)
    var pages = try ExamplePage.all(.danish).map(\.html)
    let alerts = try EveryFinding.all().enumerated().map { index, finding in
      var alert = Alert(id: Int64(index + 1), finding: finding, firstSeen: Given.minute(0))
      alert.see(finding, at: Given.minute(1), fireAfter: .zero)
      if index % 3 == 1 { try alert.acknowledge(by: "KH", why: nil, at: Given.minute(2)) }
      if index % 3 == 2 { alert.resolve(at: Given.minute(9), .unwatched) }
      return alert
    }
    for alert in alerts {
      let life = AlertLife(alert: alert, events: ExampleConsole.life.events)
      pages.append(AlertPage(life: life, group: nil, context: context).html().html)
    }
    let list = AlertTable(rows: alerts, voice: context.voice, caption: "Alarmer").html().html
    #expect(list.contains("kvitteret</b> <small>KH</small>"))
    let bare = PickUpSeries(
      account: "kommunen", infRef: "bare-files: SF2900_*",
      title: WatchedFiles.bare(try FileNamePattern("SF2900_*")).localizedTitle,
      days: [PickUpDay(day: "2026-11-20", count: 3, medianSeconds: 60, slowestSeconds: 90)])
    let trends = TrendsPage.Content(days: 30, account: nil, trends: [bare], punctuality: [])
    var overview = ExampleConsole.overview()
    overview.status.storeTrouble = .failing("write the alerts to watch.sqlite: disk I/O error; make room on the disk")
    pages += [
      list, TrendsPage(content: trends, context: context).html().html,
      OverviewPage(content: overview, context: context).html().html,
    ]
    #expect(pages.contains { $0.contains("Loggen siger hvorfor") })
    pages += try everyState(context)
    let codes = Set(SubjectState.names)
    for page in pages {
      let body = page.replacing(/(?s)<head>.*?<\/head>/, with: "")
      let labels = body.matches(of: #/(?:aria-label|placeholder)="([^"]*)"/#).map { String($0.output.1) }
      for line in body.split(separator: "\n").map(String.init) + labels {
        #expect(EnglishWords.found(in: line, and: codes).isEmpty, "\(line)")
      }
    }
  }

  /// Pages with every state of a delivery, an arrival, a file, an inbox and an act, and with every problem.
  private func everyState(_ context: PageContext) throws -> [String] {
    let states = DeliveryState.allCases.map(SubjectState.delivery) + ArrivalState.allCases.map(SubjectState.arrival)
    let trails = states.map { state in
      var trail = ExampleConsole.trail
      let line = trail.line
      let isArrival = if case .arrival = state { true } else { false }
      trail.line = JournalLine(
        subject: isArrival ? .arrival(7) : .delivery(12), begun: line.begun, state: state, wireName: line.wireName,
        counterpart: line.counterpart, infRef: line.infRef, size: line.size)
      trail.entries = [JournalTrail.Entry(id: 1, at: line.begun, title: state.title)]
      return trail
    }
    var pages = trails.map { JournalPage(trail: $0, context: context).html().html }
    for trail in trails {
      var matches = ConsoleMatches()
      matches.journal = [trail.line]
      pages.append(SearchPage(found: (text: "børn", matches: matches), context: context).html().html)
    }
    for state in FileRow.State.allCases {
      var history = ExampleConsole.history
      history.row.state = state
      pages.append(FilePage(history: history, context: context).html().html)
    }
    for state in InboxRow.State.allCases { pages.append(StateMark(state, context.voice).inWords.html) }
    for act in DonePage.Act.allCases {
      let address = DonePage.address(act, count: 2, others: 1, number: 7, back: "/", tickets: context.tickets)
      let request = HTTPRequest(method: .get, path: "/done", query: String(address.dropFirst("/done?".count)))
      let asked = ConsoleRequest(request: request, values: [], voice: context.voice, tickets: context.tickets)
      pages.append(try DonePage(asked: asked).html().html)
    }
    let direct = WatchedFiles.direct(arrival: "nabo", senders: ["nabosystem"])
    let expected = ExpectedCell(
      account: "kommunen", infRef: "arrival: nabo", title: direct.localizedTitle,
      day: ExpectedDay(day: "2026-11-20", state: .late))
    let cell = MatrixCellDetail(
      municipality: nil, account: "kommunen", day: "2026-11-20", expectations: [expected],
      files: Paged(items: [], total: 0))
    pages.append(
      MunicipalityDayPage(row: "account.kommunen", day: "2026-11-20", detail: cell, context: context).html().html)
    let problems = [
      PageProblem.noForm, .oldForm(back: "/"), .foreignForm, .starting, .storeFailed, .beyondEnd(2, path: "/"),
    ]
    return pages
      + problems.map { problem in
        let frame = PageFrame(voice: context.voice, title: problem.title.da)
        return frame.message(problem.words.da, to: problem.path, problem.link.da).html
      }
  }

  @Test("says every failure of a connection and every fault of a document in Danish")
  func failures() throws {
    for code in SFTPError.Code.allCases {
      let error = SFTPError(
        code, "the server shows SHA256:abc, not the known SHA256:def", "serveren viser SHA256:abc, ikke SHA256:def",
        operation: "connect")
      let text = ExchangeError(error, while: "look into nede").inDanish
      #expect(EnglishWords.found(in: text).isEmpty && !text.contains("fejlkode"), "\(text)")
      #expect(text.contains("SHA256:abc") && text.contains("SHA256:def") && !text.contains("nede"), "\(text)")
    }
    let documents = ["ingen XML", "<a/>", "<!DOCTYPE a><a/>", "<FileMetadata/>", "<FileMetadata", ""]
    for document in documents {
      let error = #expect(throws: DocumentError.self) { try FileMetadata(reading: Array(document.utf8)) }
      let text = try #require(error).inDanish
      #expect(EnglishWords.found(in: text.replacing(/\(.*?\)/, with: "")).isEmpty, "\(text)")
    }
  }
}
