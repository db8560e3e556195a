internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The routes of each municipality; its files go by all of them.
struct MunicipalityRoutes: Sendable {
  let settings: ExchangeSettings

  /// Returns an order for each route of the municipality; without a route, adds the reason and the contact to
  /// `messages`. A code of three digits is read as one of four that lost its leading zero in a spreadsheet.
  func orders(for file: FilePath, _ text: String, _ messages: inout [LocalizedText]) -> [DeliveryOrder] {
    let municipality = Municipality(code: text)
    let code = municipality?.code ?? text
    let routes = settings.routes.filter { $0.municipality == code }
    if routes.isEmpty {
      let name = municipality.map { " (\($0.name))" } ?? ""
      let near = municipality == nil ? MunicipalityName.near(text).map(\.code) : []
      let question = near.isEmpty ? LocalizedText("") : LocalizedText("; ") + NearestName.choice(of: near)
      let (files, add) = (settings.routeFiles, UnknownRoute.howToAdd(to: settings))
      messages.append(
        LocalizedText(
          "municipality “\(code)”\(name) has no route in \(files.en); a route is ordered per authority from helpdesk@serviceplatformen.dk; then \(add.en)",
          "kommune „\(code)“\(name) har ingen rute i \(files.da); en rute bestilles for hver myndighed hos helpdesk@serviceplatformen.dk; derefter: \(add.da.inDanish)"
        ) + question)
    }
    return routes.map { DeliveryOrder(file: file, route: $0.name, wireName: wireName(of: file, by: $0)) }
  }

  private func wireName(of file: FilePath, by route: Route) -> String {
    guard let name = file.lastComponent?.string else { return route.name }
    return (route.wireName ?? .byMunicipality).name(of: name, by: route)
  }
}
