import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Copies of journals between files and servers.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct JournalCopyTests {
  /// All of a journal that a person can see.
  private struct Content: Equatable {
    let deliveries: [Delivery]
    let arrivals: [Arrival]
    let entries: [JournalEntry]
    let anchor: JournalAnchor
    let problems: [OpenProblem.Key]

    init(of journal: Journal) async throws {
      deliveries = try await journal.deliveries()
      arrivals = try await journal.arrivals()
      entries = try await journal.entries()
      anchor = try await journal.anchor()
      let account = Account(
        name: "fagsystem", host: "127.0.0.1", user: "fagsystem", key: "key", hostKeys: .pinned([]))
      problems = try await journal.openProblems(of: [account]).problems.map(\.key)
    }
  }

  /// Fills a journal with everything there is, part of which retention has forgotten, and closes it.
  private func fill(_ place: JournalTestPlace) async throws -> Content {
    let journal = try await place.open()
    try await SampleJournal.fill(journal)
    let problems = ObservedProblems(in: journal)
    problems.raise(
      OpenProblem(
        OpenProblem.Key(.folderGone, account: "fagsystem", subject: "/srv/ud"), message: "gone", remedy: "make it",
        since: .now))
    try await problems.synchronize()
    try await journal.forgetWhatEnded()
    for number in 0..<120 { try await SampleJournal.add(.staged, to: journal, named: "fil \(number).csv") }
    let content = try await Content(of: journal)
    try await journal.close()
    return content
  }

  @Test(
    "a copy is the same journal, which goes on with the next numbers",
    arguments: JournalDatabase.allCases, JournalDatabase.allCases)
  func copies(from one: JournalDatabase, to other: JournalDatabase) async throws {
    try await one.withPlace { source in
      let before = try await fill(source)
      try await other.withPlace { target in
        let copied = try await Journal.copy(from: source.location, to: target.location)
        #expect(copied.last == before.anchor)
        #expect((copied.deliveries, copied.arrivals) == (before.deliveries.count, before.arrivals.count))
        let journal = try await target.open()
        #expect(try await Content(of: journal) == before)
        #expect(try await journal.check() == [])
        try await SampleJournal.add(.accepted, to: journal, named: "ny.csv")
        let last = try #require(try await journal.deliveries().last)
        #expect(last.id > (before.deliveries.map(\.id).max() ?? 0))
        #expect(try await journal.verify([before.anchor]).findings == [])
        try await journal.close()
      }
      // The former one is as it was.
      let former = try await source.open()
      #expect(try await Content(of: former) == before)
      try await former.close()
    }
  }

  @Test(
    "a journal that is open, one that was changed, and a place that is taken are refused",
    arguments: JournalDatabase.here)
  func refuses(database: JournalDatabase) async throws {
    try await database.withPlace { source in
      let journal = try await source.open()
      try await SampleJournal.add(.accepted, to: journal, named: "a.csv")
      try await JournalDatabase.sqlite.withPlace { target in
        await #expect { _ = try await Journal.copy(from: source.location, to: target.location) } throws: {
          ($0 as? ExchangeError)?.code == .claimedElsewhere
        }
        try await journal.close()
        _ = try await Journal.copy(from: source.location, to: target.location)
        await #expect { _ = try await Journal.copy(from: source.location, to: target.location) } throws: {
          $0 is ExchangeError
        }
        await #expect { _ = try await Journal.copy(from: target.location, to: source.location) } throws: {
          $0 is ExchangeError
        }
      }
      try await JournalDatabase.sqlite.withPlace { target in
        try Data([0]).write(to: URL(filePath: "\(target.path)-wal"))
        await #expect { _ = try await Journal.copy(from: source.location, to: target.location) } throws: { error in
          "\(error)".contains("there is a journal already")
        }
      }
      let again = try await source.open()
      try await again.write { try $0.database.execute("UPDATE entry SET detail = 'x' WHERE number = 2") }
      try await again.close()
      try await JournalDatabase.sqlite.withPlace { target in
        await #expect { _ = try await Journal.copy(from: source.location, to: target.location) } throws: { error in
          "\(error)".contains("entry 2 was changed")
        }
        #expect(!FileManager.default.fileExists(atPath: target.path.string))
      }
    }
  }

  @Test("a machine that has lost its way to the server is waited for, and does not go on once the journal is copied")
  func waitsForMachines() async throws {
    try await JournalDatabase.postgreSQL.withPlace { source in
      let journal = try await source.withHeartbeat(false).open()
      try await SampleJournal.add(.accepted, to: journal, named: "a.csv")
      try await source.endSessions()
      try await JournalDatabase.sqlite.withPlace { target in
        await #expect { _ = try await Journal.copy(from: source.location, to: target.location) } throws: {
          ($0 as? ExchangeError)?.code == .claimedElsewhere
        }
        try await source.letGracePass()
        _ = try await Journal.copy(from: source.location, to: target.location)
      }
      await #expect { try await SampleJournal.add(.staged, to: journal, named: "b.csv") } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      await #expect { try await journal.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
    }
  }

  @Test("a role that lacks a right is named with what it needs, and with that it copies the journal")
  func namesRoleWithoutRights() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let before = try await fill(place)
      let schema = place.schema
      let role = "copies_journals"
      try await place.tamper("CREATE ROLE \(role) LOGIN PASSWORD 'adgang'; GRANT USAGE ON SCHEMA \(schema) TO \(role)")
      let server = try await SharedPostgreSQL.shared.server()
      let address = "\(server.address(role: role, password: "adgang")) options='-csearch_path=\(schema)'"
      let source = JournalLocation.server(JournalServer(address: address))
      func expectRefusal(needing grants: [String], into target: JournalTestPlace) async throws {
        await #expect { _ = try await Journal.copy(from: source, to: target.location) } throws: { error in
          guard let error = error as? ExchangeError, error.code == .journal else { return false }
          let remedy = error.remedy.description
          return error.message.contains("the role \(role), which is logged in") && error.inDanish.contains("Rollen ")
            && grants.allSatisfy { remedy.contains("GRANT \($0) TO \(role)") }
        }
        try await place.tamper(grants.map { "GRANT \($0) TO \(role);" }.joined(separator: " "))
      }
      try await JournalDatabase.sqlite.withPlace { target in
        try await expectRefusal(needing: ["SELECT ON ALL TABLES IN SCHEMA \(schema)"], into: target)
        try await expectRefusal(needing: ["SELECT ON ALL SEQUENCES IN SCHEMA \(schema)"], into: target)
        // As a process that was killed leaves it.
        try await place.tamper("UPDATE machine SET is_present = 1, seen_at = 1")
        try await expectRefusal(needing: ["UPDATE ON \(schema).head, \(schema).machine"], into: target)
        let copied = try await Journal.copy(from: source, to: target.location)
        #expect(copied.last == before.anchor)
      }
    }
  }

  @Test("a role that may not make tables is named with what it needs")
  func namesRoleThatMayNotCreate() async throws {
    try await JournalDatabase.sqlite.withPlace { source in
      _ = try await fill(source)
      try await JournalDatabase.postgreSQL.withPlace { target in
        let schema = target.schema
        try await target.tamper("ALTER SCHEMA \(schema) OWNER TO postgres; GRANT USAGE ON SCHEMA \(schema) TO filsluse")
        await #expect { _ = try await Journal.copy(from: source.location, to: target.location) } throws: { error in
          guard let error = error as? ExchangeError else { return false }
          return error.message.contains("the role filsluse, which is logged in")
            && error.remedy.description.contains("GRANT USAGE, CREATE ON SCHEMA \(schema) TO filsluse")
            && error.inDanish.contains("Rollen filsluse, som er logget ind")
        }
      }
    }
  }

  @Test("the list of tables names all of them")
  func namesAllTables() async throws {
    let file = try SQLiteFile()
    try file.write(JournalSchema.create)
    let tables = try file.read { database in
      try database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence'").map {
        try $0.text(0)
      }
    }
    #expect(tables.sorted() == MigrationV1.tables.sorted())
  }
}

extension JournalTestPlace {
  fileprivate var location: JournalLocation {
    address.map { JournalLocation.server(JournalServer(address: $0)) } ?? .file(path)
  }
}
