import LocalPlatform

/// A fault on the line of one SFTP session, or another circumstance that it has to get through.
enum SessionFault: Sendable, CustomStringConvertible {
  /// The line ends after so many bytes in a direction.
  case cut(TCPProxy.Direction, after: Int, TCPProxy.Ending)
  /// The line stands still after so many bytes in a direction.
  case stall(TCPProxy.Direction, after: Int)
  /// The process that serves the session is killed after so many bytes from the server.
  case serverKilled(after: Int)
  /// The session comes after a disturbed one, and is not disturbed itself.
  case disturbedBefore(String)
  /// The line or the server is unlike others all the time.
  case unlike(String)

  /// The kinds, in the order in which they are counted.
  enum Kind: String, CaseIterable {
    case cut = "cut"
    case stall = "stalled"
    case serverKilled = "server's process killed"
    case disturbedBefore = "next after a disturbed one"
    case unlike = "unusual lines and servers"
  }

  var kind: Kind {
    switch self {
    case .cut: .cut
    case .stall: .stall
    case .serverKilled: .serverKilled
    case .disturbedBefore: .disturbedBefore
    case .unlike: .unlike
    }
  }

  /// True if an error that says to try again is a right ending.
  var mayFail: Bool {
    switch self {
    case .cut, .stall, .serverKilled: true
    case .disturbedBefore, .unlike: false
    }
  }

  var description: String {
    switch self {
    case .cut(let direction, let bytes, let ending): "\(ending) \(direction) after \(bytes) bytes"
    case .stall(let direction, let bytes): "stalled \(direction) after \(bytes) bytes"
    case .serverKilled(let bytes): "the server's process killed after \(bytes) bytes"
    case .disturbedBefore(let fault): "the session after one that was \(fault)"
    case .unlike(let line): line
    }
  }
}
