internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Records that a journal is open here, and that there ever was one, in the file of claims, which stays when the
/// journal's own file is replaced, deleted or lost.
///
/// A lost journal must not be replaced by a new, empty one, as if nothing had ever been sent.
final class JournalLock: Sendable {
  private let journal: FilePath
  private let fileDescriptor: Int32

  /// Every process that has the journal open shares the lock of this byte, far behind those of the claims.
  static let byte: Int64 = 1 << 62
  /// The lock of the process that makes the journal.
  private static let makersByte: Int64 = 1 << 62 | 1
  /// The lock of the process that writes the mark.
  private static let markersByte: Int64 = 1 << 62 | 2
  /// Each waits a fifth of a second for the process that writes the mark.
  private static let attemptsToReplaceMark = 50
  /// The kernel's locks belong to a process; this distinguishes its threads. True after ``leave()``.
  private let marking = Locked(false)

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

  /// Takes the shared lock of the processes that have the journal open.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` during a restoration, after an interrupted one, and if the journal
  ///   existed and is gone; `local-file` if the machine gives no locks.
  func enter() throws(ExchangeError) {
    guard filsluse_share_byte(fileDescriptor, Self.byte) == 0 else {
      try checkThatSomebodyHoldsIt(errno)
      throw refusal("it is being restored", remedy: "try again when that is done")
        .inDanish("Journalen (\(journal)) er ved at blive gendannet. Prøv igen, når det er gjort.")
    }
    if Self.size(of: Self.draft(of: journal)) != nil {
      throw refusal(
        "it was being restored, and that was cut short", remedy: "restore it again\(by: .restoreJournal(from: nil))"
      ).inDanish("Journalen (\(journal)) var ved at blive gendannet, og det blev afbrudt. Gendan den igen.")
    }
    if let other = Self.nameOfNoFile(journal) {
      throw refusal("a \(other) lies in its place", remedy: "remove that; then, \(Journal.restoring)")
        .inDanish(
          "I journalens sted (\(journal)) ligger noget andet end en fil. Fjern det, og læg en sikkerhedskopi tilbage.")
    }
    if isUnmade, Self.isNoted(beside: journal) { throw lossOfJournal() }
  }

  /// Takes the shared lock of the processes that have a journal on a server open, which has no file to check.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func enterWithoutFile() throws(ExchangeError) {
    guard filsluse_share_byte(fileDescriptor, Self.byte) == 0 else {
      throw LocalFile.failure("lock", Claims.file(beside: journal), errno)
    }
  }

  /// Returns the error for a journal that was used before and now has an empty file or no tables.
  func lossOfJournal() -> ExchangeError {
    refusal(
      "there was a journal here, and it is gone",
      remedy:
        "\(Journal.restoring); if nothing was ever sent, remove \(Claims.file(beside: journal)) and \(HighWaterMark.file(beside: journal))"
    ).inDanish(
      "Der var en journal her (\(journal)), og den er væk. Læg en sikkerhedskopi tilbage; begynd ikke på en ny, for så bliver filer sendt to gange. Er der aldrig sendt noget, så fjern \(Claims.file(beside: journal)) og \(HighWaterMark.file(beside: journal))."
    )
  }

  /// Returns the identity of the file of claims.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the file system refuses a status.
  func identity() throws(ExchangeError) -> FileIdentity {
    try LocalFile.identity(ofOpen: fileDescriptor, at: Claims.file(beside: journal))
  }

  /// Runs `body` with the lock of the mark. Returns `nil` if another process has it and waiting is not worth it, and
  /// after ``leave()``: a mark raised late must not overwrite the one that a restoration writes.
  ///
  /// - Parameter isPatient: true to wait a while, at the last chance.
  /// - Throws: ``ExchangeError`` with code `local-file` if the machine gives no locks, or an error of `body`.
  func whileMarking<Result>(
    isPatient: Bool, _ body: () throws(ExchangeError) -> Result?
  ) throws(ExchangeError) -> Result? {
    try marking.withLock { (hasLeft: inout Bool) throws(ExchangeError) -> Result? in
      if hasLeft { return nil }
      var attempts = isPatient ? 200 : 1
      while filsluse_lock_byte(fileDescriptor, Self.markersByte) != 0 {
        try checkThatSomebodyHoldsIt(errno)
        attempts -= 1
        // The holder may be suspended. A mark that is behind does no harm.
        if attempts == 0 { return nil }
        usleep(1000)
      }
      defer { _ = filsluse_unlock_byte(fileDescriptor, Self.markersByte) }
      return try body()
    }
  }

  /// Replaces the mark, by one of an earlier entry too. Waits for a process that is writing it.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`, also where another process does not end writing it; the mark
  ///   is then unchanged.
  func replaceMark(by anchor: JournalAnchor) throws(ExchangeError) {
    for _ in 0..<Self.attemptsToReplaceMark {
      let isWritten = try whileMarking(isPatient: true) { () throws(ExchangeError) -> Bool? in
        try HighWaterMark(anchor).write(beside: journal)
        return true
      }
      if isWritten == true { return }
    }
    let mark = HighWaterMark.file(beside: journal)
    throw ExchangeError(
      .localFile, operation: "replace the high-water mark", path: mark.string, message: "another process is writing it",
      remedy: "end every use of the journal on this machine, and try again"
    ).inDanish("En anden proces skriver filen \(mark). Stop hver brug af journalen på denne maskine, og prøv igen.")
  }

  /// Returns true if the files beside the path show that there ever was a journal.
  static func isNoted(beside journal: FilePath) -> Bool {
    (size(of: Claims.file(beside: journal)) ?? 0) > 0 || HighWaterMark.read(beside: journal).mark != nil
  }

  /// True while the journal's file is empty.
  var isUnmade: Bool { (Self.size(of: journal) ?? 0) == 0 }

  /// Runs `body` when no other process does: of two that open a new journal at once, one creates its tables.
  func alone<Result>(_ body: () throws -> Result) throws -> Result {
    while filsluse_await_byte(fileDescriptor, Self.makersByte) != 0 {
      guard errno == EINTR else { throw LocalFile.failure("lock", Claims.file(beside: journal), errno) }
    }
    defer { _ = filsluse_unlock_byte(fileDescriptor, Self.makersByte) }
    return try body()
  }

  /// Leaves them, once a mark that this process is writing is written.
  func leave() {
    marking.withLock { hasLeft in
      hasLeft = true
      _ = filsluse_unlock_byte(fileDescriptor, Self.byte)
    }
  }

  /// Notes that there is a journal.
  func noteUse() throws(ExchangeError) {
    if isNoted { return }
    guard pwrite(fileDescriptor, "J", 1, 0) == 1, fsync(fileDescriptor) == 0 else {
      throw LocalFile.failure("write", Claims.file(beside: journal), errno)
    }
  }

  /// Keeps all other processes out for as long as this object lives; returns false when one is in.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func takeAlone() throws(ExchangeError) -> Bool {
    if filsluse_lock_byte(fileDescriptor, Self.byte) == 0 { return true }
    try checkThatSomebodyHoldsIt(errno)
    return false
  }

  /// Returns true if another process has the journal open.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func isShared() throws(ExchangeError) -> Bool {
    guard try takeAlone() else { return true }
    guard filsluse_share_byte(fileDescriptor, Self.byte) == 0 else {
      throw LocalFile.failure("lock", Claims.file(beside: journal), errno)
    }
    return false
  }

  private func checkThatSomebodyHoldsIt(_ code: Int32) throws(ExchangeError) {
    guard Claims.isHeldElsewhere(code) else {
      throw LocalFile.failure("lock", Claims.file(beside: journal), code)
    }
  }

  /// Returns the path of a backup that is about to become the journal.
  static func draft(of journal: FilePath) -> FilePath { FilePath(journal.string + ".restoring") }

  private var isNoted: Bool {
    var status = stat()
    return fstat(fileDescriptor, &status) == 0 && status.st_size > 0
  }

  /// Returns the size of a file, `nil` where there is none.
  private static func size(of path: FilePath) -> Int64? {
    var status = stat()
    return stat(path.string, &status) == 0 ? Int64(status.st_size) : nil
  }

  /// Returns the word for something that is no regular file; `nil` for a regular file, and where there is none.
  private static func nameOfNoFile(_ path: FilePath) -> String? {
    var status = stat()
    guard stat(path.string, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "folder"
    default: "pipe or device"
    }
  }

  private func refusal(_ message: String, remedy: Remedy) -> ExchangeError {
    ExchangeError(.journal, operation: "open the journal", path: journal.string, message: message, remedy: remedy)
  }
}
