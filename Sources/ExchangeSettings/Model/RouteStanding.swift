public import FilsluseBase
public import SystemPackage

/// The states of an InfRef of SF1630, in their order (contract section 4). Only a created one can carry a file.
public enum InfRefState: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// It was ordered from KOMBIT.
  case requested
  /// The InfRef is printed on the GDPR declaration.
  case assigned
  /// The declaration was returned.
  case declared
  /// It exists on the platform.
  case created

  /// Returns true if one state comes before another.
  public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .requested: 0
    case .assigned: 1
    case .declared: 2
    case .created: 3
    }
  }
}

/// The handling of files with another data specification than the declared one (contract section 5).
public enum ChangedSpecification: String, Sendable, Hashable, Codable, CaseIterable {
  /// The file is sent, with a warning.
  case warn
  /// The file is refused until a new edition of the declaration is recorded.
  case block
}

/// The standing of a route in the register: the facts that sending by it depends on.
public struct RouteStanding: Sendable, Hashable {
  /// The environment that the register gives the route; `nil` where it is the account's.
  public var environment: ExchangeEnvironment?
  /// The state of the route's InfRef in its environment by the record; `nil` if none is recorded.
  public var infRefState: InfRefState?
  /// True if the record says that the platform confirmed the order of this route.
  public var isOrderConfirmed: Bool
  /// The environments that the order was recorded for; empty where the record does not say.
  public var orderEnvironments: Set<ExchangeEnvironment>
  /// The names of the list's columns that have changed since the route was ordered.
  public var changedSinceOrder: [String]
  /// The first day of the route's validity; `nil` for no limit.
  public var validFrom: CivilDay?
  /// The last day of the route's validity; `nil` for no limit.
  public var validTo: CivilDay?
  /// The file of the local copy of the data specification; `nil` if the register names none.
  public var specification: FilePath?
  /// The digest of the data specification that the GDPR declaration was last sent for; `nil` for none.
  public var declaredSpecification: SHA256Digest?

  /// Describes a standing.
  public init(
    environment: ExchangeEnvironment? = nil, infRefState: InfRefState? = nil, isOrderConfirmed: Bool = false,
    orderEnvironments: Set<ExchangeEnvironment> = [], changedSinceOrder: [String] = [], validFrom: CivilDay? = nil,
    validTo: CivilDay? = nil, specification: FilePath? = nil, declaredSpecification: SHA256Digest? = nil
  ) {
    self.environment = environment
    self.infRefState = infRefState
    self.isOrderConfirmed = isOrderConfirmed
    self.orderEnvironments = orderEnvironments
    self.changedSinceOrder = changedSinceOrder
    self.validFrom = validFrom
    self.validTo = validTo
    self.specification = specification
    self.declaredSpecification = declaredSpecification
  }
}
