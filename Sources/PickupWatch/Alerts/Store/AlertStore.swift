internal import FileExchange
internal import FilsluseSystem
internal import GRDB
public import SystemPackage

/// The watcher's alerts, the outbox and the silences, in an SQLite file: nothing is lost when the watcher is killed,
/// and commands work on it while it runs.
///
/// A change of an alert and its notifications are on the disk, in one transaction, before any is sent.
public final class AlertStore: Sendable {
  /// The path of the file.
  public let path: FilePath
  private let database: DurableDatabase

  /// Opens a store; its file may hold other tables. The file is made new (0600) where there is none.
  ///
  /// - Throws: ``AlertStoreError`` when the file cannot be opened, is damaged, was written by a newer version, or cannot
  ///   be kept with full synchronisation.
  public static func open(_ path: FilePath) async throws(AlertStoreError) -> AlertStore {
    try await BlockingThreads.shared.run { () throws(AlertStoreError) in try AlertStore(opening: path) }
  }

  private init(opening path: FilePath) throws(AlertStoreError) {
    self.path = path
    do {
      try WatchFile.createIfMissing(path)
      database = try DurableDatabase(path, label: "filsluse-alerts")
      try database.write(AlertSchema.prepare)
    } catch {
      throw AlertStoreError("open the alerts in", path, error)
    }
  }

  /// Runs a change in a transaction and returns when it is on the disk; a change that changes nothing writes nothing.
  func write<Result: Sendable>(
    _ operation: String, _ change: @escaping @Sendable (Database) throws -> Result
  ) async throws(AlertStoreError) -> Result {
    try await BlockingThreads.shared.run { () throws(AlertStoreError) in
      do { return try self.database.write(change) } catch {
        throw AlertStoreError(operation, self.path, error)
      }
    }
  }

  /// Reads in one consistent view.
  func read<Result: Sendable>(
    _ look: @escaping @Sendable (Database) throws -> Result
  ) async throws(AlertStoreError) -> Result {
    try await BlockingThreads.shared.run { () throws(AlertStoreError) in
      do { return try self.database.read(look) } catch {
        throw AlertStoreError("read the alerts in", self.path, error)
      }
    }
  }

  /// Gives the file back at once.
  ///
  /// - Throws: ``AlertStoreError`` while it is still being read or written.
  public func close() async throws(AlertStoreError) {
    try await BlockingThreads.shared.run { () throws(AlertStoreError) in
      do { try self.database.close() } catch {
        throw AlertStoreError("close the alerts in", self.path, error)
      }
    }
  }
}
