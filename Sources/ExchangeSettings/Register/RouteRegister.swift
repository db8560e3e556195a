public import SystemPackage
public import TriggerFiles

/// The register of all routes: a list in one file beside the settings, and a record of events beside the list.
///
/// `routes-file:` of the settings names the list: `routes.csv` or `routes.yaml`. The record has the same name with the
/// extension `.record`. The list defines the routes, and is written by hand or by an import; the record holds when a
/// state was reached, an order confirmed or a task done, and is append-only.
public struct RouteRegister: Sendable, Hashable {
  /// The list's file.
  public var source: FilePath
  /// The routes, in the order of the file.
  public private(set) var routes: [RegisteredRoute]
  /// The names of the list's templates.
  public private(set) var templates: [String]
  /// The record.
  public var record: RegisterRecord
  /// Findings that do not prevent using the register.
  public var warnings: [RegisterFinding]

  /// The environments of the settings' accounts, by their names.
  var accountEnvironments: [String: ExchangeEnvironment] = [:]

  private let indices: [String: Int]

  /// Creates a register of routes; of several with one name the first counts.
  public init(
    source: FilePath, routes: [RegisteredRoute], templates: [String] = [], record: RegisterRecord = RegisterRecord(),
    warnings: [RegisterFinding] = []
  ) {
    self.source = source
    self.routes = routes
    self.templates = templates
    self.record = record
    self.warnings = warnings
    indices = Dictionary(
      routes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The file of the record that belongs to a list.
  public static func record(of list: FilePath) -> FilePath {
    var record = list
    record.extension = "record"
    return record
  }

  /// The route of that name.
  public func route(named name: String) -> RegisteredRoute? { indices[name].map { routes[$0] } }

  /// The routes that may be meant by a name that none of them has.
  package func routesMeant(by name: String) -> MeantRoutes {
    MeantRoutes(by: name, among: routes.map { (name: $0.name, municipality: $0.municipality?.code) })
  }

  /// The environment of a route: its own, or its account's; `nil` where neither is known.
  func environment(of route: RegisteredRoute) -> ExchangeEnvironment? {
    route.environment ?? accountEnvironments[route.account]
  }

  /// Returns the columns of a route that have changed since its order was recorded.
  func changes(of route: RegisteredRoute, since terms: [OrderTerms]) -> [RegisterColumn] {
    let changed = Set(terms.flatMap { $0.differences(from: route) })
    return RegisterColumn.allCases.filter(changed.contains)
  }

  /// The first approval of a route's service agreement by an authority that holds: it was not withdrawn, and was
  /// recorded for the systems, the InfRef and the environment that the route has now, as far as its line says them.
  public func approval(of route: RegisteredRoute, by authority: CVRNumber) -> RecordedEntry? {
    record.approvals(of: route.name, by: authority).first { approval in
      let (own, now) = (approval.terms.environment, environment(of: route))
      return approval.terms.differences(from: route).isEmpty && (own == nil || now == nil || own == now)
    }?.entry
  }

  /// The state of a route's InfRef on the platform that the route belongs to; `nil` if none is recorded.
  public func infRefState(of route: RegisteredRoute) -> InfRefState? {
    route.infRef.flatMap { record.state(of: $0, in: environment(of: route)) }
  }

  /// Returns a route's standing: the facts that sending by it depends on.
  public func standing(of route: RegisteredRoute) -> RouteStanding {
    let state = infRefState(of: route)
    // A renewal without a specification leaves the previous one in force.
    let editions = route.infRef.map { record.editions(of: $0) } ?? []
    let declared = editions.compactMap { $0.edition.specification }.last
    let terms = record.terms(of: .route, for: route.name)
    return RouteStanding(
      environment: route.environment, infRefState: state,
      isOrderConfirmed: record.orderState(of: .route, for: route.name) == .confirmed,
      orderEnvironments: Set(terms.compactMap(\.environment)),
      changedSinceOrder: changes(of: route, since: terms).map(\.rawValue),
      validFrom: route.validFrom, validTo: route.validTo, specification: route.specification?.file,
      declaredSpecification: declared)
  }
}
