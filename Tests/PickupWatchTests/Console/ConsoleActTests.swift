import FileExchange
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import Testing
import TriggerFiles

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// What persons do on the pages, over a real database: once for each form, with their names and reasons.
@Suite("Acts on the console", .timeLimit(.minutes(25))) struct ConsoleActTests {
  /// The page of the group of late files.
  private static func group(in field: ConsoleField) async throws -> (page: String, group: RuleGroup) {
    let groups = try await field.queries.ruleGroups()
    let late = try #require(groups.first { $0.key.kind == .pickUpLate })
    return (AlertFilter(group: late.key).address, late)
  }

  private static func ticked(_ page: String) -> [String] {
    page.matches(of: #/name="alert" value="([0-9]+)" form="acknowledge"[^>]* checked/#).map { String($0.output.1) }
  }

  @Test("the late files of many inboxes are acknowledged together with a name and a comment, and that is undone")
  func together() async throws {
    try await ConsoleField.with(inboxes: 12, files: 24, late: 7) { field in
      try await ExampleServer.over(field) { example async throws in
        let (page, group) = try await Self.group(in: field)
        #expect(group.inboxes == 7 && group.unattended == 7)
        let list = try await example.get(page).body
        #expect(list.contains(": 7 inboxes</h1>"))
        var form = try #require(ExampleForm(.acknowledge, in: list)).filled([
          "by": "Jørgen <vagt>", "why": "leverandøren er ringet op",
        ])
        let ticked = Self.ticked(list)
        #expect(ticked.count == 7)
        for alert in ticked { form = form.filled(["alert": alert]) }
        let done = try await example.send(form)
        let address = try #require(done.headers["location"])
        #expect(done.status == 303 && address.hasPrefix("/done?act=acknowledged&count=7&number="))
        #expect(done.headers["set-cookie"]?.hasPrefix("filsluse-name=J%C3%B8rgen%20%3Cvagt%3E; ") == true)
        let confirmation = try await example.get(address)
        #expect(confirmation.status == 200 && confirmation.body.contains("7 alerts acknowledged."))
        for claim in ["act=acknowledged&count=31", "act=silenced&count=7"] {
          let forged = try await example.get(address.replacing("act=acknowledged&count=7", with: claim))
          #expect(forged.status == 404 && forged.body.contains("That was not done"))
        }
        #expect(try await !example.get("\(address)&others=5&key=0").body.contains("left as before"))
        let known = try await field.queries.alerts(AlertFilter(state: .acknowledged), PageNumber())
        #expect(known.total == 7)
        #expect(known.items.allSatisfy { $0.acknowledgement?.why == "leverandøren er ringet op" })
        let life = try await example.get(PageAddress.alert(known.items[0].id)).body
        #expect(life.contains("acknowledged by Jørgen &lt;vagt&gt;: leverandøren er ringet op"))

        let undo = try #require(ExampleForm(.undo, in: confirmation.body)).filled(["by": "KH"])
        let undone = try await example.send(undo)
        #expect(undone.headers["location"]?.hasPrefix("/done?act=undone&count=7&") == true)
        #expect(try await example.send(undo).status == 409)
        #expect(try await field.queries.alerts(AlertFilter(state: .acknowledged), PageNumber()).total == 0)
      }
    }
  }

  @Test("the first screen, the wall, the list and the alert's page say the same age of what is late")
  func oneAge() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in
        let (page, _) = try await Self.group(in: field)
        let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
        let shown = [
          ("/", "oldest 7 h"), ("/wall", ", 7 h"), (page, "<small>7 h<"), (PageAddress.alert(alert.id), "(7 h)"),
        ]
        for (path, age) in shown {
          let answer = try await example.get(path)
          #expect(answer.body.contains(age), "\(path)")
        }
      }
    }
  }

  @Test("a form that is sent twice is done once, and the second time says so")
  func twice() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in
        let (page, _) = try await Self.group(in: field)
        let list = try await example.get(page).body
        let silence = try #require(ExampleForm(.silence, in: list)).filled([
          "by": "KH", "why": "varslet", "until": "2026-11-24T08:00",
        ])
        #expect(try await example.send(silence).status == 303)
        let again = try await example.send(silence)
        #expect(again.status == 409 && again.body.contains("Nothing was done twice."))
        #expect(again.body.contains("<a href=\"\(page.replacing("&", with: "&amp;"))\">Back</a>"))
        #expect(try await field.queries.silences(PageNumber()).total == 1)

        let alert = try #require(Self.ticked(list).first)
        let acknowledge = try #require(ExampleForm(.acknowledge, in: list)).filled(["by": "KH", "alert": alert])
        #expect(try await example.send(acknowledge).status == 303)
        #expect(try await example.send(acknowledge).status == 409)
        // Another person with a form of their own is told who was faster.
        let other = try await example.form(.acknowledge, on: page).filled(["by": "AN", "alert": alert])
        let late = try await example.send(other)
        #expect(late.status == 409 && late.body.contains("It is done already, by KH."))
        let number = try #require(Int64(alert))
        #expect(try await field.database.alert(number)?.acknowledgement?.by == "KH")
        let events = try #require(try await field.queries.life(ofAlert: number)).events
        #expect(events.count { $0.what == .acknowledged } == 1)
      }
    }
  }

  @Test("the page after an act says how many ticked alerts were left as they were, and no address of others does")
  func left() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 3) { field in
      try await ExampleServer.over(field) { example async throws in
        let (page, _) = try await Self.group(in: field)
        let list = try await example.get(page).body
        let ticked = Self.ticked(list)
        #expect(ticked.count == 3)
        let first = try await example.form(.acknowledge, on: page).filled(["by": "KH", "alert": ticked[0]])
        #expect(try await example.send(first).status == 303)
        var form = try #require(ExampleForm(.acknowledge, in: list)).filled(["by": "AN"])
        for alert in ticked { form = form.filled(["alert": alert]) }
        let address = try #require(try await example.send(form).headers["location"])
        #expect(address.hasPrefix("/done?act=acknowledged&count=2&others=1&key="))
        let confirmation = try await example.get(address).body
        #expect(confirmation.contains("2 alerts acknowledged.") && confirmation.contains("1 alert left as before"))
        let forged = try await example.get(address.replacing("&others=1", with: "&others=9"))
        #expect(forged.status == 200 && !forged.body.contains("left as before"))
      }
    }
  }

  @Test("where another machine leads, that one does what a form asks for, once, and the first screen names it")
  func standsBy() async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 2) { field in
      let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let page = PageAddress.alert(alert.id)
      try await field.database.noteLeader("vagt-<1>")
      var status = field.status
      status.standby = WatchDatabase.standbyNotice(under: "vagt-<1>")
      let (now, isAnswering) = (field.now, Locked(true))
      let queries = ConsoleQueries(
        store: field.database, evaluator: field.evaluator, clock: { now }, inboxes: field.queries.inboxes,
        lead: { .follows },
        give: { (request: String, _: String) async throws(ExchangeError) -> String in
          guard isAnswering.withLock({ $0 }) else { throw WatchDatabase.notTakenUp }
          // The machine that leads has the same alerts.
          try await field.database.noteLeader(nil)
          let answer = try await ActRequest.perform(request, in: field.database, at: now)
          try await field.database.noteLeader("vagt-<1>")
          return answer
        }, share: { () async throws(ExchangeError) -> Void in throw WatchDatabase.recordedHereAlone })
      try await ExampleServer.with(status, queries, clock: { now }) { example async throws in
        let first = try await example.get("/").body
        #expect(first.contains("The machine vagt-&lt;1&gt; leads the watch"))
        let acknowledge = try await example.form(.acknowledge, on: page).filled(["by": "KH"])
        let silence = try await example.form(.silence, on: page).filled([
          "scope": "inbox", "by": "KH", "why": "varslet", "until": "2026-11-24T08:00",
        ])
        isAnswering.withLock { $0 = false }
        let unanswered = try await example.send(acknowledge)
        #expect(unanswered.status == 503 && unanswered.body.contains("leads the watch has not answered"))
        isAnswering.withLock { $0 = true }
        for (form, title) in [(acknowledge, "Acknowledged"), (silence, "Silenced")] {
          let address = try #require(try await example.send(form).headers["location"])
          let done = try await example.get(address)
          #expect(done.status == 200 && done.body.contains(title), "\(address)")
          #expect(try await example.send(form).status == 409)
        }
        let kept = try await field.database.alert(alert.id)
        #expect(kept?.acknowledgement?.by == "KH")
        #expect(try await queries.silences(PageNumber()).total == 1)
        let undo = try await example.form(.undo, on: page).filled(["by": "KH"])
        #expect(try await example.send(undo).status == 303)
        let list = try await example.get("/silences").body
        let end = try #require(ExampleForm(.endSilence, in: list)).filled(["by": "KH"])
        // What the other machine refuses is refused here, with its reason.
        let unknown = try await example.send(end.filled(["silence": "999"]))
        #expect(unknown.status == 422 && unknown.body.contains("No silence 999 holds or is to come."))
        #expect(try await example.send(end).status == 303)
      }
    }
  }

  @Test("while it is not known which machine leads, no page has a form that is refused, and each says why")
  func refusesForms() async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 2) { field in
      let (page, _) = try await Self.group(in: field)
      let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let file = try #require(
        try await field.queries.files(of: field.accounts[0], .waiting, PageNumber()).items.first)
      let act = Act(by: "KH", why: "varslet", at: field.now)
      _ = try await field.queries.silence(
        Silence.Matcher(account: field.accounts[1]), until: field.now.later(by: .seconds(3600)), act)
      try await field.database.noteLeaderUnknown()
      var status = field.status
      status.refusalOfActs = try await field.database.refusalOfActs()?.text
      let now = field.now
      let refused = [FormAction.acknowledge, .undo, .silence, .endSilence]
      try await ExampleServer.with(status, field.queries, clock: { now }) { example async throws in
        let acting = [page, PageAddress.alert(alert.id), PageAddress.inbox(alert.finding.account), "/silences"]
        for path in acting + ["/"] {
          let answer = try await example.get(path)
          #expect(answer.status == 200 && answer.body.contains("server does not say which machine leads"), "\(path)")
          for action in refused { #expect(ExampleForm(action, in: answer.body) == nil, "\(action) on \(path)") }
          #expect(!answer.body.contains("type=\"checkbox\""), "\(path)")
        }
        let names = try await example.get(PageAddress.file(file.id)).body
        #expect(ExampleForm(.showNames, in: names) != nil)
      }
    }
  }

  @Test("what cannot be recorded for all machines is no success: 503 with the reason, and the form filled in again")
  func unrecorded() async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 2) { field in
      let (now, answers, isCutOff) = (field.now, Locked<[LeadAnswer]>([]), Locked(false))
      let queries = ConsoleQueries(
        store: field.database, evaluator: field.evaluator, clock: { now }, inboxes: { [] },
        lead: { answers.withLock { $0.isEmpty ? LeadAnswer.leads : $0.removeFirst() } },
        share: { () async throws(ExchangeError) -> Void in
          if isCutOff.withLock({ $0 }) { throw WatchDatabase.recordedHereAlone }
        })
      try await ExampleServer.with(field.status, queries, clock: { now }) { example async throws in
        let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
        let page = PageAddress.alert(alert.id)
        let form = try await example.form(.silence, on: page).filled([
          "scope": "inbox", "by": "Jørgen <vagt>", "why": "server flyttes", "until": "2026-11-24T08:00",
        ])
        func expectUnrecorded(
          _ form: ExampleForm, _ words: String, silences: Int, title: String = "Could not be recorded"
        ) async throws -> ExampleForm {
          let answer = try await example.send(form)
          #expect(answer.status == 503 && answer.headers["location"] == nil)
          for text in [
            title, words, "value=\"Jørgen &lt;vagt&gt;\"", "value=\"server flyttes\"", "<a href=\"\(page)\">Back</a>",
          ] {
            #expect(answer.body.contains(text), "\(text)")
          }
          let total = try await field.queries.silences(PageNumber()).total
          #expect(total == silences)
          return try #require(ExampleForm(.silence, in: answer.body)).filled([
            "by": "Jørgen <vagt>", "why": "server flyttes",
          ])
        }
        let unknown = "The journal&#39;s server does not say which machine leads the watch"
        answers.withLock { $0 = [.unknown] }
        let again = try await expectUnrecorded(form, unknown, silences: 0)
        // Cut off after it was written here.
        isCutOff.withLock { $0 = true }
        let alone = try await expectUnrecorded(
          again, "It is recorded on this machine alone", silences: 1, title: "Recorded here alone")
        isCutOff.withLock { $0 = false }
        try await field.database.noteLeaderUnknown()
        let third = try await expectUnrecorded(alone, unknown, silences: 1)
        try await field.database.noteLeader(nil)
        // The form is the same: what reached the database is not done twice.
        #expect(try await example.send(third).status == 409)
        #expect(try await field.queries.silences(PageNumber()).total == 1)
      }
    }
  }

  @Test("a silence has a scope, a reason and an end, shows in the alert's life, and is ended before its time")
  func silence() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in
        let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
        let page = PageAddress.alert(alert.id)
        let form = try await example.form(.silence, on: page).filled([
          "scope": "inbox", "by": "KH", "why": "server flyttes", "until": "2026-11-24T08:00",
        ])
        #expect(try await example.send(form).headers["location"]?.hasPrefix("/done?act=silenced&count=1&") == true)
        let silence = try #require(try await field.queries.silences(PageNumber()).items.first).silence
        #expect(silence.matcher == Silence.Matcher(account: alert.finding.account) && silence.why == "server flyttes")
        // Eight o'clock in Denmark is seven in UTC in winter.
        #expect(silence.until == Timestamp("2026-11-24T07:00:00.000Z"))
        let life = try await example.get(page).body
        #expect(life.contains("silenced by KH: server flyttes") && life.contains("</i> silenced</b>"))
        let first = try await example.get("/").body
        #expect(first.contains("1 silenced"))
        let list = try await example.get("/silences").body
        #expect(list.contains("inbox \(alert.finding.account)") && list.contains("silences 1 alert now"))
        let end = try #require(ExampleForm(.endSilence, in: list)).filled(["by": "KH"])
        let unknown = try await example.send(end.filled(["silence": "999"]))
        #expect(unknown.status == 422 && unknown.body.contains("No silence 999 holds or is to come."))
        #expect(try await example.send(end).headers["location"]?.hasPrefix("/done?act=unsilenced&count=1&") == true)
        #expect(try await example.send(end).status == 409)
        #expect(try await example.get(page).body.contains("no longer silenced by KH"))
        #expect(
          try await example.send(
            try await example.form(.silence, on: page).filled([
              "scope": "alert", "by": "KH", "why": "igen", "until": "2026-11-24T08:00",
            ])
          ).status == 303)
        let own = try #require(try await field.queries.silences(PageNumber()).items.first).silence
        #expect(own.matcher.findingID == alert.finding.id)
      }
    }
  }

  @Test("a full name is shown after a reason, on a page without an address, and who saw it is on the file's page")
  func names() async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 1) { field in
      let recorded = RecordedText()
      try await ExampleServer.over(field, logger: recorded.logger) { example async throws in
        let account = field.accounts[0]
        let file = try #require(try await field.queries.files(of: account, .waiting, PageNumber()).items.first)
        let page = PageAddress.file(file.id)
        let form = try await example.form(.showNames, on: page)
        let refused = try await example.send(form.filled(["by": "KH"]))
        #expect(refused.status == 422 && refused.body.contains("Write why you need to see the full name."))
        let shown = try await example.send(form.filled(["by": "KH", "why": "sag 17"]))
        #expect(shown.status == 200 && shown.body.contains("<span class=\"name\">\(file.name)</span>"))
        #expect(shown.headers["cache-control"] == "no-store")
        #expect(try await example.get(page).body.contains("shown to KH: sag 17"))
        // A browser that loads the answer again sends the form again: the name is shown, and that is recorded too.
        #expect(try await example.send(form.filled(["by": "KH", "why": "sag 17"])).status == 200)
        #expect(try await example.get(page).body.matches(of: #/shown to KH: sag 17/#).count == 2)
        #expect(!recorded.text.contains(file.name) && recorded.text.contains("the full name of a file was shown"))
      }
    }
  }

  @Test("a search finds files, inboxes, municipalities and alerts, and its text is in no address and no log")
  func search() async throws {
    try await ConsoleField.with(inboxes: 3, files: 9, late: 2) { field in
      let recorded = RecordedText()
      try await ExampleServer.over(field, logger: recorded.logger) { example async throws in
        func search(_ text: String) async throws -> Answer {
          try await example.post("/search", "text=\(PercentEncoding.encoded(text))", ExampleServer.origin)
        }
        let found = try await search("taling_0101_a")
        #expect(found.status == 200 && found.headers["location"] == nil)
        #expect(found.body.contains("Udbetaling_0101_a.xml"))
        #expect(!found.body.matches(of: #/href="[^"]*"/#).contains { $0.output.contains("0101_a") })
        #expect(try await search("København").body.contains("href=\"/municipality/0101\""))
        #expect(try await search(field.accounts[1]).body.contains("href=\"/inbox/\(field.accounts[1])\""))
        let alert = try #require(field.status.alerts.first)
        #expect(try await search("\(alert.id)").body.contains("href=\"/alert/\(alert.id)\""))
        let nothing = try await search("<b>findes ikke</b>")
        #expect(nothing.status == 200 && nothing.body.contains("Nothing fits “&lt;b&gt;findes ikke&lt;/b&gt;”."))
        #expect(!recorded.text.contains("findes ikke") && !recorded.text.contains("0101_a"))
      }
    }
  }

  @Test("addresses with filters show what they name")
  func filters() async throws {
    try await ConsoleField.with(inboxes: 4, files: 8, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in
        let all = try await field.queries.alerts(AlertFilter(), PageNumber())
        func shown(_ query: String) async throws -> Int {
          try await example.get("/alerts?\(query)").body.matches(of: #/<a href="\/alert\/[0-9]+">/#).count
        }
        #expect(try await shown("") == all.total)
        #expect(try await shown("account=\(field.accounts[0])") == 1)
        #expect(try await shown("severity=critical") == all.items.count { $0.finding.severity == .critical })
        #expect(try await shown("infref=\(ConsoleField.infRef.name)&state=unattended") > 0)
        #expect(try await shown("state=acknowledged") == 0)
        #expect(try await shown("account=nobody") == 0)
        let page = try await example.get("/alerts?account=\(field.accounts[0])&severity=critical").body
        #expect(page.contains("<option value=\"\(field.accounts[0])\" selected>"))
        #expect(page.contains("<option value=\"critical\" selected>"))
        // The matrix and the trends of one inbox say so, and a page beyond their end leads to their first one.
        for (path, words) in [("/matrix?days=7", "Show all municipalities"), ("/trends?days=30", "Show all inboxes")] {
          let address = "\(path)&account=\(field.accounts[0])"
          let part = try await example.get(address).body
          #expect(part.contains("<p><a href=\"\(PageAddress.inbox(field.accounts[0]))\">") && part.contains(words))
          let whole = try await example.get(path).body
          #expect(!whole.contains(words), "\(path)")
          let beyond = try await example.get("\(address)&page=99")
          #expect(beyond.status == 404)
          #expect(beyond.body.contains("<a href=\"\(address.replacing("&", with: "&amp;"))\">To the first page</a>"))
        }
      }
    }
  }
}

/// A logger whose lines can be read.
final class RecordedText: Sendable {
  private let lines = Locked([String]())

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  var logger: Logger {
    var logger = Logger(label: "recorded") { [lines] _ in Handler(lines: lines) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let lines: Locked<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
  }
}
