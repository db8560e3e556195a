internal import CSystemShim
import FilsluseBase
import Glibc

/// The thread that the router runs on, and how it is stopped.
final class RouterThread: Sendable {
  private let wakeUp: EventFD
  private let isStopped = Locked(false)

  init() throws(PlatformError) {
    do {
      wakeUp = try EventFD()
    } catch {
      throw .system(error.code, "eventfd")
    }
  }

  /// Opens a router and works in it until the task is cancelled, which ends it between two looks.
  ///
  /// - Throws: `PlatformError` when the router cannot be opened or go on.
  func run(
    pause: Duration, opening: @escaping @Sendable () throws(PlatformError) -> Router
  ) async throws(PlatformError) {
    let outcome: Result<Void, PlatformError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        BlockingThreads.startThread(named: "filsluse-mail") { [self] in
          continuation.resume(
            returning: Result { () throws(PlatformError) in try work(in: try opening(), pause: Nanoseconds(pause)) })
        }
      }
    } onCancel: {
      isStopped.withLock { $0 = true }
      wakeUp.signal()
    }
    try outcome.get()
  }

  private func work(in router: consuming Router, pause: Nanoseconds) throws(PlatformError) {
    while !isStopped.withLock({ $0 }) {
      if try router.work() { continue }
      var waiting = pollfd(fd: wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0)
      _ = filsluse_poll(&waiting, 1, pause)
    }
  }
}
