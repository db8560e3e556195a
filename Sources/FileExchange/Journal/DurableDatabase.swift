package import GRDB
package import SystemPackage

/// SQLite files whose every commit is on the disk when it returns.
package enum DurableDatabase {
  /// Opens a file for one writer and two readers of its own: a look never waits for another task's fsync.
  ///
  /// - Parameters:
  ///   - label: the name that its threads have.
  ///   - pragmas: what every connection is set to besides.
  ///   - writerPragmas: what the writer alone is set to.
  /// - Throws: an error of SQLite's, or ``UnsafeDatabase`` where the file cannot be kept with full synchronisation.
  package static func open(
    _ path: FilePath, label: String, pragmas: String? = nil, writerPragmas: String? = nil
  ) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.label = label
    configuration.maximumReaderCount = 2
    if let pragmas { configuration.prepareDatabase { try $0.execute(sql: pragmas) } }
    let database = try DatabasePool(path: path.string, configuration: configuration)
    try database.writeWithoutTransaction { database in
      // GRDB sets NORMAL when it turns WAL on.
      try database.execute(sql: "PRAGMA synchronous = FULL; \(writerPragmas ?? "")")
      let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
      let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
      guard mode == "wal", synchronous == 2 else { throw UnsafeDatabase(mode: mode, synchronous: synchronous) }
    }
    return database
  }
}

/// A file that SQLite would not keep safe.
package struct UnsafeDatabase: Error, CustomStringConvertible {
  let mode: String?
  let synchronous: Int?

  package var description: String {
    "SQLite gives journal_mode \(mode ?? "none") and synchronous \(synchronous.map(String.init) ?? "none") where wal and 2 (FULL) are needed"
  }
}
