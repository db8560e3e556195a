internal import CSSHShim
public import FilsluseBase
internal import SystemPackage
import Glibc

/// The facts learnt about a server up to the step that the connection reached.
public struct ConnectionFacts: Sendable, Hashable {
  /// The addresses of the host's name, in the order of trying.
  public internal(set) var addresses: [String] = []

  /// The address that was connected to.
  public internal(set) var address: String?

  /// The server's version of SSH, such as `SSH-2.0-OpenSSH_9.2`, printable.
  public internal(set) var version: String?

  /// The host keys that the server has shown; the last is the one of this connection.
  public internal(set) var hostKeys: [ShownHostKey] = []

  /// The algorithms that were agreed upon.
  public internal(set) var algorithms: AgreedAlgorithms?

  /// True once the server has let the user in.
  public internal(set) var hasLoggedIn = false

  init() {}
}

/// A host key as a server showed it.
public struct ShownHostKey: Sendable, Hashable {
  private let key: HostKey

  init(_ key: HostKey) { self.key = key }

  /// The key's type, such as `ssh-ed25519`.
  public var type: String { key.type }

  /// The key's SHA-256 fingerprint.
  public var fingerprint: KeyFingerprint { key.fingerprint }

  /// Returns the line for the key in a `known_hosts` file of OpenSSH, for use once a person has compared it.
  public func knownHostsLine(host: String, port: UInt16) -> String {
    "\(port == 22 ? host : "[\(host)]:\(port)") \(key.type) \(Base64.encode(key.blob))"
  }
}

/// The algorithms of a connection.
public struct AgreedAlgorithms: Sendable, Hashable {
  /// The key exchange.
  public let keyExchange: String
  /// The host key's signature.
  public let hostKey: String
  /// The cipher.
  public let cipher: String
  /// The message authentication code; that of an authenticated cipher is its own.
  public let mac: String
}

/// The SSH library in use.
public enum SSHLibrary {
  /// The version of libssh2 at run time.
  public static var version: String { Algorithms.libraryVersion }

  /// A feature that an older libssh2 lacks.
  public enum Feature: Sendable, Hashable, CaseIterable {
    /// RSA host keys that sign by SHA-2.
    case rsaHostKeysBySHA2
    /// The ciphers AES-GCM and ChaCha20-Poly1305.
    case authenticatedCiphers
    /// Message authentication codes over the encrypted packet (ETM).
    case macsOverCiphertext
    /// Strict key exchange, against packets that are left out.
    case strictKeyExchange
  }

  /// The features that this version lacks and servers may require; empty where it lacks none.
  public static var lacks: [Feature] { Algorithms.isLibraryRecent ? [] : Feature.allCases }
}

/// Collects the ``ConnectionFacts`` of a connection while it is made, so that they are known even if it fails.
public final class ConnectionRecord: Sendable {
  private let state = Locked(ConnectionFacts())

  /// An empty record.
  public init() {}

  /// The facts so far.
  public var facts: ConnectionFacts { state.withLock { $0 } }

  func note(_ change: (inout ConnectionFacts) -> Void) { state.withLock { change(&$0) } }

  /// Records the facts of a session after its handshake, also after a failed one.
  func note(_ session: SSHSession, hostKey: HostKey?) {
    let lines = session.opening.split(separator: UInt8(ascii: "\n"))
    let version = lines.first { $0.starts(with: "SSH-".utf8) }
    note { facts in
      facts.version = version.map { PrintableName.text(Array($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0)) }
      guard let hostKey else { return }
      facts.hostKeys.append(ShownHostKey(hostKey))
      facts.algorithms = AgreedAlgorithms(
        keyExchange: session.agreed(FILSLUSE_SSH_KEX), hostKey: session.agreed(FILSLUSE_SSH_HOST_KEY),
        cipher: session.agreed(FILSLUSE_SSH_CIPHER), mac: session.agreed(FILSLUSE_SSH_MAC))
    }
  }
}

extension SocketAddress {
  /// The address in numbers, without the port.
  var text: String {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let code = withSocketAddress { address, length in
      getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
    }
    guard code == 0 else { return "unknown" }
    return String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
