public import FilsluseBase
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
  /// The keys to log in with, in the order of offering. At least one.
  public var keys: [AccountKey]
  /// The source of the passphrase of key files without one of their own.
  public var passphrase: PassphraseSource?
  /// The host keys that are trusted.
  public var hostKeys: TrustedHostKeys
  /// The folders on the server.
  public var folders: RemoteFolders
  /// The endings of the contract's files.
  public var suffixes: WireSuffixes
  /// Patterns of files that come without metadata or trigger, in IN and OUT (contract section 1, bare files).
  public var bareFiles: [FileNamePattern]
  /// The longest FileTransferUUID that is taken, in bytes; the schema sets no limit.
  public var longestTransferID: Int
  /// The IT-system instance that the account belongs to.
  public var itSystem: SystemID?
  /// The authority that the account sends for unless a route says otherwise.
  public var authority: CVRNumber?
  /// The environment in the settings; ``environment`` is the effective one.
  public var statedEnvironment: ExchangeEnvironment?
  /// The interval between two looks of `filsluse run` into IN.
  public var poll: Duration
  /// The time after which `filsluse run` calls a missing receipt overdue.
  public var receiptWithin: Duration
  /// Hours without connections by `filsluse run`.
  public var maintenance: [WeeklyHours]
  /// Speed limits for transfers; the first that fits the hour counts.
  public var bandwidth: [Bandwidth]
  /// The most connections for sending and collecting that all machines and processes with the same journal have at a
  /// time; `nil` for no limit.
  public var mostConnections: Int?
  /// The greatest number of connections for one large file, in either direction; `nil` for the one shared by all work
  /// of the account.
  public var bulkConnections: Int?
  /// The least size of a large file in bytes.
  public var bulkFrom: UInt64
  /// Limits for the listing of a folder.
  public var listing: ListingLimits

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
    mostConnections: Int? = nil, bulkConnections: Int? = nil, bulkFrom: UInt64 = 64_000_000,
    listing: ListingLimits = ListingLimits()
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
    self.mostConnections = mostConnections
    self.bulkConnections = bulkConnections
    self.bulkFrom = bulkFrom
    self.listing = listing
  }
}

extension Account {
  /// The environment: the stated one, or that of a known host; `nil` if unknown, and then it is not checked.
  public var environment: ExchangeEnvironment? { statedEnvironment ?? ExchangeEnvironment(host: host) }

  /// Returns true if a file of that name, without metadata or trigger beside it, is a bare file of the account. A name
  /// with the suffix of metadata, trigger or receipt never is.
  public func isBare(_ name: [UInt8]) -> Bool {
    bareFiles.contains { $0.matches(name) } && suffixes.split(name) == nil
  }
}

/// The source of a passphrase. The settings never hold the passphrase itself.
public enum PassphraseSource: Sendable, Hashable {
  /// The first line of a file.
  case file(FilePath)
  /// A variable of the process's environment.
  case environment(String)
}

/// The way to recognise the right host; any other host key is refused. There is no third way.
public enum TrustedHostKeys: Sendable, Hashable {
  /// The fingerprints of its keys, at least one.
  case pinned([KeyFingerprint])
  /// A file in OpenSSH's known_hosts format.
  case knownHosts(FilePath)
}

/// The two folders of an account on the server.
public struct RemoteFolders: Sendable, Hashable {
  /// The server's folder with files for this system.
  public var `in`: String
  /// The server's folder that this system uploads to.
  public var out: String

  /// Names the folders; by default `IN` and `OUT`, as seen on the live service.
  public init(in inFolder: String = "IN", out outFolder: String = "OUT") {
    self.in = inFolder
    self.out = outFolder
  }
}

/// The speed limit of an account, for sending and fetching together, at some hours or at all others.
public struct Bandwidth: Sendable, Hashable {
  /// The hours of the limit; `nil` for all hours that no earlier limit names.
  public var hours: WeeklyHours?
  /// The limit in bytes a second; `nil` for none.
  public var bytesPerSecond: UInt64?

  /// Describes a limit.
  public init(hours: WeeklyHours? = nil, bytesPerSecond: UInt64?) {
    self.hours = hours
    self.bytesPerSecond = bytesPerSecond
  }
}
