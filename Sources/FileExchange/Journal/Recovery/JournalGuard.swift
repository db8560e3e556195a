internal import CSystemShim
internal import FilsluseStore
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Checks that an open journal is still the opened one, and keeps its high-water mark. Its calls block.
final class JournalGuard: JournalKeeper {
  private struct State: Sendable {
    /// The last entry known here.
    var end: JournalAnchor
    /// The mark that was last written or read.
    var mark: HighWaterMark?
    var raisedAt: ContinuousClock.Instant?
    var isRaising = false
    var isClosed = false
    /// The main file when it was last looked at.
    var version: FileVersion?
    var mainFile: MainFileContent?
    /// True once a statement met damage: all of the content is verified before anything more is done.
    var metDamage = false
    /// The reason why the mark could not be written the last time; reported once.
    var trouble: ExchangeError?
    /// The last time that every path named the opened file.
    var placeSeenAt: ContinuousClock.Instant?
  }

  private let journal: FilePath
  private let presence: JournalLock
  private let files: OpenedFiles
  /// The last entry at the time of opening, which may be in a log that is not synced yet.
  private let firstEnd: JournalAnchor
  private let state: Locked<State>

  /// The shortest interval between two marks, however many entries are written.
  private static let pause = Duration.seconds(1)
  /// So long does a look at the paths count as one just now: no longer than the way to a server.
  private static let lookCountsFor = Duration.milliseconds(5)

  init(
    of journal: FilePath, presence: JournalLock, end: JournalAnchor, mark: HighWaterMark?,
    mainFile: MainFileContent?
  ) throws(ExchangeError) {
    self.journal = journal
    self.presence = presence
    firstEnd = end
    files = try OpenedFiles(of: journal, claims: presence.identity())
    state = Locked(State(end: end, mark: mark, version: FileVersion(of: journal), mainFile: mainFile))
  }

  /// Returns the reason why all work must stop; `nil` where every path still names the file that was opened.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when a path cannot be checked.
  func displacement() throws(ExchangeError) -> ExchangeError? {
    if state.withLock({ $0.isClosed }) { return nil }
    let now = ContinuousClock.now
    let displacement = try files.displacement()
    state.withLock { $0.placeSeenAt = displacement == nil ? now : nil }
    return displacement
  }

  /// The last entry known here.
  var end: JournalAnchor { state.withLock { $0.end } }

  /// Ends with an error unless every path still names the file that was opened, and, once a statement met damage, its
  /// content is whole.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when one does not, `local-file` when that cannot be seen.
  func requirePlace() throws(ExchangeError) {
    if let displacement = try displacement() { throw displacement }
    if state.withLock({ $0.metDamage }), let change = try lookInside() { throw change }
  }

  /// True if every path was seen to name the file that was opened, a few milliseconds ago at most.
  var hasJustSeenPlace: Bool {
    state.withLock { $0.placeSeenAt }.map { .now - $0 < Self.lookCountsFor } ?? false
  }

  /// Notes that a statement failed: pages of an older copy that was written over the open file show as damage.
  func note(failure error: any Error) {
    guard (error as? StoreError)?.cause == .damaged else { return }
    state.withLock { ($0.metDamage, $0.placeSeenAt) = (true, nil) }
  }

  /// Notes the last entry of a transaction that is on the disk; whether it is time to raise the mark.
  func note(_ end: JournalAnchor) -> Bool {
    state.withLock { state in
      if end.number > state.end.number { state.end = end }
      guard !state.isRaising, !state.isClosed, state.end.number > state.mark?.anchor.number ?? 0 else { return false }
      if let raisedAt = state.raisedAt, .now - raisedAt < Self.pause { return false }
      state.isRaising = true
      return true
    }
  }

  /// Raises the mark in the background; the next ``attend()`` reports a failure.
  func raiseInPassing() {
    defer { state.withLock { $0.isRaising = false } }
    do throws(ExchangeError) {
      if try displacement() != nil { return try raiseAfterDisplacement() }
      try requirePlace()
      try raise()
    } catch {
      state.withLock { $0.trouble = error }
    }
  }

  /// The heartbeat: compares the files with the opened ones and the content with its known state, and raises the mark.
  ///
  /// - Returns: the reason to stop all work; `nil` while the journal is the opened one.
  /// - Throws: ``ExchangeError`` with code `local-file` or `journal` if that is unknown, or the mark cannot be written.
  func attend() throws(ExchangeError) -> ExchangeError? {
    if let displacement = try displacement() { return displacement }
    if state.withLock({ $0.isClosed }) { return nil }
    if let change = try lookInside() {
      leaveDoubt()
      return change
    }
    let trouble = state.withLock { state in
      defer { state.trouble = nil }
      return state.trouble
    }
    try raise()
    if let trouble { throw trouble }
    return nil
  }

  /// Stops the comparisons from now on, because SQLite removes its log with the last connection. False if they were
  /// stopped already.
  func beginClosing() -> Bool {
    state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
  }

  /// The file could not be closed and is used as before.
  func stayOpen() { state.withLock { $0.isClosed = false } }

  func leave() { presence.leave() }

  /// A file is on one machine.
  var isSure: Bool { true }

  func makeSure() {}

  /// Raises the mark for the last time, once the file is closed.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func raiseAtLast(to end: JournalAnchor) throws(ExchangeError) {
    let content = MainFileContent.read(of: journal)
    state.withLock { state in
      if end.number > state.end.number { state.end = end }
      if case .content(let content) = content { state.mainFile = content }
    }
    try raise(isPatient: true)
  }

  /// Writes a mark of the last known entry, unless another process was first with a later one.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func raise(isPatient: Bool = false) throws(ExchangeError) {
    let (end, known) = state.withLock { ($0.end, $0.mark) }
    let mainFile = currentMainFile()
    guard end.number > 0 else { return }
    if let known, known.anchor.number >= end.number, known.mainFile == mainFile { return }
    try synchronizeLog()
    let written = try presence.whileMarking(isPatient: isPatient) { () throws(ExchangeError) -> HighWaterMark? in
      var mark = HighWaterMark(end, mainFile: mainFile)
      if let other = HighWaterMark.read(beside: journal).mark {
        if other.isDoubted || other.anchor.number > end.number { return other }
        if other.anchor == end, !mainFile.follows(other.mainFile) {
          mark.mainFile = other.mainFile
          mark.mainFile.inode = mainFile.inode
        }
      }
      try mark.write(beside: journal)
      return mark
    }
    state.withLock { state in
      state.raisedAt = .now
      if let written { state.mark = written }
    }
  }

  /// Raises the mark to the last entry committed while the journal was in its place, although another file may be there
  /// now: after the end of this process, only the mark distinguishes an older copy from the journal.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func raiseAfterDisplacement() throws(ExchangeError) {
    let (end, mainFile) = state.withLock { ($0.end, $0.mainFile ?? MainFileContent()) }
    guard end.number > firstEnd.number else { return }
    _ = try presence.whileMarking(isPatient: true) { () throws(ExchangeError) -> HighWaterMark? in
      // Where a person has removed the mark, or it is doubted, it stays so.
      guard let mark = HighWaterMark.read(beside: journal).mark, !mark.isDoubted, mark.anchor.number < end.number
      else { return nil }
      try HighWaterMark(end, mainFile: mainFile).write(beside: journal)
      return nil
    }
  }

  /// A log that SQLite found after a kill is read before it is synced: no mark may be on the disk before its entry is.
  private func synchronizeLog() throws(ExchangeError) {
    let log = FilePath(journal.string + "-wal")
    let descriptor = filsluse_openat(AT_FDCWD, log.string, O_RDONLY | O_NONBLOCK, 0)
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw LocalFile.failure("open", log, errno)
    }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw LocalFile.failure("fsync", log, errno) }
  }

  /// Returns the content of the main file, which grows when SQLite copies its log into it. An unexplained change is
  /// left for the heartbeat to check.
  private func currentMainFile() -> MainFileContent {
    let (version, known) = state.withLock { ($0.version, $0.mainFile ?? MainFileContent()) }
    let now = FileVersion(of: journal)
    guard now != version, case .content(let content) = MainFileContent.read(of: journal), content.follows(known) else {
      return known
    }
    state.withLock { ($0.version, $0.mainFile) = (now, content) }
    return content
  }

  /// Marks the journal as doubted: every process verifies it before using it.
  private func leaveDoubt() {
    do throws(ExchangeError) {
      let end = state.withLock { $0.end }
      _ = try presence.whileMarking(isPatient: true) { () throws(ExchangeError) in
        try HighWaterMark(end, mainFile: currentMainFile(), isDoubted: true).write(beside: journal)
      }
    } catch {
      state.withLock { $0.trouble = error }
    }
  }

  /// Reads the journal by a new connection: an open one would answer from its cache.
  private func lookInside() throws(ExchangeError) -> ExchangeError? {
    let known = state.withLock { $0.end }
    do {
      // By another file, SQLite would cut the index of the log short under the connections that are open.
      let fresh = try SQLiteFile(reading: journal, patience: .seconds(2)) { [files] in
        if let displacement = try files.displacement() { throw displacement }
      }
      let (standing, last) = try fresh.read { database in
        (try known.standing(in: database), try JournalAnchor.last(in: database))
      }
      guard standing == .proven else {
        return OpenedFiles.displaced(journal, "its content was replaced: entry \(known.number) is not there any more")
      }
      let metDamage = state.withLock { $0.metDamage }
      let findings = try mainFileHasGoneBack() || metDamage ? try fresh.read(Journal.findings) : []
      if let first = findings.first {
        return OpenedFiles.displaced(journal, "its content was changed by another program: \(first)")
      }
      if metDamage { state.withLock { $0.metDamage = false } }
      _ = note(last)
      return nil
    } catch {
      if let displacement = try displacement() { return displacement }
      // Damage that is seen here may come from reading pages of two files, after a replacement.
      if error.isDamage {
        return OpenedFiles.displaced(journal, "its content was changed by another program: \(error)")
      }
      throw Journal.failure("look at the journal", journal, error)
    }
  }

  /// Returns true if the main file was written to and holds less than before: then only verifying all of it shows
  /// whether the journal is whole. Its present content is remembered.
  private func mainFileHasGoneBack() throws -> Bool {
    let (version, before) = state.withLock { ($0.version, $0.mainFile) }
    let now = FileVersion(of: journal)
    if now == version { return false }
    let reading = MainFileContent.read(of: journal)
    var content: MainFileContent?
    if case .content(let read) = reading { content = read }
    state.withLock { state in
      state.version = now
      if let content { state.mainFile = content }
    }
    guard let before, reading != .unknown else { return false }
    return content.map { !$0.follows(before) } ?? true
  }
}
