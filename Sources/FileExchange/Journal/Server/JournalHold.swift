internal import FilsluseBase
internal import FilsluseStore

/// A machine's hold on a journal on a server: one machine has it at a time, with any number of processes.
///
/// Each process of the machine shares a lock for as long as its session with the server lasts; the server gives it back
/// when the session ends, however that happens. Another machine takes the journal over when the lock is free and the
/// server has not heard of the machine for ``grace``, and raises the journal's epoch. Every transaction that writes
/// compares the epoch: what the former machine was still about to write is refused. Its calls block, except ``isHeld``.
final class JournalHold: Sendable {
  private struct State {
    var session: PostgreSQLConnection?
    /// True while a thread waits for the server's answer on the session.
    var isAsked = false
    /// The time at which the server was last asked a question that it answered: it has heard of the machine since then.
    var confirmedAt: ContinuousClock.Instant
  }

  /// The epoch of the journal that this machine has.
  let epoch: Int64
  private let server: PostgreSQLAddress
  private let machine: MachineIdentity
  private let state: Locked<State>
  /// One thread at a time asks.
  private let asking = Locked(())

  /// The code of the error by which the server refuses a write of a former machine (see `append_entries`).
  static let takenOverCode = "FS001"

  /// The time for which a machine whose sessions are lost may come back before another one takes the journal over: a
  /// server that is restarted ends the sessions of all. By the server's clock.
  static let grace = Duration.seconds(30)
  /// A confirmation counts for so long: a step on the platform that begins then has the rest of the grace to end.
  private static let confirmationCountsFor = Duration.seconds(10)

  /// Takes the journal on a connection, which belongs to the hold from here on.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while another machine has it, or `StoreError`.
  init(_ connection: PostgreSQLConnection, of server: PostgreSQLAddress, as machine: MachineIdentity) throws {
    self.server = server
    self.machine = machine
    let asked = ContinuousClock.now
    epoch = try Self.take(connection, as: machine, in: nil)
    state = Locked(State(confirmedAt: asked))
    state.withLock { $0.session = connection }
  }

  /// The statement that gives a session the epoch.
  var sessionSetUp: String { "SET filsluse.epoch = '\(epoch)'" }

  /// True while the session lasts, as far as is known without asking the server.
  var isHeld: Bool {
    state.withLock { state in
      if state.isAsked { return true }
      state.session?.takeNews()
      return state.session?.isUsable ?? false
    }
  }

  /// True if the server has heard of the machine so lately that no other one can have the journal yet. The clock also
  /// runs while the machine sleeps.
  var isFresh: Bool { state.withLock { .now - $0.confirmedAt < Self.confirmationCountsFor } }

  /// Tells the server that the machine is there, and takes the journal again where the session was lost.
  ///
  /// - Parameter unlessFresh: whether nothing is asked where another thread has just done so.
  /// - Throws: ``ExchangeError`` with code `journal-replaced` where another machine has taken it over since, or
  ///   `StoreError`.
  func renew(unlessFresh: Bool = false) throws {
    try asking.withLock { (_: inout Void) throws in
      if unlessFresh, isFresh { return }
      let asked = ContinuousClock.now
      if isHeld, try isConfirmed() {
        state.withLock { $0.confirmedAt = asked }
        return
      }
      let askedAgain = ContinuousClock.now
      let connection = try PostgreSQLConnection(server)
      do {
        _ = try Self.take(connection, as: machine, in: epoch)
      } catch {
        connection.close()
        throw error
      }
      state.withLock { ($0.session, $0.confirmedAt) = (connection, askedAgain) }
    }
  }

  /// False where the session was lost meanwhile.
  private func isConfirmed() throws -> Bool {
    let session = state.withLock { state in
      state.isAsked = true
      return state.session
    }
    defer { state.withLock { $0.isAsked = false } }
    guard let session else { return false }
    do {
      let changed = try session.change("UPDATE head SET seen_at = milliseconds() WHERE epoch = ?", [epoch])
      if changed == 0 { throw Self.takenOver(by: try session.row("SELECT host FROM head")?.optionalText(0)) }
      return true
    } catch let error as StoreError {
      if session.isUsable { throw error }
      return false
    }
  }

  /// Gives the lock back at once. Where the server cannot be asked, it does so itself when the session ends.
  ///
  /// - Parameter givesBack: whether another machine may have the journal at once, as no other process of this one has it
  ///   open.
  func end(givesBack: Bool) {
    asking.withLock { (_: inout Void) in
      state.withLock { state in
        try? state.session?.execute("SELECT pg_advisory_unlock_all()")
        if givesBack { try? state.session?.execute("UPDATE head SET seen_at = 0 WHERE epoch = ?", [epoch]) }
        state.session?.close()
      }
    }
  }

  /// Keeps every process out for as long as the connection lasts; false while one has the journal open.
  static func takeAlone(_ connection: PostgreSQLConnection) throws -> Bool {
    try connection.int("SELECT pg_try_advisory_lock(\(lockKey), epoch::integer) FROM head") == 1
  }

  /// The server notices within half a minute that a machine is gone; the session is never ended for being idle.
  private static let sessionSettings = """
    SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
    SET tcp_user_timeout = 25000; SET idle_session_timeout = 0
    """

  /// The first key of the locks: journals in other schemas of the database have others. The second one is the epoch.
  private static let lockKey = "'head'::regclass::oid::integer"

  private static func take(
    _ connection: PostgreSQLConnection, as machine: MachineIdentity, in held: Int64?
  ) throws -> Int64 {
    try connection.run(script: sessionSettings)
    return try connection.write { connection in
      let sql = "SELECT epoch, machine, host, milliseconds() - seen_at FROM head FOR UPDATE"
      guard let row = try connection.row(sql) else {
        throw StoreError(.damaged, "the row with the last entry's number is gone")
      }
      var epoch = try row.int(0)
      let host = try row.optionalText(2)
      if let held, held != epoch { throw takenOver(by: host) }
      if try row.optionalText(1) != machine.id {
        let isFree = "SELECT pg_try_advisory_xact_lock(\(lockKey), ?::integer)"
        guard try connection.int(isFree, [epoch]) == 1, try row.int(3) >= Int64(grace / .milliseconds(1)) else {
          throw heldElsewhere(by: host)
        }
        epoch += 1
      }
      let share = "SELECT pg_try_advisory_lock_shared(\(lockKey), ?::integer)"
      guard try connection.int(share, [epoch]) == 1 else { throw heldElsewhere(by: host) }
      try connection.execute(
        "UPDATE head SET epoch = ?, machine = ?, host = ?, seen_at = milliseconds()",
        [epoch, machine.id, machine.host])
      return epoch
    }
  }

  private static func heldElsewhere(by host: String?) -> ExchangeError {
    let name = Masked.name(host ?? "another machine")
    return ExchangeError(
      .claimedElsewhere, operation: "open the journal",
      message: "the machine \(name) has it open, and one machine at a time uses a journal on a server",
      remedy:
        "end Filsluse there first; of a machine that is gone the server knows after half a minute, and then this one takes over"
    ).inDanish(
      "Maskinen \(name) har journalen åben, og én maskine ad gangen bruger en journal på en server. Stop Filsluse dér først. Er maskinen væk, ved serveren det efter et halvt minut, og så overtager denne."
    )
  }

  static func takenOver(by host: String?) -> ExchangeError {
    let name = host.map { "the machine \(Masked.name($0))" } ?? "another machine"
    return ExchangeError(
      .journalReplaced, operation: "use the journal",
      message: "\(name) has taken it over while this process had it open; nothing more is sent or removed here",
      remedy: "see which machine is to work, and start Filsluse there"
    ).inDanish(
      "En anden maskine har overtaget journalen, mens denne proces havde den åben. Her sendes og fjernes intet mere. Se, hvilken maskine der skal arbejde, og start Filsluse dér."
    )
  }
}
