import ExchangeSettings
import FileExchange
import FilsluseBase
import GRDB
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Business answers as the journal and the inbox hold them, looked at as `watch` does.
@Suite("Business answers in journal and inbox", .timeLimit(.minutes(25))) struct BusinessAnswerLookTests {
  @Test(
    "a business receipt in the journal answers the delivery that it names, an answer in IN the oldest of the others")
  func answers() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      let journal = watched.state.appending("journal.sqlite")
      watched.settings.journal = journal
      watched.settings.watch.infRefRules = [
        InfRefRule(
          accounts: ["a"], infRef: InfRef(unchecked: "Bilag_1"),
          answer: AwaitedAnswer(limit: .within(RulePeriod(.seconds(60))), infRef: InfRef(unchecked: "Svar_1")), line: 5)
      ]
      let begin = Timestamp.now.earlier(by: .seconds(7200))
      try await Self.write(journal, since: begin)
      let stage = watched
      func waiting() async throws -> [Finding] { try await stage.look().flatMap(\.findings) }
      // The receipt is for the second of the three.
      let first = try await waiting()
      #expect(
        first.map(\.subject) == ["D1", "D3"]
          && first.allSatisfy { $0.kind == .businessAnswerMissing })
      #expect(
        first.first?.detail?.en.contains(
          "it was sent by the route bilag; its technical receipt came") == true)
      try stage.put("svar.xml", infRef: "Svar_1")
      let second = try await waiting()
      #expect(second.map(\.subject) == ["D3"])
      let store = try await WatchDatabase.open(stage.settings.watch.database)
      let opened = try await Journal.open(journal)
      let evaluator = try #require(RuleEvaluator(stage.settings))
      let explainer = EndingExplainer(evaluator: evaluator, store: store, journal: opened, now: .now)
      let state = try await store.state(of: "a")
      let ended = try #require(first.first)
      let ending = try await explainer.endings(of: [ended], in: state, findings: second)[ended.id]
      #expect(ending?.isMended == true)
      #expect(ending?.why.da.contains("svar.xml. Det nævner ingen afsendt fil") == true, "\(ending as Any)")
      try await opened.close()
      try await store.close()
    }
  }

  /// Three accepted deliveries, and a business receipt for the second one that came an hour later.
  private static func write(_ path: FilePath, since begin: Timestamp) async throws {
    try await Journal.open(path).close()
    let database = try DatabaseQueue(path: path.string)
    let came = begin.later(by: .seconds(3600)).millisecondsSince1970
    try await database.write { database in
      for id in 1...3 {
        try database.execute(
          sql: """
            INSERT INTO delivery (id, account, route, wire_name, sha256, ordinal, size, local_path, infref,
              senders_file_id, temporary_trigger_name, state, staged_at, changed_at, is_open, file_transfer_uuid)
            VALUES (?1, 'a', 'bilag', ?2, '', 1, 4, '', 'Bilag_1', ?1, '', 'accepted', ?3, ?3, 0, ?4)
            """,
          arguments: [
            id, "bilag-\(id).xml", begin.later(by: .seconds(Int64(id))).millisecondsSince1970, "transfer-\(id)",
          ])
      }
      try database.execute(
        sql: """
          INSERT INTO arrival (id, account, file_transfer_uuid, wire_name, size, infref, sender, state, seen_at, changed_at)
          VALUES (1, 'a', 'answer', 'kvittering.xml', 4, 'Svar_1', 's', 'handed-over', ?1, ?1)
          """, arguments: [came])
      try database.execute(
        sql: """
          INSERT INTO business_receipt (arrival, file_transfer_uuid, file_name, recipient, acceptance)
          VALUES (1, 'transfer-2', 'bilag-2.xml', 'm', 'ACCEPTED')
          """)
    }
    try database.close()
  }
}
