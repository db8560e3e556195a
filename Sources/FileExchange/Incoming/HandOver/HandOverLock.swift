internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Prevents a receiver from working twice at a time on one arrival, even if this process is killed while a program
/// runs.
///
/// The lock is on one byte of a file beside the journal, on a descriptor that the program also holds open: the kernel
/// releases it when both have closed it, so that a program that outlives this process keeps the next one waiting.
final class HandOverLock: Sendable {
  let fileDescriptor: Int32
  private let offset: Int64

  /// Takes the lock; `nil` while a program of an earlier run has it.
  init?(on arrival: Int64, beside journal: FilePath) throws(ExchangeError) {
    let path = FilePath(journal.string + ".hooks")
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    offset = arrival
    guard fileDescriptor >= 0 else { throw LocalFile.failure("open", path, errno) }
    guard filsluse_lock_byte(fileDescriptor, offset) == 0 else { return nil }
  }

  /// Releases the lock even if the program left a process running that still has the descriptor.
  deinit {
    _ = filsluse_unlock_byte(fileDescriptor, offset)
    close(fileDescriptor)
  }

  /// Takes the lock, and waits for it as long as a program of an earlier run may have it.
  static func take(
    on arrival: Int64, beside journal: FilePath, within patience: Duration
  ) async throws(ExchangeError) -> HandOverLock {
    let deadline = ContinuousClock.now + patience
    var backoff = Backoff(first: .milliseconds(20), longest: .seconds(1))
    while true {
      let hold = try await BlockingThreads.shared.run { () throws(ExchangeError) in
        try HandOverLock(on: arrival, beside: journal)
      }
      if let hold { return hold }
      guard ContinuousClock.now < deadline else {
        throw ExchangeError(
          .claimedElsewhere, operation: "hand over",
          message: "the receiver that an earlier run called for A\(arrival) still works on it",
          remedy: "end it, or wait for it")
      }
      do { try await Task.sleep(for: backoff.next()) } catch { throw .cancelled(while: "hand over") }
    }
  }
}
