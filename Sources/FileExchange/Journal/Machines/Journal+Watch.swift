internal import FilsluseBase
internal import FilsluseStore

/// The alerts of the watch that leads, as a journal on a server has them for the other machines.
package struct SharedWatch: Sendable, Hashable {
  /// One more with each change; 0 where there was none yet.
  package let version: Int64
  /// The name of the machine that wrote it.
  package let host: String
}

extension Journal {
  /// The number of the lease that the leading watch has.
  private static let watchLease: Int64 = 2

  /// Takes or keeps the lead of the watch: one machine at a time has it among those with a journal on a server, until
  /// it closes the journal or loses its session with the server for good.
  ///
  /// - Returns: false while another machine has it.
  /// - Throws: ``ExchangeError`` with code `journal` while that is unknown, `journal-replaced` if another machine has
  ///   declared this one gone.
  package func leadsWatch() async throws(ExchangeError) -> Bool {
    try await requireHold()
    return try await keepLease(Self.watchLease)
  }

  /// The last change of the alerts of the watch that leads.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read.
  package func sharedWatch() async throws(ExchangeError) -> SharedWatch {
    try await read { database in
      guard let row = try database.row("SELECT version, host FROM watch_state") else { throw Self.noWatchState }
      return SharedWatch(version: try row.int(0), host: try row.text(1))
    }
  }

  /// The alerts of the watch that leads, with their version.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when they cannot be read.
  package func sharedWatchDocument() async throws(ExchangeError) -> (shared: SharedWatch, document: String) {
    try await read { database in
      guard let row = try database.row("SELECT version, host, document FROM watch_state") else {
        throw Self.noWatchState
      }
      let shared = SharedWatch(version: try row.int(0), host: try row.text(1))
      return (shared: shared, document: try row.text(2))
    }
  }

  /// Writes the alerts for the other machines.
  ///
  /// - Parameters:
  ///   - document: the alerts, in the form of the watch.
  ///   - host: this machine's name.
  ///   - version: the version that the document follows.
  /// - Returns: false if another machine has written since; then nothing is written.
  /// - Throws: ``ExchangeError`` with code `journal` if they cannot be written.
  package func shareWatch(
    _ document: String, from host: String, after version: Int64
  ) async throws(ExchangeError) -> Bool {
    try await write { transaction in
      let changed = try transaction.database.change(
        "UPDATE watch_state SET version = version + 1, host = ?, document = ? WHERE version = ?",
        [host, document, version])
      return changed == 1
    }
  }

  private static var noWatchState: StoreError { StoreError(.damaged, "the row with the watch's alerts is gone") }
}
