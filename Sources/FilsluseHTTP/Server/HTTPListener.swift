internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The non-blocking socket that accepts connections.
struct HTTPListener: Sendable {
  let socket: Int32
  let address: HTTPAddress

  /// Listens at an address.
  init(_ wanted: HTTPAddress) throws(StatusServerError) {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let socket = Glibc.socket(wanted.isIPv6 ? AF_INET6 : AF_INET, type, 0)
    guard socket >= 0 else { throw Self.trouble(errno, wanted) }
    self.socket = socket
    var one: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    if wanted.isIPv6 {
      setsockopt(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, socklen_t(MemoryLayout<Int32>.size))
    }
    var storage = Self.storage(of: wanted)
    let bound = withUnsafePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, Self.length(of: wanted)) }
    }
    guard bound == 0, listen(socket, 128) == 0, let port = Self.port(of: socket, wanted) else {
      let code = errno
      close(socket)
      throw Self.trouble(code, wanted)
    }
    address = HTTPAddress(wanted, port: port)
  }

  private static func length(of address: HTTPAddress) -> socklen_t {
    socklen_t(address.isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
  }

  private static func storage(of address: HTTPAddress) -> sockaddr_storage {
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { bytes in
      if address.isIPv6 {
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = address.port.bigEndian
        inet_pton(AF_INET6, address.host, &six.sin6_addr)
        bytes.storeBytes(of: six, as: sockaddr_in6.self)
      } else {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = address.port.bigEndian
        inet_pton(AF_INET, address.host, &four.sin_addr)
        bytes.storeBytes(of: four, as: sockaddr_in.self)
      }
    }
    return storage
  }

  private static func port(of socket: Int32, _ address: HTTPAddress) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    guard code == 0 else { return nil }
    // The port is at the same offset in both kinds of address.
    return withUnsafeBytes(of: &storage) { $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self).bigEndian }
  }

  private static func trouble(_ code: Int32, _ address: HTTPAddress) -> StatusServerError {
    let reason = String(cString: filsluse_error_text(code))
    return StatusServerError(
      "the status page cannot be served at \(address): \(reason)",
      "statussiden kan ikke vises på \(address): \(Errno(rawValue: code).inDanish)", remedy: remedy(for: code),
      isRetriable: true)
  }

  /// The remedy for a system error.
  private static func remedy(for code: Int32) -> (en: String, da: String) {
    switch code {
    case EADDRINUSE:
      (
        "another program listens there: stop it, or choose another port",
        "et andet program lytter dér: stop det, eller vælg en anden port"
      )
    case EACCES:
      (
        "only root may use ports below 1024: choose a higher one",
        "kun root må bruge porte under 1024: vælg en højere"
      )
    case EADDRNOTAVAIL:
      (
        "this machine has no such address: choose one that it has, such as 127.0.0.1",
        "maskinen har ingen sådan adresse: vælg en, som den har, fx 127.0.0.1"
      )
    default:
      ("look up the system's message", "slå systemets fejl op")
    }
  }
}
