import Foundation
public import LocalPlatform
public import SystemPackage

/// A PostgreSQL server that is reached by TLS over lines of the test's own, which lead to a standby when it is lost.
public actor ReplicatedPostgreSQL {
  private let folder: FilePath
  private var server: PostgreSQLServer
  private var lines: [TCPProxy] = []
  private var failOvers = 0

  /// Runs a server until `body` is done.
  ///
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public static func run<Result>(
    in folder: FilePath, _ body: (ReplicatedPostgreSQL) async throws -> Result
  ) async throws -> Result {
    let replicated = ReplicatedPostgreSQL(try await PostgreSQLServer.start(in: folder, takesTLS: true), in: folder)
    do {
      let result = try await body(replicated)
      await replicated.end()
      return result
    } catch {
      await replicated.end()
      throw error
    }
  }

  private init(_ server: PostgreSQLServer, in folder: FilePath) {
    self.server = server
    self.folder = folder
  }

  private func end() {
    for line in lines { line.stop() }
    server.end()
  }

  /// A line to the present server, which can be cut and stalled, and listens on 127.0.0.`number`.
  ///
  /// - Throws: `PlatformError` when there is no port.
  public func newLine(at number: UInt8 = 1) throws -> TCPProxy {
    let line = try TCPProxy(to: server.port, at: number)
    lines.append(line)
    return line
  }

  /// Runs statements on the present server, as ``PostgreSQLServer/sql(_:in:)`` does.
  ///
  /// - Throws: `ServerTrouble` when one fails.
  @discardableResult
  public func sql(_ script: String, in database: String = "postgres") async throws -> String {
    try await server.sql(script, in: database)
  }

  /// Loses the server, and promotes a standby that has every commit that was confirmed.
  ///
  /// - Throws: `ServerTrouble` when the standby does not follow, or is not promoted.
  public func failOver() async throws {
    failOvers += 1
    let (lost, standby) = (server, try await server.startStandby(in: folder, named: "standby-\(failOvers)"))
    server = standby
    do {
      try await lost.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
      try await lost.sql("SELECT pg_reload_conf()")
      try await untilAllIsConfirmed(by: lost)
    } catch {
      lost.end()
      throw error
    }
    lost.lose()
    try await standby.promote()
    for line in lines { line.target = standby.port }
    try FileManager.default.removeItem(atPath: lost.socket.string)
  }

  /// Waits until each commit waits for the standby, which has all that were made before.
  private func untilAllIsConfirmed(by primary: PostgreSQLServer) async throws {
    var least: String?
    for _ in 0..<300 {
      let state = try await primary.sql("SELECT sync_state FROM pg_stat_replication")
      if state == "sync" {
        if least == nil {
          // One of the server's processes tells the sessions, and has read the setting by then.
          try await Task.sleep(for: .milliseconds(500))
          least = try await primary.sql("SELECT pg_current_wal_lsn()")
        }
        let flushed = try await primary.sql("SELECT flush_lsn >= '\(least ?? "")' FROM pg_stat_replication")
        if flushed == "t" { return }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ServerTrouble(description: "the standby does not follow")
  }
}
