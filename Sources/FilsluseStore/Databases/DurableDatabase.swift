internal import FilsluseBase
internal import Glibc
internal import GRDB
package import SystemPackage

/// An SQLite file with durable commits (on the disk when they return), one writer and two readers of its own, so that a
/// read never waits for another task's fsync.
///
/// It closes when no call is using it, and refuses calls after that: GRDB alone would let a read that begins during a
/// close go on with a closed connection. All calls block.
package final class DurableDatabase: TransactionalDatabase {
  private struct Uses: Sendable {
    var count = 0
    var isClosed = false
  }

  private let pool: any DatabaseWriter
  private let uses = Locked(Uses())

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - label: the name of its threads.
  ///   - pragmas: further statements for setting up every connection.
  ///   - writerPragmas: statements for setting up the writer only.
  ///   - hasLongTransactions: true if ``begin()`` is used.
  /// - Throws: ``StoreError``; its cause is `notDurable` where the file cannot be kept with full synchronisation.
  package init(
    _ path: FilePath, label: String, pragmas: String? = nil, writerPragmas: String? = nil,
    hasLongTransactions: Bool = false
  ) throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = hasLongTransactions
    configuration.busyMode = .timeout(5)
    configuration.label = label
    configuration.maximumReaderCount = 2
    let place = FilePlace(path)
    configuration.prepareDatabase { _ in try place.requireSameFile() }
    if let pragmas { configuration.prepareDatabase { try $0.execute(sql: pragmas) } }
    let pool = try translatingErrors { try DatabasePool(path: path.string, configuration: configuration) }
    self.pool = pool
    try translatingErrors {
      try pool.writeWithoutTransaction { database in
        // GRDB sets NORMAL when it turns WAL on.
        try database.execute(sql: "PRAGMA synchronous = FULL; \(writerPragmas ?? "")")
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "none"
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0
        guard mode == "wal", synchronous == 2 else {
          throw StoreError(
            .notDurable,
            "SQLite gives journal_mode \(mode) and synchronous \(synchronous) where wal and 2 (FULL) are needed")
        }
      }
    }
  }

  /// Takes over a file opened read-only.
  package init(reading file: SQLiteFile) { pool = file.connection }

  /// Reads in one consistent view.
  ///
  /// - Throws: what `look` throws, or ``StoreError``, also where the file is closed.
  package func read<Result>(_ look: (SQLConnection) throws -> Result) throws -> Result {
    try whileOpen { try pool.read { try look(SQLConnection($0)) } }
  }

  /// Runs a change in a transaction.
  ///
  /// - Throws: what `change` throws, or ``StoreError``, also where the file is closed.
  package func write<Result>(_ change: (SQLConnection) throws -> Result) throws -> Result {
    try whileOpen { try pool.write { try change(SQLConnection($0)) } }
  }

  /// Begins a transaction that spans calls of ``step(_:)``, until ``commit()`` or ``rollBack()``. The caller must write
  /// nothing else before its end.
  ///
  /// - Throws: ``StoreError`` where the file is closed or cannot be written.
  package func begin() throws {
    try whileOpen { try pool.writeWithoutTransaction { try $0.beginTransaction(.immediate) } }
  }

  /// Reads or changes something in the transaction that was begun.
  ///
  /// - Throws: what `body` throws, or ``StoreError`` where the file is closed, cannot be written, or SQLite has ended
  ///   the transaction after a failure.
  package func step<Result>(_ body: (SQLConnection) throws -> Result) throws -> Result {
    try whileOpen {
      try pool.writeWithoutTransaction { database in
        guard database.isInsideTransaction else { throw StoreError(.other, "the transaction has ended") }
        return try body(SQLConnection(database))
      }
    }
  }

  /// Keeps the transaction that was begun, and returns when it is on the disk.
  ///
  /// - Throws: ``StoreError`` where it cannot be written.
  package func commit() throws { try whileOpen { try pool.writeWithoutTransaction { try $0.commit() } } }

  /// Undoes the transaction that was begun, unless SQLite has done so after a failure.
  ///
  /// - Throws: ``StoreError`` where the file is closed.
  package func rollBack() throws {
    try whileOpen { try pool.writeWithoutTransaction { if $0.isInsideTransaction { try $0.rollback() } } }
  }

  /// Copies the whole of it into an empty file.
  ///
  /// - Throws: ``StoreError`` where this file is closed or cannot be read, or the other one not be written.
  package func vacuum(into copy: FilePath) throws {
    try whileOpen {
      try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy.string]) }
    }
  }

  /// Checkpoints the log: writes it into the main file and empties it.
  ///
  /// - Throws: ``StoreError`` where the file is closed, or while the log is in use.
  package func emptyLog() throws { try whileOpen { try checkpoint() } }

  /// Refuses new calls, waits for running ones, and closes the file, with its log emptied unless another process uses
  /// it. Closing it again does nothing.
  ///
  /// - Throws: ``StoreError`` when SQLite cannot close it; it is then open as before.
  package func close() throws {
    let isFirst = uses.withLock { uses in
      defer { uses.isClosed = true }
      return !uses.isClosed
    }
    // A connection that is gone must not be used once more.
    guard isFirst else { return }
    while uses.withLock({ $0.count > 0 }) { usleep(1000) }
    do {
      // A log that another process uses stays; that process empties it.
      try? checkpoint()
      try pool.close()
    } catch {
      uses.withLock { $0.isClosed = false }
      throw error.asStoreError
    }
  }

  private func checkpoint() throws { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }

  private func whileOpen<Result>(_ body: () throws -> Result) throws -> Result {
    let isOpen = uses.withLock { uses in
      if !uses.isClosed { uses.count += 1 }
      return !uses.isClosed
    }
    guard isOpen else { throw StoreError(.closed, "it is closed") }
    defer { uses.withLock { $0.count -= 1 } }
    return try translatingErrors(body)
  }
}

/// Keeps later connections of a process from another file that was put under the name: SQLite would use the log's index
/// of the first for it too, and cut it short under the connections that are open.
private struct FilePlace: Sendable {
  private let path: FilePath
  private let first = Locked<FileIdentity?>(nil)

  init(_ path: FilePath) { self.path = path }

  /// Called by each connection once it has its file open, before it reads anything.
  func requireSameFile() throws {
    guard let identity = try FileIdentity(of: path) else { throw Errno.noSuchFileOrDirectory }
    let isSame = first.withLock { first in
      if first == nil { first = identity }
      return first == identity
    }
    if !isSame { throw StoreError(.replaced, "another file lies in its place") }
  }
}
