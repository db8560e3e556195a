import ExchangeSettings
import FileExchange
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// A watcher at work as the console sees it.
@Suite(.timeLimit(.minutes(25))) struct WatcherConsoleTests {
  @Test("the console reads a watcher's present session, and an alert's life names the sinks that took it")
  func atWork() async throws {
    try await WatcherAtWork.overServer(lookEvery: .milliseconds(500)) { work, watched in
      try WatchedServer.write(Array("data".utf8), to: watched.inbox.appending("skadet.csv"))
      try WatchedServer.write(Array("<no".utf8), to: watched.inbox.appending("skadet.csv.metadata"))
      let sent = try await work.alert(.metadataUnreadable, "a")
      let queries = try #require(work.watcher.consoleSource.queries())
      let group = try #require(try await queries.ruleGroups().first { $0.key.kind == .metadataUnreadable })
      #expect(group.alerts == 1 && group.critical == 1 && group.unattended == 1)
      let files = try await queries.files(of: "a", .waiting, PageNumber())
      #expect(files.items.map(\.name) == ["skadet.csv"] && files.items.map(\.state) == [.attention])
      // Nothing says which transfer it is: the alert leads to its file by the name.
      let open = try #require(try await queries.life(ofAlert: sent.alert))
      #expect(open.file == files.items.first?.id && open.file != nil)
      let rows = try await queries.inboxRows()
      #expect(rows.map(\.id) == ["a"] && rows.first?.alerts.critical == 1)
      let act = Act(by: "vagten", why: "på vej", key: "k", at: .now)
      _ = try await queries.acknowledge(.group(group.key, account: nil), act)

      try watched.remove("skadet.csv")
      try await work.end(of: sent)
      try await work.until("the end in the alert's life") {
        let events = try await queries.life(ofAlert: sent.alert)?.events ?? []
        return events.count { $0.what == .sent } == 4
      }
      let life = try #require(try await queries.life(ofAlert: sent.alert))
      #expect(life.events.map(\.what).filter { $0 != .sent } == [.seen, .fired, .acknowledged, .resolved])
      #expect(Set(life.events.compactMap(\.sink)).count == 2)
      #expect(life.events.compactMap(\.by) == ["vagten"])
      let gone = try await queries.files(of: "a", .gone, PageNumber())
      #expect(gone.items.map(\.name) == ["skadet.csv"])
    }
  }

  @Test("a delivery and an arrival of the journal have pages with their trail, and a search finds them")
  func journal() async throws {
    try await withProblemScene { scene in
      try await scene.refuse("udtræk_010190-1234.csv")
      try await scene.quarantine("anden.csv")
      let (journal, evaluator) = (scene.journal, try #require(RuleEvaluator(scene.settings)))
      try await withScratchFolder("console") { folder in
        let database = try await WatchDatabase.open(folder.appending("watch.sqlite"))
        let queries = ConsoleQueries(
          store: database, evaluator: evaluator, inboxes: { [] }, journal: { journal })
        try await ExampleServer.with(ExampleStatus.quietNight(), queries) { example async throws in
          let delivery = try await example.get("/journal/D1")
          #expect(delivery.status == 200 && delivery.body.contains("udtræk_******-****.csv"))
          for state in ["staged", "armed", "triggered", "refused"] {
            #expect(delivery.body.contains("<code>\(state)</code>"), "\(state)")
          }
          #expect(delivery.body.contains("17 Ukendt rute"))
          let arrival = try await example.get("/journal/A1")
          #expect(arrival.status == 200 && arrival.body.contains("anden.csv"))
          #expect(try await example.get("/journal/A2").status == 404)
          let found = try await example.post("/search", "text=anden", ExampleServer.origin)
          #expect(found.body.contains("href=\"/journal/A1\"") && !found.body.contains("/journal/D1"))
          let first = try await example.get("/").body
          #expect(first.contains("href=\"/journal/D1\"") && first.contains("href=\"/journal/A1\""))
        }
        try await database.close()
      }
    }
  }
}
