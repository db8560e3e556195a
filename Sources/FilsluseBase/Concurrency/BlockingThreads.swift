internal import CSystemShim
import Glibc

/// Threads of our own for work that blocks: file I/O, fsync, hashing.
///
/// Swift's own pool has one thread per core; a few blocked ones would stop every task of the process.
public final class BlockingThreads: Sendable {
  /// The process's threads for file work.
  public static let shared = BlockingThreads(name: "filsluse-files", count: 6)

  private let queue: WorkQueue

  /// Starts `count` threads that live as long as the process.
  public init(name: String, count: Int) {
    let queue = WorkQueue()
    self.queue = queue
    for _ in 0..<count { Self.startThread(named: name) { queue.workForEver() } }
  }

  /// Runs `work` on one of the threads and returns its result.
  ///
  /// - Throws: what `work` throws.
  public func run<Result: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Result
  ) async throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = await withCheckedContinuation { continuation in
      queue.add {
        do throws(Failure) {
          continuation.resume(returning: .success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try outcome.get()
  }

  /// Runs `work` on one of the threads, and does not wait for it.
  public func start(_ work: @escaping @Sendable () -> Void) { queue.add(work) }

  /// Starts a detached thread with a name that shows in `ps` and debuggers (15 bytes at most).
  public static func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let name: String
      let body: @Sendable () -> Void
      init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
      }
    }
    let box = Unmanaged.passRetained(Box(name: name, body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
        filsluse_name_thread(String(decoding: box.name.utf8.prefix(15), as: UTF8.self))
        box.body()
        return nil
      }, box.toOpaque())
    precondition(code == 0, "pthread_create failed with \(code)")
    pthread_detach(thread)
  }
}

/// Closures waiting for a thread, first come, first served.
private final class WorkQueue: @unchecked Sendable {
  // Unchecked: `waiting` and `next` are only touched while `mutex` is held.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t> = .allocate(capacity: 1)
  private let filled: UnsafeMutablePointer<pthread_cond_t> = .allocate(capacity: 1)
  /// The queue; work that a thread has taken is set to `nil`, so that its captures are freed when it ends, however long
  /// the queue stays filled.
  private var waiting: [(@Sendable () -> Void)?] = []
  private var next = 0

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(filled, nil)
  }

  func add(_ work: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    waiting.append(work)
    pthread_cond_signal(filled)
    pthread_mutex_unlock(mutex)
  }

  func workForEver() {
    while true { take()() }
  }

  private func take() -> @Sendable () -> Void {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      while next == waiting.count { pthread_cond_wait(filled, mutex) }
      let work = waiting[next].take()
      next += 1
      if next == waiting.count {
        waiting.removeAll(keepingCapacity: true)
        next = 0
      } else if next > 1024 {
        waiting.removeFirst(next)
        next = 0
      }
      if let work { return work }
    }
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(filled)
    mutex.deallocate()
    filled.deallocate()
  }
}
