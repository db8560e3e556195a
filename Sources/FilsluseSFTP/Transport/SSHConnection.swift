internal import FilsluseBase
internal import Logging

/// The server to reach, and the user.
struct ConnectionTarget: Sendable {
  let host: String
  let port: UInt16
  let user: String
  let keys: [LoginKey]
  let trusted: TrustedHostKeys
  let deadlines: Deadlines
  /// True to request each of the server's host keys before it is refused, even if none is pinned.
  var showsAllKeys = false
  /// The facts learnt while connecting.
  var record = ConnectionRecord()

  var server: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A handle on a connection that runs on a thread of its own; see `ConnectionThread`.
final class SSHConnection: Sendable {
  private let control: ConnectionControl

  private init(control: ConnectionControl) { self.control = control }

  /// Connects, logs in and starts the SFTP subsystem.
  ///
  /// - Throws: `SFTPError` that names the failed step, or `cancelled`.
  static func open(
    _ target: ConnectionTarget, user: any ChannelUser, wakeUp: EventFD, logger: Logger
  ) async throws(SFTPError) -> SSHConnection {
    let control = ConnectionControl(wakeUp: wakeUp)
    let outcome: Result<Void, SFTPError> = await withTaskCancellationHandler {
      await withCheckedContinuation { opener in
        control.begin(opener)
        BlockingThreads.startThread(named: "filsluse-sftp") {
          ConnectionThread(target: target, user: user, control: control, logger: logger).run()
        }
      }
    } onCancel: {
      control.stop(.cancelled)
    }
    try outcome.get()
    return SSHConnection(control: control)
  }

  /// Asks the thread to close the connection properly, within a second.
  func stop() {
    control.stop(SFTPError(.connectionClosed, "the client was closed", nil))
  }

  /// Waits until thread, socket and session are gone.
  func waitUntilGone() async { await control.waitUntilGone() }
}
