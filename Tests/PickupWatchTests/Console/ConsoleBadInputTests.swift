import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import Testing
import TriggerFiles

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// What addresses and forms can get wrong: a page with the right status that says what is wrong and where to go on.
@Suite("Bad input on the console", .timeLimit(.minutes(25))) struct ConsoleBadInputTests {
  private static func field(_ body: (ConsoleField, ExampleServer) async throws -> Void) async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in try await body(field, example) }
    }
  }

  /// Expects a page with a heading, words, and a link to go on.
  private static func expectPage(
    _ answer: Answer, _ status: Int, _ words: String, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == status, "\(answer.body.prefix(400))", sourceLocation: location)
    #expect(answer.headers["content-type"] == "text/html; charset=utf-8", sourceLocation: location)
    #expect(answer.body.contains(words), "\(answer.body)", sourceLocation: location)
    #expect(answer.body.contains("<h1>"), sourceLocation: location)
    let main = answer.body.split(separator: "<main", maxSplits: 1).last ?? ""
    #expect(main.contains("<p><a href=\"/"), sourceLocation: location)
    #expect(answer.size < 20_000, sourceLocation: location)
  }

  @Test("addresses of things that are not there, and pages beyond the end, get 404")
  func missing() async throws {
    try await Self.field { field, example async throws in
      let cases: [(path: String, words: String)] = [
        ("/inbox/nobody", "No inbox is called “nobody”"), ("/inbox/010190-1234", "No inbox is called “******-****”"),
        ("/inbox/%3Cscript%3E", "“&lt;script&gt;”"),
        ("/inbox/\(String(repeating: "x", count: 10_000))", "No inbox is called “xxx"),
        ("/alert/999999", "There is no alert of that number"), ("/alert/0", "There is no alert of that number"),
        ("/alert/x", "There is no alert of that number"), ("/alert/-1", "There is no alert of that number"),
        ("/alert/99999999999999999999999", "There is no alert of that number"),
        ("/file/999999", "There is no file of that number"), ("/file/1e3", "There is no file of that number"),
        ("/municipality/9999", "No row of the municipalities"),
        ("/municipality/account.nobody", "No row of the municip"),
        ("/municipality/0101/1999-01-01", "No row of the municipalities"),
        ("/journal/D1", "has no delivery or arrival of that number"), ("/journal/X1", "has no delivery or arrival"),
        ("/journal/D", "has no delivery or arrival"), ("/journal/12", "has no delivery or arrival"),
        ("/trends?account=nobody", "That inbox is not watched."),
        ("/alerts?account=nobody", "That inbox is not watched."),
        ("/alerts?infref=x", "No rule and no alert is about that InfRef."),
        ("/alerts?group=no-such-kind", "No alert is of that group"),
        ("/alerts?group=pick-up-late.00000000", "No alert is of that group"),
        ("/alerts?municipality=nope", "There is no municipality of that code"),
        ("/alerts?municipality=0101,87654321", "There is no municipality of that code"),
        ("/matrix?account=nobody", "That inbox is not watched."),
        ("/matrix?infref=Ukendt_1", "No files of that InfRef are expected"),
        ("/alert/\(field.status.alerts[0].id)?page=2", "The list has no page of that number; the last one is page 1."),
        ("/municipality/0101/2026-11-23?page=9", "The list has no page"),
        ("/alerts?page=2", "The list has no page of that number; the last one is page 1."),
        ("/alerts?page=999999", "The list has no page"), ("/silences?page=2", "The list has no page"),
        ("/matrix?page=2", "The list has no page"), ("/municipality/0101?page=9", "The list has no page"),
        ("/trends?page=20", "The list has no page"),
        ("/inbox/\(field.accounts[0])?waiting=2", "The list has no page"),
        ("/inbox/\(field.accounts[0])?gone=9", "The list has no page"),
        ("/done?act=silenced&count=3&number=999", "That was not done"), ("/done?act=undone", "That was not done"),
        ("/nowhere", "There is nothing here"), ("/alert", "There is nothing here"),
        ("/alert/1/2", "There is nothing here"),
        ("/inbox/%FF", "There is nothing here"), ("/inbox/%zz", "There is nothing here"),
        ("//", "There is nothing here"),
      ]
      for (path, words) in cases {
        let answer = try await example.get(path)
        Self.expectPage(answer, 404, words)
      }
    }
  }

  @Test("addresses whose fields cannot be read get 400")
  func unreadable() async throws {
    try await Self.field { _, example async throws in
      let cases: [(path: String, words: String)] = [
        ("/?sort=age", "The field sort is one of name, -name, files, -files, oldest, -oldest."),
        ("/?sort=--files", "The field sort is one of"), ("/?sort=FILES", "The field sort is one of"),
        ("/?sort=\(String(repeating: "-files", count: 1_600))", "The field sort is one of"),
        ("/alerts?010190-1234=x", "The page does not know the field “******-****” of the address"),
        ("/?sort=name&sort=files", "cannot be read"), ("/wall?sort=name", "The page does not know the field “sort”"),
        ("/alerts?page=0", "not a number from 1 on"), ("/alerts?page=-1", "not a number from 1 on"),
        ("/alerts?page=x", "not a number from 1 on"), ("/alerts?page=9999999", "not a number from 1 on"),
        ("/alerts?severity=mild", "The field severity has a value"),
        ("/alerts?state=odd", "The field state has a value"),
        ("/alerts?group=pick-up-late.xyz", "The field group has a value"),
        ("/alerts?account=a&account=b", "cannot be read"), ("/alerts?account=%", "cannot be read"),
        ("/alerts?account=%FF", "cannot be read"), ("/matrix?days=8", "The field days is one of 7, 14, 30."),
        ("/trends?days=365", "The field days is one of 30, 90."), ("/done", "does not name what was done"),
        ("/done?act=deleted", "does not name what was done"),
        ("/municipality/0101/today", "A day is written as 2026-11-21."),
        ("/municipality/0101/2026-13-40", "A day is written as 2026-11-21."),
      ]
      for (path, words) in cases {
        let answer = try await example.get(path)
        Self.expectPage(answer, 400, words)
      }
    }
  }

  @Test("a field that a page does not know is refused by name on every page, and never ignored")
  func unknownFields() async throws {
    try await Self.field { field, example async throws in
      let (account, alert) = (field.accounts[0], field.status.alerts[0].id)
      let paths = [
        "/", "/wall", "/alerts", "/alert/\(alert)", "/inbox/\(account)", "/file/1", "/municipality/0101",
        "/municipality/0101/2026-11-23", "/journal/D1", "/matrix", "/trends", "/silences", "/search", "/done", "/login",
      ]
      let shown = ConsoleRoute.all.filter { $0.method == .get && $0.page.fields != nil }
      #expect(paths.count == shown.count)
      for path in paths {
        let answer = try await example.get("\(path)?odd%3Cb%3E=1")
        Self.expectPage(answer, 400, "The page does not know the field “odd&lt;b&gt;” of the address")
      }
      for path in ["/inbox/\(account)?page=99", "/matrix?severity=x", "/alerts?waiting=2"] {
        let answer = try await example.get(path)
        Self.expectPage(answer, 400, "The page does not know the field")
      }
      let search = try await example.post("/search?page=2", "text=a", ExampleServer.origin)
      Self.expectPage(search, 400, "The page does not know the field “page” of the address.")
      // A scraper may add fields of its own.
      #expect(try await example.get("/metrics?x=1").status == 200)
    }
  }

  @Test("what is known to the rules or to an alert can be filtered by, though no alert passes")
  func knownFilters() async throws {
    try await Self.field { field, example async throws in
      let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let group = RuleGroup.Key(kind: .pickUpLate, rule: alert.finding.ruleID)
      let filters = [
        AlertFilter(state: .acknowledged, account: field.accounts[0]), AlertFilter(state: .resolved, group: group),
        AlertFilter(state: .silenced, infRef: ShownInfRef(ConsoleField.infRef)), AlertFilter(municipality: ["0860"]),
      ]
      for filter in filters {
        let answer = try await example.get(filter.address)
        #expect(answer.status == 200 && answer.body.contains("No alert passes the filter."), "\(filter)")
      }
      // An inbox that is watched no longer, and has an alert.
      _ = try await field.database.take(
        AlertLook(account: "former", at: field.now, findings: [Given.finding("a", account: "former")]),
        settings: AlertSettings(), sinks: [])
      let former = try await example.get("/alerts?account=former")
      #expect(former.status == 200 && former.body.contains("<option value=\"former\" selected>"))
    }
  }

  @Test("forms with what cannot be kept get 422, and nothing is changed")
  func refused() async throws {
    try await Self.field { field, example async throws in
      let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let page = PageAddress.alert(alert.id)
      let long = String(repeating: "n", count: 10_000)
      for (by, why) in [
        (long, ""), (String(repeating: "😀", count: 10_000), ""), ("", ""), ("  ", ""), ("KH", long), ("K\nH", ""),
      ] {
        let form = try await example.form(.acknowledge, on: page).filled(["by": by, "why": why])
        let answer = try await example.send(form)
        Self.expectPage(answer, 422, "must be 1 to 500 bytes of text on one line.")
        #expect(answer.body.contains("<a href=\"\(page)\">Back</a>"))
      }
      let silences: [(fields: KeyValuePairs<String, String>, words: String)] = [
        (["why": "x", "until": "2026-11-23T11:59"], "The silence would end before it begins."),
        (["why": "x", "until": "2020-01-01T00:00"], "The silence would end before it begins."),
        (["why": "x", "until": "2030-01-01T00:00"], "A silence may last a year at most."),
        (["why": "x", "until": "tomorrow"], "not a day and a time"),
        (["why": "x", "until": ""], "not a day and a time"),
        (["why": "x", "until": "2026-02-30T08:00"], "not a day and a time"),
        (["why": "x", "until": "2026-11-24T25:00"], "not a day and a time"),
        (["why": "", "until": "2026-11-24T08:00"], "A silence needs a reason."),
        (["why": long, "until": "2026-11-24T08:00"], "must be 1 to 500 bytes"),
      ]
      for (fields, words) in silences {
        let form = try await example.form(.silence, on: page).filled(["by": "KH", "scope": "alert"]).filled(fields)
        Self.expectPage(try await example.send(form), 422, words)
      }
      let own: [(fields: KeyValuePairs<String, String>, words: String)] = [
        (["account": "", "infref": "", "kind": ""], "The silence would hold for everything; say what is to be silent"),
        (["account": "nobody"], "That inbox is not watched."), (["kind": "no-such"], "There is no such kind of alert."),
        (["infref": long], "The InfRef of a silence has 500 bytes at most."),
      ]
      for (fields, words) in own {
        let form = try await example.form(.silence, on: "/silences")
          .filled(["by": "KH", "why": "x", "until": "2026-11-24T08:00"]).filled(fields)
        Self.expectPage(try await example.send(form), 422, words)
      }
      let group = RuleGroup.Key(kind: .pickUpLate, rule: alert.finding.ruleID)
      let foreign = try await example.form(.silence, on: AlertFilter(group: group).address)
        .filled(["by": "KH", "why": "x", "until": "2026-11-24T08:00", "account": "nobody"])
      Self.expectPage(try await example.send(foreign), 422, "That inbox is not watched.")
      // Without an InfRef of its own an alert's silence would hold for the whole inbox.
      _ = try await field.database.take(
        AlertLook(account: "former", at: field.now, findings: [Given.finding("bare", account: "former", infRef: nil)]),
        settings: AlertSettings(), sinks: [])
      let former = try await field.queries.alerts(AlertFilter(account: "former"), PageNumber())
      let bare = try #require(former.items.first)
      let wide = try await example.form(.silence, on: PageAddress.alert(bare.id))
        .filled(["by": "KH", "why": "x", "until": "2026-11-24T08:00", "scope": "infref"])
      Self.expectPage(try await example.send(wide), 422, "The alert is about no such inbox or InfRef")
      for text in [String(repeating: "a", count: 256), String(repeating: "a", count: 10_000)] {
        let answer = try await example.post("/search", "text=\(text)", ExampleServer.origin)
        Self.expectPage(answer, 422, "A search takes 255 characters at most; nothing was looked for.")
      }
      let longest = String(repeating: "å", count: 255)
      let found = try await example.post("/search", "text=\(PercentEncoding.encoded(longest))", ExampleServer.origin)
      #expect(found.status == 200 && found.body.contains("Nothing fits") && found.body.contains("maxlength=\"255\""))
      #expect(!found.body.contains("name=\"text\" maxlength=\"200\""))
      #expect(try await field.database.alert(alert.id)?.state == .firing)
      #expect(try await field.queries.silences(PageNumber()).total == 0)
    }
  }

  @Test("acts on what is not there, or is over, change nothing and say so")
  func gone() async throws {
    try await Self.field { field, example async throws in
      let page = "/alerts"
      let none = try await example.form(.acknowledge, on: page).filled(["by": "KH"])
      Self.expectPage(try await example.send(none), 422, "No alert is ticked.")
      let missing = try await example.form(.acknowledge, on: page).filled(["by": "KH", "alert": "999999"])
      Self.expectPage(try await example.send(missing), 404, "There is no alert of that number.")
      let odd = try await example.form(.acknowledge, on: page).filled(["by": "KH", "alert": "x"])
      Self.expectPage(try await example.send(odd), 415, "A form of the console is expected here.")
      let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let silence = try await example.form(.silence, on: PageAddress.alert(alert.id)).filled([
        "by": "KH", "why": "x", "until": "2026-11-24T08:00", "scope": "everything",
      ])
      Self.expectPage(try await example.send(silence), 415, "A form of the console is expected here.")
      // The next look finds nothing late any more.
      _ = try await field.database.take(
        AlertLook(account: alert.finding.account, at: field.now.later(by: .seconds(60)), findings: []),
        settings: AlertSettings(), sinks: [])
      let form = try await example.form(.acknowledge, on: page).filled(["by": "KH"])
      Self.expectPage(try await example.send(form.filled(["alert": "\(alert.id)"])), 409, "The alert is over.")
      // The form has done nothing yet, and is good for another alert.
      let other = try #require(field.status.alerts.first { $0.id != alert.id && $0.state == .firing })
      let both = try await example.send(form.filled(["alert": "\(alert.id)"]).filled(["alert": "\(other.id)"]))
      #expect(both.status == 303 && both.headers["location"]?.contains("&count=1&others=1&") == true)
    }
  }

  @Test("a body that is no form, and one that is too long, is refused")
  func noForm() async throws {
    try await Self.field { _, example async throws in
      for action in FormAction.allCases {
        let answer = try await example.post(action.path, "a=%zz", ExampleServer.origin)
        Self.expectPage(answer, 415, "A form of the console is expected here.")
      }
      let long = "ticket=\(String(repeating: "a", count: 140_000))"
      #expect(try await example.post("/acknowledge", long, ExampleServer.origin).status == 413)
    }
  }
}
