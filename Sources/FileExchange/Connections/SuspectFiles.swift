internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// The files that may be the cause of lost connections, so that one of them does not block the others.
///
/// When a connection is lost, the file with the oldest open request is suspected: a server that answers in order was
/// working on it. A file in progress at two losses in a row is suspected too, if the limit points at files
/// (``ConcurrencyLimit/pointsAtFiles``): an ordinary cut, or a server that ends every session, rarely hits the same
/// files. Suspects come after all other files, one at a time over a connection of their own. Those that get through are
/// cleared; if such a connection is lost before it served any other file, its file is the cause. That file is retried
/// after doubling pauses, which the journal keeps, so that a restart does not begin with it.
final class SuspectFiles: Sendable {
  private struct Book: Sendable {
    var files: [RemotePath: SuspectFile] = [:]
    /// True once the journal's suspects are among them.
    var isLoaded = false
    /// Files in progress at the loss before the last, and at the last, that have not got through since.
    var wereUnderWay: Set<RemotePath> = []
    var areUnderWay: Set<RemotePath> = []
    /// The limit of files under way at a time.
    var width = ConcurrencyLimit()
    /// The last lost connection; all files in progress over it report the same loss.
    var lost: (any AnyObject & Sendable)?
    /// The connection that last got a file through. If it is lost at another file afterwards, the server may have ended
    /// it by age.
    var used: (any AnyObject & Sendable)?
    /// The number of times a set of suspects was found.
    var lessons = 0
    /// The number of such times since a file last got through.
    var lossesInARow = 0

    mutating func learn() {
      lossesInARow += 1
      if lossesInARow <= SuspectFiles.mostLessons { lessons += 1 }
    }

    mutating func pass(_ path: RemotePath) {
      lossesInARow = 0
      width.pass()
      if wereUnderWay.isEmpty, areUnderWay.isEmpty { return }
      wereUnderWay.remove(path.journalled)
      areUnderWay.remove(path.journalled)
    }

    /// Records that a file was in progress when a connection was lost; returns true if it may be the cause.
    mutating func lose(_ path: RemotePath, over connection: any AnyObject & Sendable, isOldest: Bool) -> Bool {
      if lost !== connection {
        lost = connection
        (wereUnderWay, areUnderWay) = (areUnderWay, [])
        width.lose()
        learn()
      }
      width.count()
      areUnderWay.insert(path)
      return isOldest || wereUnderWay.contains(path) && width.pointsAtFiles
    }
  }

  private let books = Locked<[String: Book]>([:])
  private let journal: Journal
  private let logger: Logger

  /// After this number of losses in a row, the server has a fault of its own, whatever the file.
  private static let mostLessons = 16

  init(journal: Journal, logger: Logger) {
    self.journal = journal
    self.logger = logger
  }

  /// Loads an account's suspects that an earlier process recorded.
  func load(_ account: String) async throws(ExchangeError) {
    if isLoaded(account) { return }
    let known = try await journal.suspects(of: account)
    books.withLock { books in
      var book = books[account] ?? Book()
      if book.isLoaded { return }
      for file in known where file.losses >= book.files[file.path]?.losses ?? 0 { book.files[file.path] = file }
      book.isLoaded = true
      books[account] = book
    }
  }

  /// Returns true once an earlier process's suspects were loaded from the journal.
  func isLoaded(_ account: String) -> Bool { books.withLock { $0[account]?.isLoaded ?? false } }

  /// Returns the account's suspected files: first those suspected together with others, then by the number of losses.
  func all(of account: String) -> [SuspectFile] {
    books.withLock { Array(($0[account]?.files ?? [:]).values) }.sorted {
      ($0.losses, $0.path.string) < ($1.losses, $1.path.string)
    }
  }

  /// Returns the suspect with a path; `nil` for a file that is not suspected.
  func file(_ path: RemotePath, of account: String) -> SuspectFile? {
    books.withLock { books in
      guard let files = books[account]?.files, !files.isEmpty else { return nil }
      return files[path.journalled]
    }
  }

  /// Returns true if a later connection was lost at a suspected file that was the first it served.
  func blames(_ earlier: SuspectFile, of account: String) -> Bool {
    (file(earlier.path, of: account)?.losses ?? 0) > earlier.losses
  }

  /// Returns the number of times a set of suspects was found at the account, without too many times in a row.
  func lessons(at account: String) -> Int { books.withLock { $0[account]?.lessons ?? 0 } }

  /// Returns the limit of files under way at a time over the account's connection; `nil` while there is none.
  func width(at account: String) -> Int? { books.withLock { $0[account]?.width.limit } }

  /// Ends the pauses of all suspected files: a person may have removed the cause.
  func endPauses(of account: String) {
    books.withLock { books in
      for path in books[account]?.files.keys ?? [:].keys { books[account]?.files[path]?.nextTryAt = nil }
    }
  }

  /// Runs work on a file and records whether the file may be the cause of a loss.
  ///
  /// - Parameters:
  ///   - connection: the connection of the work.
  ///   - isAlone: true if nothing else uses the connection.
  ///   - isWhole: true if the work is the last step of the file, so that it has then got through.
  func during<Result>(
    _ path: RemotePath, of account: String, over connection: any AnyObject & Sendable, isAlone: Bool,
    isWhole: Bool = true, by retry: RetryPolicy,
    _ work: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result {
    do throws(ExchangeError) {
      let result = try await work()
      books.withLock { $0[account, default: Book()].used = connection }
      if isWhole { try await clear(path, of: account) }
      return result
    } catch {
      throw try await failed(
        error, at: path, of: account, over: connection, isAlone: isAlone, isWhole: isWhole, by: retry)
    }
  }

  /// Records a failure of work on a file.
  ///
  /// - Returns: the failure.
  func failed(
    _ error: ExchangeError, at path: RemotePath, of account: String, over connection: any AnyObject & Sendable,
    isAlone: Bool, isWhole: Bool = true, by retry: RetryPolicy
  ) async throws(ExchangeError) -> ExchangeError {
    if error.isLoss {
      try await note(error, at: path, of: account, over: connection, isAlone: isAlone, by: retry)
    } else if isWhole, error.category == .file {
      // The server has answered.
      try await clear(path, of: account)
    }
    return error
  }

  /// Returns true if any file of the account is suspected.
  func hasAny(of account: String) -> Bool { books.withLock { !($0[account]?.files.isEmpty ?? true) } }

  /// Counts a file that got through, without waiting for the journal; returns true if it must still be cleared.
  func countPassed(_ path: RemotePath, of account: String, over connection: any AnyObject & Sendable) -> Bool {
    books.withLock { books in
      books[account, default: Book()].used = connection
      if !(books[account]?.files.isEmpty ?? true) { return true }
      books[account, default: Book()].pass(path)
      return false
    }
  }

  /// Notes that a connection was lost while a request for the file was open.
  func note(
    _ error: ExchangeError, at path: RemotePath, of account: String, over connection: any AnyObject & Sendable,
    isAlone: Bool, by retry: RetryPolicy
  ) async throws(ExchangeError) {
    let reason = error.transfer?.message ?? error.message
    let noted: SuspectFile? = books.withLock { books in
      var book = books[account] ?? Book()
      defer { books[account] = book }
      let key = path.journalled
      let known = book.files[key]
      let mayBeCause = isAlone || book.lose(key, over: connection, isOldest: error.transfer?.isOfAnother == false)
      guard mayBeCause || known != nil else { return nil }
      var file = known ?? SuspectFile(path: key, since: .now, reason: reason)
      let isFirst = book.used !== connection
      if isAlone, isFirst {
        file.losses += 1
        file.reason = reason
        file.nextTryAt = .now.later(by: retry.backoff.pause(after: file.losses))
      }
      book.files[key] = file
      guard isAlone else { return nil }
      book.learn()
      return isFirst ? file : nil
    }
    guard let noted else { return }
    logger.about(noted.error, of: account).say(.warning, noted.inBothLanguages.map { "\(account): \($0)" })
    try await journal.record(noted, of: account)
  }

  /// Notes that a file got through, or is gone.
  func clear(_ path: RemotePath, of account: String) async throws(ExchangeError) {
    let isKept: Bool = books.withLock { books in
      guard var book = books[account] else { return false }
      book.pass(path)
      let file = book.files.isEmpty ? nil : book.files.removeValue(forKey: path.journalled)
      books[account] = book
      return (file?.losses ?? 0) > 0
    }
    if isKept { try await journal.forgetSuspect(path.journalled, of: account) }
  }
}

extension RemotePath {
  /// The path as the journal keeps it.
  fileprivate var journalled: RemotePath {
    String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
      ? self : RemotePath(JournalledName(listed: bytes).string)
  }
}
