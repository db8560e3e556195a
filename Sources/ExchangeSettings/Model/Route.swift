public import SystemPackage
public import TriggerFiles

/// A route for deliveries: the account, the recipient and the addressing of its files.
public struct Route: Sendable, Hashable {
  /// The route's name in the settings, for `send --route`.
  public var name: String
  /// The name of the account that sends.
  public var account: String
  /// The addressing: how the platform finds the recipient.
  public var kind: RouteKind
  /// The municipality that every file of the route belongs to, as its code of four digits: `0101`.
  public var municipality: String?
  /// Words and numbers in file names that name no municipality on this route, such as `Vejen` or `0400`.
  public var notMunicipalities: [String]
  /// The template for names in OUT, unless an order gives a name; `nil` keeps the local name, or, for routes by
  /// municipality, inserts the route's name before the ending.
  public var wireName: WireNameTemplate?
  /// The watched folder of the route: `filsluse run` delivers its files.
  public var outgoing: WatchedFolder?
  /// The route's standing in the register, checked before sending; `nil` for a route under `routes:`.
  public var standing: RouteStanding?

  /// Describes a route.
  public init(
    name: String, account: String, kind: RouteKind, municipality: String? = nil, notMunicipalities: [String] = [],
    wireName: WireNameTemplate? = nil, outgoing: WatchedFolder? = nil, standing: RouteStanding? = nil
  ) {
    self.name = name
    self.account = account
    self.kind = kind
    self.municipality = municipality
    self.notMunicipalities = notMunicipalities
    self.wireName = wireName
    self.outgoing = outgoing
    self.standing = standing
  }

  /// The routing information in the trigger; `nil` for a direct route, which has none.
  public var addressing: Addressing? {
    switch kind {
    case .explicit(let addressing, _), .implicit(let addressing): addressing
    case .direct: nil
    }
  }

  /// The rule for the names of the route's files; `nil` if the route neither names a municipality nor carries the data
  /// files of SF1630, which are always split per municipality (contract section 5).
  public var municipalityRule: RouteMunicipalityRule? {
    guard municipality != nil || addressing?.infRef.isSplitPerMunicipality ?? false else {
      return nil
    }
    return RouteMunicipalityRule(municipality: municipality, passedOver: notMunicipalities)
  }

  /// The receiving IT-system, where the route names it.
  public var recipientITSystem: SystemID? {
    guard case .explicit(_, let system) = kind else { return nil }
    return system
  }

  /// The Recipients of the trigger: `ROUTING_V1_0_0`, or the user names of a direct route.
  public var recipients: [String] {
    guard case .direct(let recipients) = kind else { return [DataFileDescriptor.routedRecipient] }
    return recipients
  }
}

/// The addressing of a route: how the platform finds the recipient.
public enum RouteKind: Sendable, Hashable {
  /// Authority and IT-system are both named.
  case explicit(Addressing, recipientITSystem: SystemID)
  /// The authority is named; the platform's rules find the system.
  case implicit(Addressing)
  /// The recipients' SFTP users are named; there is no routing information.
  case direct(recipients: [String])

  /// The kind, by its name.
  public enum Name: String, Sendable, Hashable, Codable, CaseIterable {
    /// Authority and IT-system are both named.
    case explicit
    /// The platform's rules find the system.
    case implicit
    /// The recipients' SFTP users are named.
    case direct
  }

  /// The kind's name.
  public var name: Name {
    switch self {
    case .explicit: .explicit
    case .implicit: .implicit
    case .direct: .direct
    }
  }
}

/// The routing information about a file.
public struct Addressing: Sendable, Hashable {
  /// The data classification, checked when the settings were read.
  public var infRef: InfRef
  /// The IT-system instance that sends.
  public var senderITSystem: SystemID
  /// The sending authority.
  public var senderAuthority: CVRNumber
  /// The receiving authority.
  public var recipientAuthority: CVRNumber

  /// Creates routing information.
  public init(
    infRef: InfRef, senderITSystem: SystemID, senderAuthority: CVRNumber, recipientAuthority: CVRNumber
  ) {
    self.infRef = infRef
    self.senderITSystem = senderITSystem
    self.senderAuthority = senderAuthority
    self.recipientAuthority = recipientAuthority
  }
}

/// A local folder of a route: `filsluse run` delivers its files by the route.
///
/// A complete file is moved into `.taken` inside the folder and sent from there. It ends in `sent`, in `refused` beside
/// the platform's receipt, or in `set-aside` beside the reason. Files with names of unfinished files (hidden ones,
/// `.tmp`, `.part` and the like) are left alone.
///
/// Each file put into the folder is one order, whatever its name and content: the same file put there again is sent
/// again, after the first. Even if the process crashes, one order never becomes two.
public struct WatchedFolder: Sendable, Hashable {
  /// The folder.
  public var path: FilePath
  /// The time that size and modification time of a file must stay the same before it is taken; used without
  /// ready-markers.
  public var settledFor: Duration
  /// The suffix of ready-markers: `a.csv` is taken once `a.csv.ready` is beside it; `nil` for no markers.
  public var readyMarker: String?
  /// The action for a file that the platform has accepted.
  public var whenAccepted: AfterAcceptance
  /// The retention of accepted files in `sent`; `nil` for ever.
  public var keepSent: Duration?

  /// Describes a watched folder.
  public init(
    path: FilePath, settledFor: Duration = .seconds(10), readyMarker: String? = nil,
    whenAccepted: AfterAcceptance = .keep, keepSent: Duration? = nil
  ) {
    self.path = path
    self.settledFor = settledFor
    self.readyMarker = readyMarker
    self.whenAccepted = whenAccepted
    self.keepSent = keepSent
  }
}

/// The action for a local file that the platform has accepted.
public enum AfterAcceptance: String, Sendable, Hashable, CaseIterable {
  /// Move it to the folder `sent` inside the watched one, into a folder for each day.
  case keep
  /// Remove it.
  case remove
}
