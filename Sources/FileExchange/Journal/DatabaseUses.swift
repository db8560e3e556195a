internal import FilsluseSystem
internal import Glibc
internal import GRDB

/// Who is just using a database: it is closed when nobody is, and nobody begins to use it after that.
///
/// GRDB alone lets a read that begins while the database is being closed go on with a connection that is gone.
package final class DatabaseUses: Sendable {
  private struct State: Sendable {
    var count = 0
    var isClosed = false
  }

  private let state = Locked(State())

  package init() {}

  /// Runs `body` unless the database is closed.
  ///
  /// - Throws: what `body` throws, or `DatabaseError` where the database is closed.
  package func whileOpen<Result>(_ body: () throws -> Result) throws -> Result {
    let isOpen = state.withLock { state in
      if !state.isClosed { state.count += 1 }
      return !state.isClosed
    }
    guard isOpen else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "it is closed") }
    defer { state.withLock { $0.count -= 1 } }
    return try body()
  }

  /// Lets nobody begin any more, waits for those who have, and closes. Blocks.
  package func close(_ body: () throws -> Void) throws {
    state.withLock { $0.isClosed = true }
    while state.withLock({ $0.count > 0 }) { usleep(1000) }
    do {
      try body()
    } catch {
      state.withLock { $0.isClosed = false }
      throw error
    }
  }
}
