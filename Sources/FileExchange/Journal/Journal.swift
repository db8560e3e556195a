internal import FilsluseStore
internal import FilsluseBase
public import SystemPackage
internal import TriggerFiles

/// The record of all sending and receiving, step by step, in an SQLite file or on a PostgreSQL server. It makes a
/// re-run finish the work instead of repeating it.
///
/// The result of a call is on the disk before the call returns: a file is written in WAL mode with `synchronous=FULL`,
/// and a server must be set up for that. Any number of processes of one machine may have it open; overlapping calls
/// behave as if one had followed the other. A claim has one holder at a time and ends with it, in whatever way that one
/// ends. One machine at a time has a journal on a server, unless settings let several have it.
public final class Journal: Sendable {
  /// The path of the journal. Where a server keeps it, the names of the files that this machine keeps for it begin so.
  public let path: FilePath
  /// The journal's name for people: its path, or the address of its database without a password.
  public let name: String
  /// A notice about its high-water mark from the time of opening; `nil` where there is none.
  public var markNotice: String? { noticeOfMark?.en }
  /// The notice about the mark, in both languages.
  let noticeOfMark: LocalizedText?
  /// The reason why it may only be read: it is older than its high-water mark. `nil` where it is not, and for a journal
  /// opened by ``open(_:)``.
  public let markRefusal: ExchangeError?
  /// The locks and the mark of a journal that is open to send and receive; `nil` where it is only read.
  let guards: Guards?
  private let database: any TransactionalDatabase
  /// The database of a journal in a file; `nil` on a server.
  private let file: DurableDatabase?
  /// Commits the changes; `nil` where the journal is only read.
  private let batcher: WriteBatcher<JournalTransaction, ExchangeError>?
  /// Saves what the open connection still reads when the file was found to be another one.
  private let displaced = DisplacedContent()

  /// The loss that was accepted, once it was looked for: a journal is not restored while it is open.
  let knownLoss = Locked<KnownLoss?>(nil)

  struct KnownLoss: Sendable {
    let loss: AcceptedLoss?
  }

  struct Guards: Sendable {
    let claims: Claims
    let keeper: any JournalKeeper
    /// The keeper of a journal on a server.
    var server: ServerKeeper?
  }

  /// The journal's own threads: its steps never queue behind files being read, hashed or synced.
  static let threads = BlockingThreads(name: "filsluse-journal", count: 4)

  /// Opens a journal, made new (0600) with its folder (0700) where there never was one.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the file cannot be opened, is no journal, is damaged, is
  ///   gone, is being restored, is older than its high-water mark, has another schema, or cannot be kept with full
  ///   synchronisation.
  public static func open(_ path: FilePath) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in try Journal(opening: path) }
  }

  /// Returns true if a journal was ever created there, even if its file is gone now.
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
      noticeOfMark = end.number > 0 ? MarkCheck.notice(of: mark, beside: path) : nil
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
  /// read-only disk, is read without creating any file beside it; so is one that is older than its high-water mark.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` if the file cannot be opened, is no journal, is damaged or gone,
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
    noticeOfMark = nil
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

  /// Takes over an opened database.
  ///
  /// - Parameters:
  ///   - file: the database of a journal in a file; `nil` on a server.
  ///   - batcher: commits the changes; `nil` for a journal opened read-only.
  init(
    _ path: FilePath, name: String, database: any TransactionalDatabase, file: DurableDatabase? = nil,
    batcher: WriteBatcher<JournalTransaction, ExchangeError>? = nil, guards: Guards? = nil,
    noticeOfMark: LocalizedText? = nil, markRefusal: ExchangeError? = nil
  ) {
    self.path = path
    self.name = name
    self.database = database
    self.file = file
    self.batcher = batcher
    self.guards = guards
    self.noticeOfMark = noticeOfMark
    self.markRefusal = markRefusal
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

  /// Runs a change in steps, as ``WriteBatcher/write(about:inSteps:)`` does.
  func write<Result: Sendable>(
    about subject: WriteBatcher<JournalTransaction, ExchangeError>.Subject,
    inSteps begin: @escaping @Sendable (JournalTransaction) throws -> JournalStep<Result>
  ) async throws(ExchangeError) -> Result {
    guard let batcher else { throw notWritable }
    return try await batcher.write(about: subject, inSteps: begin)
  }

  /// The claims, which are given only while the journal is the one that was opened.
  ///
  /// - Parameter isNew: true for claims on rows committed just now: they rely on the commit's check.
  func requireClaims(forNew isNew: Bool = false) throws(ExchangeError) -> Claims {
    let guards = try requireGuards()
    if !isNew || !guards.keeper.hasJustSeenPlace { try guards.keeper.requirePlace() }
    return guards.claims
  }

  /// Gives back a claim that outlived a call, even while the journal cannot be used.
  func giveBack(_ subject: ClaimSubject) { guards?.claims.giveBack(subject) }

  /// True where a server keeps it.
  var isOnServer: Bool { file == nil }

  func requireGuards() throws(ExchangeError) -> Guards {
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

  /// The heartbeat of a long-running process: checks that the file is still the opened one with its content, and raises
  /// its high-water mark.
  ///
  /// If it is not, this process saves a copy of all that its connection can still read, beside the journal and for a
  /// restoration; and again, with its last entries, when it closes the journal.
  ///
  /// - Returns: the reason to stop all work; `nil` if all is well.
  /// - Throws: ``ExchangeError`` with code `journal` or `local-file` if the check fails, or the mark cannot be written.
  public func attend() async throws(ExchangeError) -> ExchangeError? {
    try await Self.threads.run { () throws(ExchangeError) in
      guard let guards = self.guards, let displacement = try guards.keeper.attend() else { return nil }
      return self.displaced.save(displacement, of: self.path, self.file, guards.keeper)
    }
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
    if let keeper = guards?.keeper {
      displacement = displacement.map { displaced.save($0, of: path, file, keeper, isClosing: true) }
    }
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

  func failure(_ operation: String, _ error: any Error) -> ExchangeError {
    file == nil ? Self.serverFailure(operation, name, error) : Self.failure(operation, path, error)
  }
}
