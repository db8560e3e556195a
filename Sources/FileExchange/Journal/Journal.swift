internal import ExchangeSettings
internal import FilsluseStore
internal import FilsluseBase
public import SystemPackage

/// The record of all sending and receiving, step by step, in an SQLite file or on a PostgreSQL server. It makes a re-run
/// finish the work instead of repeating it.
///
/// The result of a call is on the disk before the call returns: a file is written in WAL mode with `synchronous=FULL`,
/// and a server must be set up for that. Any number of processes of one machine may have it open; overlapping calls behave
/// as if one had followed the other. A claim has one holder at a time and ends with it, in whatever way that one ends. One
/// machine at a time has a journal on a server, unless settings let several have it.
public final class Journal: Sendable {
  /// The path of the journal. Where a server keeps it, the names of the files that this machine keeps for it begin so.
  public let path: FilePath
  /// The journal's name for people: its path, or the address of its database without a password.
  public let name: String
  /// A notice about its high-water mark from the time of opening; `nil` where there is none.
  public let markNotice: String?
  /// The reason why it may only be read: it is older than its high-water mark. `nil` where it is not, and for a journal
  /// opened by ``open(_:)``.
  public let markRefusal: ExchangeError?
  /// The locks and the mark of a journal that is open to send and receive; `nil` where it is only read.
  private let guards: Guards?
  private let database: any TransactionalDatabase
  /// The same where it is a file.
  private let file: DurableDatabase?
  /// Commits the changes; `nil` where the journal is only read.
  private let batcher: WriteBatcher<JournalTransaction, ExchangeError>?
  /// The copy that was saved when the file was found to be another one, and why the last attempt saved none.
  private let saved = Locked<(copy: SavedJournal.Copy?, failure: ExchangeError?)?>(nil)

  /// The loss that was accepted, once it was looked for: a journal is not restored while it is open.
  let knownLoss = Locked<KnownLoss?>(nil)

  struct KnownLoss: Sendable {
    let loss: AcceptedLoss?
  }

  private struct Guards: Sendable {
    let claims: Claims
    let keeper: any JournalKeeper
    /// The machine's hold on a journal on a server.
    var hold: JournalHold?
  }

  /// Threads of its own: a step never stands in line behind files that are being read, hashed or synced.
  private static let threads = BlockingThreads(name: "filsluse-journal", count: 4)

  /// Opens a journal, made new (0600) with its folder (0700) where there never was one.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the file cannot be opened, is no journal, is damaged, is gone,
  ///   is being restored, is older than its high-water mark, has another schema, or cannot be kept with full
  ///   synchronisation.
  public static func open(_ path: FilePath) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in try Journal(opening: path) }
  }

  /// Returns true if a journal was ever made there, even if its file is gone by now.
  public static func wasMade(at path: FilePath) -> Bool { JournalLock.isNoted(beside: path) }

  private init(opening path: FilePath) throws(ExchangeError) {
    self.path = path
    name = path.string
    if !path.removingLastComponent().isEmpty { _ = try LocalFolder(creating: path.removingLastComponent()) }
    let claims = try Claims(beside: path)
    let presence = try JournalLock(of: path)
    try presence.enter()
    // Created by us with mode 0600 first, so that no other user can ever read it.
    try LocalFile.createIfMissing(path)
    markRefusal = nil
    do {
      let isNew = presence.isUnmade
      // Read before the journal, which may be written to at the same time, and before anything is written to it.
      let mark = HighWaterMark.read(beside: path)
      // In this order: a journal has its tables before its use is noted.
      let wasUsed = JournalLock.isNoted(beside: path)
      let proven = isNew ? nil : MarkCheck.proven(path, by: mark.mark)
      let isMade = try proven != nil || (!isNew && JournalSchema.identity.isMade(at: path))
      let mainFile = try proven ?? (isNew ? nil : MarkCheck.compare(path, with: mark))
      if !isNew, wasUsed, !isMade { throw presence.lossOfJournal() }
      if let refusal = try MarkCheck.refusal(of: path, mainFile, by: mark.mark, presence) { throw refusal }
      let database = try isNew ? presence.alone { try Self.openDatabase(path) } : Self.openDatabase(path)
      self.database = database
      file = database
      if try !database.read(JournalSchema.isMade) {
        try presence.alone {
          if try !database.read(JournalSchema.isMade) { try database.write(JournalSchema.create) }
        }
      }
      // The log may have been another file's, and have gone with the process that had that one open.
      if let refusal = try MarkCheck.refusal(of: path, database.read) { throw refusal }
      let end = try database.read(JournalAnchor.last)
      markNotice = end.number > 0 ? MarkCheck.notice(of: mark, beside: path) : nil
      let keeper = try JournalGuard(
        of: path, presence: presence, end: end, mark: mark.mark.flatMap { $0.isDoubted ? nil : $0 }, mainFile: mainFile)
      // A journal that was copied to another place is whole: the mark names the new file from here on.
      if let mainFile, let known = mark.mark, !mainFile.isSameFile(as: known.mainFile) { keeper.raiseInPassing() }
      guards = Guards(claims: claims, keeper: keeper)
      batcher = WriteBatcher(database, threads: Self.threads) { end throws(ExchangeError) in
        // Changes written into a file that is no longer the journal fail: no step may follow them.
        try keeper.requirePlace()
        if let anchor = end.anchor, keeper.note(anchor) { Self.threads.start { keeper.raiseInPassing() } }
      } failure: { error in
        keeper.note(failure: error)
        return Self.failure("write the journal", path, error)
      }
    } catch {
      throw Self.failure("open the journal", path, error)
    }
    try presence.noteUse()
  }

  /// Opens a journal for reading. A file that must not be written, such as a copy without write permission or one on a
  /// read-only disk, is read without making any file beside it, and so is one that is older than its high-water mark.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the file cannot be opened, is no journal, is damaged or gone,
  ///   or has another schema; `file-missing` or `local-file`.
  public static func openToRead(_ path: FilePath) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in
      if ReadOnlyJournal.mustNotBeWritten(path) { return try Journal(reading: path, refusal: nil) }
      do throws(ExchangeError) {
        return try Journal(opening: path)
      } catch {
        guard error.code == .journalOutdated else { throw error }
        return try Journal(reading: path, refusal: error)
      }
    }
  }

  private init(reading path: FilePath, refusal: ExchangeError?) throws(ExchangeError) {
    self.path = path
    name = path.string
    guards = nil
    batcher = nil
    markNotice = nil
    do {
      let content = try ReadOnlyJournal(path).open()
      let database = DurableDatabase(reading: content)
      self.database = database
      file = database
      markRefusal = try refusal ?? MarkCheck.refusal(of: path, content.read)
    } catch {
      throw refusal ?? Self.failure("read the journal", path, error)
    }
  }

  // MARK: On a server

  /// Opens a journal on a server, made new in an empty schema where this machine never had one.
  ///
  /// - Parameters:
  ///   - path: the beginning of the names of the files that this machine keeps for it.
  ///   - use: how many machines may have it at the same time.
  /// - Throws: as ``open(_:)``; ``ExchangeError`` with code `claimed-elsewhere` while another machine has it that does not
  ///   allow that.
  static func open(
    _ server: PostgreSQLAddress, beside path: FilePath, for use: JournalServer.Machines
  ) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in try Journal(opening: server, beside: path, for: use) }
  }

  /// Opens a journal on a server for a person who reconciles it, whatever it lacks. No other process of any machine has it
  /// open then. The high-water mark stays until ``replaceMark()``, or until new entries have passed its number.
  ///
  /// - Throws: as ``open(_:)``; ``ExchangeError`` with code `claimed-elsewhere` while a process has it open.
  static func openToReconcile(
    _ server: PostgreSQLAddress, beside path: FilePath, for use: JournalServer.Machines
  ) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in
      try Journal(opening: server, beside: path, for: use, reconciles: true)
    }
  }

  /// Puts a mark of the journal's last entry in the place of one that tells of lost entries.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `local-file`.
  func replaceMark() async throws(ExchangeError) {
    let end = try await read { try JournalAnchor.last(in: $0) }
    try await Self.threads.run { () throws(ExchangeError) in try HighWaterMark(end).write(beside: self.path) }
  }

  private init(
    opening server: PostgreSQLAddress, beside path: FilePath, for use: JournalServer.Machines, reconciles: Bool = false
  ) throws(ExchangeError) {
    self.path = path
    let name = server.description
    self.name = name
    file = nil
    markRefusal = nil
    if !path.removingLastComponent().isEmpty { _ = try LocalFolder(creating: path.removingLastComponent()) }
    let claims = try Claims(beside: path)
    let presence = try JournalLock(of: path)
    do {
      let mark = HighWaterMark.read(beside: path)
      let machine = try presence.alone {
        try presence.enterWithoutFile()
        return try MachineIdentity(beside: path)
      }
      let connection = try PostgreSQLConnection(server)
      try ServerJournal.prepare(connection, name: name, by: mark, beside: path, reconciles: reconciles)
      let hold = try JournalHold(connection, of: server, as: machine, for: use)
      let database = try PostgreSQLDatabase(server, setUp: hold.sessionSetUp)
      self.database = database
      let end = try database.read(JournalAnchor.last)
      markNotice = end.number > 0 ? MarkCheck.notice(of: mark, beside: path) : nil
      let keeper = ServerKeeper(
        of: path, name: name, hold: hold, presence: presence, database: database, end: end, marked: mark.mark?.anchor,
        reconciles: reconciles)
      guards = Guards(claims: claims, keeper: keeper, hold: hold)
      batcher = WriteBatcher(database, threads: Self.threads) { end throws(ExchangeError) in
        if let anchor = end.anchor, keeper.note(anchor) { Self.threads.start { keeper.raiseInPassing() } }
      } wasKept: { end in
        guard end.isOwn, let anchor = end.anchor else { return nil }
        return try database.write { try ServerJournal.isKept(anchor, in: $0) }
      } failure: { error in
        keeper.note(failure: error)
        return keeper.displacement() ?? Self.serverFailure("write the journal", name, error)
      }
    } catch {
      throw Self.serverFailure("open the journal", name, error)
    }
  }

  /// Opens a journal on a server for reading, whichever machine has it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read, is none, or has another schema.
  static func openToRead(_ server: PostgreSQLAddress, beside path: FilePath) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in try Journal(reading: server, beside: path) }
  }

  private init(reading server: PostgreSQLAddress, beside path: FilePath) throws(ExchangeError) {
    self.path = path
    let name = server.description
    self.name = name
    file = nil
    guards = nil
    batcher = nil
    markNotice = nil
    do {
      var database = try PostgreSQLDatabase(server)
      guard try database.read(JournalSchema.isMade) else { throw NoJournal() }
      if let setUp = try database.read({ try JournalHold.setUpToRead(beside: path, in: $0) }) {
        database.close()
        database = try PostgreSQLDatabase(server, setUp: setUp)
      }
      self.database = database
      let mark = HighWaterMark.read(beside: path).mark?.anchor
      markRefusal = try database.read { try ServerJournal.refusal(of: name, by: mark, beside: path, in: $0) }
    } catch {
      throw Self.serverFailure("read the journal", name, error)
    }
  }

  // MARK: Changing and reading

  /// Rows removed by retention are overwritten, not only unlinked. The rows in use and the indices of a night stay in a
  /// cache of 4 MiB, and the log is checkpointed every 16 MiB, not every 4.
  private static func openDatabase(_ path: FilePath) throws -> DurableDatabase {
    try DurableDatabase(
      path, label: "filsluse-journal",
      writerPragmas: "PRAGMA secure_delete = ON; PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 4096")
  }

  /// Runs a change in a transaction and returns when it is on the disk.
  ///
  /// Changes that come while another transaction is being synced wait for it and then share one.
  func write<Result: Sendable>(
    _ change: @escaping @Sendable (JournalTransaction) throws -> Result
  ) async throws(ExchangeError) -> Result {
    guard let batcher else { throw notWritable }
    return try await batcher.write(change)
  }

  /// The claims, which are given only while the journal is the one that was opened.
  ///
  /// - Parameter isNew: whether they are for what was committed just now: of many commits and claims at once not each
  ///   looks for itself.
  func requireClaims(forNew isNew: Bool = false) throws(ExchangeError) -> Claims {
    let guards = try requireGuards()
    if !isNew || !guards.keeper.hasJustSeenPlace { try guards.keeper.requirePlace() }
    return guards.claims
  }

  /// Gives a claim back that outlived a call, also while the journal cannot be used.
  func giveBack(_ subject: ClaimSubject) { guards?.claims.giveBack(subject) }

  /// Called before each step on the platform: a machine that has lost a journal on a server, or was paused for so long that
  /// another one may have it, does not do it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal-replaced` where another machine has the journal, `journal` while that
  ///   cannot be seen.
  func requireHold() async throws(ExchangeError) {
    guard let keeper = guards?.keeper, !keeper.isSure else { return }
    try await Self.threads.run { () throws(ExchangeError) in try keeper.makeSure() }
  }

  /// True where a server keeps it.
  var isOnServer: Bool { file == nil }

  /// Takes a lease of the machine's; false while another machine has it.
  func takeLease(_ lease: Int64) async throws(ExchangeError) -> Bool {
    try await askHold { try $0.takeLease(lease) }
  }

  /// Takes a lease of the machine's, or keeps it where it is held; false while another machine has it.
  func keepLease(_ lease: Int64) async throws(ExchangeError) -> Bool {
    try await askHold { try $0.keepLease(lease) }
  }

  private func askHold(_ ask: @escaping @Sendable (JournalHold) throws -> Bool) async throws(ExchangeError) -> Bool {
    guard let hold = guards?.hold else { return true }
    return try await Self.threads.run { () throws(ExchangeError) -> Bool in
      do {
        return try ask(hold)
      } catch {
        throw self.failure("use the journal", error)
      }
    }
  }

  /// Ends a lease that was taken.
  func endLease(_ lease: Int64) async {
    guard let hold = guards?.hold else { return }
    await Self.threads.run { hold.endLease(lease) }
  }

  private func requireGuards() throws(ExchangeError) -> Guards {
    guard let guards else { throw notWritable }
    return guards
  }

  /// True for a journal that was opened to be read and that nothing may be written to.
  var isOnlyRead: Bool { guards == nil }

  private var notWritable: ExchangeError {
    ExchangeError(
      .journal, operation: "use the journal", path: name, message: "it was opened to be read",
      remedy: "open it to send and receive")
  }

  /// The heartbeat of a long-running process: checks that the file is still the one that was opened, with the content
  /// that it had, and raises its high-water mark.
  ///
  /// Where it is not, this process saves all that its connection still reads beside the journal, for a restoration, and
  /// when it closes the journal what was written until then.
  ///
  /// - Returns: the reason why all work must stop; `nil` where all is well.
  /// - Throws: ``ExchangeError`` with code `journal` or `local-file` when the check fails, or the mark cannot be
  ///   written.
  public func attend() async throws(ExchangeError) -> ExchangeError? {
    try await Self.threads.run { () throws(ExchangeError) in
      guard let guards = self.guards, let displacement = try guards.keeper.attend() else { return nil }
      return self.save(displacement, guards.keeper)
    }
  }

  /// Raises the mark and saves the content read by the open connection, and adds the path of the copy to the error. A
  /// server keeps its content itself.
  ///
  /// - Parameter isClosing: saves it again where entries were added since: the programs that were running then have ended.
  private func save(
    _ displacement: ExchangeError, _ keeper: any JournalKeeper, isClosing: Bool = false
  ) -> ExchangeError {
    var displacement = displacement
    do throws(ExchangeError) {
      try keeper.raiseAfterDisplacement()
    } catch {
      displacement = displacement.adding("; its high-water mark could not be raised: \(error.message)")
    }
    guard let file else { return displacement }
    let (copy, failure) = saved.withLock { saved -> (copy: SavedJournal.Copy?, failure: ExchangeError?) in
      if let saved, !isClosing { return saved }
      var copy = saved?.copy
      var failure: ExchangeError?
      do throws(ExchangeError) {
        // By the writer's connection: SQLite would open a further one by the name that is another file's now.
        let end = isClosing ? (try? file.write(JournalAnchor.last)) : nil
        copy = try SavedJournal(journal: path, end: end ?? keeper.end).save(replacing: copy) { draft in
          try file.vacuum(into: draft)
        }
      } catch {
        failure = error
      }
      saved = (copy: copy, failure: failure)
      return (copy: copy, failure: failure)
    }
    if let copy { displacement = displacement.naming(saved: copy.path) }
    if let failure {
      let subject = copy == nil ? "a copy of what it held" : "what was written after that"
      displacement = displacement.adding("; \(subject) could not be saved: \(failure.message)")
    }
    return displacement
  }

  /// Reads in one consistent view.
  func read<Result: Sendable>(
    _ look: @escaping @Sendable (SQLConnection) throws -> Result
  ) async throws(ExchangeError) -> Result {
    try await Self.threads.run { () throws(ExchangeError) in
      do {
        return try self.database.read(look)
      } catch {
        self.guards?.keeper.note(failure: error)
        if self.isOnServer, error is StoreError, let displacement = try self.guards?.keeper.displacement() {
          throw displacement
        }
        throw self.failure("read the journal", error)
      }
    }
  }

  /// Writes the high-water mark and closes the file at once, before the last reference to the journal goes.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` while it is still being read or written, and, once it is closed,
  ///   when it was removed or replaced while it was open; `local-file` when its high-water mark cannot be written.
  public func close() async throws(ExchangeError) {
    try await Self.threads.run { () throws(ExchangeError) in try self.closeNow() }
  }

  private func closeNow() throws(ExchangeError) {
    var displacement = try guards?.keeper.displacement()
    // This connection may be the last one to a file that was removed: it is saved while it can still be read.
    if let keeper = guards?.keeper { displacement = displacement.map { save($0, keeper, isClosing: true) } }
    let isFirst = guards?.keeper.beginClosing() ?? false
    var end: JournalAnchor?
    do {
      if isFirst, displacement == nil { end = try database.read(JournalAnchor.last) }
      try database.close()
    } catch {
      if isFirst { guards?.keeper.stayOpen() }
      throw failure("close the journal", error)
    }
    defer { guards?.keeper.leave() }
    if let displacement { throw displacement }
    if let end { try guards?.keeper.raiseAtLast(to: end) }
  }

  /// Checkpoints the log, unless it is in use. Blocks.
  func emptyLog() { try? file?.emptyLog() }

  /// Copies the whole database into an empty file. Blocks.
  ///
  /// - Throws: ``ExchangeError`` where a server keeps it, or `StoreError`.
  func vacuum(into copy: FilePath) throws {
    guard let file else { throw ServerJournal.noBackup(of: name) }
    try file.vacuum(into: copy)
  }

  /// Ends with an error where a server keeps the journal.
  func requireFile() throws(ExchangeError) {
    if file == nil { throw ServerJournal.noBackup(of: name) }
  }

  private func failure(_ operation: String, _ error: any Error) -> ExchangeError {
    file == nil ? Self.serverFailure(operation, name, error) : Self.failure(operation, path, error)
  }
}
