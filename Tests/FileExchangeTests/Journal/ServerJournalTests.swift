import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Journals on a PostgreSQL server: who has them, what is compared, and what is found.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct ServerJournalTests {
  private func withPlace(_ body: (JournalTestPlace) async throws -> Void) async throws {
    try await JournalDatabase.postgreSQL.withPlace(body)
  }

  @Test("two processes of a machine write at the same time, and their entries make one chain without gaps")
  func oneChain() async throws {
    try await withPlace { place in
      let (one, other) = (try await place.open(), try await place.open())
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          let journal = number.isMultiple(of: 2) ? one : other
          group.addTask { try await SampleJournal.add(.triggered, to: journal, named: "fil \(number).csv") }
        }
        try await group.waitForAll()
      }
      let entries = try await one.entries()
      #expect(entries.map(\.number) == (1...Int64(entries.count)).map(\.self))
      #expect(entries.count == 40 * 5)
      #expect(try await other.verify([try await one.anchor()]).findings == [])
      try await one.close()
      try await other.close()
    }
  }

  @Test("one identity that two processes stage at once is staged by one of them")
  func stagesOnce() async throws {
    try await withPlace { place in
      let (one, other) = (try await place.open(), try await place.open())
      try await SampleJournal.add(.refused, to: one, named: "fil.csv")
      let refused = try #require(try await one.delivery(1))
      let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<20 {
          let journal = number.isMultiple(of: 2) ? one : other
          group.addTask {
            if case .staged = try await journal.stage(SampleJournal.again(refused), again: true) { return true }
            return false
          }
        }
        return try await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(outcomes.count(where: { $0 }) == 1)
      #expect(try await one.deliveries().map(\.ordinal) == [1, 2])
      #expect(try await one.verify().findings == [])
    }
  }

  @Test("a transaction whose commit had no answer is found by its last entry, and by no other's")
  func findsKeptTransactions() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.add(.triggered, to: journal)
      let contents = [
        EntryContent(at: 4711, delivery: 1, arrival: nil, state: "noted", detail: "kept", facts: "size=12"),
        EntryContent(at: 4711, delivery: 1, arrival: nil, state: "noted", detail: "kept", facts: nil),
        EntryContent(at: 4711, delivery: nil, arrival: nil, state: "noted", detail: nil, facts: nil),
        EntryContent(at: 4711, delivery: 1, arrival: nil, state: "noted", detail: "kept", facts: "size=12"),
      ]
      var identities: [TransactionIdentity] = []
      var anchors: [JournalAnchor] = []
      for added in contents.indices {
        let content = contents[added]
        let identity = try await journal.write { transaction -> TransactionIdentity? in
          try transaction.addEntry(
            about: content.delivery.map(JournalEntry.Subject.delivery) ?? .journal,
            state: EntryState(name: content.state),
            detail: content.detail, facts: content.facts, at: Timestamp(millisecondsSince1970: content.at))
          return try transaction.database.transactionIdentity()
        }
        identities.append(try #require(identity))
        anchors.append(try await journal.anchor())
      }
      var isFound: [[Bool]] = []
      for (identity, anchor) in zip(identities, anchors) {
        let found = try await journal.write { transaction -> [JournalAnchor?] in
          try contents.map { try ServerJournal.find($0, of: identity, in: transaction.database) }
        }
        #expect(found.allSatisfy { $0 == nil || $0 == anchor })
        isFound.append(found.map { $0 != nil })
      }
      // The first and the last say the same.
      #expect(
        isFound == [
          [true, false, false, true], [false, true, false, false], [false, false, true, false],
          [true, false, false, true],
        ])
      try await journal.close()
    }
  }

  @Test("a transaction is looked for by an index, whatever its last entry is about")
  func findsTransactionsByAnIndex() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      let expected: [(delivery: Int64?, arrival: Int64?, index: String)] = [
        (1, nil, "entry_delivery"), (nil, 1, "entry_arrival"), (nil, nil, "entry_journal"),
      ]
      for (delivery, arrival, index) in expected {
        let content = EntryContent(
          at: 4711, delivery: delivery, arrival: arrival, state: "noted", detail: nil, facts: nil)
        let plan = try await journal.write { transaction -> String in
          let database = transaction.database
          // The table is so small that reading all of it would be the cheapest.
          try database.execute("SET LOCAL enable_seqscan = off")
          guard let identity = try database.transactionIdentity() else { return "" }
          let (sql, values) = ServerJournal.search(for: content, of: identity)
          return try database.rows("EXPLAIN \(sql)", values).map { try $0.text(0) }.joined(separator: "\n")
        }
        #expect(plan.contains(index), "\(plan)")
      }
      try await journal.close()
    }
  }

  @Test("what began in a period, and what belongs to a delivery that is removed, is found by an index")
  func findsRowsByAnIndex() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      let server = try await SharedPostgreSQL.shared.server()
      // A delivery each second.
      try await server.sql(
        """
        SET search_path = \(place.schema);
        INSERT INTO delivery (account, route, wire_name, sha256, ordinal, size, local_path, senders_file_id,
          temporary_trigger_name, state, is_open, staged_at, changed_at)
        SELECT 'fagsystem', 'flis-0101', 'fil ' || number, '', 1, 1, '', number::text, '', 'accepted', 0,
          number * 1000, number * 1000 FROM generate_series(1, 20000) AS number;
        ANALYZE delivery
        """, in: "filsluse")
      var filter = JournalFilter()
      filter.since = Timestamp(millisecondsSince1970: 19_000_000)
      filter.before = Timestamp(millisecondsSince1970: 19_010_000)
      let plans = try await journal.write { [filter] transaction -> [String] in
        let database = transaction.database
        // The other tables are so small that reading all of them would be the cheapest.
        try database.execute("SET LOCAL enable_seqscan = off")
        let (ofDelivery, ofArrival) = (filter.condition(begun: "staged_at"), filter.condition(begun: "seen_at"))
        let questions: [(sql: String, values: [any SQLConvertible])] = [
          ("SELECT id FROM delivery WHERE \(ofDelivery.sql) ORDER BY id", ofDelivery.arguments),
          ("SELECT id FROM arrival WHERE \(ofArrival.sql)", ofArrival.arguments),
          ("UPDATE business_answer SET delivery = NULL WHERE delivery = ?", [Int64(1)]),
          ("UPDATE business_receipt SET delivery = NULL WHERE delivery = ?", [Int64(1)]),
        ]
        return try questions.map { question -> String in
          try database.rows("EXPLAIN \(question.sql)", question.values).map { try $0.text(0) }.joined(separator: "\n")
        }
      }
      let indices = ["delivery_begun", "arrival_begun", "business_answer_delivery", "business_receipt_delivery"]
      #expect(plans.count == indices.count)
      for (plan, index) in zip(plans, indices) { #expect(plan.contains(index), "\(plan)") }
      try await journal.close()
    }
  }

  @Test("the last entry of a commit that was kept without an answer counts as the last known one")
  func notesFoundCommits() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.add(.triggered, to: journal)
      let keeper = try #require(journal.guards?.server)
      let address = try #require(place.server)
      let setUp = keeper.hold.sessionSetUp
      let database = try await Journal.threads.run {
        ForgetfulDatabase(try PostgreSQLDatabase(address, patience: PostgreSQLPatience(), setUp: setUp))
      }
      let batcher = Journal.makeBatcher(database, by: keeper, name: journal.name)
      let before = keeper.end
      database.loseAnswer()
      try await batcher.write { transaction in
        try transaction.addEntry(about: .delivery(1), state: "noted", detail: nil, facts: nil, at: .now)
      }
      let known = keeper.end
      let last = try await journal.anchor()
      #expect(known == last)
      #expect(known.number == before.number + 1)
      database.close()
      try await journal.close()
    }
  }

  @Test("a second machine is refused while the first has the journal, may read it, and has it afterwards")
  func oneMachineAtATime() async throws {
    try await withPlace { place in
      let first = try await place.open()
      try await SampleJournal.add(.staged, to: first, named: "a.csv")
      await #expect { _ = try await place.onAnotherMachine.open() } throws: { error in
        (error as? ExchangeError)?.code == .claimedElsewhere && "\(error)".contains("one machine at a time")
      }
      let reader = try await place.onAnotherMachine.openToRead()
      #expect(try await reader.deliveries().count == 1)
      await #expect { try await SampleJournal.add(.staged, to: reader, named: "b.csv") } throws: {
        ($0 as? ExchangeError)?.code == .journal
      }
      try await reader.close()
      try await first.close()

      let second = try await place.onAnotherMachine.open()
      try await SampleJournal.add(.staged, to: second, named: "b.csv")
      #expect(try await second.verify().findings == [])
      try await second.close()
    }
  }

  @Test("a machine whose journal another one has taken over writes nothing more, and is told to stop")
  func isFenced() async throws {
    try await withPlace { place in
      let place = place.withHeartbeat(false)
      let first = try await place.open()
      try await SampleJournal.add(.uploading, to: first, named: "a.csv")
      let delivery = try #require(try await first.delivery(1))
      try await place.endSessions()
      // The first one has half a minute to come back.
      await #expect { _ = try await place.onAnotherMachine.open() } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      try await place.letGracePass()
      let second = try await place.onAnotherMachine.open()
      let before = try await second.anchor()
      let writes: [() async throws -> Void] = [
        { try await first.noteProgress(of: delivery) }, { _ = try await first.transition(delivery, .uploaded) },
        { try await SampleJournal.add(.staged, to: first, named: "b.csv") },
      ]
      for write in writes {
        await #expect { try await write() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      }
      #expect(try await first.attend()?.code == .journalReplaced)
      await #expect {
        _ = try await first.withClaim(on: .delivery(1)) { () async throws(ExchangeError) in 1 }
      } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      #expect(try await second.anchor() == before)
      #expect(try await second.attend() == nil)
      await #expect { try await first.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      try await second.close()
    }
  }

  @Test("a machine that has lost its sessions goes on with new ones, where no other has taken the journal over")
  func goesOn() async throws {
    try await withPlace { place in
      let place = place.withHeartbeat(false)
      let journal = try await place.open()
      try await SampleJournal.add(.staged, to: journal, named: "a.csv")
      try await place.endSessions()
      #expect(try await journal.attend() == nil)
      try await SampleJournal.add(.staged, to: journal, named: "b.csv")
      #expect(try await journal.withClaim(on: .delivery(1)) { () async throws(ExchangeError) in 1 } == 1)
      #expect(try await journal.verify().findings == [])
      await #expect { _ = try await place.onAnotherMachine.open() } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      try await journal.close()
    }
  }

  @Test("a process that ends does not give the journal away from under one that has lost its session")
  func isNotGivenAway() async throws {
    try await withPlace { place in
      let place = place.withHeartbeat(false)
      let (one, other) = (try await place.open(), try await place.open())
      try await SampleJournal.add(.staged, to: one, named: "a.csv")
      try await place.endSessions()
      #expect(try await other.attend() == nil)
      try await other.close()
      await #expect { _ = try await place.onAnotherMachine.open() } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      #expect(try await one.attend() == nil)
      try await one.close()
      try await place.onAnotherMachine.open().close()
    }
  }

  @Test("a delivery from the longest path that there is has its row, and is found by it")
  func takesLongPaths() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.add(.cancelled, to: journal, named: "a.csv")
      let delivery = try #require(try await journal.delivery(1))
      // Random, so that it cannot be packed.
      let path = String((0..<120).map { _ in "/" + UUID().uuidString }.joined().prefix(4095))
      _ = try await journal.stage(SampleJournal.again(delivery, from: path), again: true)
      #expect(try await journal.lastDelivery(from: path)?.id == 2)
      try await journal.close()
    }
  }

  /// Makes the journal that of a standby server which took over without the last commits.
  private func loseLastEntries(of place: JournalTestPlace, keeping last: Int64) async throws {
    try await place.tamper(
      """
      DELETE FROM entry WHERE number > \(last);
      UPDATE head SET number = \(last), hash = (SELECT hash FROM entry WHERE number = \(last))
      """)
  }

  @Test("a server that lacks the last commits is refused by the machine's mark, and can be read")
  func isOutdated() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.add(.triggered, to: journal, named: "a.csv")
      let last = try await journal.anchor().number
      try await journal.close()
      try await loseLastEntries(of: place, keeping: last - 2)
      await #expect { _ = try await place.open() } throws: { error in
        (error as? ExchangeError)?.code == .journalOutdated && "\(error)".contains("entry \(last) was written")
      }
      let reader = try await place.openToRead()
      #expect(reader.markRefusal?.code == .journalOutdated)
      try await reader.close()
      // A person has decided to go on without them.
      #expect(unlink(HighWaterMark.file(beside: place.path).string) == 0)
      let again = try await place.open()
      #expect(try await again.anchor().number == last - 2)
      #expect(again.markNotice != nil)
      try await again.close()
    }
  }

  @Test("the loss of commits under a running process stops it")
  func noticesLoss() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.add(.triggered, to: journal, named: "a.csv")
      #expect(try await journal.attend() == nil)
      try await loseLastEntries(of: place, keeping: try await journal.anchor().number - 1)
      #expect(try await journal.attend()?.code == .journalReplaced)
      #expect(try await journal.attend()?.code == .journalReplaced)
    }
  }

  @Test("a process that comes back to a server without its last commits does not take another step")
  func noticesLossBeforeStep() async throws {
    try await withPlace { place in
      let place = place.withHeartbeat(false)
      let journal = try await place.open()
      try await SampleJournal.add(.triggered, to: journal, named: "a.csv")
      let last = try await journal.anchor().number
      try await loseLastEntries(of: place, keeping: last - 1)
      try await place.endSessions()
      // Until the server has to be asked again.
      try await Task.sleep(for: .seconds(11))
      await #expect { try await journal.requireHold() } throws: { error in
        (error as? ExchangeError)?.code == .journalReplaced && "\(error)".contains("entry \(last) was written")
      }
    }
  }

  @Test("an emptied schema is no new journal for a machine that had one")
  func isNotMadeAgain() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.add(.staged, to: journal, named: "a.csv")
      try await journal.close()
      try await place.tamper(
        "DROP SCHEMA \(place.schema) CASCADE; CREATE SCHEMA \(place.schema) AUTHORIZATION filsluse")
      await #expect { _ = try await place.open() } throws: { ($0 as? ExchangeError)?.code == .journalOutdated }
    }
  }

  @Test(
    "another schema version and foreign tables are refused and left alone",
    arguments: [
      ("UPDATE filsluse_schema SET version = 2", "schema version 2"),
      ("UPDATE filsluse_schema SET application = 7", "no journal"),
      ("DROP TABLE filsluse_schema", "no journal"),
    ])
  func refusesOtherSchemas(sql: String, words: String) async throws {
    try await withPlace { place in
      try await place.open().close()
      try await place.tamper(sql)
      for open in [place.open, place.openToRead, place.onAnotherMachine.open] {
        await #expect { _ = try await open() } throws: { error in
          (error as? ExchangeError)?.code == .journalSchema && "\(error)".contains(words)
        }
      }
    }
  }

  @Test("a role that may not create tables is told which right it lacks")
  func lacksRights() async throws {
    try await withPlace { place in
      try await place.tamper(
        "ALTER SCHEMA \(place.schema) OWNER TO postgres; GRANT USAGE ON SCHEMA \(place.schema) TO filsluse")
      await #expect { _ = try await place.open() } throws: { error in
        guard let error = error as? ExchangeError else { return false }
        return error.code == .journal && error.message.contains("permission denied")
          && error.remedy.description.contains("grant the right")
      }
    }
  }

  @Test("a role that cannot rewrite entries does all work but retention")
  func worksWithFewRights() async throws {
    try await withPlace { place in
      try await place.open().close()
      let role = place.schema + "_works"
      try await place.tamper(
        """
        CREATE ROLE \(role) LOGIN PASSWORD 'adgang'; GRANT USAGE ON SCHEMA \(place.schema) TO \(role);
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(place.schema) TO \(role);
        REVOKE UPDATE, DELETE ON entry, sent, received, filsluse_schema FROM \(role);
        REVOKE DELETE ON delivery, arrival, head, machine FROM \(role)
        """)
      let server = try await SharedPostgreSQL.shared.server()
      let address = "\(server.address(role: role, password: "adgang")) options='-csearch_path=\(place.schema)'"
      let journal = try await Journal.open(try PostgreSQLAddress(address), beside: place.path, for: .one)
      try await SampleJournal.fill(journal)
      #expect(try await journal.check() == [])
      let anchor = try await journal.anchor()
      for sql in ["UPDATE entry SET detail = 'x'", "DELETE FROM entry", "DELETE FROM delivery WHERE id = 1"] {
        await #expect { try await journal.write { try $0.database.execute(sql) } } throws: {
          "\($0)".contains("permission denied")
        }
      }
      await #expect { try await journal.forgetWhatEnded() } throws: { "\($0)".contains("permission denied") }
      #expect(try await journal.anchor() == anchor)
      try await journal.close()

      let owner = try await place.open()
      try await owner.forgetWhatEnded()
      #expect(try await owner.check() == [])
      try await owner.close()
    }
  }

  @Test(
    "what was changed by hand is found",
    arguments: [
      ("UPDATE entry SET detail = 'SUCCESS' WHERE number = 20", "entry 20 was changed"),
      ("UPDATE entry SET facts = replace(facts, 'size=12', 'size=13') WHERE number = 1", "entry 1 was changed"),
      ("DELETE FROM entry WHERE number = 40", "entry 40 is gone"),
      ("DELETE FROM entry WHERE number > (SELECT max(number) - 2 FROM entry)", "were written"),
      ("UPDATE delivery SET size = 13 WHERE id = 8", "D8 is not what its entries"),
      ("UPDATE delivery_document SET trigger_xml = '\\x00' WHERE delivery = 3", "trigger"),
      (
        "ALTER TABLE delivery DROP CONSTRAINT delivery_check; UPDATE delivery SET is_open = 0 WHERE id = 2", "under way"
      ),
      ("UPDATE head SET hash = sha256('x')", "the row about the last entry"),
      ("DELETE FROM head", "the row about the last entry"),
      (
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER t BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION f()
        """, "trigger t is not Filsluse's"
      ),
      ("CREATE RULE r AS ON INSERT TO sent DO INSTEAD NOTHING", "rule r is not Filsluse's"),
      ("ALTER TABLE received ADD COLUMN note text", "column received.note is not Filsluse's"),
      (
        "CREATE OR REPLACE FUNCTION milliseconds() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "function milliseconds() was changed"
      ),
      (
        "ALTER FUNCTION append_entries SET search_path = public",
        "function append_entries(entries text, OUT last_number bigint, OUT last_hash bytea) was changed"
      ),
      ("DROP FUNCTION instr(bytea, bytea)", "function instr(content bytea, part bytea) is gone"),
      (
        "CREATE FUNCTION measured(part bigint) RETURNS text LANGUAGE sql AS $$ SELECT '-' $$",
        "function measured(part bigint) is not Filsluse's"
      ),
      (
        """
        DROP FUNCTION instr(bytea, bytea);
        CREATE FUNCTION instr(content bytea, part bytea) RETURNS bigint LANGUAGE sql IMMUTABLE AS $body$
          SELECT position(part IN content)
        $body$
        """, "function instr(content bytea, part bytea) was changed"
      ),
    ])
  func findsChanges(sql: String, words: String) async throws {
    try await withPlace { place in
      let journal = try await place.open()
      try await SampleJournal.fill(journal)
      #expect(try await journal.check() == [])
      try await journal.close()
      try await place.tamper(sql)
      let reader = try await place.openToRead()
      let findings = try await reader.verify().findings.map(\.description)
      #expect(findings.contains { $0.contains(words) }, "\(findings)")
      try await reader.close()
    }
  }

  @Test(
    "a journal in a later schema of the search path is compared there, and what hides a table or function of it is found"
  )
  func findsHiddenTables() async throws {
    try await withPlace { place in
      try await place.open().close()
      let earlier = "earlier_\(place.schema)"
      try await place.tamper("CREATE SCHEMA \(earlier) AUTHORIZATION filsluse")
      let address = try #require(place.address).replacing(
        "search_path=\(place.schema)", with: "search_path=\(earlier),\(place.schema)")
      let journal = try await Journal.open(try PostgreSQLAddress(address), beside: place.path, for: .one)
      #expect(try await journal.check() == [])
      try await place.tamper(
        "CREATE TABLE \(earlier).sent AS TABLE sent; ALTER TABLE \(earlier).sent OWNER TO filsluse")
      let findings = try await journal.verify().findings.map(\.description)
      #expect(findings.contains { $0.contains("object sent is not Filsluse's") }, "\(findings)")
      try await place.tamper(
        "CREATE FUNCTION \(earlier).measured(text) RETURNS text LANGUAGE sql AS $$ SELECT '-' $$")
      let hidden = try await journal.verify().findings.map(\.description)
      #expect(hidden.contains { $0.contains("function measured(part text) was changed") }, "\(hidden)")
      try await journal.close()
    }
  }

  @Test("a copy is refused, in words that name PostgreSQL's own tools")
  func hasNoBackup() async throws {
    try await withPlace { place in
      let journal = try await place.open()
      await #expect { try await journal.backUp(to: place.folder.appending("copy")) } throws: {
        "\($0)".contains("pg_dump")
      }
      try await journal.close()
    }
  }
}

/// A database on a server, of which the answer to a commit can be lost.
private final class ForgetfulDatabase: TransactionalDatabase {
  private let database: PostgreSQLDatabase
  private let losesAnswer = Locked(false)

  init(_ database: PostgreSQLDatabase) { self.database = database }

  /// Loses the answer to the next commit.
  func loseAnswer() { losesAnswer.withLock { $0 = true } }

  func read<Result>(_ look: (SQLConnection) throws -> Result) throws -> Result { try database.read(look) }

  func write<Result>(_ change: (SQLConnection) throws -> Result) throws -> Result {
    let result = try database.write(change)
    let isLost = losesAnswer.withLock { losesAnswer in
      defer { losesAnswer = false }
      return losesAnswer
    }
    if isLost {
      throw StoreError(.uncertain, "the line was lost during the commit")
    }
    return result
  }

  func close() { database.close() }
}
