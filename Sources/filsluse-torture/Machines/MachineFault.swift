/// A fault of a machine that shares a journal on a server, or of that server.
enum MachineFault: String, CaseIterable, Sendable {
  /// Its process is killed, and started again at once.
  case killed
  /// Its line to the server is cut.
  case cutOff = "cut off"
  /// Its line to the server carries nothing for a while.
  case stalled
  /// Its process stands still without sessions for longer than it may be silent, and then goes on where it stood.
  case paused
  /// It is killed, and started again when the others may have its work.
  case gone
  /// A process of the server is killed: the server ends all sessions, and recovers.
  case serverCrashed = "server crashed"
  /// The server is lost, and a standby that has every confirmed commit takes its place.
  case promoted = "standby promoted"

  /// True for a fault of the server, which the machines of both sides share.
  var isOfServer: Bool { self == .serverCrashed || self == .promoted }
}
