import FilsluseBase
import Foundation
import Testing
import TriggerFiles

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Every page over a database with 98 inboxes and 100,000 known files.
@Suite("Console with 100,000 files", .timeLimit(.minutes(25))) struct ConsoleLargeTests {
  private static func site(over field: ConsoleField) throws -> ConsoleSite {
    let (status, queries, now) = (field.status, field.queries, field.now)
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

  @Test("every page is below 200 kB, and the first screen has all inboxes and the groups of what is wrong")
  func sizes() async throws {
    try await ConsoleField.with(files: 100_000) { field in
      let site = try Self.site(over: field)
      let late = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
      let file = try #require(try await field.queries.files(of: field.accounts[0], .waiting, PageNumber()).items.first)
      let (row, account) = (field.municipalities[97].code, field.accounts[0])
      let paths = [
        "/", "/wall", "/alerts", "/alerts?state=firing&severity=critical", PageAddress.alert(late.id),
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
