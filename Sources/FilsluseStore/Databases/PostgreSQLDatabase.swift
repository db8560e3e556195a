internal import FilsluseBase

/// A PostgreSQL database, with a connection for each call that runs at the same time.
///
/// Connections are kept for the next call; one that is lost is dropped, and made again when it is needed. After a
/// failure to connect, calls get that error for a while that grows, so that a server that comes back is not overrun.
/// All calls block, for as long as their deadlines let them: they are made on ``BlockingThreads``, never on a thread of
/// Swift's pool.
package final class PostgreSQLDatabase: TransactionalDatabase {
  private struct Connections {
    var idle: [PostgreSQLConnection] = []
    var isClosed = false
    var backoff = Backoff(first: .milliseconds(100), longest: .seconds(5), jitter: 0.5)
    /// The last failure to connect, and the time until which it counts.
    var refusal: (error: StoreError, until: ContinuousClock.Instant)?
  }

  private let address: PostgreSQLAddress
  private let patience: PostgreSQLPatience
  private let setUp: String?
  private let connections = Locked(Connections())
  private let check = Locked<(@Sendable (SQLConnection) throws(StoreError) -> Void)?>(nil)

  /// Opens a database, with a first connection to see that it can be used.
  ///
  /// - Parameter setUp: statements that set up every connection besides.
  /// - Throws: ``StoreError``, as ``PostgreSQLConnection/init(_:patience:)`` does.
  package init(
    _ address: PostgreSQLAddress, patience: PostgreSQLPatience = PostgreSQLPatience(), setUp: String? = nil
  ) throws(StoreError) {
    self.address = address
    self.patience = patience
    self.setUp = setUp
    giveBack(try connect())
  }

  /// From now on `check` looks at each new connection before it is used: another server may answer than before. What it
  /// throws is thrown by the call that needs the connection.
  package func checkConnections(_ check: @escaping @Sendable (SQLConnection) throws(StoreError) -> Void) {
    self.check.withLock { $0 = check }
  }

  private func connect() throws(StoreError) -> PostgreSQLConnection {
    if let refusal = connections.withLock({ $0.refusal }), ContinuousClock.now < refusal.until { throw refusal.error }
    do throws(StoreError) {
      let connection = try PostgreSQLConnection(address, patience: patience)
      if let setUp { try connection.run(script: setUp) }
      if let check = check.withLock({ $0 }) { try check(SQLConnection(connection)) }
      connections.withLock { connections in
        connections.backoff.reset()
        connections.refusal = nil
      }
      return connection
    } catch {
      connections.withLock { connections in
        let pause = connections.backoff.next()
        connections.refusal = (error, ContinuousClock.now + pause)
      }
      throw error
    }
  }

  /// Reads in one consistent view.
  ///
  /// - Throws: what `look` throws, or ``StoreError``, also where the database is closed.
  package func read<Result>(_ look: (SQLConnection) throws -> Result) throws -> Result {
    let connection = try take()
    defer { giveBack(connection) }
    return try connection.read { try look(SQLConnection($0)) }
  }

  /// Runs a change in a transaction and returns when it is on the server's disk.
  ///
  /// - Throws: what `change` throws, or ``StoreError``, also where the database is closed. Its cause is `uncertain`
  ///   where the connection was lost during the commit.
  package func write<Result>(_ change: (SQLConnection) throws -> Result) throws -> Result {
    let connection = try take()
    defer { giveBack(connection) }
    return try connection.write { try change(SQLConnection($0)) }
  }

  /// Refuses new calls and closes all connections; one that is in use is closed when its call ends.
  package func close() {
    let idle = connections.withLock { connections in
      connections.isClosed = true
      defer { connections.idle = [] }
      return connections.idle
    }
    for connection in idle { connection.close() }
  }

  private func take() throws(StoreError) -> PostgreSQLConnection {
    while true {
      let (idle, isClosed) = connections.withLock { ($0.idle.popLast(), $0.isClosed) }
      if isClosed { throw StoreError(.closed, "it is closed") }
      guard let idle else { return try connect() }
      // The server may have ended it while it was idle.
      idle.takeNews()
      if idle.isUsable { return idle }
    }
  }

  private func giveBack(_ connection: PostgreSQLConnection) {
    let isKept = connections.withLock { connections in
      guard !connections.isClosed, connection.isUsable else { return false }
      connections.idle.append(connection)
      return true
    }
    if !isKept { connection.close() }
  }
}
