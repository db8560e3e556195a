import Glibc

/// The client at the other end of a connection.
enum HTTPPeer {
  /// Returns its address; of IPv6 the network, as one client has all addresses of it; empty where it is not known.
  static func address(of socket: Int32) -> String {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(socket, $0, &length) }
    }
    guard code == 0 else { return "" }
    return withUnsafeBytes(of: &storage) { bytes in
      switch Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
      case AF_INET: return bytes[4..<8].map { "\($0)" }.joined(separator: ".")
      case AF_INET6:
        let address = Array(bytes[8..<24])
        if address.dropLast().allSatisfy({ $0 == 0 }), address.last == 1 { return "::1" }
        return address.prefix(8).map { String($0, radix: 16) }.joined(separator: ".")
      default: return ""
      }
    }
  }
}
