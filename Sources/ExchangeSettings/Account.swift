public import SystemPackage
public import TriggerFiles

/// One SFTP user on one host: the identity that an IT-system instance logs on with.
public struct Account: Sendable, Hashable {
  /// The account's name in the settings, which routes refer to.
  public var name: String
  /// The host's name or address.
  public var host: String
  /// The port, 22 unless said otherwise.
  public var port: UInt16
  /// The SFTP user.
  public var user: String
  /// The keys to log in with, in the order in which they are offered. At least one.
  public var keys: [AccountKey]
  /// Where the passphrase is to be had of key files that do not name their own.
  public var passphrase: PassphraseSource?
  /// Which host keys are the right ones.
  public var hostKeys: TrustedHostKeys
  /// The folders on the server.
  public var folders: RemoteFolders
  /// The endings of the contract's files.
  public var suffixes: WireSuffixes
  /// Which names in IN and OUT are files that come without metadata or trigger (contract section 1, bare files).
  public var bareFiles: [FileNamePattern]
  /// The longest FileTransferUUID that is taken, in bytes; the schema sets no limit.
  public var longestTransferID: Int
  /// The IT-system instance that the account belongs to.
  public var itSystem: SystemID?
  /// The authority that the account sends for unless a route says otherwise.
  public var authority: CVRNumber?
  /// How often `filsluse run` looks into IN.
  public var poll: Duration
  /// How long `filsluse run` waits for a receipt before it calls it overdue.
  public var receiptWithin: Duration
  /// Hours at which `filsluse run` makes no connection.
  public var maintenance: [WeeklyHours]
  /// How fast files go and come; the first that fits the hour counts.
  public var bandwidth: [Bandwidth]
  /// How much of a folder's listing is taken from the server.
  public var listing: ListingSettings

  /// The longest FileTransferUUID unless said otherwise.
  public static let standardLongestTransferID = 255

  /// Describes an account.
  public init(
    name: String, host: String, port: UInt16 = 22, user: String, keys: [AccountKey],
    passphrase: PassphraseSource? = nil,
    hostKeys: TrustedHostKeys, folders: RemoteFolders = RemoteFolders(), suffixes: WireSuffixes = .default,
    bareFiles: [FileNamePattern] = [], longestTransferID: Int = standardLongestTransferID,
    itSystem: SystemID? = nil, authority: CVRNumber? = nil, poll: Duration = .seconds(60),
    receiptWithin: Duration = .seconds(600), maintenance: [WeeklyHours] = [], bandwidth: [Bandwidth] = [],
    listing: ListingSettings = ListingSettings()
  ) {
    self.name = name
    self.host = host
    self.port = port
    self.user = user
    self.keys = keys
    self.passphrase = passphrase
    self.hostKeys = hostKeys
    self.folders = folders
    self.suffixes = suffixes
    self.bareFiles = bareFiles
    self.longestTransferID = longestTransferID
    self.itSystem = itSystem
    self.authority = authority
    self.poll = poll
    self.receiptWithin = receiptWithin
    self.maintenance = maintenance
    self.bandwidth = bandwidth
    self.listing = listing
  }
}

extension Account {
  /// Whether a file of that name, with no metadata or trigger beside it, is one of the account's bare files. What is
  /// called like metadata, a trigger or a receipt is none.
  public func isBare(_ name: [UInt8]) -> Bool {
    bareFiles.contains { $0.matches(name) } && suffixes.split(name) == nil
  }
}

/// Where a passphrase is to be had. The settings never hold the passphrase itself.
public enum PassphraseSource: Sendable, Hashable {
  /// The first line of a file.
  case file(FilePath)
  /// A variable of the process's environment.
  case environment(String)
}

/// How the right host is known. There is no third way: a host key that neither names is refused.
public enum TrustedHostKeys: Sendable, Hashable {
  /// Fingerprints as OpenSSH shows them: `SHA256:` and 43 characters. At least one.
  case pinned([String])
  /// A file in OpenSSH's known_hosts format.
  case knownHosts(FilePath)
}

/// The two folders of an account on the server.
public struct RemoteFolders: Sendable, Hashable {
  /// Where files for us appear.
  public var `in`: String
  /// Where our files go.
  public var out: String

  /// Names the folders; by default `IN` and `OUT`, as seen on the live service.
  public init(in inFolder: String = "IN", out outFolder: String = "OUT") {
    self.in = inFolder
    self.out = outFolder
  }
}
