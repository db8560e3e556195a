internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Creates routes from filled lines, and reports every wrong or missing value.
struct RouteBuilder {
  let accounts: [String: Account]
  /// The names of all accounts in the settings, including accounts with problems.
  let accountNames: [String]
  /// The InfRefs declared in the settings.
  let declared: Set<String>
  /// The folder of the list; relative paths start there.
  let folder: FilePath
  let log: RegisterLog
  var cache = ValueCache()

  /// Values read before: a list repeats most of them.
  struct ValueCache {
    var systems: [String: SystemID] = [:]
    var authorities: [String: CVRNumber] = [:]
    var infRefs: [String: InfRef] = [:]
    var days: [String: CivilDay] = [:]
    var municipalities: [String: Municipality] = [:]
  }

  /// The route of a filled line; `nil` where something about it is wrong, which is reported.
  mutating func route(_ filled: RouteExpansion.Filled) -> RegisteredRoute? {
    var reading = RouteReading(builder: self, filled: filled)
    // The reading must hold the only reference to the values, to add to them without copying them all.
    cache = ValueCache()
    let route = reading.route()
    cache = reading.builder.cache
    return route
  }
}

extension Route {
  /// The settings' route that a route of the register is.
  init(_ route: RegisteredRoute, standing: RouteStanding? = nil) {
    self.init(
      name: route.name, account: route.account, kind: route.kind, municipality: route.municipality?.code,
      notMunicipalities: route.notMunicipalities, wireName: route.wireName, outgoing: route.outgoing,
      standing: standing)
  }
}
