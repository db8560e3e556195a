internal import FilsluseBase
import Glibc

/// Detects a connection's thread that does not come back from libssh2, and shuts its socket down.
///
/// libssh2 has had endless loops, and deadlines are only checked between its calls. On a shut-down socket every one of
/// its calls fails, loops included.
final class Watchdog: Sendable {
  /// The process's watchdog; its thread starts with the first connection.
  static let shared = Watchdog(patience: .seconds(20))

  /// Longer than any honest turn: deriving a key from a passphrase can take seconds.
  private let patience: Duration
  private let watched = Locked<[ObjectIdentifier: SocketWatch]>([:])

  init(patience: Duration) {
    self.patience = patience
    BlockingThreads.startThread(named: "filsluse-watch") { [weak self] in
      while let watchdog = self {
        watchdog.look()
        usleep(500_000)
      }
    }
  }

  func watch(_ socket: Int32) -> SocketWatch {
    let watch = SocketWatch(socket: socket, watchdog: self)
    watched.withLock { $0[ObjectIdentifier(watch)] = watch }
    return watch
  }

  fileprivate func forget(_ watch: SocketWatch) {
    watched.withLock { $0[ObjectIdentifier(watch)] = nil }
  }

  private func look() {
    for watch in watched.withLock({ Array($0.values) }) { watch.shutDown(ifBusyFor: patience) }
  }
}

/// The record of whether a thread is waiting in `poll` or working.
final class SocketWatch: Sendable {
  private let state: Locked<State>
  private let watchdog: Watchdog

  private struct State {
    var socket: Int32?
    var busySince: ContinuousClock.Instant?
  }

  fileprivate init(socket: Int32, watchdog: Watchdog) {
    state = Locked(State(socket: socket, busySince: .now))
    self.watchdog = watchdog
  }

  /// Stops the time while the thread waits, which may be long.
  func rest() { state.withLock { $0.busySince = nil } }

  /// Records that the thread is working again.
  func work() { state.withLock { $0.busySince = .now } }

  /// The socket is about to be closed; its number may be another's in a moment.
  func end() {
    state.withLock { $0.socket = nil }
    watchdog.forget(self)
  }

  fileprivate func shutDown(ifBusyFor patience: Duration) {
    state.withLock { state in
      guard let socket = state.socket, let since = state.busySince, .now - since > patience else { return }
      shutdown(socket, Int32(SHUT_RDWR))
    }
  }
}
