import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
public import SystemPackage

/// A PostgreSQL server of the tests' own, in a scratch folder, reached by a Unix socket in it, and by TLS on loopback
/// where a test asks for that. It knows nothing of a cluster that the machine may have.
public final class PostgreSQLServer: Sendable {
  /// The reason why there can be no server here; `nil` where there can.
  public static let obstacle: String? = {
    if programs == nil { return "needs PostgreSQL's server (Debian: postgresql)" }
    return LastingProgram.isPossible ? nil : "needs setpriv: PostgreSQL does not run as root"
  }()

  /// The folder with the newest server's programs.
  private static let programs: FilePath? = {
    let root: FilePath = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.string)) ?? []
    let found = versions.compactMap { Int($0) }.sorted(by: >).map { root.appending("\($0)").appending("bin") }
    return found.first { access($0.appending("initdb").string, X_OK) == 0 }
  }()

  /// The password of the role `filsluse`, who owns the database `filsluse`.
  public static let password = "hemmelig-adgang-4711"

  /// The folder of the socket.
  public let socket: FilePath
  /// The port on loopback, which is in the socket's name too.
  public let port: UInt16
  /// The certificate of a server that takes TLS, which `localhost` signed itself; `nil` for any other.
  public let certificate: FilePath?
  private let data: FilePath
  private let program: LastingProgram

  /// Makes a cluster, and runs its server until `body` is done.
  ///
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public static func run<Result>(
    in folder: FilePath, takesTLS: Bool = false, _ body: (PostgreSQLServer) async throws -> Result
  ) async throws -> Result {
    let server = try await start(in: folder, takesTLS: takesTLS)
    defer { server.end() }
    return try await body(server)
  }

  /// Makes a cluster, and starts its server; the caller ends it.
  static func start(in folder: FilePath, takesTLS: Bool = false) async throws -> PostgreSQLServer {
    let home = try LastingProgram.makeHome(in: folder, named: "postgresql")
    let data = home.appending("data")
    let initdb = [
      "initdb", "--pgdata", data.string, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale",
      "C.UTF-8", "--no-sync",
    ]
    try await tool(initdb, asOrdinaryUser: true)
    let rules = """
      local all postgres trust
      local replication postgres trust
      local all all scram-sha-256
      hostssl all all 127.0.0.1/32 scram-sha-256

      """
    try rules.write(toFile: data.appending("pg_hba.conf").string, atomically: false, encoding: .utf8)
    let server = try await PostgreSQLServer(data: data, home: home, takesTLS: takesTLS)
    do {
      try await server.sql("CREATE ROLE filsluse LOGIN PASSWORD '\(password)'")
      try await server.sql("CREATE DATABASE filsluse OWNER filsluse")
    } catch {
      server.end()
      throw error
    }
    return server
  }

  /// Runs a standby of this server, which follows it, until `body` is done.
  ///
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public func withStandby<Result>(
    in folder: FilePath, _ body: (PostgreSQLServer) async throws -> Result
  ) async throws -> Result {
    let standby = try await startStandby(in: folder, named: "standby")
    defer { standby.end() }
    return try await body(standby)
  }

  /// Makes a standby of this server, which follows it, and starts it; the caller ends it.
  func startStandby(in folder: FilePath, named name: String) async throws -> PostgreSQLServer {
    let home = try LastingProgram.makeHome(in: folder, named: name)
    let data = home.appending("data")
    let copy = [
      "pg_basebackup", "--host", socket.string, "--port", "\(port)", "--username", "postgres", "--pgdata", data.string,
      "--write-recovery-conf", "--checkpoint", "fast", "--no-sync",
    ]
    try await Self.tool(copy, asOrdinaryUser: true)
    return try await PostgreSQLServer(data: data, home: home, takesTLS: certificate != nil)
  }

  /// Has a standby receive nothing more, as when the way to its primary is lost.
  ///
  /// - Throws: `ServerTrouble` when it cannot be told.
  public func stopFollowing() async throws {
    try await sql("ALTER SYSTEM SET primary_conninfo = ''")
    try await sql("SELECT pg_reload_conf()")
    while try await sql("SELECT count(*) FROM pg_stat_wal_receiver") != "0" {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Makes a standby the server that takes changes.
  ///
  /// - Throws: `ServerTrouble` when it does not become that.
  public func promote() async throws {
    guard try await sql("SELECT pg_promote()") == "t" else {
      throw ServerTrouble(description: "the standby is not promoted")
    }
  }

  /// Ends the server as `pg_ctl stop -m immediate` does: nothing more is written, and nothing more sent to a standby.
  public func lose() { program.end(by: SIGQUIT) }

  private init(data: FilePath, home: FilePath, takesTLS: Bool = false) async throws {
    socket = home
    self.data = data
    port = takesTLS ? try await Loopback.freePort() : 5432
    certificate = takesTLS ? home.appending("certificate") : nil
    var words = [
      try Self.path(of: "postgres"), "-D", data.string, "-k", home.string, "-p", "\(port)", "-c", "max_connections=120",
      "-c", "shared_buffers=16MB", "-c", "listen_addresses=\(takesTLS ? "127.0.0.1" : "")",
    ]
    if let certificate {
      let key = home.appending("key")
      try await Self.makeCertificate(certificate, key)
      words += ["-c", "ssl=on", "-c", "ssl_cert_file=\(certificate)", "-c", "ssl_key_file=\(key)"]
    }
    program = try LastingProgram(words, in: home, endedBy: "INT")
    // The eighth line of the file is the server's state.
    try await program.wait(
      until: { Self.lines(of: data).dropFirst(7).first?.hasPrefix("ready") == true }, log: home.appending("log"))
  }

  private static func makeCertificate(_ certificate: FilePath, _ key: FilePath) async throws {
    let openssl = [
      "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key.string, "-out",
      certificate.string,
    ]
    try await run(LastingProgram.asOrdinaryUser(openssl))
  }

  /// Ends the server.
  func end() { program.end() }

  /// The address of a database, as a line of keywords.
  public func address(
    role: String = "filsluse", password: String? = PostgreSQLServer.password, database: String = "filsluse"
  ) -> String {
    let secret = password.map { " password='\($0)'" } ?? ""
    return "host='\(socket)' port=\(port) user=\(role) dbname=\(database)\(secret)"
  }

  /// Runs statements as the superuser, by PostgreSQL's own psql, and returns its output.
  ///
  /// - Throws: `ServerTrouble` when one fails.
  @discardableResult
  public func sql(_ script: String, in database: String = "postgres") async throws -> String {
    let psql = [
      "psql", "--host", socket.string, "--port", "\(port)", "--username", "postgres", "--dbname", database,
      "--no-psqlrc", "--quiet",
      "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1", "--command", script,
    ]
    return try await Self.tool(psql, asOrdinaryUser: false)
  }

  @discardableResult
  private static func tool(_ words: [String], asOrdinaryUser isOrdinary: Bool) async throws -> String {
    let line = [try path(of: words[0])] + words.dropFirst()
    return try await run(isOrdinary ? LastingProgram.asOrdinaryUser(line) : line)
  }

  @discardableResult
  private static func run(_ line: [String]) async throws -> String {
    let program = Program(arguments: line, environment: ["LC_ALL": "C"], timeout: .seconds(60))
    let report = await program.run()
    guard report.isSuccess else {
      throw ServerTrouble(description: "\(line): \(report.summary)\n\(report.complaints.text)")
    }
    return report.output.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func path(of name: String) throws -> String {
    guard let programs else { throw ServerTrouble(description: "there is no PostgreSQL here") }
    return programs.appending(name).string
  }

  private static func lines(of data: FilePath) -> [Substring] {
    let text = try? String(contentsOfFile: data.appending("postmaster.pid").string, encoding: .utf8)
    return text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
  }
}

/// The one PostgreSQL server of this test process, started by the first test that needs it. It ends with the process.
public actor SharedPostgreSQL {
  /// The server of this process.
  public static let shared = SharedPostgreSQL()

  private var starting: Task<PostgreSQLServer, any Error>?

  /// The server, running.
  ///
  /// - Throws: `ServerTrouble` when it could not be started; every test then says why.
  public func server() async throws -> PostgreSQLServer {
    if let starting { return try await starting.value }
    let task = Task {
      let folder = try scratchFolder(named: "postgresql")
      let server = try await PostgreSQLServer.start(in: folder)
      Self.running.withLock { $0 = (server, folder) }
      atexit {
        guard let (server, folder) = SharedPostgreSQL.running.withLock({ $0 }) else { return }
        server.end()
        if getenv("FILSLUSE_KEEP_SCRATCH") == nil { try? FileManager.default.removeItem(atPath: folder.string) }
      }
      return server
    }
    starting = task
    return try await task.value
  }

  private static let running = Locked<(PostgreSQLServer, FilePath)?>(nil)
}
