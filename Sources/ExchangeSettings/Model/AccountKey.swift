public import FilsluseBase
public import SystemPackage
public import TriggerFiles

/// A key that an account may log in with.
public enum AccountKey: Sendable, Hashable {
  /// A file with a private key, and the source of its passphrase; `nil` for the account's.
  case file(FilePath, passphrase: PassphraseSource? = nil)

  /// A key in ssh-agent. Without a socket, the agent is that of `SSH_AUTH_SOCK`.
  case agent(AgentKeyName, socket: FilePath? = nil)

  /// The private key's file; `nil` for a key of ssh-agent's.
  public var file: FilePath? {
    if case .file(let path, _) = self { path } else { nil }
  }
}

/// The name of a key held by ssh-agent, in the settings.
public enum AgentKeyName: Sendable, Hashable {
  /// The file with its public half.
  case publicKey(FilePath)
  /// Its fingerprint.
  case fingerprint(KeyFingerprint)
}

extension Account {
  /// Describes an account with one key file.
  public init(
    name: String, host: String, port: UInt16 = 22, user: String, key: FilePath, passphrase: PassphraseSource? = nil,
    hostKeys: TrustedHostKeys, folders: RemoteFolders = RemoteFolders(), suffixes: WireSuffixes = .default,
    bareFiles: [FileNamePattern] = [], longestTransferID: Int = standardLongestTransferID,
    itSystem: SystemID? = nil, authority: CVRNumber? = nil, poll: Duration = .seconds(60),
    receiptWithin: Duration = .seconds(600), maintenance: [WeeklyHours] = [], bandwidth: [Bandwidth] = [],
    mostConnections: Int? = nil, bulkConnections: Int? = nil, bulkFrom: UInt64 = 64_000_000,
    listing: ListingLimits = ListingLimits()
  ) {
    self.init(
      name: name, host: host, port: port, user: user, keys: [.file(key)], passphrase: passphrase, hostKeys: hostKeys,
      folders: folders, suffixes: suffixes, bareFiles: bareFiles, longestTransferID: longestTransferID,
      itSystem: itSystem, authority: authority, poll: poll, receiptWithin: receiptWithin, maintenance: maintenance,
      bandwidth: bandwidth, mostConnections: mostConnections, bulkConnections: bulkConnections, bulkFrom: bulkFrom,
      listing: listing)
  }

  /// The passphrase sources of the account and of its single keys.
  public var passphraseSources: [PassphraseSource] {
    let own = keys.compactMap { key in
      if case .file(_, let passphrase) = key { passphrase } else { nil }
    }
    return own + (passphrase.map { [$0] } ?? [])
  }
}
