import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A kind of database that the journal's tests run on.
enum JournalDatabase: String, Sendable, CaseIterable {
  case sqlite = "SQLite"
  case postgreSQL = "PostgreSQL"

  /// The databases available on this machine.
  static var here: [JournalDatabase] { PostgreSQLServer.obstacle == nil ? allCases : [.sqlite] }

  /// Runs `body` with a new journal.
  func withJournal<Result>(_ body: (Journal) async throws -> Result) async throws -> Result {
    try await withPlace { try await body(try await $0.open()) }
  }

  /// Runs `body` with a place for a journal, where none was yet.
  func withPlace<Result>(_ body: (JournalTestPlace) async throws -> Result) async throws -> Result {
    try await withScratchFolder { folder in
      switch self {
      case .sqlite: return try await body(JournalTestPlace(folder: folder, path: folder.appending("journal.sqlite")))
      case .postgreSQL: return try await Self.withSchema(in: folder, body)
      }
    }
  }

  /// So many of the tests use the server at once: each has several sessions.
  private static let turns = AsyncSemaphore(8)

  private static func withSchema<Result>(
    in folder: FilePath, _ body: (JournalTestPlace) async throws -> Result
  ) async throws -> Result {
    _ = await turns.take(heedsCancellation: false)
    defer { turns.giveBack() }
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "journal_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    let address = "\(server.address()) options='-csearch_path=\(schema)' application_name=\(schema)"
    // The schema goes with the server, at the end of the tests.
    return try await body(
      JournalTestPlace(
        folder: folder, path: folder.appending("journal"), address: address, server: try PostgreSQLAddress(address),
        schema: schema))
  }
}

/// The place of a test's journal: a file, or a schema of the tests' own server.
struct JournalTestPlace: Sendable {
  let folder: FilePath
  /// The journal's file, or the beginning of the names of the machine's own files.
  var path: FilePath
  var address: String?
  var server: PostgreSQLAddress?
  var schema = ""
  /// The number of machines that may have it open at a time.
  var machines = JournalServer.Machines.one
  /// True to renew the hold on a journal on a server in the background.
  var hasHeartbeat = true

  /// The same journal as another machine has it: its own files have other names.
  var onAnotherMachine: JournalTestPlace { onMachine(named: "another-machine") }

  /// The same journal on a machine of that name.
  func onMachine(named name: String) -> JournalTestPlace {
    var other = self
    other.path = folder.appending(name)
    return other
  }

  /// The same journal, whose hold is renewed in the background or not: a test that ends sessions, or lets the grace
  /// pass by a statement, must not be overtaken by that.
  func withHeartbeat(_ isOn: Bool) -> JournalTestPlace {
    var other = self
    other.hasHeartbeat = isOn
    return other
  }

  /// The same journal, which any number of machines may have at the same time.
  var forSeveral: JournalTestPlace {
    var other = self
    other.machines = .several
    return other
  }

  func open() async throws(ExchangeError) -> Journal {
    guard let server else { return try await Journal.open(path) }
    return try await Journal.open(server, beside: path, for: machines, hasHeartbeat: hasHeartbeat)
  }

  func openToRead() async throws(ExchangeError) -> Journal {
    guard let server else { return try await Journal.openToRead(path) }
    return try await Journal.openToRead(server, beside: path)
  }

  /// Changes a journal on the server as a person with psql would.
  func tamper(_ sql: String) async throws {
    try await SharedPostgreSQL.shared.server().sql("SET search_path = \(schema); \(sql)", in: "filsluse")
  }

  /// The tables that a standby which takes over too early has an older content of.
  private static let replicated = ["delivery", "delivery_document", "arrival", "arrival_document", "entry", "head"]

  /// Keeps what the server has, for ``loseCommits()``.
  func keepCommits() async throws {
    try await tamper(Self.replicated.map { "CREATE TABLE kept_\($0) AS TABLE \($0);" }.joined(separator: " "))
  }

  /// Sets the journal on the server back to what was kept, as the loss of all later commits does.
  func loseCommits() async throws {
    let deletions = Self.replicated.reversed().map { "DELETE FROM \($0);" }
    let insertions = Self.replicated.map { "INSERT INTO \($0) SELECT * FROM kept_\($0); DROP TABLE kept_\($0);" }
    try await tamper((deletions + insertions).joined(separator: " "))
  }

  /// Has the server forget when it last heard of the machines, as if the grace was over.
  func letGracePass() async throws { try await tamper("UPDATE machine SET seen_at = 1 WHERE seen_at > 0") }

  /// Ends all sessions with the journal on the server, as the loss of the way to it does.
  func endSessions() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let sessions = "FROM pg_stat_activity WHERE application_name = '\(schema)'"
    while try await server.sql("SELECT count(pg_terminate_backend(pid)) \(sessions)") != "0" {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Waits until a session with the journal waits for the end of another session's transaction.
  func awaitBlockedSession() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let isBlocked = "application_name = '\(schema)' AND wait_event_type = 'Lock'"
    while try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE \(isBlocked)") == "0" {
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
