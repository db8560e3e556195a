public import FilsluseBase
public import SystemPackage
public import TriggerFiles

/// One route of the register: one InfRef, from one system to another, for one authority. A route is ordered per
/// authority (contract section 3), so 98 municipalities are 98 of these.
public struct RegisteredRoute: Sendable, Hashable {
  /// The direction, seen from the account.
  public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    /// The account sends.
    case out
    /// The account receives.
    case `in`
  }

  /// The kind of system at one end of a route, if rules depend on it (contract section 4).
  public enum SystemRole: String, Sendable, Hashable, Codable, CaseIterable {
    /// The shared classification system (FK-KLA), the only rightful sender of sortiments.
    case classification
    /// A fagsystem.
    case fagsystem
    /// A system that handles invoices (fakturahåndteringssystem).
    case invoices
    /// Any other system, such as a management-information system.
    case other
  }

  /// The name, which `send --route` asks for. Unique in the register and among `routes:` of the settings.
  public var name: String
  /// The position of the line that the route comes from.
  public var position: SourcePosition
  /// The position of the route's InfRef, which may stand in a template; `nil` for a route that was not read from a
  /// list.
  var infRefPosition: SourcePosition?
  /// The name of the line's template; several with `|` between them.
  public var template: String?
  /// The name of the receiver, where the template has several.
  public var receiver: String?
  /// The direction.
  public var direction: Direction
  /// The name of the account that sends or receives.
  public var account: String
  /// The addressing, with InfRef, systems and authorities.
  public var kind: RouteKind
  /// The integration that the route belongs to, such as `SF1590_A`, where the register says it.
  public var integration: String?
  /// The municipality that every file of the route belongs to.
  public var municipality: Municipality?
  /// The name of the sending authority, as the register gives it.
  public var senderAuthorityName: String?
  /// The name of the receiving authority, as the register gives it.
  public var recipientAuthorityName: String?
  /// The sort of the sending system, where the register says it.
  public var senderRole: SystemRole?
  /// The sort of the receiving system, where the register says it.
  public var recipientRole: SystemRole?
  /// The environment, where the register says it; otherwise it is the account's.
  public var environment: ExchangeEnvironment?
  /// The time limit for the pickup of files; `nil` if the register names none.
  public var pickUp: RulePeriod?
  /// The contact for the route: a person or mailbox.
  public var contact: String?
  /// The first day of the route's validity; `nil` for no limit.
  public var validFrom: CivilDay?
  /// The last day of the route's validity; `nil` for no limit.
  public var validTo: CivilDay?
  /// The day on which a newer interface or InfRef superseded this one: it must be replaced within six months (contract
  /// section 5).
  public var supersededOn: CivilDay?
  /// The data specification of the files.
  public var specification: DataSpecification?
  /// Words and numbers in file names that name no municipality on this route.
  public var notMunicipalities: [String]
  /// The template for names in OUT.
  public var wireName: WireNameTemplate?
  /// The watched folder of the route: `filsluse run` delivers its files.
  public var outgoing: WatchedFolder?

  /// Describes a route.
  public init(
    name: String, position: SourcePosition = SourcePosition(line: 1, column: 1), template: String? = nil,
    receiver: String? = nil, direction: Direction = .out, account: String, kind: RouteKind, integration: String? = nil,
    municipality: Municipality? = nil, senderAuthorityName: String? = nil,
    recipientAuthorityName: String? = nil, senderRole: SystemRole? = nil, recipientRole: SystemRole? = nil,
    environment: ExchangeEnvironment? = nil, pickUp: RulePeriod? = nil, contact: String? = nil,
    validFrom: CivilDay? = nil, validTo: CivilDay? = nil, supersededOn: CivilDay? = nil,
    specification: DataSpecification? = nil, notMunicipalities: [String] = [], wireName: WireNameTemplate? = nil,
    outgoing: WatchedFolder? = nil
  ) {
    self.name = name
    self.position = position
    self.template = template
    self.receiver = receiver
    self.direction = direction
    self.account = account
    self.kind = kind
    self.integration = integration
    self.municipality = municipality
    self.senderAuthorityName = senderAuthorityName
    self.recipientAuthorityName = recipientAuthorityName
    self.senderRole = senderRole
    self.recipientRole = recipientRole
    self.environment = environment
    self.pickUp = pickUp
    self.contact = contact
    self.validFrom = validFrom
    self.validTo = validTo
    self.supersededOn = supersededOn
    self.specification = specification
    self.notMunicipalities = notMunicipalities
    self.wireName = wireName
    self.outgoing = outgoing
  }

  /// The routing information; `nil` for a direct route, which has none.
  public var addressing: Addressing? {
    switch kind {
    case .explicit(let addressing, _), .implicit(let addressing): addressing
    case .direct: nil
    }
  }

  /// The InfRef; `nil` for a direct route.
  public var infRef: InfRef? { addressing?.infRef }

  /// The integration of files with the route's InfRef; `nil` if the InfRef does not show it.
  var integrationOfInfRef: String? {
    switch infRef?.kind {
    case .fagsystemdefineredeData: "SF1630"
    case .sortiment: "SF1590_D"
    case .other, nil: nil
    }
  }

  /// The receiving IT-system, where the route names it.
  public var recipientITSystem: SystemID? {
    guard case .explicit(_, let system) = kind else { return nil }
    return system
  }

  /// The authorities that have to approve the service agreement and the data exchange: two where sender and recipient
  /// differ (contract section 5, double approval).
  public var approvers: [CVRNumber] {
    guard let addressing else { return [] }
    let both = [addressing.senderAuthority, addressing.recipientAuthority]
    return both[0] == both[1] ? [both[0]] : both
  }

  /// The words by which `filsluse routes new` finds the route's line: its name, or template and municipality where the
  /// name is made of them.
  var lineWords: [String] {
    guard let template, let municipality, name == "\(receiver ?? template)-\(municipality.code)" else {
      return ["name=\(name)"]
    }
    return ["template=\(template)", "municipality=\(municipality.code)"]
  }
}

/// The description of a route's data: the file of the user's own copy, and facts about the files.
public struct DataSpecification: Sendable, Hashable {
  /// The file of the user's own copy.
  public var file: FilePath?
  /// The version, as the specification writes it.
  public var version: String?
  /// The format of the files, such as `CSV`.
  public var format: String?
  /// The encoding of the files, such as `UTF-8`.
  public var encoding: String?
  /// The expected times of files, in the form of a watch rule's `expect:`, such as `daily by 06:00`.
  public var frequency: String?

  /// Describes a specification.
  public init(
    file: FilePath? = nil, version: String? = nil, format: String? = nil, encoding: String? = nil,
    frequency: String? = nil
  ) {
    self.file = file
    self.version = version
    self.format = format
    self.encoding = encoding
    self.frequency = frequency
  }

  /// True if the specification has no values.
  var isEmpty: Bool { self == DataSpecification() }
}
