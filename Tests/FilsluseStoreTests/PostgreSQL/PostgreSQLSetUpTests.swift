import FilsluseStore
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

/// Servers, databases and roles that are set up in a way that a journal cannot be kept on.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct PostgreSQLSetUpTests {
  private func refusal(_ address: String) throws -> StoreError {
    let address = try PostgreSQLAddress(address)
    return try #require(throws: StoreError.self) { try PostgreSQLConnection(address) }
  }

  @Test("a wrong password or an unknown role is a refused login, and its password is in no error")
  func refusesLogins() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let addresses = [
      server.address(password: "forkert-adgang"), server.address(password: nil),
      server.address(role: "ukendt", password: "forkert-adgang"),
    ]
    for address in addresses {
      let error = try refusal(address)
      #expect(error.cause == .login, "\(error.message)")
      for shown in [error.message, "\(error.remedy)", String(reflecting: error)] {
        #expect(!shown.contains("forkert-adgang"))
      }
    }
    let wrong = try refusal(addresses[0])
    #expect(wrong.code == "28P01")
    #expect(!wrong.mayTryAgain)
    #expect(!wrong.message.contains("auth.c"))
  }

  @Test("a database that is not there is refused by its name")
  func refusesMissingDatabases() async throws {
    let error = try refusal(try await SharedPostgreSQL.shared.server().address(database: "findes-ikke"))
    #expect(error.cause == .unsuitable)
    #expect(error.code == "3D000")
    #expect(error.message.contains("findes-ikke"))
  }

  @Test("a database that is not UTF-8 is refused")
  func refusesOtherEncodings() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    try await server.sql(
      "CREATE DATABASE uden_tegn OWNER filsluse ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    let error = try refusal(server.address(database: "uden_tegn"))
    #expect(error.cause == .unsuitable)
    #expect(error.message.contains("SQL_ASCII"))
  }

  @Test(
    "a role that may only read, or whose commits do not wait for the disk, is refused, and so is one without a schema")
  func refusesRoles() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let cases: [(role: String, setting: String, cause: StoreError.Cause, word: String)] = [
      ("kun_laes", "default_transaction_read_only = on", .readOnly, "default_transaction_read_only"),
      ("usikker", "synchronous_commit = off", .notDurable, "synchronous_commit"),
      ("hjemloes", "search_path = findes_ikke", .notPermitted, "schema"),
    ]
    for one in cases {
      try await server.sql("CREATE ROLE \(one.role) LOGIN PASSWORD '\(PostgreSQLServer.password)'")
      try await server.sql("ALTER ROLE \(one.role) SET \(one.setting)")
      let error = try refusal(server.address(role: one.role))
      #expect(error.cause == one.cause)
      #expect(error.message.contains(one.word))
      #expect(!error.mayTryAgain)
    }
  }

  @Test("a role without the right to make tables is told which right it lacks")
  func namesMissingRights() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    try await server.sql("CREATE ROLE gaest LOGIN PASSWORD '\(PostgreSQLServer.password)'")
    let database = try PostgreSQLConnection(PostgreSQLAddress(server.address(role: "gaest")))
    let error = try #require(throws: StoreError.self) {
      try database.write { try $0.run(script: "CREATE TABLE kept (id bigint)") }
    }
    #expect(error.cause == .notPermitted)
    #expect(error.code == "42501")
    #expect("\(error.remedy)".contains("grant"))
  }

  @Test("a server that does not wait for its disk is refused, and so is a standby")
  func refusesServers() async throws {
    try await withScratchFolder("setup") { folder in
      try await PostgreSQLServer.run(in: folder) { server in
        let earlier = try PostgreSQLConnection(PostgreSQLAddress(server.address()))
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
          try await server.sql("ALTER SYSTEM SET \(setting) = off")
          try await server.sql("SELECT pg_reload_conf()")
          let error = try await firstRefusal(by: server)
          #expect(error.cause == .notDurable)
          #expect(error.message.contains("\(setting) = off"))
          #expect("\(error.remedy)".contains(setting))
          // A session from before goes on waiting for the disk.
          let synchronousCommit = try earlier.read { session in
            try session.row("SELECT current_setting('synchronous_commit')")?.text(0)
          }
          #expect(synchronousCommit == "on")
          try await server.sql("ALTER SYSTEM RESET \(setting)")
          try await server.sql("SELECT pg_reload_conf()")
          try await untilItIsTaken(by: server)
        }
        earlier.close()
        try await server.withStandby(in: folder) { standby in
          let error = try refusal(standby.address())
          #expect(error.cause == .readOnly)
          #expect(error.message.contains("standby"))
        }
      }
    }
  }

  /// New settings hold for connections that are made once the server has read them.
  private func firstRefusal(by server: PostgreSQLServer) async throws -> StoreError {
    for _ in 0..<300 {
      do throws(StoreError) {
        try PostgreSQLConnection(PostgreSQLAddress(server.address())).close()
      } catch {
        return error
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw ServerTrouble.settingsAreNotRead
  }

  private func untilItIsTaken(by server: PostgreSQLServer) async throws {
    for _ in 0..<300 {
      do throws(StoreError) {
        return try PostgreSQLConnection(PostgreSQLAddress(server.address())).close()
      } catch {
        guard error.cause == .notDurable else { throw error }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw ServerTrouble.settingsAreNotRead
  }

  private enum ServerTrouble: Error { case settingsAreNotRead }

  @Test("a server that proves who it is is used by TLS; one that cannot is refused")
  func usesTLS() async throws {
    try await withScratchFolder("tls") { folder in
      try await PostgreSQLServer.run(in: folder, takesTLS: true) { server in
        let certificate = try #require(server.certificate)
        let login = "port=\(server.port) user=filsluse dbname=filsluse password=\(PostgreSQLServer.password)"
        let strict = "\(login) sslmode=verify-full"
        let address = try PostgreSQLAddress("host=localhost \(strict) sslrootcert='\(certificate)'")
        let database = try PostgreSQLConnection(address)
        #expect(try database.int("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == 1)
        let large = [UInt8](repeating: 7, count: 3_000_000)
        #expect(try database.row("SELECT ?::bytea", [large])?.blob(0) == large)
        database.close()

        // The certificate names another host, or is signed by an authority that is not asked for.
        for text in [
          "host=127.0.0.1 \(strict) sslrootcert='\(certificate)'", "host=localhost \(strict) sslrootcert='/dev/null'",
        ] {
          let error = try refusal(text)
          #expect(error.cause == .unreachable, "\(error.message)")
          #expect(!error.message.contains(PostgreSQLServer.password))
        }
      }
    }
  }

  /// libpq's buffer has 16 KB, with the beginning of a row in it: the end of a record stays with the TLS library.
  @Test("answers of every length come over TLS in the longest records, and none waits for bytes that were read already")
  func readsWhatTLSHolds() async throws {
    try await withScratchFolder("records") { folder in
      try await PostgreSQLServer.run(in: folder, takesTLS: true) { server in
        try await TLSRelay.run(before: server, in: folder) { port in
          let login = "user=filsluse dbname=filsluse password=\(PostgreSQLServer.password) sslmode=verify-full"
          let certificate = try #require(server.certificate)
          let database = try PostgreSQLConnection(
            PostgreSQLAddress("host=localhost port=\(port) \(login) sslrootcert='\(certificate)'"))
          for length in stride(from: 0, through: 16_400, by: 250) {
            let rows = try database.rows(
              "SELECT repeat('x', 7000) FROM generate_series(1, 20) UNION ALL SELECT repeat('y', ?::int)", [length])
            let lengths = try rows.map { try $0.text(0).utf8.count }
            #expect(lengths == [Int](repeating: 7000, count: 20) + [length])
          }
          let large = [UInt8](repeating: 7, count: 3_000_000)
          #expect(try database.row("SELECT ?::bytea", [large])?.blob(0) == large)
          database.close()
        }
      }
    }
  }

  @Test(
    "a pooler before the server is refused, in every mode",
    .enabled(if: ConnectionPooler.isAvailable, "needs pgbouncer, which Scripts/prepare unpacks"),
    arguments: ["transaction", "session"])
  func refusesPoolers(mode: String) async throws {
    let server = try await SharedPostgreSQL.shared.server()
    try await withScratchFolder("pooler") { folder in
      try await ConnectionPooler.run(before: server, mode: mode, in: folder) { address in
        let error = try refusal(address)
        #expect(error.cause == .unsuitable)
        #expect(error.message.contains("pgbouncer"))
      }
    }
  }
}
