public import FileExchange
internal import FilsluseSystem
internal import GRDB
import Glibc
public import SystemPackage

/// The observations of the accounts' folders, in an SQLite file: as many files as there may be, without holding them in
/// memory.
///
/// The file is written in WAL mode with `synchronous=FULL`. Any number of processes of one machine may have it open.
public final class ObservationStore: Sendable {
  /// The path of the file.
  public let path: FilePath
  private let database: DurableDatabase

  /// Opens a store, made new (0600) where there is none.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when the file cannot be opened, is no store, was written by a newer
  ///   version, or cannot be kept with full synchronisation.
  public static func open(_ path: FilePath) async throws(ExchangeError) -> ObservationStore {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try ObservationStore(opening: path) }
  }

  private init(opening path: FilePath) throws(ExchangeError) {
    self.path = path
    do {
      let folder = path.removingLastComponent()
      if !folder.isEmpty, mkdir(folder.string, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
      try WatchFile.createIfMissing(path)
      database = try Self.openDatabase(path)
      let migrator = ObservationSchema.migrator
      guard try !database.read(migrator.hasBeenSuperseded) else { throw NewerSights() }
      try database.migrate(by: migrator)
    } catch {
      throw Self.failure("open what was seen", path, error)
    }
  }

  /// Reading goes from one end to the other, and new names are few after the first look: a larger cache is of little use.
  private static func openDatabase(_ path: FilePath) throws -> DurableDatabase {
    try DurableDatabase(
      path, label: "filsluse-sights", pragmas: "PRAGMA cache_size = -2048", writerPragmas: "PRAGMA temp_store = FILE")
  }

  /// Runs a change in a transaction and returns when it is on the disk.
  func write<Result: Sendable>(
    _ operation: String, _ change: @escaping @Sendable (Database) throws -> Result
  ) async throws(ExchangeError) -> Result {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      do {
        return try self.database.write(change)
      } catch {
        throw Self.failure(operation, self.path, error)
      }
    }
  }

  /// Reads in one consistent view.
  func read<Result: Sendable>(
    _ operation: String, _ look: @escaping @Sendable (Database) throws -> Result
  ) async throws(ExchangeError) -> Result {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      do {
        return try self.database.read(look)
      } catch {
        throw Self.failure(operation, self.path, error)
      }
    }
  }

  /// Gives the file back at once.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` while it is still being read or written.
  public func close() async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      do {
        try self.database.close()
      } catch {
        throw Self.failure("close what was seen", self.path, error)
      }
    }
  }
}
