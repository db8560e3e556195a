import Glibc

/// The host names that a request may ask for.
///
/// Otherwise a foreign site could point its own name here, and its scripts could read the page as their own (DNS
/// rebinding). An address in the header cannot be redirected that way.
struct HostNames: Sendable, Hashable {
  private let names: Set<String>
  private let allowsAnyAddress: Bool

  init(_ names: [String], address: HTTPAddress) {
    self.names = Set(names.map { $0.lowercased() }).union(["localhost"])
    allowsAnyAddress = !address.isLoopback
  }

  /// Returns true if a `Host` header names this site; its port does not matter, as a tunnel may end at another one.
  func allow(_ header: String) -> Bool {
    let host = header.lowercased()
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]"), Self.isPort(host[host.index(after: end)...]) else { return false }
      let address = String(host[host.index(after: host.startIndex)..<end])
      var six = in6_addr()
      return inet_pton(AF_INET6, address, &six) == 1 && (allowsAnyAddress || address == "::1")
    }
    let colon = host.firstIndex(of: ":") ?? host.endIndex
    let name = String(host[..<colon])
    guard Self.isPort(host[colon...]) else { return false }
    if names.contains(name) { return true }
    var four = in_addr()
    return inet_pton(AF_INET, name, &four) == 1 && (allowsAnyAddress || name.hasPrefix("127."))
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty
      || text.first == ":" && text.utf8.count <= 6 && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
  }
}
