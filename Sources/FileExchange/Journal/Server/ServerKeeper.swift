internal import FilsluseBase
internal import FilsluseStore
internal import SystemPackage

/// Checks that a journal on a server stays this machine's, with the content that it had, and keeps its high-water mark.
///
/// The mark is a file of the machine's own: a server that has lost its last commits, such as a standby that took over
/// too early, does not have the mark's entry.
final class ServerKeeper: JournalKeeper {
  private struct State: Sendable {
    /// The last entry known here.
    var end: JournalAnchor
    /// The last entry of the mark.
    var marked: JournalAnchor
    var raisedAt: ContinuousClock.Instant?
    var isRaising = false
    var isClosed = false
    /// True while the session of the hold is being made again.
    var isRenewing = false
    /// The time since which ``attend()`` writes the mark; `nil` while it does not.
    var writingSince: ContinuousClock.Instant?
    /// The reason why nothing may be done any more.
    var displacement: ExchangeError?
    /// The reason why the mark could not be written the last time; reported once.
    var trouble: ExchangeError?
  }

  private let path: FilePath
  private let name: String
  /// The machine's hold on the journal.
  let hold: JournalHold
  private let presence: JournalLock
  private let database: PostgreSQLDatabase
  /// True if a person reconciles the journal in this process.
  private let reconciles: Bool
  private let state: Locked<State>

  /// The shortest interval between two marks, however many entries are written.
  private static let pause = Duration.seconds(1)

  /// The interval between two heartbeats. The server ends the session of the hold when it is silent for longer than
  /// several of them.
  private static let heartbeat = Duration.seconds(5)

  /// The heartbeat's own threads: those of the journal may all wait for a slow statement.
  private static let renewalThreads = BlockingThreads(name: "filsluse-hold", count: 2)

  /// - Parameters:
  ///   - path: the beginning of the names of this machine's files.
  ///   - name: the journal's name in messages.
  ///   - reconciles: whether a person reconciles the journal by this process.
  init(
    of path: FilePath, name: String, hold: JournalHold, presence: JournalLock, database: PostgreSQLDatabase,
    end: JournalAnchor, marked: JournalAnchor?, reconciles: Bool
  ) {
    self.path = path
    self.name = name
    self.hold = hold
    self.presence = presence
    self.database = database
    self.reconciles = reconciles
    state = Locked(State(end: end, marked: marked ?? .start))
    database.checkConnections { [weak self] (connection: SQLConnection) throws(StoreError) in
      guard let self else { return }
      try self.requireEnd(in: connection)
    }
  }

  var end: JournalAnchor { state.withLock { $0.end } }

  // Looking costs nothing here: no file system is asked.
  var hasJustSeenPlace: Bool { false }

  var isSure: Bool { displacement() == nil && hold.isFresh }

  func makeSure() throws(ExchangeError) {
    if let displacement = displacement() { throw displacement }
    if let displacement = try renew(unlessFresh: true) { throw displacement }
  }

  func requirePlace() throws(ExchangeError) {
    if let displacement = displacement() { throw displacement }
    if hold.isHeld || state.withLock({ $0.isClosed }) { return }
    startRenewal()
    throw ExchangeError(
      .journal, operation: "use the journal", path: name,
      message: "the connection to its server was lost, and is made again",
      remedy: "try again; see that the server runs and that this machine reaches it"
    ).inDanish(
      "Forbindelsen til journalens server (\(name)) gik tabt og oprettes igen. Prøv igen; se efter, at serveren kører, og at denne maskine kan nå den."
    )
  }

  /// Renews the hold every few seconds for as long as the journal is open, so that a process that uploads for an hour
  /// keeps it without calling ``attend()``.
  ///
  /// It stops while that call's write of the mark hangs: a machine whose disk does not answer cannot work, and another
  /// one takes over.
  func keepRenewing() {
    Task.detached { [weak self] in
      while true {
        try? await Task.sleep(for: Self.heartbeat)
        guard let self else { return }
        self.beat()
      }
    }
  }

  private func beat() {
    let isAtWork = state.withLock { state in
      if state.isClosed || state.displacement != nil { return false }
      return state.writingSince.map { .now - $0 < Self.heartbeat } ?? true
    }
    if isAtWork, !hold.wasHeard(within: Self.heartbeat / 2) { startRenewal() }
  }

  private func startRenewal() {
    let mustRenew = state.withLock { state in
      defer { state.isRenewing = true }
      return !state.isRenewing
    }
    if mustRenew { Self.renewalThreads.start { self.renewInPassing() } }
  }

  /// Renews without a report of an error: ``attend()`` renews too, and throws one that lasts.
  private func renewInPassing() {
    defer { state.withLock { $0.isRenewing = false } }
    _ = try? renew()
  }

  /// Renews this machine's presence on the server, and opens the session of the hold again if it was lost.
  ///
  /// - Returns: the reason to stop all work; `nil` for none.
  private func renew(unlessFresh: Bool = false) throws(ExchangeError) -> ExchangeError? {
    do {
      try hold.renew(unlessFresh: unlessFresh) { session in
        try requireEnd(in: SQLConnection(session))
        try keepOthersOut(by: session)
      }
      return nil
    } catch {
      if let displacement = displacement() { return displacement }
      guard let error = error as? ExchangeError, error.code == .journalReplaced else {
        throw Journal.serverFailure("use the journal", name, error)
      }
      state.withLock { $0.displacement = error }
      return error
    }
  }

  func displacement() -> ExchangeError? { state.withLock { $0.displacement } }

  func note(failure error: any Error) {
    guard (error as? StoreError)?.code == JournalHold.takenOverCode else { return }
    state.withLock { $0.displacement = $0.displacement ?? JournalHold.takenOver }
  }

  func note(_ end: JournalAnchor) -> Bool {
    state.withLock { state in
      if end.number > state.end.number { state.end = end }
      guard !state.isRaising, !state.isClosed, state.end.number > state.marked.number else { return false }
      if let raisedAt = state.raisedAt, .now - raisedAt < Self.pause { return false }
      state.isRaising = true
      return true
    }
  }

  func raiseInPassing() {
    defer { state.withLock { $0.isRaising = false } }
    do throws(ExchangeError) {
      try raise()
    } catch {
      state.withLock { $0.trouble = error }
    }
  }

  func attend() throws(ExchangeError) -> ExchangeError? {
    if let displacement = displacement() { return displacement }
    if state.withLock({ $0.isClosed }) { return nil }
    if let displacement = try renew() { return displacement }
    if let displacement = try lookInside() { return displacement }
    let trouble = state.withLock { state in
      defer { state.trouble = nil }
      return state.trouble
    }
    let isOnly = state.withLock { state in
      defer { state.writingSince = state.writingSince ?? .now }
      return state.writingSince == nil
    }
    defer { if isOnly { state.withLock { $0.writingSince = nil } } }
    try raise()
    if let trouble { throw trouble }
    return nil
  }

  /// Compares the server's content with the last entry that is known here, and notes the entries that other machines
  /// have added since.
  private func lookInside() throws(ExchangeError) -> ExchangeError? {
    if let displacement = displacement() { return displacement }
    let known = end
    do {
      let last: JournalAnchor? = try database.read { database in
        guard try known.standing(in: database) == .proven else { return nil }
        return try JournalAnchor.last(in: database)
      }
      if let last {
        state.withLock { state in
          if last.number > state.end.number { state.end = last }
        }
        return nil
      }
    } catch {
      if let displacement = displacement() { return displacement }
      throw Journal.serverFailure("look at the journal", name, error)
    }
    return noteLoss(of: known)
  }

  /// Checks each new connection before its use: a standby that took over without the last commits would answer from
  /// then on, and no step may follow the lost entries, nor run while they are being reconciled.
  private func requireEnd(in database: SQLConnection) throws(StoreError) {
    let known = end
    let reason: ExchangeError
    do {
      if try known.standing(in: database) == .proven {
        guard !reconciles, let open = try OpenReconciliation.find(in: database) else { return }
        reason = open.refusal(of: name, .journalReplaced)
        state.withLock { $0.displacement = reason }
      } else {
        reason = noteLoss(of: known)
      }
    } catch {
      throw error as? StoreError ?? StoreError(.damaged, "\(error)")
    }
    throw StoreError(.unsuitable, reason.message, remedy: reason.remedy)
  }

  /// Takes the lock of a reconciliation again, which was lost with its session: others may have worked since then.
  private func keepOthersOut(by session: PostgreSQLConnection) throws {
    guard reconciles, try !JournalHold.takeAlone(session) else { return }
    let reason = ServerJournal.inUse(name, while: "reconcile the journal")
    state.withLock { $0.displacement = reason }
    throw StoreError(.unsuitable, reason.message, remedy: reason.remedy)
  }

  private func noteLoss(of known: JournalAnchor) -> ExchangeError {
    let displacement = ExchangeError(
      .journalReplaced, operation: "use the journal", path: name,
      message: ServerJournal.lossMessage(known.number, beside: path),
      remedy: ServerJournal.lossRemedy(known.number)
    ).inDanish(ServerJournal.lossInDanish(of: name, known.number, beside: path))
    state.withLock { $0.displacement = displacement }
    return displacement
  }

  func raiseAfterDisplacement() throws(ExchangeError) { try raise(isPatient: true) }

  func beginClosing() -> Bool {
    state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
  }

  func stayOpen() { state.withLock { $0.isClosed = false } }

  func raiseAtLast(to end: JournalAnchor) throws(ExchangeError) {
    state.withLock { state in
      if end.number > state.end.number { state.end = end }
    }
    try raise(isPatient: true)
  }

  func leave() {
    do {
      // Another process of this machine may have lost its session and be in the middle of a step.
      try presence.alone {
        hold.end(givesBack: try presence.takeAlone())
        presence.leave()
      }
    } catch {
      hold.end(givesBack: false)
    }
  }

  /// Replaces a mark that names lost entries by one of the journal's last entry.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func replaceMark(by end: JournalAnchor) throws(ExchangeError) {
    try presence.replaceMark(by: end)
    state.withLock { state in
      state.marked = end
      state.raisedAt = .now
    }
  }

  /// Writes a mark of the last known entry, unless another process was first with a later one.
  private func raise(isPatient: Bool = false) throws(ExchangeError) {
    let (end, marked) = state.withLock { ($0.end, $0.marked) }
    if end.number <= marked.number { return }
    let written = try presence.whileMarking(isPatient: isPatient) { () throws(ExchangeError) -> JournalAnchor? in
      if let other = HighWaterMark.read(beside: path).mark?.anchor, other.number > end.number { return other }
      try HighWaterMark(end).write(beside: path)
      return end
    }
    state.withLock { state in
      state.raisedAt = .now
      if let written { state.marked = written }
    }
  }
}
