internal import ExchangeSettings
internal import SystemPackage

/// The routes that a municipality has, each of which its files go by.
struct MunicipalityRoutes: Sendable {
  let settings: ExchangeSettings

  /// An order for each route of the municipality; where it has none, the reason and whom to ask.
  func orders(for file: FilePath, _ code: String, _ messages: inout [String]) -> [DeliveryOrder] {
    let routes = settings.routes.filter { $0.municipality == code }
    if routes.isEmpty {
      let padded = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
      let name = Municipality.all.first { $0.code == code }.map { " (\($0.name))" } ?? ""
      let remedy =
        padded != code && settings.routes.contains { $0.municipality == padded }
        ? "\"\(padded)\" has: a spreadsheet may have dropped the leading zero"
        : "a route is ordered per authority from helpdesk@serviceplatformen.dk, then added under routes:"
      messages.append("municipality \"\(code)\"\(name) has no route in \(settings.source); \(remedy)")
    }
    return routes.map { DeliveryOrder(file: file, route: $0.name, wireName: wireName(of: file, by: $0)) }
  }

  private func wireName(of file: FilePath, by route: Route) -> String {
    guard let name = file.lastComponent?.string else { return route.name }
    return (route.wireName ?? .byMunicipality).name(of: name, by: route)
  }
}
