internal import CSystemShim
internal import FilsluseSystem
import Glibc
internal import SystemPackage

/// That a journal is open here, and that there ever was one: both are noted in the file of claims, which stays when the
/// journal's own file is replaced, deleted or lost.
///
/// A journal that is gone must not be begun anew as if nothing had ever been sent.
final class JournalPresence: Sendable {
  private let journal: FilePath
  private let fileDescriptor: Int32

  /// Everybody who has the journal open shares the lock of this byte, far behind those of the claims.
  static let byte: Int64 = 1 << 62
  /// Whoever makes the journal, or brings it to a new form, holds the lock of this one.
  private static let makersByte: Int64 = 1 << 62 | 1
  /// Whoever writes the mark holds the lock of this one.
  private static let markersByte: Int64 = 1 << 62 | 2
  /// The kernel does not tell two threads of one process apart; this does.
  private let marking = Locked(())

  init(of journal: FilePath) throws(ExchangeError) {
    self.journal = journal
    let path = Claims.file(beside: journal)
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    guard fileDescriptor >= 0 else { throw LocalFile.failure("open", path, errno) }
  }

  deinit {
    // Given back by name: a program that is just being started may still hold a copy of the descriptor.
    leave()
    close(fileDescriptor)
  }

  /// Joins those who have the journal open.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` while it is being restored, after a restoration that was cut
  ///   short, and where it was before and is gone; `local-file` when the machine gives no locks.
  func enter() throws(ExchangeError) {
    guard filsluse_share_byte(fileDescriptor, Self.byte) == 0 else {
      try checkThatSomebodyHoldsIt(errno)
      throw refusal("it is being restored", remedy: "try again when that is done")
    }
    if Self.size(of: Self.draft(of: journal)) != nil {
      throw refusal(
        "it was being restored, and that was cut short", remedy: "restore it again (filsluse journal restore FILE)")
    }
    if Self.isFolder(journal) {
      throw refusal("a folder lies in its place", remedy: "remove that; then, \(Journal.restoring)")
    }
    if isUnmade, isNoted || HighWaterMark.read(beside: journal).mark != nil {
      throw refusal(
        "there was a journal here, and it is gone",
        remedy: Journal.restoring
          + "; if nothing was ever sent, remove \(Claims.file(beside: journal)) and \(HighWaterMark.file(beside: journal))"
      )
    }
  }

  /// Which file of claims it is.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the file system does not tell.
  func identity() throws(ExchangeError) -> FileIdentity {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else {
      throw LocalFile.failure("look at", Claims.file(beside: journal), errno)
    }
    return FileIdentity(status)
  }

  /// Runs `body` when nobody else writes the mark; `nil` where somebody does and it is not worth waiting for.
  ///
  /// - Parameter isPatient: waits a while: there will be no next time.
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks, and what `body` throws.
  func whileMarking<Result>(
    isPatient: Bool, _ body: () throws(ExchangeError) -> Result?
  ) throws(ExchangeError) -> Result? {
    try marking.withLock { (_: inout Void) throws(ExchangeError) -> Result? in
      var attempts = isPatient ? 200 : 1
      while filsluse_lock_byte(fileDescriptor, Self.markersByte) != 0 {
        try checkThatSomebodyHoldsIt(errno)
        attempts -= 1
        // Whoever holds it may have been stopped in the middle. A mark that is behind does no harm.
        if attempts == 0 { return nil }
        usleep(1000)
      }
      defer { _ = filsluse_unlock_byte(fileDescriptor, Self.markersByte) }
      return try body()
    }
  }

  /// Whether there ever was a journal, by what lies beside it.
  static func isNoted(beside journal: FilePath) -> Bool {
    (size(of: Claims.file(beside: journal)) ?? 0) > 0 || HighWaterMark.read(beside: journal).mark != nil
  }

  /// Whether there is nothing in the journal's file yet.
  var isUnmade: Bool { (Self.size(of: journal) ?? 0) == 0 }

  /// Runs `body` when no other process does: of two that open an older journal at once, one brings it to the new form.
  func alone<Result>(_ body: () throws -> Result) throws -> Result {
    while filsluse_await_byte(fileDescriptor, Self.makersByte) != 0 {
      guard errno == EINTR else { throw LocalFile.failure("lock", Claims.file(beside: journal), errno) }
    }
    defer { _ = filsluse_unlock_byte(fileDescriptor, Self.makersByte) }
    return try body()
  }

  /// Leaves them.
  func leave() { _ = filsluse_unlock_byte(fileDescriptor, Self.byte) }

  /// Notes that there is a journal.
  func noteUse() throws(ExchangeError) {
    if isNoted { return }
    guard pwrite(fileDescriptor, "J", 1, 0) == 1, fsync(fileDescriptor) == 0 else {
      throw LocalFile.failure("write", Claims.file(beside: journal), errno)
    }
  }

  /// Keeps everybody else out for as long as this lives; false when somebody is in.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func takeAlone() throws(ExchangeError) -> Bool {
    if filsluse_lock_byte(fileDescriptor, Self.byte) == 0 { return true }
    try checkThatSomebodyHoldsIt(errno)
    return false
  }

  private func checkThatSomebodyHoldsIt(_ code: Int32) throws(ExchangeError) {
    guard Claims.isHeldElsewhere(code) else {
      throw LocalFile.failure("lock", Claims.file(beside: journal), code)
    }
  }

  /// Where a backup lies that is about to become the journal.
  static func draft(of journal: FilePath) -> FilePath { FilePath(journal.string + ".restoring") }

  private var isNoted: Bool {
    var status = stat()
    return fstat(fileDescriptor, &status) == 0 && status.st_size > 0
  }

  /// The size of what lies there, `nil` where nothing does.
  private static func size(of path: FilePath) -> Int64? {
    var status = stat()
    return stat(path.string, &status) == 0 ? Int64(status.st_size) : nil
  }

  private static func isFolder(_ path: FilePath) -> Bool {
    var status = stat()
    return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private func refusal(_ message: String, remedy: String) -> ExchangeError {
    ExchangeError(.journal, operation: "open the journal", path: journal.string, message: message, remedy: remedy)
  }
}
