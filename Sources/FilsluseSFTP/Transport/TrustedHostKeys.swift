public import SystemPackage

/// The source of trust in a server's host key. There is no way to accept any key.
public enum HostKeyTrust: Sendable, Hashable {
  /// The key has one of these fingerprints. Two of them bridge a change of keys.
  case pinned([HostKeyFingerprint])

  /// The key stands in a file of OpenSSH's `known_hosts` form, under the host's name and port.
  case knownHosts(FilePath)
}

/// The host keys that one server may show.
enum TrustedHostKeys: Sendable {
  case fingerprints([HostKeyFingerprint])
  case known([HostKey], revoked: [HostKey], file: FilePath)

  enum Verdict: Equatable {
    case trusted
    case unknown
    case revoked
    case mismatch
  }

  func verdict(on key: HostKey) -> Verdict {
    switch self {
    case .fingerprints(let pinned):
      return pinned.contains(key.fingerprint) ? .trusted : .mismatch
    case .known(let keys, let revoked, _):
      if revoked.contains(key) { return .revoked }
      if keys.contains(key) { return .trusted }
      return keys.isEmpty ? .unknown : .mismatch
    }
  }

  /// The signature algorithms to ask the server for: those of known keys, so that it shows one of them.
  var signatures: [String] {
    guard case .known(let keys, _, _) = self, !keys.isEmpty else { return Algorithms.hostKeys }
    let wanted = keys.flatMap { Algorithms.signatures(for: $0.type) }
    return Algorithms.hostKeys.filter(wanted.contains)
  }

  /// Says that none of the keys shown is trusted.
  func refusal(of shown: [HostKey], server: String) -> SFTPError {
    let presented = shown.map(Self.text).joined(separator: " and ")
    switch (self, shown.last.map(verdict)) {
    case (.known(_, _, let file), .revoked):
      return SFTPError(.hostKeyRevoked, "\(server) shows the host key \(presented), which \(file) marks as revoked")
    case (.known(_, _, let file), .unknown):
      return SFTPError(
        .hostKeyUnknown, "\(server) shows the host key \(presented), and \(file) knows no key for it")
    case (.known(let keys, _, let file), _):
      let expected = keys.map(Self.text).joined(separator: " or ")
      return SFTPError(
        .hostKeyMismatch, "\(server) shows the host key \(presented); \(file) expects \(expected)")
    case (.fingerprints(let pinned), _) where pinned.isEmpty:
      return SFTPError(.hostKeyUnknown, "\(server) shows the host key \(presented), and no fingerprint is configured")
    case (.fingerprints(let pinned), _):
      let expected = pinned.map(\.description).joined(separator: " or ")
      return SFTPError(
        .hostKeyMismatch, "\(server) shows the host key \(presented); the configuration expects \(expected)")
    }
  }

  private static func text(_ key: HostKey) -> String { "\(key.type) \(key.fingerprint)" }
}
