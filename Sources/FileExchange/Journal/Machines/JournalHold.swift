internal import ExchangeSettings
internal import FilsluseBase
internal import FilsluseStore
internal import SystemPackage
internal import TriggerFiles

/// A machine's hold on a journal on a server, shared by the machine's processes. The settings say whether other
/// machines may use the journal at the same time.
///
/// Every write transaction compares the machine's epoch: after another machine has declared it gone (see
/// ``KnownMachine``), its further writes are refused. Calls block, except ``isHeld``.
final class JournalHold: Sendable {
  private struct State {
    var session: PostgreSQLConnection?
    /// True while a thread waits for the server's answer on the session.
    var isAsked = false
    /// The time of the last question that the server answered: it has heard of the machine since then.
    var confirmedAt: ContinuousClock.Instant
    /// The numbers of the leases held.
    var leases: Set<Int64> = []
    /// True once the hold was given up.
    var hasEnded = false
  }

  /// A machine's number, and the epoch of its hold.
  private struct Term {
    let machine: Int64
    let epoch: Int64
  }

  private let term: Term
  private let server: PostgreSQLAddress
  private let machine: MachineIdentity
  private let use: JournalServer.Machines
  private let state: Locked<State>
  /// One thread at a time asks.
  private let asking = Locked(())

  /// The server's error code for a write by a machine declared gone (see `append_entries`).
  static let takenOverCode = "FS001"

  /// The time that a confirmation counts: a step on the platform begun within it has the rest of the grace period to
  /// end.
  private static let confirmationCountsFor = Duration.seconds(10)

  /// Takes the journal on a connection, which the hold then owns.
  ///
  /// - Parameter use: the number of machines that may use the journal at the same time.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while another machine uses it alone, or `StoreError`.
  init(
    _ connection: PostgreSQLConnection, of server: PostgreSQLAddress, as machine: MachineIdentity,
    for use: JournalServer.Machines
  ) throws {
    self.server = server
    self.machine = machine
    self.use = use
    let asked = ContinuousClock.now
    term = try Self.take(connection, as: machine, for: use, again: nil)
    state = Locked(State(confirmedAt: asked))
    state.withLock { $0.session = connection }
  }

  /// The statements that set a session's machine and epoch.
  var sessionSetUp: String {
    "SET filsluse.machine = '\(term.machine)'; SET filsluse.epoch = '\(term.epoch)'"
  }

  /// The statement that sets the machine of a read-only session; `nil` if the machine never had the journal open.
  static func setUpToRead(beside path: FilePath, in database: SQLConnection) throws -> String? {
    guard let name = MachineIdentity.name(beside: path) else { return nil }
    return try database.int("SELECT id FROM machine WHERE name = ?", [name]).map { "SET filsluse.machine = '\($0)'" }
  }

  /// True while the session is not known to be lost; the server is not asked.
  var isHeld: Bool {
    state.withLock { state in
      if state.isAsked { return true }
      state.session?.takeNews()
      return state.session?.isUsable ?? false
    }
  }

  /// True if the server heard of the machine recently enough that no other can have its work yet. The clock also runs
  /// while the machine sleeps.
  var isFresh: Bool { wasHeard(within: Self.confirmationCountsFor) }

  /// True if the server heard of the machine by this process within a period.
  func wasHeard(within period: Duration) -> Bool { state.withLock { .now - $0.confirmedAt < period } }

  /// Renews the machine's presence on the server, and takes the journal again if the session was lost.
  ///
  /// - Parameters:
  ///   - unlessFresh: true to skip the renewal if another thread has just done it.
  ///   - check: checks the journal over a new session before it is taken again, since another server may answer than
  ///     before.
  /// - Throws: ``ExchangeError`` with code `journal-replaced` if another machine has declared this one gone,
  ///   `StoreError`, or an error of `check`.
  func renew(unlessFresh: Bool = false, checking check: (PostgreSQLConnection) throws -> Void) throws {
    try asking.withLock { (_: inout Void) throws in
      if unlessFresh, isFresh { return }
      // A renewal in the background may come after the end.
      if state.withLock({ $0.hasEnded }) { throw StoreError(.closed, "it is closed") }
      let asked = ContinuousClock.now
      if isHeld, try isConfirmed() {
        state.withLock { $0.confirmedAt = asked }
        return
      }
      let askedAgain = ContinuousClock.now
      let connection = try PostgreSQLConnection(server)
      do {
        try check(connection)
        _ = try Self.take(connection, as: machine, for: use, again: term)
      } catch {
        connection.close()
        throw error
      }
      // Another machine may have a lease now.
      let leases = state.withLock { $0.leases }
      let kept = leases.filter { (try? Self.takeLease($0, on: connection)) ?? false }
      state.withLock { ($0.session, $0.confirmedAt, $0.leases) = (connection, askedAgain, kept) }
    }
  }

  /// Renews the machine's presence; returns false if the session was lost.
  private func isConfirmed() throws -> Bool {
    let changed = try askSession { session in
      try session.change(
        "UPDATE machine SET seen_at = milliseconds() WHERE id = ? AND epoch = ?", [term.machine, term.epoch])
    }
    if changed == 0 { throw Self.takenOver }
    return changed != nil
  }

  /// Asks the server on the session; `nil` where that was lost. One thread at a time does so.
  private func askSession<Answer>(_ ask: (PostgreSQLConnection) throws -> Answer) throws -> Answer? {
    let session = state.withLock { state in
      state.isAsked = true
      return state.session
    }
    defer { state.withLock { $0.isAsked = false } }
    guard let session else { return nil }
    do {
      return try ask(session)
    } catch let error as StoreError {
      if session.isUsable { throw error }
      return nil
    }
  }

  /// Releases the locks at once. If the server cannot be reached, it does so itself when the session ends.
  ///
  /// - Parameter givesBack: true to let other machines take over the machine's work at once, because no other process
  ///   of it has the journal open.
  func end(givesBack: Bool) {
    asking.withLock { (_: inout Void) in
      let session = state.withLock { state in
        defer { (state.session, state.hasEnded) = (nil, true) }
        return state.session
      }
      guard let session else { return }
      try? session.execute("SELECT pg_advisory_unlock_all()")
      if givesBack {
        try? session.execute(
          "UPDATE machine SET is_present = 0 WHERE id = ? AND epoch = ?", [term.machine, term.epoch])
      }
      session.close()
    }
  }

  // MARK: Leases

  /// The first key of the leases' locks.
  private static let leaseKey = "'entry'::regclass::oid::integer"

  /// Takes a lease, which one machine at a time has until it is ended or the session is lost for good; false while
  /// another machine has it, or if the session is lost.
  func takeLease(_ lease: Int64) throws -> Bool {
    try asking.withLock { (_: inout Void) throws in
      guard try askSession({ try Self.takeLease(lease, on: $0) }) == true else { return false }
      state.withLock { _ = $0.leases.insert(lease) }
      return true
    }
  }

  /// Takes or keeps a lease; false while another machine has it.
  ///
  /// - Throws: `StoreError` if the session is lost, and its leases with it.
  func keepLease(_ lease: Int64) throws -> Bool {
    try asking.withLock { (_: inout Void) throws in
      if state.withLock({ $0.leases.contains(lease) }), isHeld { return true }
      guard let isTaken = try askSession({ try Self.takeLease(lease, on: $0) }) else {
        throw StoreError(.unreachable, "the connection to the server was lost")
      }
      if isTaken { state.withLock { _ = $0.leases.insert(lease) } }
      return isTaken
    }
  }

  private static func takeLease(_ lease: Int64, on session: PostgreSQLConnection) throws -> Bool {
    try session.int("SELECT pg_try_advisory_lock(\(leaseKey), ?::integer)", [lease]) == 1
  }

  /// Ends a lease that was taken. Where the server cannot be asked, it does so itself when the session ends.
  func endLease(_ lease: Int64) {
    asking.withLock { (_: inout Void) in
      guard state.withLock({ $0.leases.remove(lease) }) != nil else { return }
      _ = try? askSession { try $0.execute("SELECT pg_advisory_unlock(\(Self.leaseKey), ?::integer)", [lease]) }
    }
  }

  // MARK: Taking

  /// Keeps every process out for as long as the connection lasts; false while one has the journal open.
  static func takeAlone(_ connection: PostgreSQLConnection) throws -> Bool {
    try connection.int("SELECT pg_try_advisory_lock(\(KnownMachine.lockKey), 0)") == 1
  }

  /// The server notices within ``KnownMachine/grace`` that a machine is gone: it ends the session, and with it the
  /// lock, of a machine that cannot be reached, and of one that can and stands still. ``ServerKeeper`` asks more often.
  private static let sessionSettings = """
    SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
    SET tcp_user_timeout = 25000; SET idle_session_timeout = 25000
    """

  private static func take(
    _ connection: PostgreSQLConnection, as machine: MachineIdentity, for use: JournalServer.Machines, again term: Term?
  ) throws -> Term {
    try connection.run(script: sessionSettings)
    return try connection.write { connection in
      let database = SQLConnection(connection)
      let machines = try KnownMachine.fetchAll(database)
      let known = machines.first { $0.name == machine.name }
      if let term, known?.id != term.machine || known?.epoch != term.epoch { throw takenOver }
      try keepOthersOut(machines, but: known, for: use, in: database)
      let id: Int64
      var epoch: Int64 = 1
      if let known {
        id = known.id
        epoch = known.epoch
        if known.boot != machine.boot {
          guard try known.declareGone(in: database) else { throw heldElsewhere(by: known.host) }
          epoch += 1
        }
        try database.execute(
          """
          UPDATE machine SET boot = ?, host = ?, seen_at = milliseconds(), is_present = 1, is_alone = ? WHERE id = ?
          """, [machine.boot, machine.host, use == .one, id])
      } else {
        id = try database.insert(
          """
          INSERT INTO machine (name, boot, host, epoch, seen_at, is_present, is_alone)
          VALUES (?, ?, ?, 1, milliseconds(), 1, ?)
          """, [machine.name, machine.boot, machine.host, use == .one])
      }
      for lock in [0, id] {
        let share = "SELECT pg_try_advisory_lock_shared(\(KnownMachine.lockKey), ?::integer)"
        guard try connection.int(share, [lock]) == 1 else { throw heldElsewhere(by: nil) }
      }
      if use == .one, known?.isAlone != true {
        try Ownership.passAll(to: id, in: database)
      } else if known == nil {
        try Ownership.passUnowned(to: id, in: database)
      }
      return Term(machine: id, epoch: epoch)
    }
  }

  /// Declares the machines gone that must not have the journal at the same time.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` where one is not.
  private static func keepOthersOut(
    _ machines: [KnownMachine], but own: KnownMachine?, for use: JournalServer.Machines, in database: SQLConnection
  ) throws {
    // No other machine has opened it since.
    if use == .one, own?.isAlone == true { return }
    for other in machines where other.id != own?.id && (use == .one || other.isAlone) {
      guard try other.declareGone(in: database) else { throw heldElsewhere(by: other.host) }
    }
  }

  private static func heldElsewhere(by host: String?) -> ExchangeError {
    let who =
      host.map(Masked.name).map { LocalizedText("the machine \($0)", "Maskinen \($0)") }
      ?? LocalizedText("another machine", "En anden maskine")
    return ExchangeError(
      .claimedElsewhere, operation: "open the journal",
      message:
        "\(who.en) has it open, and one machine at a time uses it unless all settings say machines: several",
      remedy:
        "end Filsluse there first; of a machine that is gone the server knows after half a minute, and then this one takes over"
    ).inDanish(
      "\(who.da) har journalen åben, og én maskine ad gangen bruger den, medmindre alle indstillinger har machines: several. Stop Filsluse dér først. Er maskinen væk, ved serveren det efter et halvt minut, og så overtager denne."
    )
  }

  /// The error of a machine that was declared gone.
  static var takenOver: ExchangeError {
    ExchangeError(
      .journalReplaced, operation: "use the journal",
      message:
        "another machine has taken it over while this process had it open; nothing more is sent or removed here",
      remedy: "see which machine is to work, and start Filsluse there"
    ).inDanish(
      "En anden maskine har overtaget journalen, mens denne proces havde den åben. Her sendes og fjernes intet mere. Se, hvilken maskine der skal arbejde, og start Filsluse dér."
    )
  }
}
