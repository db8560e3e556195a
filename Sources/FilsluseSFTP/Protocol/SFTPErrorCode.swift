extension SFTPError {
  /// A class of failures. The list may grow: always have a default when switching over it.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The code's name, fit as a label for logs and metrics.
    public let rawValue: String

    /// Names a code.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The code's name.
    public var description: String { rawValue }
  }
}

extension SFTPError.Code {
  // Reaching the server

  /// No server listens at the address.
  public static let connectionRefused = Self(rawValue: "connection-refused")
  /// No route leads to the address.
  public static let unreachable = Self(rawValue: "unreachable")
  /// The host's name has no address.
  public static let nameNotResolved = Self(rawValue: "name-not-resolved")
  /// A deadline passed: connecting, logging in, waiting for an answer, or without progress.
  public static let timedOut = Self(rawValue: "timed-out")
  /// The server or the network ended the connection.
  public static let connectionLost = Self(rawValue: "connection-lost")
  /// The client was closed by its own program.
  public static let connectionClosed = Self(rawValue: "connection-closed")
  /// This process has no descriptor or memory left for a connection.
  public static let resourcesExhausted = Self(rawValue: "resources-exhausted")

  // Trusting each other

  /// Client and server have no algorithm of some class in common.
  public static let noCommonAlgorithm = Self(rawValue: "no-common-algorithm")
  /// The server shows another host key than the known one: it changed, or an attacker is in between.
  public static let hostKeyMismatch = Self(rawValue: "host-key-mismatch")
  /// No host key is known for the server.
  public static let hostKeyUnknown = Self(rawValue: "host-key-unknown")
  /// The server shows a host key that known_hosts marks as revoked.
  public static let hostKeyRevoked = Self(rawValue: "host-key-revoked")
  /// A text that should be a fingerprint is none.
  public static let fingerprintMalformed = Self(rawValue: "fingerprint-malformed")
  /// The file with known hosts cannot be read.
  public static let knownHostsUnreadable = Self(rawValue: "known-hosts-unreadable")
  /// The server does not let the user in with this key.
  public static let authenticationFailed = Self(rawValue: "authentication-failed")
  /// The server lets the user in, and does not offer SFTP.
  public static let noSFTP = Self(rawValue: "no-sftp")
  /// The server knows the key, and wants something else as well before it lets the user in.
  public static let secondFactorRequired = Self(rawValue: "second-factor-required")
  /// ssh-agent is not there, does not answer, does not hold the key, or refuses to sign.
  public static let agentUnavailable = Self(rawValue: "agent-unavailable")
  /// The private key's file holds no key that can be used: it is damaged, of another kind, or its passphrase is wrong.
  public static let keyUnreadable = Self(rawValue: "key-unreadable")
  /// The private key's file cannot be opened or read now, or is not whole: it may be about to be replaced.
  public static let keyUnavailable = Self(rawValue: "key-unavailable")

  // The server's answers

  /// There is no such file or folder.
  public static let noSuchFile = Self(rawValue: "no-such-file")
  /// The server does not permit it.
  public static let permissionDenied = Self(rawValue: "permission-denied")
  /// The server failed, or refused without saying more.
  public static let failure = Self(rawValue: "failure")
  /// The server refuses to write behind what it has of a file: it takes a file from the first byte on alone.
  public static let resumeRefused = Self(rawValue: "resume-refused")
  /// The server does not offer the operation.
  public static let unsupported = Self(rawValue: "unsupported")
  /// The server's bytes are not SFTP version 3.
  public static let protocolViolation = Self(rawValue: "protocol-violation")

  // This side

  /// The task was cancelled.
  public static let cancelled = Self(rawValue: "cancelled")
  /// The received length differs from the sent one, or the file ended before its size.
  public static let sizeMismatch = Self(rawValue: "size-mismatch")
  /// The file is longer than the caller's limit.
  public static let tooLarge = Self(rawValue: "too-large")
  /// A folder's listing goes on beyond the limit for names, bytes or time.
  public static let listingTooLong = Self(rawValue: "listing-too-long")
  /// Reading or writing on this side failed; the cause says how.
  public static let local = Self(rawValue: "local")
}

extension SFTPError.Code {
  /// The remedy, for a person.
  var remedy: String? {
    switch self {
    case .connectionRefused: "check host and port, and that the server runs"
    case .unreachable: "check the network and the firewall"
    case .nameNotResolved: "check the host's name"
    case .hostKeyUnknown: "get the fingerprint from the server's owner by another way, then add it to the configuration"
    case .hostKeyMismatch:
      "do not go on before the server's owner has confirmed the new key by another way, then change the configuration"
    case .hostKeyRevoked: "ask the server's owner"
    case .keyUnavailable: "see that the key file is there and that the running user can read it"
    case .agentUnavailable:
      "see that ssh-agent runs, holds the key (ssh-add -l), and lets the running user reach its socket"
    case .secondFactorRequired:
      "ask the server's owner to let the user in by key alone: a password or a code cannot be given here"
    case .listingTooLong:
      "clear the folder up, or raise the account's listing limits if so many files are right; else ask the server's owner"
    case .noSFTP: "ask the server's owner to enable SFTP for the user"
    case .permissionDenied: "ask the server's owner for the right to do this"
    case .authenticationFailed: "check the user name, and that the public key is registered with the server"
    default: nil
    }
  }
}
