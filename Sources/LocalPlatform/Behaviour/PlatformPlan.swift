public import SystemPackage
public import TriggerFiles

/// The systems connected to a local platform, and the routes ordered on it.
public struct PlatformPlan: Sendable, Hashable {
  /// The connected IT-systems.
  public var systems: [PlatformSystem]
  /// The ordered routes. A direct delivery, which names its recipients' users, needs none.
  public var routes: [PlatformRoute]

  /// A plan.
  public init(systems: [PlatformSystem], routes: [PlatformRoute]) {
    self.systems = systems
    self.routes = routes
  }

  /// The system with this SFTP user.
  public func system(named name: String) -> PlatformSystem? { systems.first { $0.name == name } }
}

/// An IT-system instance that is connected to the platform.
public struct PlatformSystem: Sendable, Hashable {
  /// The SFTP user, which is also the name in triggers: 1 to 32 of a–z, 0–9, `-` and `_`, beginning with a letter.
  public var name: String
  /// The system's name for people.
  public var title: String
  /// The instance's UUID.
  public var itSystem: SystemID
  /// The authority it belongs to.
  public var authority: CVRNumber
  /// The pickup monitoring that the system's settings begin with: how soon files of an InfRef (or `SF7002`) shall be
  /// fetched.
  public var pickUpWithin: [InfRef: Duration]
  /// The private key that the system logs in with, its public half beside it as `.pub`; both are made where they are
  /// missing. `nil` for a key in the platform's folder.
  public var keyFile: FilePath?
  /// Further public keys that the system may log in with.
  public var furtherKeys: [PublicKey]

  /// A system.
  public init(
    name: String, title: String, itSystem: SystemID, authority: CVRNumber, pickUpWithin: [InfRef: Duration] = [:],
    keyFile: FilePath? = nil, furtherKeys: [PublicKey] = []
  ) {
    self.name = name
    self.title = title
    self.itSystem = itSystem
    self.authority = authority
    self.pickUpWithin = pickUpWithin
    self.keyFile = keyFile
    self.furtherKeys = furtherKeys
  }
}

/// A route as it is ordered: one kind of data, from one system and authority to another.
public struct PlatformRoute: Sendable, Hashable {
  /// The way in which the sender names the recipient.
  public enum Kind: String, Sendable, Hashable {
    /// By authority and IT-system.
    case explicit
    /// By authority alone; this route says which system that is.
    case implicit
  }

  /// The route's name in the sender's settings.
  public var name: String
  /// The kind of data.
  public var infRef: InfRef
  /// The way in which the sender names the recipient.
  public var kind: Kind
  /// The sending system's name.
  public var sender: String
  /// The authority whose data it is.
  public var senderAuthority: CVRNumber
  /// The receiving system's name.
  public var recipient: String
  /// The authority the data is for.
  public var recipientAuthority: CVRNumber
  /// The code of the municipality that the files of this route belong to, where they belong to one.
  public var municipality: String?

  /// A route.
  public init(
    name: String, infRef: InfRef, kind: Kind = .explicit, from sender: String, _ senderAuthority: CVRNumber,
    to recipient: String, _ recipientAuthority: CVRNumber, municipality: String? = nil
  ) {
    self.name = name
    self.infRef = infRef
    self.kind = kind
    self.sender = sender
    self.senderAuthority = senderAuthority
    self.recipient = recipient
    self.recipientAuthority = recipientAuthority
    self.municipality = municipality
  }
}
