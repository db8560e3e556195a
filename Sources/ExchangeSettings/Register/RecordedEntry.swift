public import FilsluseBase
public import TriggerFiles

/// One line of the record: an event, its time, and the person who recorded it. Lines are added and never changed.
public struct RecordedEntry: Sendable, Hashable {
  /// The event.
  public var event: RecordedEvent
  /// The day of the event; `nil` if a line written by hand lacks it.
  public var on: CivilDay?
  /// The person or party who acted; `nil` if a line written by hand lacks it.
  public var by: String?
  /// A remark.
  public var note: String?
  /// The time of recording.
  public var recordedAt: Timestamp
  /// The line in the record file, counted from 1; 0 for an entry that is not written yet.
  public var line: Int

  /// Describes an entry.
  public init(
    _ event: RecordedEvent, on: CivilDay?, by: String?, note: String? = nil, recordedAt: Timestamp = .now, line: Int = 0
  ) {
    self.event = event
    self.on = on
    self.by = by
    self.note = note
    self.recordedAt = recordedAt
    self.line = line
  }
}

/// The events that the record keeps.
public enum RecordedEvent: Sendable, Hashable {
  /// An InfRef reached a state on one environment's platform; on any where the environment is `nil`.
  case infRef(InfRef, InfRefState, owner: SystemID?, environment: ExchangeEnvironment? = nil)
  /// A GDPR declaration was sent in: one edition of it.
  case declaration(DeclarationEdition)
  /// An authority approved the service agreement that a route rests on, or its approval does not hold any more.
  case agreement(
    route: String, authority: CVRNumber, state: AgreementState = .approved, terms: OrderTerms = OrderTerms())
  /// A route or its pickup monitoring was ordered, or the order was confirmed.
  case order(RouteOrder)
  /// An onboarding task was done, or turned out not to be.
  case task(TaskRecord)
}

/// The recorded states of an authority's approval of a service agreement.
public enum AgreementState: String, Sendable, Hashable, Codable, CaseIterable {
  /// The authority approved it.
  case approved
  /// Earlier approvals do not hold: they were recorded by mistake, or withdrawn.
  case withdrawn
}

/// One edition of a GDPR declaration. A renewal with the same number is normal; a changed data specification asks for a
/// new edition (contract section 5).
public struct DeclarationEdition: Sendable, Hashable {
  /// The InfRef that the declaration is for.
  public var infRef: InfRef
  /// The declaration's number, as printed: digits.
  public var number: String
  /// The data specification of the declaration; `nil` if unknown.
  public var specification: SHA256Digest?

  /// Describes an edition.
  public init(infRef: InfRef, number: String, specification: SHA256Digest? = nil) {
    self.infRef = infRef
    self.number = number
    self.specification = specification
  }
}

/// A step of an order from the platform's HelpDesk.
public struct RouteOrder: Sendable, Hashable {
  /// The thing ordered.
  public enum Subject: String, Sendable, Hashable, Codable, CaseIterable {
    /// The route itself.
    case route
    /// Monitoring of timely pickup in the recipient's IN.
    case monitoring
  }

  /// The step.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// The order was sent.
    case ordered
    /// The platform reported that it is carried out.
    case confirmed
    /// The order was ended.
    case ended
  }

  /// The route's name.
  public var route: String
  /// The thing ordered.
  public var subject: Subject
  /// The step.
  public var state: State
  /// The values of the route at that step.
  public var terms: OrderTerms

  /// Describes a step of an order.
  public init(route: String, subject: Subject, state: State, terms: OrderTerms = OrderTerms()) {
    self.route = route
    self.subject = subject
    self.state = state
    self.terms = terms
  }
}

/// The values that an order of a route is for. With another kind, InfRef, system, authority, recipient or environment
/// it is another order (contract section 3), whatever the route's name. A value is `nil` where the kind of route has
/// none, and where a line lacks it, as those of earlier versions and those written by hand may.
public struct OrderTerms: Sendable, Hashable {
  /// The environment.
  public var environment: ExchangeEnvironment?
  /// The kind: an explicit route goes to a system, an implicit one to the system that the platform's rules find.
  public var kind: RouteKind.Name?
  /// The InfRef.
  public var infRef: InfRef?
  /// The sending IT-system.
  public var sender: SystemID?
  /// The sending authority.
  public var senderAuthority: CVRNumber?
  /// The receiving IT-system.
  public var recipient: SystemID?
  /// The receiving authority.
  public var authority: CVRNumber?
  /// The recipients' SFTP users of a direct route, in the order of their names.
  public var recipients: [String]?

  /// Terms without a value.
  public init() {}

  /// The terms of a route as the list has it.
  ///
  /// - Parameter environment: the route's, or its account's.
  public init(of route: RegisteredRoute, environment: ExchangeEnvironment?) {
    self.environment = environment
    kind = route.kind.name
    infRef = route.infRef
    sender = route.addressing?.senderITSystem
    senderAuthority = route.addressing?.senderAuthority
    recipient = route.recipientITSystem
    authority = route.addressing?.recipientAuthority
    if case .direct(let users) = route.kind { recipients = users.sorted() }
  }

  /// The terms of the service agreement that a route rests on: it is one between two systems, about one kind of data.
  ///
  /// - Parameter environment: the route's, or its account's.
  public init(ofAgreementOn route: RegisteredRoute, environment: ExchangeEnvironment?) {
    self.environment = environment
    infRef = route.infRef
    sender = route.addressing?.senderITSystem
    recipient = route.recipientITSystem
  }

  /// Returns the columns in which a route differs from these terms.
  func differences(from route: RegisteredRoute) -> [RegisterColumn] {
    let now = OrderTerms(of: route, environment: nil)
    func differs<Value: Equatable>(_ value: KeyPath<OrderTerms, Value?>) -> Bool {
      self[keyPath: value] != nil && self[keyPath: value] != now[keyPath: value]
    }
    var columns: [RegisterColumn] = []
    if differs(\.kind) { columns.append(.kind) }
    if differs(\.infRef) { columns.append(.infRef) }
    if differs(\.sender) { columns.append(.senderITSystem) }
    if differs(\.senderAuthority) { columns.append(.senderAuthority) }
    if differs(\.recipient) { columns.append(.recipientITSystem) }
    if differs(\.authority) { columns.append(.recipientAuthority) }
    if differs(\.recipients) { columns.append(.recipients) }
    return columns
  }
}

/// An onboarding task as the record has it.
public struct TaskRecord: Sendable, Hashable {
  /// The recorded state of a task.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// The task is done.
    case done
    /// An earlier line no longer holds.
    case notDone = "not-done"
    /// Its condition does not hold, or it is left out: only tasks that are conditional or optional can be.
    case notNeeded = "not-needed"
  }

  /// The task with its integration, such as `SF1590_D:TF106`.
  public var task: String
  /// The route of the task; `nil` for a task that is done once for all.
  public var route: String?
  /// The code of the task's municipality, with four digits; `nil` if the route determines it.
  public var municipality: String?
  /// Its recorded state.
  public var state: State

  /// Describes a task.
  public init(task: String, route: String? = nil, municipality: String? = nil, state: State = .done) {
    self.task = task
    self.route = route
    self.municipality = municipality
    self.state = state
  }
}
