internal import FilsluseBase
internal import FilsluseStore

/// The alerts of the watch that leads, as a journal on a server has them for the other machines.
package struct SharedWatch: Sendable, Hashable {
  /// One more with each change; 0 where there was none yet.
  package let version: Int64
  /// The name of the machine that wrote it.
  package let host: String
}

/// An act of a person on a machine that stands by, which the watch that leads has not answered.
package struct WatchRequest: Sendable, Hashable {
  let id: Int64
  /// The act, in the form of the watch.
  package let document: String

  /// The time in milliseconds after which a request without an answer lapses. It is longer than the wait for the
  /// answer, and short, because the alerts may be others later.
  static let lapsesAfter = 60_000
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

  /// Writes the alerts for the other machines, together with the answers to acts that changed them.
  ///
  /// - Parameters:
  ///   - document: the alerts, in the form of the watch.
  ///   - host: this machine's name.
  ///   - version: the version that the document follows.
  ///   - answers: the answers, in the form of the watch.
  /// - Returns: false if another machine has written since; then nothing is written.
  /// - Throws: ``ExchangeError`` with code `journal` if they cannot be written.
  package func shareWatch(
    _ document: String, from host: String, after version: Int64, answering answers: [WatchRequest: String] = [:]
  ) async throws(ExchangeError) -> Bool {
    try await write { transaction in
      let changed = try transaction.database.change(
        "UPDATE watch_state SET version = version + 1, host = ?, document = ? WHERE version = ?",
        [host, document, version])
      if changed == 1 { try Self.answer(answers, in: transaction.database) }
      return changed == 1
    }
  }

  /// Returns the acts of people on machines that stand by which wait for an answer, the oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when they cannot be read.
  package func watchRequests() async throws(ExchangeError) -> [WatchRequest] {
    try await read { database in
      try database.rows(
        """
        SELECT id, request FROM watch_act WHERE answer IS NULL AND at > milliseconds() - \(WatchRequest.lapsesAfter)
        ORDER BY id LIMIT 100
        """
      ).map { WatchRequest(id: try $0.int(0), document: try $0.text(1)) }
    }
  }

  /// Answers acts that changed nothing in the shared alerts.
  ///
  /// - Parameter version: the version of the shared alerts that the acts saw.
  /// - Returns: false if another machine has written since; then nothing is answered.
  /// - Throws: ``ExchangeError`` with code `journal` if the answers cannot be written.
  package func answerWatch(
    _ answers: [WatchRequest: String], at version: Int64
  ) async throws(ExchangeError) -> Bool {
    try await write { transaction in
      // Locks the row, so that no other machine writes before the commit.
      let found = try transaction.database.change(
        "UPDATE watch_state SET version = version WHERE version = ?", [version])
      if found == 1 { try Self.answer(answers, in: transaction.database) }
      return found == 1
    }
  }

  private static func answer(_ answers: [WatchRequest: String], in database: SQLConnection) throws {
    if answers.isEmpty { return }
    for (request, answer) in answers {
      try database.execute(
        "UPDATE watch_act SET answer = ? WHERE id = ? AND request = ? AND answer IS NULL",
        [answer, request.id, request.document])
    }
    // The wait for these has ended.
    try database.execute("DELETE FROM watch_act WHERE at < milliseconds() - \(WatchRequest.lapsesAfter)")
  }

  private static var noWatchState: StoreError { StoreError(.damaged, "the row with the watch's alerts is gone") }
}
