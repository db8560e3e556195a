internal import Foundation
import Glibc
internal import GRDB
internal import GRDBSQLite
package import SystemPackage

/// One connection to an SQLite file, without the guarantees of ``DurableDatabase``: to inspect a file, or to prepare
/// one that nobody else uses yet. Its calls block.
package final class SQLiteFile: Sendable {
  let connection: DatabaseQueue

  /// Opens a file read-only.
  ///
  /// - Parameters:
  ///   - patience: the time that a read waits for another program.
  ///   - isImmutable: true to read without log and locks, and to create no file beside it. Only for a file that nobody
  ///     changes while it is open; where SQLite cannot do that (``canReadImmutably``), it is opened as any other.
  ///   - check: called once the file is open, before anything of it is read.
  /// - Throws: ``StoreError``, or what `check` throws.
  package init(
    reading path: FilePath, patience: Duration = .zero, isImmutable: Bool = false,
    check: (@Sendable () throws -> Void)? = nil
  ) throws {
    var configuration = Configuration()
    configuration.readonly = true
    if patience > .zero { configuration.busyMode = .timeout(patience / .seconds(1)) }
    if let check { configuration.prepareDatabase { _ in try check() } }
    let address = isImmutable && Self.canReadImmutably ? Self.immutableAddress(of: path) : path.string
    connection = try translatingErrors { try DatabaseQueue(path: address, configuration: configuration) }
  }

  /// Opens a file that is read and written; it is made where there is none.
  ///
  /// - Throws: ``StoreError``.
  package init(writing path: FilePath) throws {
    connection = try translatingErrors { try DatabaseQueue(path: path.string) }
  }

  /// Creates a database in memory.
  ///
  /// - Throws: ``StoreError``.
  package init() throws { connection = try translatingErrors { try DatabaseQueue() } }

  /// Reads in one consistent view.
  ///
  /// - Throws: what `look` throws, or ``StoreError``.
  package func read<Result>(_ look: (SQLConnection) throws -> Result) throws -> Result {
    try translatingErrors { try connection.read { try look(SQLConnection($0)) } }
  }

  /// Runs a change in a transaction.
  ///
  /// - Throws: what `change` throws, or ``StoreError``.
  package func write<Result>(_ change: (SQLConnection) throws -> Result) throws -> Result {
    try translatingErrors { try connection.write { try change(SQLConnection($0)) } }
  }

  /// Runs statements that no transaction may hold, such as a change of the journal mode.
  ///
  /// - Throws: ``StoreError``.
  package func run(script: String) throws {
    try translatingErrors { try connection.inDatabase { try $0.execute(sql: script) } }
  }

  /// Closes it.
  ///
  /// - Throws: ``StoreError`` when SQLite cannot close it.
  package func close() throws { try translatingErrors { try connection.close() } }

  /// Returns true if SQLite has left files beside a file, or is using it.
  package static func hasLog(beside path: FilePath) -> Bool {
    var status = stat()
    if access(path.string + "-shm", F_OK) == 0 { return true }
    return stat(path.string + "-wal", &status) == 0 && status.st_size > 0
  }

  /// True if SQLite was built to read files immutably, which an address in place of a path requests.
  package static let canReadImmutably = sqlite3_compileoption_used("USE_URI") != 0

  private static func immutableAddress(of path: FilePath) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
    let hex = Array("0123456789ABCDEF")
    let escaped = path.string.utf8.map { byte in
      plain.contains(byte) ? String(UnicodeScalar(byte)) : "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
    }
    // A relative path must not begin like an authority.
    return "file:" + escaped.joined() + "?immutable=1&mode=ro"
  }
}

/// Runs `body` with errors of SQLite's translated.
func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    throw error.asStoreError
  }
}
