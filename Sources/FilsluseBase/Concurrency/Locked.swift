import Glibc

/// A value that one thread at a time may look at, behind a pthread mutex.
///
/// `Synchronization.Mutex` locks by futex, which the thread sanitizer does not see; a pthread mutex it does.
public final class Locked<Value>: @unchecked Sendable {
  // Unchecked: `value` and `mutex` are only touched between lock and unlock.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  /// Guards a value.
  public init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    let code = pthread_mutex_init(mutex, nil)
    precondition(code == 0, "pthread_mutex_init failed with \(code)")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` while no other thread can see or change the value.
  ///
  /// Keep the body short and never resume a continuation or wait inside it.
  ///
  /// - Throws: what `body` throws.
  public func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
