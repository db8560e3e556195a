import Foundation
import Glibc
public import SystemPackage

/// A PostgreSQL server whose address stays when it is lost and a standby takes its place.
public actor ReplicatedPostgreSQL {
  /// The folder of the socket: a link to that of the present server.
  public nonisolated let socket: FilePath
  /// The port in the socket's name.
  public nonisolated let port: UInt16
  private nonisolated let folder: FilePath
  private var server: PostgreSQLServer
  private var failOvers = 0

  /// Runs a server until `body` is done.
  ///
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public static func run<Result>(
    in folder: FilePath, _ body: (ReplicatedPostgreSQL) async throws -> Result
  ) async throws -> Result {
    let replicated = try ReplicatedPostgreSQL(try await PostgreSQLServer.start(in: folder), in: folder)
    do {
      let result = try await body(replicated)
      await replicated.end()
      return result
    } catch {
      await replicated.end()
      throw error
    }
  }

  private init(_ server: PostgreSQLServer, in folder: FilePath) throws {
    self.server = server
    self.folder = folder
    port = server.port
    socket = folder.appending("socket")
    try Self.lead(socket, to: server)
  }

  private static func lead(_ socket: FilePath, to server: PostgreSQLServer) throws {
    let link = FilePath(socket.string + ".new")
    guard symlink(server.socket.string, link.string) == 0, rename(link.string, socket.string) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  private func end() { server.end() }

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
    try Self.lead(socket, to: standby)
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
