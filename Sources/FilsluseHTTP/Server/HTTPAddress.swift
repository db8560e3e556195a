import Glibc

/// The address of the status page: an address of this machine and a port.
public struct HTTPAddress: Sendable, Hashable, CustomStringConvertible {
  /// The address: `127.0.0.1`, `0.0.0.0`, `::1` and the like.
  public let host: String
  /// The port; 0 lets the system choose a free one.
  public let port: UInt16
  let isIPv6: Bool

  /// Reads `127.0.0.1:8650`, `[::1]:8650`, `localhost:8650`, or a port alone, which means 127.0.0.1.
  ///
  /// Names are not looked up, so that the settings show the address that the server is bound to.
  ///
  /// - Throws: ``StatusServerError`` for anything else, saying what is expected.
  public init(_ text: String) throws(StatusServerError) {
    let colon = text.utf8.lastIndex(of: UInt8(ascii: ":"))
    let portText = colon.map { String(text[text.utf8.index(after: $0)...]) } ?? text
    var host = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
    guard !portText.isEmpty, portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(portText)
    else {
      throw Self.unreadable
    }
    if host == "localhost" { host = "127.0.0.1" }
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, host, &four) == 1 {
      isIPv6 = false
    } else if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]"),
      inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &six) == 1
    {
      isIPv6 = true
      host = String(host.dropFirst().dropLast())
    } else {
      throw Self.unreadable
    }
    self.host = host
    self.port = port
  }

  init(_ address: HTTPAddress, port: UInt16) {
    host = address.host
    isIPv6 = address.isIPv6
    self.port = port
  }

  private static var unreadable: StatusServerError {
    StatusServerError(
      "this is no address to serve the status page at", "dette er ingen adresse at vise statussiden på",
      remedy: (
        en: "write 127.0.0.1:8650, [::1]:8650 or a port alone", da: "skriv 127.0.0.1:8650, [::1]:8650 eller kun en port"
      ))
  }

  /// True if only this machine can reach it.
  public var isLoopback: Bool {
    if isIPv6 {
      var six = in6_addr()
      guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
      return withUnsafeBytes(of: &six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
    return host.utf8.starts(with: "127.".utf8)
  }

  /// The address and the port, as in a URL.
  public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The reason why the status page cannot be served.
public struct StatusServerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The failure and its remedy.
  public let description: String
  /// The same in Danish.
  public let inDanish: String
  /// The remedy alone; `nil` where none is known.
  public let remedy: String?
  /// The remedy in Danish.
  public let remedyInDanish: String?
  /// True if the address may be available later: another program listens there now, or the network is not up yet.
  public let isRetriable: Bool

  init(_ message: String, _ danish: String, remedy: (en: String, da: String)?, isRetriable: Bool = false) {
    description = message + (remedy.map { "; \($0.en)" } ?? "")
    inDanish = danish + (remedy.map { "; \($0.da)" } ?? "")
    self.remedy = remedy?.en
    remedyInDanish = remedy?.da
    self.isRetriable = isRetriable
  }
}
