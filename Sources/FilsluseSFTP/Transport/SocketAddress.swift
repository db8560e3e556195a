internal import FilsluseBase
import Glibc

/// An address to connect to, in the form of the system calls.
struct SocketAddress: Sendable {
  let family: Int32
  private let bytes: [UInt8]

  func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    bytes.withUnsafeBytes { raw in
      // The bytes were copied from a sockaddr of this family; the array's storage is aligned for it.
      guard let address = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
        preconditionFailure("an address without bytes")
      }
      return body(address, socklen_t(raw.count))
    }
  }

  /// All addresses of a host, IPv6 and IPv4, in the order the system prefers. Blocks while the name is looked up.
  static func lookUp(_ host: String, port: UInt16, onlyNumeric: Bool) -> Result<[SocketAddress], SFTPError> {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (onlyNumeric ? AI_NUMERICHOST : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else {
      let text = code == EAI_SYSTEM ? systemText(errno) : String(cString: gai_strerror(code))
      return .failure(SFTPError(.nameNotResolved, "the host name \(host) cannot be resolved: \(text)"))
    }
    defer { freeaddrinfo(list) }
    let addresses = sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { entry -> SocketAddress? in
      guard let info = entry?.pointee, let address = info.ai_addr else { return nil }
      let bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
      return SocketAddress(family: info.ai_family, bytes: bytes)
    }
    return .success(addresses)
  }

  /// Looks up a name on a thread of its own, because a name server can block for minutes, and signals when done.
  static func lookUpAside(_ host: String, port: UInt16, wakeUp: EventFD) -> Locked<Result<[SocketAddress], SFTPError>?>
  {
    let answer = Locked<Result<[SocketAddress], SFTPError>?>(nil)
    BlockingThreads.startThread(named: "filsluse-names") {
      let found = lookUp(host, port: port, onlyNumeric: false)
      answer.withLock { $0 = found }
      wakeUp.signal()
    }
    return answer
  }
}
