internal import FilsluseBase

extension SFTPError {
  /// A class of failures. The list may grow: have a default when switching over it.
  #if hasAttribute(nonexhaustive)
  @nonexhaustive
  #endif
  public enum Code: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    // Reaching the server

    /// No server listens at the address.
    case connectionRefused = "connection-refused"
    /// No route leads to the address.
    case unreachable
    /// The host's name has no address.
    case nameNotResolved = "name-not-resolved"
    /// The server did not answer in time while the connection was made.
    case connectTimedOut = "connect-timed-out"
    /// A deadline passed: logging in, waiting for an answer, or without progress.
    case timedOut = "timed-out"
    /// The server or the network ended the connection.
    case connectionLost = "connection-lost"
    /// The client was closed by its own program.
    case connectionClosed = "connection-closed"
    /// This process has no descriptor or memory left for a connection.
    case resourcesExhausted = "resources-exhausted"

    // Trusting each other

    /// Client and server have no algorithm of some class in common.
    case noCommonAlgorithm = "no-common-algorithm"
    /// The server shows another host key than the known one: it changed, or an attacker is in between.
    case hostKeyMismatch = "host-key-mismatch"
    /// No host key is known for the server.
    case hostKeyUnknown = "host-key-unknown"
    /// The server shows a host key that known_hosts marks as revoked.
    case hostKeyRevoked = "host-key-revoked"
    /// A text that should be a fingerprint is none.
    case fingerprintMalformed = "fingerprint-malformed"
    /// The file with known hosts cannot be read.
    case knownHostsUnreadable = "known-hosts-unreadable"
    /// The server does not let the user in with this key.
    case authenticationFailed = "authentication-failed"
    /// The server lets the user in, and does not offer SFTP.
    case noSFTP = "no-sftp"
    /// The server knows the key, and wants something else as well before it lets the user in.
    case secondFactorRequired = "second-factor-required"
    /// ssh-agent is not there, does not answer, does not hold the key, or refuses to sign.
    case agentUnavailable = "agent-unavailable"
    /// The private key's file holds no key that can be used: it is damaged, of another kind, or its passphrase is
    /// wrong.
    case keyUnreadable = "key-unreadable"
    /// The private key's file cannot be opened or read now, or is not whole: it may be about to be replaced.
    case keyUnavailable = "key-unavailable"

    // The server's answers

    /// There is no such file or folder.
    case noSuchFile = "no-such-file"
    /// The server does not permit it.
    case permissionDenied = "permission-denied"
    /// The server failed, or refused without saying more.
    case failure
    /// The server refuses to append to a partial file: it accepts a file only from the first byte on.
    case resumeRefused = "resume-refused"
    /// The server does not offer the operation.
    case unsupported
    /// The server's bytes are not SFTP version 3.
    case protocolViolation = "protocol-violation"

    // This side

    /// The task was cancelled.
    case cancelled
    /// The received length differs from the sent one, or the file ended before its size.
    case sizeMismatch = "size-mismatch"
    /// The file is longer than the caller's limit.
    case tooLarge = "too-large"
    /// A folder's listing goes on beyond the limit for names, bytes or time.
    case listingTooLong = "listing-too-long"
    /// Reading or writing on this side failed; the cause says how.
    case local

    /// The code's name, fit as a label for logs and metrics.
    public var description: String { rawValue }
  }
}

extension SFTPError.Code {
  /// The party at fault.
  public var category: FailureCategory {
    switch self {
    case .connectionRefused, .unreachable, .nameNotResolved, .connectTimedOut, .timedOut, .connectionLost,
      .connectionClosed, .protocolViolation, .cancelled:
      .passing
    case .noCommonAlgorithm, .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .fingerprintMalformed,
      .authenticationFailed, .secondFactorRequired, .keyUnreadable, .noSFTP:
      .account
    case .noSuchFile, .permissionDenied, .failure, .resumeRefused, .unsupported, .sizeMismatch, .tooLarge,
      .listingTooLong:
      .file
    case .resourcesExhausted, .knownHostsUnreadable, .agentUnavailable, .keyUnavailable, .local: .local
    }
  }

  /// True if the same operation, unchanged, may succeed at the next run: by its category, or because it is the server's
  /// answer about one file or folder, which may be another one then.
  public var isRetriable: Bool {
    switch self {
    case .noSuchFile, .failure, .resumeRefused, .sizeMismatch, .tooLarge, .listingTooLong: true
    default: category.causePasses
    }
  }

  /// True if the connection ended while a request was open, so that the file of that request may be the cause.
  package var isLoss: Bool {
    switch self {
    case .connectionLost, .protocolViolation, .timedOut: true
    default: false
    }
  }

  /// True if the server refuses the request until its owner grants the right or the means.
  package var isLastingRefusal: Bool { self == .permissionDenied || self == .unsupported }

  /// True if no connection is left after such a failure: it could not be made, or is gone.
  public var endsConnection: Bool {
    switch self {
    case .connectionRefused, .unreachable, .nameNotResolved, .connectTimedOut, .timedOut, .connectionLost,
      .connectionClosed, .resourcesExhausted, .protocolViolation:
      true
    case .noCommonAlgorithm, .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .fingerprintMalformed,
      .knownHostsUnreadable, .authenticationFailed, .noSFTP, .secondFactorRequired, .agentUnavailable, .keyUnreadable,
      .keyUnavailable:
      true
    case .noSuchFile, .permissionDenied, .failure, .resumeRefused, .unsupported, .cancelled, .sizeMismatch, .tooLarge,
      .listingTooLong, .local:
      false
    }
  }
}

extension SFTPError.Code {
  /// The remedy, for a person.
  var remedy: Remedy? {
    switch self {
    case .connectionRefused: "check host and port, and that the server runs"
    case .unreachable: "check the network and the firewall"
    case .nameNotResolved: "check the host's name"
    case .hostKeyUnknown: "get the fingerprint from the server's owner by another way, then add it to the configuration"
    case .hostKeyMismatch:
      "do not go on before the server's owner has confirmed the new key by another way, then change the configuration"
    case .hostKeyRevoked: "ask the server's owner"
    case .knownHostsUnreadable:
      "if it is not there yet, write the server's host keys into it when they are compared (\(.scanHostKeys)); the local platform writes its own when it starts. Otherwise check its path and permissions"
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
