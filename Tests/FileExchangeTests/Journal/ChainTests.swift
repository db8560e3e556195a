import FilsluseBase
import Foundation
import GRDB
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct ChainTests {
  /// A journal that has seen everything, handed to the body closed; the anchor is its last.
  private func withFilledJournal(
    on database: JournalDatabase, _ body: (JournalTestPlace, JournalAnchor) async throws -> Void
  ) async throws {
    try await database.withPlace { place in
      let anchor: JournalAnchor
      do {
        let journal = try await place.open()
        try await SampleJournal.fill(journal)
        try await Self.answer(in: journal)
        anchor = try await journal.anchor()
        try await journal.close()
      }
      try await body(place, anchor)
    }
  }

  /// Changes the tables as a person with a shell of the database's would. References are not minded.
  ///
  /// - Parameter sql: statements in SQLite's words.
  private func tamper(_ place: JournalTestPlace, _ sql: String) async throws {
    if place.server != nil {
      let sql = sql.replacing("zeroblob(32)", with: "decode(repeat('00', 32), 'hex')")
        .replacing("x'00'", with: "decode('00', 'hex')").replacing("x''", with: "''::bytea")
      return try await place.tamper("SET session_replication_role = replica; \(sql)")
    }
    let path = place.path
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    // A journal that was let go of may still be closing.
    configuration.busyMode = .timeout(30)
    try await DatabaseQueue(path: path.string, configuration: configuration).write { try $0.execute(sql: sql) }
  }

  /// Gives A6 an answer that is sent, and makes A5 a business receipt for D8.
  private static func answer(in journal: Journal) async throws {
    let arrival = try #require(try await journal.arrival(6))
    _ = try await journal.transition(
      arrival, [],
      answer: BusinessAnswer(
        arrival: 6, fileTransferUUID: arrival.fileTransferUUID, acceptance: .rejected, document: Array("<svar/>".utf8),
        route: "flis-0101", delivery: nil))
    try await journal.noteAnswer(to: 6, sentBy: 1, isSent: false)
    try await journal.noteAnswer(to: 6, sentBy: 1, isSent: true)
    let sent = try #require(try await journal.delivery(8))
    try await journal.note(
      BusinessReceipt(
        fileTransferUUID: try #require(sent.fileTransferUUID), fileName: sent.wireName.string, recipient: "flis",
        fileAcceptance: .accepted, reason: nil), cameAs: 5)
    #expect(try await journal.tieBusinessReceipts().map(\.delivery) == [8])
  }

  @Test(
    "reports no finding for a delivery that retention forgot and an answer names", arguments: JournalDatabase.here)
  func forgottenDeliveriesOfAnswers(database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { place, _ in
      let journal = try await place.open()
      try await journal.forgetWhatEnded()
      #expect(try await journal.delivery(8) == nil)
      #expect(try await journal.verify().findings == [])
      try await journal.close()
    }
  }

  /// A person who can write the journal can remove its high-water mark, too.
  private func removeMark(of path: FilePath) throws {
    guard unlink(HighWaterMark.file(beside: path).string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
  }

  @Test("a written journal is whole", arguments: JournalDatabase.here)
  func whatWasWrittenIsWhole(database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { place, anchor in
      let journal = try await place.open()
      let verification = try await journal.verify([anchor, JournalAnchor(number: 0, hash: JournalAnchor.start.hash)])
      #expect(verification.findings == [])
      #expect(verification.last == anchor)
      #expect(try #require(JournalAnchor(anchor.description)) == anchor)
      #expect(try await journal.entries().map(\.number) == Array(1...anchor.number))
      try await journal.close()
    }
  }

  private static let changedEntries: [(sql: String, number: Int64)] = [
    ("UPDATE entry SET detail = 'SUCCESS' WHERE number = 20", 20),
    ("UPDATE entry SET detail = '' WHERE number = 20 AND detail IS NULL", 20),
    ("UPDATE entry SET at = at + 1 WHERE number = 33", 33),
    ("UPDATE entry SET facts = replace(facts, 'size=12', 'size=13') WHERE number = 1", 1),
    ("UPDATE entry SET delivery = 2 WHERE number = 1", 1),
    ("UPDATE entry SET hash = zeroblob(32) WHERE number = 5", 5),
    ("DELETE FROM entry WHERE number = 40", 40),
    ("DELETE FROM entry WHERE number BETWEEN 1 AND 3", 1),
    ("UPDATE entry SET number = -number WHERE number = 9; UPDATE entry SET number = 1000 WHERE number = -9", 9),
  ]

  @Test("a changed or removed entry is found by its number", arguments: JournalDatabase.here, changedEntries)
  func aChangedOrRemovedEntryIsFoundByItsNumber(
    database: JournalDatabase, change: (sql: String, number: Int64)
  ) async throws {
    try await withFilledJournal(on: database) { place, _ in
      try await tamper(place, change.sql)
      let journal = try await place.openToRead()
      let verification = try await journal.verify()
      #expect(verification.findings.map(\.number).contains(change.number), "\(verification.findings)")
      try await journal.close()
    }
  }

  private typealias RowChange = (sql: String, name: String, what: String)

  private static let changedRows: [RowChange] = [
    ("UPDATE delivery SET size = 13 WHERE id = 8", "D8", "size"),
    ("UPDATE delivery SET state = 'accepted', is_open = 0, refused_at = NULL WHERE id = 9", "D9", "state"),
    ("UPDATE delivery SET outcome = 'SUCCESS' WHERE id = 9", "D9", "outcome"),
    ("UPDATE delivery SET route = 'lis-0101' WHERE id = 1", "D1", "route"),
    ("UPDATE delivery_document SET trigger_xml = x'00' WHERE delivery = 3", "D3", "trigger"),
    ("UPDATE delivery_document SET receipt_xml = NULL WHERE delivery = 8", "D8", "receipt"),
    ("UPDATE delivery SET changed_at = changed_at - 86400000 WHERE id = 8", "D8", "time"),
    ("DELETE FROM delivery WHERE id = 4", "D4", "gone"),
    (
      "INSERT INTO delivery SELECT 99, account, route, wire_name, 'ab' || substr(sha256, 3), 1, size, local_path, infref, "
        + "'x', NULL, 't', state, is_open, 0, NULL, NULL, NULL, staged_at, changed_at, NULL FROM delivery WHERE id = 8; "
        + "INSERT INTO delivery_document SELECT 99, trigger_xml, NULL FROM delivery_document WHERE delivery = 8",
      "D99", "no entry"
    ),
    ("UPDATE arrival SET sha256 = NULL WHERE id = 6", "A6", "sha256"),
    ("UPDATE arrival SET file_transfer_uuid = 'u' WHERE id = 6", "A6", "file-transfer-uuid"),
    ("UPDATE arrival SET reason = 'x' WHERE id = 7", "A7", "reason"),
    ("UPDATE arrival_document SET metadata_xml = x'' WHERE arrival = 2", "A2", "metadata"),
    ("DELETE FROM arrival WHERE id = 1", "A1", "gone"),
    ("UPDATE delivery SET local_path = '/etc/passwd' WHERE id = 8", "D8", "local-path"),
    ("UPDATE business_answer SET acceptance = 'ACCEPTED'", "A6", "answer"),
    ("UPDATE business_answer SET document = x'00'", "A6", "answer-document"),
    ("UPDATE business_answer SET route = 'lis'", "A6", "answer-route"),
    ("UPDATE business_answer SET is_sent = 0", "A6", "answer-sent"),
    ("UPDATE business_answer SET delivery = 2", "A6", "answer-delivery"),
    ("DELETE FROM business_answer", "A6", "answer"),
    ("UPDATE business_receipt SET acceptance = 'REJECTED'", "A5", "receipt-acceptance"),
    ("UPDATE business_receipt SET reason = 'x'", "A5", "receipt-reason"),
    ("UPDATE business_receipt SET delivery = NULL", "A5", "receipt-delivery"),
    ("DELETE FROM business_receipt", "A5", "receipt-acceptance"),
    ("INSERT INTO business_receipt VALUES (4, 'f-9', 'n', 'r', 'ACCEPTED', NULL, NULL)", "A4", "receipt-transfer"),
  ]

  /// Changes that only a file takes. Those of a schema on a server are in ``ServerJournalTests``.
  private static let changesOfFiles: [RowChange] = [
    ("PRAGMA ignore_check_constraints = ON; UPDATE delivery SET is_open = 0 WHERE id = 2", "D2", "under way"),
    (
      "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE number = new.number; END", "the",
      "trigger t"
    ),
    ("DROP INDEX delivery_open_name", "the", "index delivery_open_name is gone"),
    ("CREATE TABLE noter (tekst TEXT)", "the", "table noter is not Filsluse's"),
    ("ALTER TABLE received ADD COLUMN note TEXT", "the", "table received was changed"),
  ]

  @Test("finds a row that its entries do not explain", arguments: JournalDatabase.here, changedRows)
  func aRowThatItsEntriesDoNotTellOfIsFound(
    database: JournalDatabase, change: (sql: String, name: String, what: String)
  ) async throws {
    try await find(change, on: database)
  }

  @Test("finds a row or a schema that only a file can have", arguments: changesOfFiles)
  func findsChangesOfFiles(change: (sql: String, name: String, what: String)) async throws {
    try await find(change, on: .sqlite)
  }

  private func find(_ change: RowChange, on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { place, _ in
      try await tamper(place, change.sql)
      let journal = try await place.openToRead()
      let findings = try await journal.verify().findings.map(\.description)
      #expect(
        findings.count == 1 && findings[0].hasPrefix("\(change.name) ") && findings[0].contains(change.what),
        "\(findings)")
      #expect(try await journal.check() != [])
      try await journal.close()
    }
  }

  /// A journal that lacks the entry of its mark is refused to send and receive.
  private func expectRefusal(of place: JournalTestPlace) async {
    await #expect { _ = try await place.open() } throws: { error in
      if place.server != nil { return (error as? ExchangeError)?.code == .journalOutdated }
      return "\(error)".contains("journal.sqlite.mark")
    }
  }

  private func findings(in place: JournalTestPlace, _ anchor: JournalAnchor) async throws -> [String] {
    let journal = try await place.openToRead()
    let findings = try await journal.verify([anchor]).findings.map(\.description)
    try await journal.close()
    return findings
  }

  @Test("removing the last entries is found by the anchor and by the counter", arguments: JournalDatabase.here)
  func removingTheLastEntriesIsFoundByTheAnchorAndByTheCounter(database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { place, anchor in
      let last = anchor.number - 2
      try await tamper(place, "DELETE FROM entry WHERE number > \(last)")
      await expectRefusal(of: place)
      try removeMark(of: place.path)
      var findings = try await findings(in: place, anchor)
      #expect(findings.contains { $0.contains("entry \(anchor.number) is gone") }, "\(findings)")
      #expect(findings.contains { $0.contains("entries up to \(anchor.number) were written") }, "\(findings)")
      try removeMark(of: place.path)
      switch database {
      case .sqlite: try await tamper(place, "UPDATE sqlite_sequence SET seq = \(last) WHERE name = 'entry'")
      case .postgreSQL:
        try await tamper(
          place, "UPDATE head SET number = \(last), hash = (SELECT hash FROM entry WHERE number = \(last))")
      }
      findings = try await self.findings(in: place, anchor)
      #expect(findings.contains { $0.contains("entry \(anchor.number) is gone") }, "\(findings)")
    }
  }

  /// A person who knows how the chain is computed can rebuild it; only the anchor, kept elsewhere, reveals the change.
  @Test("an anchor reveals a chain that was rebuilt after a change", arguments: JournalDatabase.here)
  func aChainMadeAnewAfterAChangeIsFoundByTheAnchor(database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { place, anchor in
      switch database {
      case .sqlite: try await rebuildChain(of: place.path)
      case .postgreSQL: try await place.tamper(Self.rebuilding)
      }
      await expectRefusal(of: place)
      try removeMark(of: place.path)
      let journal = try await place.open()
      #expect(try await journal.verify().findings == [])
      #expect(try await journal.verify([anchor]).findings.map(\.number) == [anchor.number])
      try await journal.close()
    }
  }

  private func rebuildChain(of path: FilePath) async throws {
    var patient = Configuration()
    patient.busyMode = .timeout(30)
    try await DatabaseQueue(path: path.string, configuration: patient).write { database in
      try database.execute(sql: "UPDATE entry SET detail = 'SUCCESS' WHERE number = 20")
      var last = JournalAnchor.start
      let columns = "at, delivery, arrival, state, detail, facts"
      for row in try Row.fetchAll(database, sql: "SELECT \(columns) FROM entry ORDER BY number") {
        last = last.followed(
          by: EntryContent(
            at: row[0], delivery: row[1], arrival: row[2], state: row[3], detail: row[4], facts: row[5]))
        try database.execute(
          sql: "UPDATE entry SET hash = ? WHERE number = ?", arguments: [Data(last.hash.bytes), last.number])
      }
    }
  }

  /// The same on a server, by the schema's own function.
  private static let rebuilding = """
    DO $body$
    DECLARE
      one record;
      last bytea := sha256('');
    BEGIN
      UPDATE entry SET detail = 'SUCCESS' WHERE number = 20;
      FOR one IN SELECT * FROM entry ORDER BY number LOOP
        last := sha256(convert_to(
          measured(encode(last, 'hex')) || measured(one.number::text) || measured(one.at::text)
          || measured(coalesce('D' || one.delivery, 'A' || one.arrival)) || measured(one.state)
          || measured(one.detail) || measured(one.facts), 'UTF8'));
        UPDATE entry SET hash = last WHERE number = one.number;
      END LOOP;
      UPDATE head SET hash = last;
    END
    $body$
    """

  /// The hash is part of the file format: the values that other programs compute must not change.
  @Test("the hash is the documented one")
  func theHashIsWhatIsDocumented() {
    let first = JournalAnchor.start.followed(
      by: EntryContent(at: 1_795_000_000_000, delivery: 1, arrival: nil, state: "staged", detail: nil, facts: "size=12")
    )
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    let text = "64:\(empty)1:113:17950000000002:D16:staged-7:size=12"
    #expect(first == JournalAnchor(number: 1, hash: SHA256.digest(of: Array(text.utf8))))
  }

  @Test("facts survive being written as lines")
  func factsSurviveBeingWrittenAsLines() {
    let facts = AuditFacts(["name": "a\\n=b\nc\\", "empty": "", "none": nil, "reason": "næ\r\n"])
    var read = AuditFacts()
    read.apply(facts.changes(since: AuditFacts()) ?? "")
    #expect(read == facts)
    let later = AuditFacts(["name": "a", "empty": "", "size": "1"])
    read.apply(later.changes(since: facts) ?? "")
    #expect(read == later)
    #expect(later.changes(since: later) == nil)
  }

  @Test(
    "refuses a text that is no anchor",
    arguments: [
      "", "4711", "x:\(String(repeating: "a", count: 64))", "1:abc", "-1:\(String(repeating: "a", count: 64))",
    ])
  func whatIsNoAnchorIsRefused(text: String) {
    #expect(JournalAnchor(text) == nil)
  }
}
