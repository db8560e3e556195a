import LocalPlatform

/// A fault on the line of one SFTP session.
enum SessionFault: Sendable, CustomStringConvertible {
  /// The line ends after so many bytes in a direction.
  case cut(TCPProxy.Direction, after: Int, TCPProxy.Ending)
  /// Nothing moves any more after so many bytes in a direction.
  case stall(TCPProxy.Direction, after: Int)
  /// The process that serves the session is killed after so many bytes from the server.
  case serverKilled(after: Int)
  /// The line or the server is unlike others all the time, and the session has to get through.
  case unlike(String)

  /// The kinds, in the order in which they are counted.
  enum Kind: String, CaseIterable {
    case cut = "cut"
    case stall = "stalled"
    case serverKilled = "server's process killed"
    case unlike = "unusual lines and servers"
  }

  var kind: Kind {
    switch self {
    case .cut: .cut
    case .stall: .stall
    case .serverKilled: .serverKilled
    case .unlike: .unlike
    }
  }

  var description: String {
    switch self {
    case .cut(let direction, let bytes, let ending): "\(ending) \(direction) after \(bytes) bytes"
    case .stall(let direction, let bytes): "stalled \(direction) after \(bytes) bytes"
    case .serverKilled(let bytes): "the server's process killed after \(bytes) bytes"
    case .unlike(let line): line
    }
  }
}
