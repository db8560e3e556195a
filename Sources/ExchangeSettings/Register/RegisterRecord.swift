internal import FilsluseBase
public import TriggerFiles

/// The record: everything that was noted about the register's routes and InfRefs, in the order of the file. The last
/// line about a thing counts.
public struct RegisterRecord: Sendable, Hashable {
  /// The entries, in the order of the file.
  public private(set) var entries: [RecordedEntry] = []

  private var infRefs: [InfRef: [Int]] = [:]
  private var declarations: [InfRef: [Int]] = [:]
  private var orders: [OrderKey: [Int]] = [:]
  private var agreements: [AgreementKey: [Int]] = [:]

  private struct OrderKey: Hashable {
    let route: String
    let subject: RouteOrder.Subject
  }

  private struct AgreementKey: Hashable {
    let route: String
    let authority: CVRNumber
  }

  /// A record with these entries.
  public init(_ entries: [RecordedEntry] = []) {
    self.entries.reserveCapacity(entries.count)
    for entry in entries { add(entry) }
  }

  /// Adds an entry at the end.
  public mutating func add(_ entry: RecordedEntry) {
    let index = entries.count
    entries.append(entry)
    switch entry.event {
    case .infRef(let infRef, _, _, _): infRefs[infRef, default: []].append(index)
    case .declaration(let edition): declarations[edition.infRef, default: []].append(index)
    case .order(let order):
      orders[OrderKey(route: order.route, subject: order.subject), default: []].append(index)
    case .agreement(let route, let authority, _, _):
      agreements[AgreementKey(route: route, authority: authority), default: []].append(index)
    case .task: break
    }
  }

  /// The states that an InfRef has reached, each with its entry, in the order of the file.
  ///
  /// - Parameter environment: the environment whose states are meant; lines without one count for each. `nil` for all.
  public func states(
    of infRef: InfRef, in environment: ExchangeEnvironment? = nil
  ) -> [(state: InfRefState, entry: RecordedEntry)] {
    infRefs[infRef, default: []].compactMap { index in
      guard case .infRef(_, let state, _, let own) = entries[index].event,
        environment == nil || own == nil || own == environment
      else { return nil }
      return (state, entries[index])
    }
  }

  /// Returns the state of an InfRef in an environment by its last line there; `nil` if none is recorded.
  public func state(of infRef: InfRef, in environment: ExchangeEnvironment? = nil) -> InfRefState? {
    states(of: infRef, in: environment).last?.state
  }

  /// The IT-system that an InfRef belongs to, by the last line that says it.
  public func owner(of infRef: InfRef) -> SystemID? {
    for index in infRefs[infRef, default: []].reversed() {
      if case .infRef(_, _, let owner?, _) = entries[index].event { return owner }
    }
    return nil
  }

  /// The editions of an InfRef's GDPR declaration, the first one first.
  public func editions(of infRef: InfRef) -> [(edition: DeclarationEdition, entry: RecordedEntry)] {
    declarations[infRef, default: []].compactMap { index in
      guard case .declaration(let edition) = entries[index].event else { return nil }
      return (edition, entries[index])
    }
  }

  /// The steps of a route's order, or of the order of its monitoring, in the order of the file.
  public func orders(
    of subject: RouteOrder.Subject, for route: String
  ) -> [(state: RouteOrder.State, entry: RecordedEntry)] {
    orders[OrderKey(route: route, subject: subject), default: []].compactMap { index in
      guard case .order(let order) = entries[index].event else { return nil }
      return (order.state, entries[index])
    }
  }

  /// The entries of a route's order in force, or of the order of its monitoring: those since it was last ordered; none
  /// after its end.
  func orderInForce(of subject: RouteOrder.Subject, for route: String) -> [RecordedEntry] {
    let steps = orders(of: subject, for: route)
    let ended = steps.lastIndex { $0.state == .ended }.map { $0 + 1 } ?? 0
    let start = max(ended, steps.lastIndex { $0.state == .ordered } ?? 0)
    return steps[start...].map(\.entry)
  }

  /// The terms of a route's present order, or of the order of its monitoring: those recorded since it was last ordered.
  func terms(of subject: RouteOrder.Subject, for route: String) -> [OrderTerms] {
    let steps = orders[OrderKey(route: route, subject: subject), default: []].compactMap { index -> RouteOrder? in
      guard case .order(let order) = entries[index].event else { return nil }
      return order
    }
    let start = steps.lastIndex { $0.state == .ordered } ?? 0
    return steps[start...].filter { $0.state != .ended }.map(\.terms)
  }

  /// Returns the last step of a route's order, or of the order of its monitoring; `nil` if none is recorded.
  public func orderState(of subject: RouteOrder.Subject, for route: String) -> RouteOrder.State? {
    orders(of: subject, for: route).last?.state
  }

  /// An authority's approvals of a route's service agreement since the last one that was withdrawn, in the order of the
  /// file.
  func approvals(of route: String, by authority: CVRNumber) -> [(terms: OrderTerms, entry: RecordedEntry)] {
    var approvals: [(terms: OrderTerms, entry: RecordedEntry)] = []
    for index in agreements[AgreementKey(route: route, authority: authority), default: []] {
      guard case .agreement(_, _, let state, let terms) = entries[index].event else { continue }
      if state == .withdrawn { approvals.removeAll() } else { approvals.append((terms, entries[index])) }
    }
    return approvals
  }

  /// The tasks, each with its entry, in the order of the file.
  public var tasks: [(task: TaskRecord, entry: RecordedEntry)] {
    entries.compactMap { entry in
      guard case .task(let task) = entry.event else { return nil }
      return (task, entry)
    }
  }
}
