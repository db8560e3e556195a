import Foundation
import Glibc
public import SystemPackage

/// Debian's pgbouncer before a PostgreSQL server, as Scripts/prepare unpacked it or as it is installed. It gives a
/// session of the server to another client after each transaction.
public enum ConnectionPooler {
  /// True where there is one.
  public static let isAvailable = program != nil && LastingProgram.isPossible

  private static let folder: FilePath = {
    var root = FilePath(#filePath)
    while root.lastComponent != "Tests", root.removeLastComponent() {}
    return root.removingLastComponent().appending(".build/neighbours/pgbouncer")
  }()

  private static let program: FilePath? = [folder.appending("usr/sbin/pgbouncer"), "/usr/sbin/pgbouncer"]
    .first { access($0.string, X_OK) == 0 }

  /// Runs it before a server until `body`, which gets the address of the database `filsluse`, is done.
  ///
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public static func run<Result>(
    before server: PostgreSQLServer, mode: String, in folder: FilePath, _ body: (String) async throws -> Result
  ) async throws -> Result {
    guard let program else { throw ServerTrouble(description: "there is no pgbouncer here") }
    let home = try LastingProgram.makeHome(in: folder, named: "pooler-\(mode)")
    let settings = """
      [databases]
      filsluse = host=\(server.socket) port=\(server.port) dbname=filsluse
      [pgbouncer]
      unix_socket_dir = \(home)
      listen_port = 6432
      auth_type = trust
      auth_file = \(home)/users
      pool_mode = \(mode)
      """
    let file = home.appending("pgbouncer.ini")
    try settings.write(toFile: file.string, atomically: false, encoding: .utf8)
    let users = "\"filsluse\" \"\(PostgreSQLServer.password)\"\n"
    try users.write(toFile: home.appending("users").string, atomically: false, encoding: .utf8)
    let libraries = Self.folder.appending("usr/lib")
    let subfolders = (try? FileManager.default.contentsOfDirectory(atPath: libraries.string)) ?? []
    let paths = subfolders.map { libraries.appending($0).string }.joined(separator: ":")
    let pooler = try LastingProgram(
      [program.string, file.string], in: home, endedBy: "KILL",
      environment: paths.isEmpty ? [:] : ["LD_LIBRARY_PATH": paths])
    let socket = home.appending(".s.PGSQL.6432")
    try await pooler.wait(until: { access(socket.string, F_OK) == 0 }, log: home.appending("log"))
    defer { pooler.end() }
    return try await body("host='\(home)' port=6432 user=filsluse dbname=filsluse")
  }
}
