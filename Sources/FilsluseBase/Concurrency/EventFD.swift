internal import CSystemShim
import Glibc

/// Wakes a thread that waits in `poll`: any thread signals, and the descriptor becomes readable.
public final class EventFD: Sendable {
  /// The descriptor to poll for `POLLIN`.
  public let fileDescriptor: Int32

  /// Creates one that is not signalled.
  ///
  /// - Throws: `EventFDError` when the process has no descriptor left.
  public init() throws(EventFDError) {
    fileDescriptor = filsluse_eventfd()
    guard fileDescriptor >= 0 else { throw EventFDError(code: errno) }
  }

  deinit { close(fileDescriptor) }

  /// Wakes the thread that polls, now or at its next poll.
  public func signal() {
    var one: UInt64 = 1
    // EAGAIN: it is signalled already.
    _ = write(fileDescriptor, &one, 8)
  }

  /// Clears the signal; call it on the thread that polls.
  public func clear() {
    var count: UInt64 = 0
    _ = read(fileDescriptor, &count, 8)
  }
}

/// The event descriptor could not be made.
public struct EventFDError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system's error number.
  public let code: Int32

  /// The failure and its remedy.
  public var description: String {
    "no eventfd to be had: \(String(cString: filsluse_error_text(code))); raise the limit of open files (ulimit -n)"
  }
}
