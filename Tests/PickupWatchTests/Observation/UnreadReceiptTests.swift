import ExchangeSettings
import FileExchange
import FilsluseBase
import GRDB
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Receipts in IN that no run has read into the journal yet.
@Suite(.timeLimit(.minutes(25))) struct UnreadReceiptTests {
  @Test("a receipt in IN is not missing")
  func aReceiptThatLiesThereIsNotMissing() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      let folder = watched.settings.watch.database.removingLastComponent()
      watched.settings.journal = folder.appending("journal.sqlite")
      watched.settings.watch.accountRules = [AccountRule(accounts: ["a"], receiptWithin: .seconds(1800), line: 9)]
      watched.settings.watch.infRefRules = [
        InfRefRule(
          accounts: ["a"], infRef: InfRef(unchecked: WatchedServer.extract),
          answer: AwaitedAnswer(limit: .within(RulePeriod(.seconds(1800)))), line: 5)
      ]
      let hourAgo = Timestamp.now.earlier(by: .seconds(3600))
      try await Self.journal(watched.settings.journal, ["good.csv", "bad.csv", "none.csv", "old.csv"], since: hourAgo)
      // Of an earlier file with the same name.
      try Self.write(.receipt(message: "SUCCESS"), for: "old.csv", in: watched)
      try WatchedServer.age(watched.inbox.appending("old.csv.sftpreceipt"), by: 7200)
      let stage = watched
      func found() async throws -> [String] {
        try await stage.look().flatMap(\.findings).map { "\($0.kind.rawValue) \($0.fileName ?? "")" }.sorted()
      }
      let answers = ["bad.csv", "good.csv", "none.csv", "old.csv"].map { "business-answer-missing \($0)" }
      let overdue = ["bad.csv", "good.csv", "none.csv", "old.csv"].map { "receipt-overdue \($0)" }
      var all = try await found()
      #expect(all == answers + overdue)
      try Self.write(.receipt(message: "SUCCESS"), for: "good.csv", in: watched)
      let error = try ReceiptError(code: 7, codeDescription: "no", description: "no route")
      try Self.write(.errors([error]), for: "bad.csv", in: watched)
      all = try await found()
      #expect(
        all == answers.filter { !$0.hasSuffix("bad.csv") } + [
          "receipt-error bad.csv", "receipt-overdue none.csv", "receipt-overdue old.csv",
        ])
    }
  }

  private static func write(
    _ outcome: TechnicalReceipt.Outcome, for name: String, in watched: WatchedServer
  ) throws {
    let receipt = try TechnicalReceipt(fileTransferUUID: SystemID.random().rawValue, outcome: outcome)
    try WatchedServer.write(receipt.xml(), to: watched.inbox.appending("\(name).sftpreceipt"))
  }

  /// A journal of files whose triggers are in OUT since that moment.
  private static func journal(_ path: FilePath, _ names: [String], since moment: Timestamp) async throws {
    try await Journal.open(path).close()
    let database = try DatabaseQueue(path: path.string)
    try await database.write { database in
      for name in names {
        try database.execute(
          sql: """
            INSERT INTO delivery (account, route, wire_name, sha256, ordinal, size, local_path, infref,
              senders_file_id, temporary_trigger_name, state, staged_at, changed_at, is_open)
            VALUES ('a', 'r', ?1, '', 1, 4, '', ?2, ?1, '', 'triggered', ?3, ?3, 1)
            """, arguments: [name, WatchedServer.extract, moment.millisecondsSince1970])
      }
    }
    try database.close()
  }
}
