public import FileExchange
internal import FilsluseBase
internal import FilsluseStore
import Glibc
public import SystemPackage
internal import TriggerFiles

/// The watcher's database: its observations of the accounts' folders, its alerts with the outbox, and the silences, in
/// one SQLite file. Any number of files can be observed without holding them in memory.
///
/// The file is in WAL mode with `synchronous=FULL`: when a call returns, its changes are on the disk. Any number of
/// processes of one machine may have it open, so that commands use it while the watcher runs.
public final class WatchDatabase: Sendable {
  /// The path of the file.
  public let path: FilePath
  private let database: DurableDatabase
  /// The file that was opened.
  private let opened: FileIdentity
  /// One task writes at a time. A cancelled one waits too: it may have a send to confirm.
  private let turns = AsyncSemaphore(1)

  /// The transaction that the current task is in; its reads and writes are part of it.
  @TaskLocal private static var current: OpenTransaction?

  /// Opens a database, made new (0600) where there is none.
  ///
  /// - Throws: `ExchangeError` with code `watchSchema` when the file has another schema, and with code `watchDatabase`
  ///   when it cannot be opened, is damaged, or cannot be kept with full synchronisation.
  public static func open(_ path: FilePath) async throws(ExchangeError) -> WatchDatabase {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try WatchDatabase(opening: path) }
  }

  private init(opening path: FilePath) throws(ExchangeError) {
    self.path = path
    do {
      let folder = path.removingLastComponent()
      if !folder.isEmpty, mkdir(folder.string, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
      try WatchFile.createIfMissing(path)
      let isMade = try WatchSchema.identity.isMade(at: path)
      database = try Self.openDatabase(path)
      if !isMade { try database.write(WatchSchema.createIfMissing) }
      guard let identity = try FileIdentity(of: path) else { throw Errno.noSuchFileOrDirectory }
      opened = identity
    } catch {
      throw Self.failure("open the watch's database", path, error)
    }
  }

  /// Opens the database with a small cache: reads scan from one end to the other, and few names are new after the first
  /// look, so a larger one would be of little use.
  private static func openDatabase(_ path: FilePath) throws -> DurableDatabase {
    try DurableDatabase(
      path, label: "filsluse-watch", pragmas: "PRAGMA cache_size = -2048", writerPragmas: "PRAGMA temp_store = FILE",
      hasLongTransactions: true)
  }

  /// Runs a change in a transaction and returns when it is on the disk; a change that changes nothing writes nothing.
  /// Within ``transaction(_:)`` it is a part of that.
  func write<Result: Sendable>(
    _ operation: String, _ change: @escaping @Sendable (SQLConnection) throws -> Result
  ) async throws(ExchangeError) -> Result {
    if let open = openTransaction { return try await step(operation, in: open, change) }
    _ = await turns.take(heedsCancellation: false)
    defer { turns.giveBack() }
    return try await blocking(operation) { try $0.write(change) }
  }

  /// Reads in one consistent view. Within ``transaction(_:)`` it sees that transaction's changes.
  func read<Result: Sendable>(
    _ operation: String, _ look: @escaping @Sendable (SQLConnection) throws -> Result
  ) async throws(ExchangeError) -> Result {
    if let open = openTransaction { return try await step(operation, in: open, look) }
    return try await blocking(operation) { try $0.read(look) }
  }

  /// Runs steps in one transaction: their changes are kept together when `body` returns, and none if it throws.
  ///
  /// It holds the only writing connection, so `body` must not wait for a server.
  func transaction<Result>(
    _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result {
    if openTransaction != nil { return try await body() }
    _ = await turns.take(heedsCancellation: false)
    defer { turns.giveBack() }
    try await blocking("begin to write to the watch's database") { try $0.begin() }
    let open = OpenTransaction(self)
    let outcome: Swift.Result<Result, ExchangeError> = await Self.$current.withValue(open) {
      do throws(ExchangeError) { return .success(try await body()) } catch { return .failure(error) }
    }
    // A failed step may have ended the transaction, and later steps may have succeeded outside it.
    if let failure = open.failure ?? outcome.failure {
      // The rollback also ends a transaction that SQLite has ended by itself.
      try? await blocking("undo") { try $0.rollBack() }
      throw failure
    }
    do throws(ExchangeError) {
      try await blocking("write to the watch's database") { try $0.commit() }
    } catch {
      try? await blocking("undo") { try $0.rollBack() }
      throw error
    }
    for step in open.afterwards { step() }
    return try outcome.get()
  }

  /// Runs `step` once everything written so far is on the disk: at once, or when the task's transaction is committed.
  func whenKept(_ step: @escaping @Sendable () -> Void) {
    if let open = openTransaction { open.add(step) } else { step() }
  }

  private var openTransaction: OpenTransaction? { Self.current.flatMap { $0.isOf(self) ? $0 : nil } }

  private func step<Result: Sendable>(
    _ operation: String, in open: OpenTransaction, _ step: @escaping @Sendable (SQLConnection) throws -> Result
  ) async throws(ExchangeError) -> Result {
    if let failure = open.failure { throw failure }
    do throws(ExchangeError) {
      return try await blocking(operation) { try $0.step(step) }
    } catch {
      open.fail(error)
      throw error
    }
  }

  private func blocking<Result: Sendable>(
    _ operation: String, _ work: @escaping @Sendable (DurableDatabase) throws -> Result
  ) async throws(ExchangeError) -> Result {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      do { return try work(self.database) } catch { throw Self.failure(operation, self.path, error) }
    }
  }

  /// Returns the reason why changes written here are lost: the file was moved or removed, or another one has its path.
  /// Returns `nil` while the path leads to the opened file, and if it cannot be checked.
  func displacement() async -> LocalizedText? {
    let (path, opened) = (path, opened)
    return await BlockingThreads.shared.run { () -> LocalizedText? in
      let found: FileIdentity?
      do throws(Errno) { found = try FileIdentity(of: path) } catch { return nil }
      guard let now = found else {
        return LocalizedText(
          "the watch's database (\(path)) was moved or removed while it was in use: put it back; otherwise the observations and alerts since then are lost",
          "Overvågningens fil (\(path)) er flyttet eller fjernet, mens den var i brug. Læg den tilbage; ellers går observationer og alarmer siden da tabt."
        )
      }
      if now == opened { return nil }
      return LocalizedText(
        "another file has taken the place of the watch's database (\(path)) while it was in use: put the right one back; otherwise the observations and alerts since then are lost",
        "En anden fil har taget pladsen for overvågningens fil (\(path)), mens den var i brug. Læg den rigtige tilbage; ellers går observationer og alarmer siden da tabt."
      )
    }
  }

  /// Closes the file at once.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` while it is still being read or written.
  public func close() async throws(ExchangeError) {
    try await blocking("close the watch's database") { try $0.close() }
  }
}

/// A transaction that lasts over several steps.
private final class OpenTransaction: Sendable {
  private struct State {
    var failure: ExchangeError?
    var afterwards: [@Sendable () -> Void] = []
  }

  private let database: WatchDatabase
  private let state = Locked(State())

  init(_ database: WatchDatabase) { self.database = database }

  func isOf(_ database: WatchDatabase) -> Bool { self.database === database }

  /// The first failure of a step. The transaction is then rolled back, even if the later steps succeed.
  var failure: ExchangeError? { state.withLock { $0.failure } }
  var afterwards: [@Sendable () -> Void] { state.withLock { $0.afterwards } }

  func fail(_ error: ExchangeError) { state.withLock { $0.failure = $0.failure ?? error } }
  func add(_ step: @escaping @Sendable () -> Void) { state.withLock { $0.afterwards.append(step) } }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}

/// The file of the watcher's observations and alerts.
enum WatchFile {
  /// Creates a missing file, empty and with mode 0600, so that no other user can ever read it.
  ///
  /// An existing file is never opened here: closing it would release all locks that SQLite holds on it in this process,
  /// and the next process to use the file would remove the log that is in use.
  static func createIfMissing(_ path: FilePath) throws {
    let made = open(path.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if made >= 0 {
      close(made)
      return
    }
    guard errno == EEXIST else { throw Errno(rawValue: errno) }
    var status = stat()
    guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw NoRegularFile() }
  }
}

struct NoRegularFile: Error, CustomStringConvertible {
  var description: String { "it is no regular file, but a folder, device or pipe" }
}
