import FileExchange
import FilsluseBase
import Foundation
import Testing
import TriggerFiles

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Every page over a database with 98 inboxes and 100,000 known files.
@Suite("Console with 100,000 files", .timeLimit(.minutes(25))) struct ConsoleLargeTests {
  private static func site(over field: ConsoleField, _ journal: Journal? = nil) throws -> ConsoleSite {
    let (status, now) = (field.status, field.now)
    let queries = ConsoleQueries(
      store: field.database, evaluator: field.evaluator, clock: { now }, inboxes: { status.inboxes },
      journal: { journal })
    return ConsoleSite(
      source: StatusSource(status: { status }, health: { WatchHealth(loops: []) }, clock: { now }),
      console: ConsoleSource(queries: { queries }),
      access: try SiteAccess(at: HTTPAddress("127.0.0.1:0"), hostNames: [], token: nil), logger: ExampleServer.silent)
  }

  private static func answer(_ site: ConsoleSite, _ address: String) async -> HTTPResponse {
    let parts = address.split(separator: "?", maxSplits: 1).map(String.init)
    return await site.answer(
      HTTPRequest(
        method: .get, path: parts[0], query: parts.count > 1 ? parts[1] : "",
        headers: ["host": "localhost", "accept-language": "da"]))
  }

  private static func post(_ site: ConsoleSite, _ path: String, _ body: String) async -> HTTPResponse {
    let headers = [
      "host": "localhost", "origin": "http://localhost", "accept-language": "da",
      "content-type": "application/x-www-form-urlencoded",
    ]
    return await site.answer(HTTPRequest(method: .post, path: path, headers: headers, body: Array(body.utf8)))
  }

  @Test("the answers to a search and to acts, the journal's pages and those of every municipality are below 200 kB")
  func answers() async throws {
    try await ConsoleField.with(files: 5_000) { field in
      try await withProblemScene { scene in
        for number in 0..<60 {
          try await scene.refuse("Udbetaling_\(number)_\(String(repeating: "å", count: 100)).csv")
        }
        let site = try Self.site(over: field, scene.journal)
        func expectSmall(_ answer: HTTPResponse, _ name: String) {
          #expect(answer.status == .ok && answer.body.count < 200_000, "\(name): \(answer.status) \(answer.body.count)")
        }
        let found = await Self.post(site, "/search", "text=Udbetaling_")
        expectSmall(found, "search")
        let results = String(decoding: found.body, as: UTF8.self)
        #expect(results.matches(of: #/href="\/file\/[0-9]+"/#).count == SearchPage.most)
        #expect(results.matches(of: #/href="\/journal\/D[0-9]+"/#).count == SearchPage.most)
        expectSmall(await Self.answer(site, "/journal/D1"), "journal")
        for municipality in field.municipalities {
          for path in [
            PageAddress.municipality(municipality.code), PageAddress.municipality(municipality.code, day: "2026-11-23"),
          ] {
            expectSmall(await Self.answer(site, path), path)
          }
        }
        let page = PageAddress.file(1)
        let file = String(decoding: await Self.answer(site, page).body, as: UTF8.self)
        let names = try #require(ExampleForm(.showNames, in: file)).filled(["by": "KH", "why": "sag 17"])
        expectSmall(await Self.post(site, names.action.path, names.body), "names")
        let groups = try await field.queries.ruleGroups()
        let late = try #require(groups.first { $0.key.kind == .pickUpLate })
        let list = String(
          decoding: await Self.answer(site, AlertFilter(group: late.key).address).body, as: UTF8.self)
        let form = try #require(ExampleForm(.acknowledge, in: list)).filled(["by": "KH", "group": late.key.id])
        let done = await Self.post(site, form.action.path, form.body)
        let address = try #require(done.headers["Location"])
        expectSmall(await Self.answer(site, address), "done")
      }
    }
  }

  @Test("every page is below 200 kB, and the first screen has all inboxes and the groups of what is wrong")
  func sizes() async throws {
    try await ConsoleField.with(files: 100_000) { field in
      let site = try Self.site(over: field)
      let late = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let file = try #require(try await field.queries.files(of: field.accounts[0], .waiting, PageNumber()).items.first)
      let (row, account) = (field.municipalities[97].code, field.accounts[0])
      let paths = [
        "/", "/?sort=-oldest", "/wall", "/alerts", "/alerts?state=firing&severity=critical", PageAddress.alert(late.id),
        PageAddress.inbox(account), "\(PageAddress.inbox(account))?waiting=20", PageAddress.file(file.id),
        PageAddress.municipality(row), PageAddress.municipality(row, day: "2026-11-23"), "/matrix", "/matrix?days=30",
        "/trends", "/trends?days=90", "/trends?days=90&account=\(account)", "/silences", "/search",
      ]
      for path in paths {
        let answer = await Self.answer(site, path)
        #expect(answer.status == .ok && answer.body.count < 200_000, "\(path): \(answer.status) \(answer.body.count)")
      }
      let first = String(decoding: await Self.answer(site, "/").body, as: UTF8.self)
      for account in field.accounts { #expect(first.contains("href=\"\(PageAddress.inbox(account))\""), "\(account)") }
      #expect(first.contains("<b>31 indbakker</b>"))
      #expect(first.contains("href=\"/municipality/\(row)/2026-11-23\" aria-label=\"mangler\""))
    }
  }
}
