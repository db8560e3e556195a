internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging

/// The files that may be the cause of lost connections, so that one of them never holds up the others.
///
/// When a connection is lost, each file whose own request was open then is suspected. What is suspected comes after all
/// others, one file at a time over a connection of its own: those that get through are cleared, and the one at which the
/// connection is lost again is the cause. It is tried again after pauses that double, and the journal keeps that, so that
/// a restart does not begin with it.
final class SuspectFiles: Sendable {
  private struct Book: Sendable {
    var files: [RemotePath: SuspectFile] = [:]
    /// Files that a person was told of, and that got through or are gone since.
    var cleared: [RemotePath] = []
    /// The number of times a set of suspects was found.
    var lessons = 0
    /// The number of connections lost since a file last got through.
    var lossesInARow = 0
  }

  private let books = Locked<[String: Book]>([:])
  private let journal: any JournalStore
  private let logger: Logger

  /// A server that loses so many connections in a row has a trouble of its own, whatever the file.
  private static let mostLessons = 16

  init(journal: any JournalStore, logger: Logger) {
    self.journal = journal
    self.logger = logger
  }

  /// Takes up what an earlier process found out about an account.
  func load(_ account: String) async throws(ExchangeError) {
    if books.withLock({ $0[account] != nil }) { return }
    let known = try await journal.suspects(of: account)
    books.withLock { books in
      guard books[account] == nil else { return }
      books[account] = Book(files: Dictionary(known.map { ($0.path, $0) }) { first, _ in first })
    }
  }

  /// The account's suspected files: those that are suspected with others first, then those with the fewest losses.
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

  /// Returns the number of times a set of suspects was found at the account, without too many times in a row.
  func lessons(at account: String) -> Int { books.withLock { $0[account]?.lessons ?? 0 } }

  /// The files that a person was told of, and that are no longer suspected; each is given once.
  func takeCleared(of account: String) -> [RemotePath] {
    books.withLock { books in
      defer { books[account]?.cleared = [] }
      return books[account]?.cleared ?? []
    }
  }

  /// Does something with a file, and sees what that says about it.
  ///
  /// - Parameters:
  ///   - isAlone: whether nothing else goes over the connection.
  ///   - isWhole: whether nothing is left to be done with the file, so that it has got through.
  func during<Result>(
    _ path: RemotePath, of account: String, isAlone: Bool, isWhole: Bool = true, by retry: RetryPolicy,
    _ work: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result {
    do throws(ExchangeError) {
      let result = try await work()
      if isWhole { try await clear(path, of: account) }
      return result
    } catch {
      throw try await failed(error, at: path, of: account, isAlone: isAlone, isWhole: isWhole, by: retry)
    }
  }

  /// Sees what a failure says about a file.
  ///
  /// - Returns: the failure.
  func failed(
    _ error: ExchangeError, at path: RemotePath, of account: String, isAlone: Bool, isWhole: Bool = true,
    by retry: RetryPolicy
  ) async throws(ExchangeError) -> ExchangeError {
    if error.isLoss {
      try await note(error, at: path, of: account, isAlone: isAlone, by: retry)
    } else if isWhole, error.kind == .file {
      // The server has answered.
      try await clear(path, of: account)
    }
    return error
  }

  /// Returns true if any file of the account is suspected, or a connection was lost at one since a file last got
  /// through.
  func hasAny(of account: String) -> Bool {
    books.withLock { books in books[account].map { !$0.files.isEmpty || $0.lossesInARow > 0 } ?? false }
  }

  /// Notes that a connection was lost while a request for the file was open.
  func note(
    _ error: ExchangeError, at path: RemotePath, of account: String, isAlone: Bool, by retry: RetryPolicy
  ) async throws(ExchangeError) {
    let reason = error.transfer?.message ?? error.message
    let noted: SuspectFile? = books.withLock { books in
      var book = books[account] ?? Book()
      defer { books[account] = book }
      let key = path.journalled
      let known = book.files[key]
      var file = known ?? SuspectFile(path: key, since: .now, reason: reason)
      if isAlone {
        file.losses += 1
        file.reason = reason
        file.nextTryAt = .now.later(by: retry.pause(after: file.losses, lot: .random(in: 0..<1)))
      }
      book.files[key] = file
      guard isAlone || known == nil else { return nil }
      book.lossesInARow += isAlone ? 1 : 0
      if book.lossesInARow <= Self.mostLessons { book.lessons += 1 }
      return isAlone ? file : nil
    }
    guard let noted else { return }
    logger.warning("\(account): \(noted.error)")
    try await journal.record(noted, of: account)
  }

  /// Notes that a file got through, or is gone.
  func clear(_ path: RemotePath, of account: String) async throws(ExchangeError) {
    let isKept: Bool = books.withLock { books in
      guard var book = books[account] else { return false }
      book.lossesInARow = 0
      let file = book.files.isEmpty ? nil : book.files.removeValue(forKey: path.journalled)
      if let file, file.isToBeTold { book.cleared.append(file.path) }
      books[account] = book
      return (file?.losses ?? 0) > 0
    }
    if isKept { try await journal.forgetSuspect(path.journalled, of: account) }
  }
}

extension RemotePath {
  /// The path as the journal keeps it.
  fileprivate var journalled: RemotePath {
    String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0) ? self : RemotePath(String(journalled: bytes))
  }
}
