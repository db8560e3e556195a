public import FilsluseBase
public import SystemPackage

/// A server, its trusted host keys, and the user's login.
public struct SFTPEndpoint: Sendable {
  /// The host's name or address.
  public var host: String

  /// The TCP port.
  public var port: UInt16

  /// The user's name.
  public var user: String

  /// The trusted host keys.
  public var hostKeys: HostKeyTrust

  /// The user's proof of identity.
  public var identity: Identity

  /// The deadlines.
  public var deadlines: Deadlines

  /// The limits for a folder's listing.
  public var listing: ListingLimits

  /// Describes a server and how to log in there.
  public init(
    host: String, port: UInt16 = 22, user: String, hostKeys: HostKeyTrust, identity: Identity,
    deadlines: Deadlines = Deadlines(), listing: ListingLimits = ListingLimits()
  ) {
    self.host = host
    self.port = port
    self.user = user
    self.hostKeys = hostKeys
    self.identity = identity
    self.deadlines = deadlines
    self.listing = listing
  }

  /// A user's proof of identity.
  public enum Identity: Sendable {
    /// A private key (Ed25519, ECDSA or RSA) in a file that only its owner can read.
    case keyFile(FilePath, passphrase: Redacted<String>? = nil)

    /// A key in ssh-agent. Without a socket, the agent is that of `SSH_AUTH_SOCK`.
    case agent(AgentKeyChoice, socket: FilePath? = nil)

    /// Several keys, offered in this order until the server lets the user in: the next and the current one while keys
    /// are changed.
    indirect case inOrder([Identity])
  }

  /// The choice among the keys that ssh-agent holds. There is none that offers all: each is a failed login to the
  /// server.
  public enum AgentKeyChoice: Sendable, Hashable {
    /// The key with the public half in this `.pub` file.
    case publicKey(FilePath)

    /// The key with this fingerprint, which `ssh-add -l` shows.
    case fingerprint(KeyFingerprint)
  }
}
