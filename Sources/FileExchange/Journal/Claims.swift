internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Mutual exclusion for deliveries and arrivals among the tasks of a process and the processes of a machine. Between
/// machines with a journal on a server, `Ownership` does it.
///
/// A claim is a lock on one byte of a file beside the journal. The kernel releases it when its holder ends in any way,
/// so another process can at once take the work of a killed one. Claims therefore have no expiry, which could hit a
/// holder that is merely slow, or seems so after a jump of the clock.
final class Claims: Sendable {
  private let path: FilePath
  private let fileDescriptor: Int32
  /// The kernel's locks belong to a process; this distinguishes its tasks.
  private let held = Locked<Set<ClaimSubject>>([])

  init(beside journal: FilePath) throws(ExchangeError) {
    path = Self.file(beside: journal)
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    guard fileDescriptor >= 0 else { throw LocalFile.failure("open", path, errno) }
  }

  deinit { close(fileDescriptor) }

  static func file(beside journal: FilePath) -> FilePath { FilePath(journal.string + ".claims") }

  /// Runs `body` with the claim held; `nil` when another task or process holds it.
  ///
  /// - Throws: what `body` throws, and ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func withClaim<Result>(
    on subject: ClaimSubject, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result? {
    guard try take(subject) else { return nil }
    defer { giveBack(subject) }
    return try await body()
  }

  /// Returns true if a task or process holds the claim now.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func isClaimed(_ subject: ClaimSubject) throws(ExchangeError) -> Bool {
    if held.withLock({ $0.contains(subject) }) { return true }
    let answer = filsluse_is_locked_byte(fileDescriptor, subject.offset)
    guard answer >= 0 else { throw LocalFile.failure("look at the locks of", path, errno) }
    return answer == 1
  }

  /// Returns the numbers below `limit` of an account's connections that tasks and processes of this machine have. Each
  /// question to the kernel is about many at once.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func connections(ofAccount account: String, below limit: Int) throws(ExchangeError) -> Set<Int> {
    var numbers = held.withLock { held in
      Set(held.compactMap { $0.connectionNumber(ofAccount: account) }.filter { $0 < limit })
    }
    let first = ClaimSubject.connection(ofAccount: account, 0).offset
    var ranges = [first..<first + Int64(limit)]
    while let range = ranges.popLast() {
      guard let locked = try findLock(in: range) else { continue }
      numbers.formUnion(locked.map { Int($0 - first) })
      ranges += [range.lowerBound..<locked.lowerBound, locked.upperBound..<range.upperBound].filter { !$0.isEmpty }
    }
    return numbers
  }

  /// Returns some of the bytes that another open file has locked; `nil` where there are none.
  private func findLock(in range: Range<Int64>) throws(ExchangeError) -> Range<Int64>? {
    var (offset, length) = (range.lowerBound, Int64(range.count))
    let answer = filsluse_find_locked_bytes(fileDescriptor, &offset, &length)
    guard answer >= 0 else { throw LocalFile.failure("look at the locks of", path, errno) }
    return answer == 0 ? nil : (offset..<(length == 0 ? .max : offset + length)).clamped(to: range)
  }

  /// Returns true if a task or process holds the claim now, for a journal that is only read: nothing is made beside it.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` if that is unknown.
  static func isClaimed(_ subject: ClaimSubject, beside journal: FilePath) throws(ExchangeError) -> Bool {
    let path = file(beside: journal)
    let descriptor = filsluse_openat(AT_FDCWD, path.string, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw LocalFile.failure("open", path, errno)
    }
    defer { close(descriptor) }
    let answer = filsluse_is_locked_byte(descriptor, subject.offset)
    guard answer >= 0 else { throw LocalFile.failure("look at the locks of", path, errno) }
    return answer == 1
  }

  /// Takes a claim, which the caller must give back; false while another task or process holds it.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func take(_ subject: ClaimSubject) throws(ExchangeError) -> Bool {
    let refusal: Int32 = held.withLock { held in
      if held.contains(subject) { return EAGAIN }
      guard filsluse_lock_byte(fileDescriptor, subject.offset) == 0 else { return errno }
      held.insert(subject)
      return 0
    }
    if refusal == 0 { return true }
    guard Self.isHeldElsewhere(refusal) else { throw LocalFile.failure("lock", path, refusal) }
    return false
  }

  /// Returns true if a lock was refused because another holder has it. Any other code is a problem of the machine: it
  /// has no locks left, or the file system has none.
  static func isHeldElsewhere(_ code: Int32) -> Bool { code == EAGAIN || code == EACCES }

  func giveBack(_ subject: ClaimSubject) {
    held.withLock { held in
      held.remove(subject)
      _ = filsluse_unlock_byte(fileDescriptor, subject.offset)
    }
  }
}

extension ClaimSubject {
  /// The number of a connection of this account; `nil` for anything else.
  fileprivate func connectionNumber(ofAccount name: String) -> Int? {
    guard case .connection(name, let number) = self else { return nil }
    return number
  }

  /// Its byte in the file of claims. The connections of an account lie side by side.
  fileprivate var offset: Int64 {
    switch self {
    case .delivery(let id): id * 2
    case .arrival(let id): id * 2 + 1
    // Numbers begin with 1.
    case .unattendedRun: 0
    case .alerting: 1
    case .alertQueue: 1 << 60
    // Above all numbers. Two accounts that share a byte only wait for each other.
    case .answers(let account): Self.number(of: account, bytes: 7) | 1 << 62
    case .connection(let account, let number): Self.number(of: account, bytes: 5) << 12 | Int64(number) | 1 << 61
    }
  }

  private static func number(of account: String, bytes: Int) -> Int64 {
    SHA256.digest(of: Array(account.utf8)).bytes.prefix(bytes).reduce(1) { $0 << 8 | Int64($1) }
  }

  /// The number of a lease for one machine at a time, of 32 bits; `nil` for a claim of each machine's own, or one that
  /// the journal assigns.
  fileprivate var lease: Int64? {
    switch self {
    case .delivery, .arrival, .unattendedRun, .connection: nil
    case .alertQueue: 0
    case .alerting, .answers: Int64(Int32(truncatingIfNeeded: offset))
    }
  }
}

extension Journal {
  /// Runs `body` with the claim held; `nil` when another task or process holds it, or the subject is another machine's.
  ///
  /// - Parameter isNew: true if this process has just stored the subject, and the journal's place was checked then.
  ///   Each following step checks it again before its commit.
  /// - Throws: what `body` throws, ``ExchangeError`` with code `local-file` if the machine gives no locks, and
  ///   `journal` if the subject's machine is unknown.
  func withClaim<Result>(
    on subject: ClaimSubject, isNew: Bool, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result? {
    let claims = try requireClaims(forNew: isNew)
    // A row that was just added is this machine's.
    if isNew || !isOnServer { return try await claims.withClaim(on: subject, body) }
    let outcome = try await claims.withClaim(on: subject) { () async throws(ExchangeError) -> Result? in
      try await self.amongMachines(subject, body)
    }
    return outcome ?? nil
  }

  /// Runs `body` unless another machine has the subject.
  private func amongMachines<Result>(
    _ subject: ClaimSubject, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result? {
    if let owned = subject.owned {
      guard try await owns(owned) else { return nil }
      return try await body()
    }
    guard let lease = subject.lease else { return try await body() }
    guard try await takeLease(lease) else { return nil }
    let result: Result
    do throws(ExchangeError) {
      result = try await body()
    } catch {
      await endLease(lease)
      throw error
    }
    await endLease(lease)
    return result
  }

  /// Takes the claim on a delivery as a run of it does, and gives it back; false while another task, process or machine
  /// has it. For measurements.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` or `journal`.
  package func claim(delivery id: Int64) async throws(ExchangeError) -> Bool {
    try await withClaim(on: .delivery(id)) { () async throws(ExchangeError) -> Bool in true } ?? false
  }

  func isClaimed(_ subject: ClaimSubject) throws(ExchangeError) -> Bool {
    if isOnlyRead { return try Claims.isClaimed(subject, beside: path) }
    return try requireClaims().isClaimed(subject)
  }

  /// Runs `body` with the claim held, and waits for it while another task or process holds it; `nil` when that lasts
  /// longer than `patience`.
  ///
  /// - Throws: what `body` throws, ``ExchangeError`` with code `cancelled` when the task is cancelled while it waits,
  ///   and with code `local-file` when the machine gives no locks.
  func withClaim<Result>(
    on subject: ClaimSubject, waiting patience: Duration, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result? {
    let deadline = ContinuousClock.now + patience
    var backoff = Backoff(first: .milliseconds(10), longest: .milliseconds(500))
    while true {
      if let result = try await withClaim(on: subject, body) { return result }
      guard ContinuousClock.now < deadline else { return nil }
      do { try await Task.sleep(for: backoff.next()) } catch { throw .cancelled(while: "wait for another process") }
    }
  }

  /// Runs `body` with the claim held; `nil` when another task or process holds it.
  ///
  /// - Throws: what `body` throws, and ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func withClaim<Result>(
    on subject: ClaimSubject, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result? {
    try await withClaim(on: subject, isNew: false, body)
  }
}

/// The subject of a claim.
enum ClaimSubject: Sendable, Hashable {
  case delivery(Int64)
  case arrival(Int64)
  /// On the journal as a whole, by the one process that runs for long.
  case unattendedRun
  /// The lease on alerting people to the journal's open problems: a watcher holds it while it runs, and `filsluse run`
  /// while it compares.
  case alerting
  /// On running the alert program of `filsluse run` for the queued alerts.
  case alertQueue
  /// On sending the business receipts that answer an account's arrivals.
  case answers(ofAccount: String)
  /// On one of the connections of an account that this machine has, by its number from 0 up to 4095.
  case connection(ofAccount: String, Int)
}
