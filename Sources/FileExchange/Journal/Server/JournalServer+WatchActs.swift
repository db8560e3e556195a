package import ExchangeSettings
internal import FilsluseBase
internal import FilsluseStore
internal import SystemPackage

// What a machine that stands by asks of the watch that leads. It needs no hold on the journal: another machine may have
// that alone.

/// The answer of the watch that leads to an act of a person.
package struct WatchAnswer: Sendable, Hashable {
  /// The answer, in the form of the watch.
  package let document: String
  /// A version of the shared alerts that has the act's effect.
  package let version: Int64
}

extension Journal {
  /// Gives a person's act to the watch that leads, and waits for the answer.
  ///
  /// The act is on the server's disk before anything is waited for. An act that is given again with the key of one that
  /// waits is the same; one that has been answered is given to the watch once more, which knows the key.
  ///
  /// - Parameters:
  ///   - request: the act, in the form of the watch.
  ///   - key: the act's idempotency key.
  ///   - limit: the longest time to wait.
  /// - Returns: `nil` if there is no answer in time, or a file keeps the journal. The watch may still do the act, within
  ///   a minute.
  /// - Throws: ``ExchangeError`` with code `journal` when the server cannot be asked, `journal-outdated` if it lacks
  ///   entries that this machine knows, or is being reconciled.
  package static func askLeadingWatch(
    _ request: String, key: String, of settings: ExchangeSettings, within limit: Duration
  ) async throws(ExchangeError) -> WatchAnswer? {
    let deadline = ContinuousClock.now + limit
    guard let server = settings.journalServer else { return nil }
    let path = settings.journal
    let address = try await resolve(server)
    let database = try await threads.run { () throws(ExchangeError) -> PostgreSQLDatabase in
      try openToAsk(address, beside: path)
    }
    let outcome = await Result { () async throws(ExchangeError) -> WatchAnswer? in
      try await threads.run { () throws(ExchangeError) -> Void in
        try asking(address) { try database.write { try put(request, key: key, in: $0) } }
      }
      while true {
        let answer = try await threads.run { () throws(ExchangeError) -> WatchAnswer? in
          try asking(address) { try database.read { try Self.answer(to: key, in: $0) } }
        }
        if answer != nil || ContinuousClock.now >= deadline { return answer }
        do { try await Task.sleep(for: .milliseconds(200)) } catch { return nil }
      }
    }
    await threads.run { () -> Void in database.close() }
    return try outcome.get()
  }

  /// Opens the database of a journal that is what this machine knows of it.
  private static func openToAsk(
    _ server: PostgreSQLAddress, beside path: FilePath
  ) throws(ExchangeError) -> PostgreSQLDatabase {
    let name = server.description
    return try asking(server) {
      let database = try PostgreSQLDatabase(server)
      let mark = HighWaterMark.read(beside: path).mark?.anchor
      let refusal: ExchangeError? = try database.read { database in
        guard try JournalSchema.isMade(in: database) else { throw NoJournal() }
        if let refusal = try ServerJournal.refusal(of: name, by: mark, beside: path, in: database) { return refusal }
        return try OpenReconciliation.find(in: database)?.refusal(of: name)
      }
      if let refusal {
        database.close()
        throw refusal
      }
      return database
    }
  }

  private static func asking<Answer>(
    _ server: PostgreSQLAddress, _ work: () throws -> Answer
  ) throws(ExchangeError) -> Answer {
    do { return try work() } catch { throw serverFailure("record the act", server.description, error) }
  }

  private static func put(_ request: String, key: String, in database: SQLConnection) throws {
    try database.execute(
      """
      INSERT INTO watch_act (key, at, request) VALUES (?, milliseconds(), ?)
      ON CONFLICT (key) DO UPDATE SET at = excluded.at, request = excluded.request, answer = NULL
        WHERE watch_act.answer IS NOT NULL OR watch_act.at < milliseconds() - \(WatchRequest.lapsesAfter)
      """, [key, request])
  }

  private static func answer(to key: String, in database: SQLConnection) throws -> WatchAnswer? {
    let row = try database.row(
      "SELECT answer, (SELECT version FROM watch_state) FROM watch_act WHERE key = ? AND answer IS NOT NULL", [key])
    return try row.map { WatchAnswer(document: try $0.text(0), version: try $0.int(1)) }
  }
}
