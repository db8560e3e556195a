package import SystemPackage
package import TriggerFiles

/// The routes that may be meant by a name that no route has.
package struct MeantRoutes: Sendable, Hashable {
  /// The names of the routes, in their order; empty where none may be meant.
  package let names: [String]

  /// Finds the routes of the municipality that the text names, or else those whose name is a slip away with the same
  /// numbers, those whose name the text is a part of, or those of a municipality that it nearly names. A text that
  /// holds a municipality never means another one's route.
  package init(by text: String, among routes: [(name: String, municipality: String?)]) {
    func ofMunicipalities(_ municipalities: [Municipality]) -> [String] {
      let codes = Set(municipalities.map(\.code))
      return routes.filter { route in route.municipality.map(codes.contains) ?? false }.map(\.name)
    }
    let named = Municipality(code: text) ?? MunicipalityName.municipality(named: text)
    // A code that is a slip away is another municipality's, and never what was meant.
    let hasNumber = text.contains { ("0"..."9").contains($0) }
    let held = Set(
      (named.map { [$0] } ?? MunicipalityMention.all(in: Array(text.utf8)).map(\.municipality)).map(\.code))
    let own = routes.filter { route in held.isEmpty || route.municipality.map(held.contains) ?? true }.map(\.name)
    let choices: [() -> [String]] = [
      { ofMunicipalities(named.map { [$0] } ?? []) },
      { NearestName.withSameNumbers(as: text, among: own).map { [$0] } ?? [] },
      { NearestName.containing(text, among: own) },
      { hasNumber ? [] : ofMunicipalities(MunicipalityName.near(text)) },
    ]
    var names: [String] = []
    for choice in choices where names.isEmpty { names = choice() }
    self.names = names
  }

  /// Asks which one was meant; `nil` for none, and for more than a question can name.
  package var question: LocalizedText? { (1...3).contains(names.count) ? NearestName.choice(of: names) : nil }
}

extension ExchangeSettings {
  /// The routes for deliveries that may be meant by a name that none of them has.
  package func routesMeant(by name: String) -> MeantRoutes {
    MeantRoutes(by: name, among: routes.map { (name: $0.name, municipality: $0.municipality) })
  }

  /// The files that routes stand in: the settings, and the list that they name.
  package var routeFiles: LocalizedText {
    guard let routesFile else { return LocalizedText("\(source)") }
    return LocalizedText("\(source) or \(routesFile)", "\(source) eller \(routesFile)")
  }

  /// The file that a route stands in: the list, or the settings for a route under `routes:`.
  package func file(of route: Route) -> FilePath { route.standing == nil ? source : routesFile ?? source }
}
