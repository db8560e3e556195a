internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Reads one row of a delivery list after the other.
struct BatchReader {
  private let list: FilePath
  private let settings: ExchangeSettings
  private let overrideReason: String?
  private let check: OrderCheck
  private let columns: [String: Int]
  private let width: Int
  let headerProblems: [DeliveryBatch.Problem]

  private static let known = ["file", "route", "municipality", "name", "holds-municipality"]

  init(list: FilePath, settings: ExchangeSettings, overrideReason: String?, header: DelimitedTable.Row) {
    self.list = list
    self.settings = settings
    self.overrideReason = overrideReason
    check = OrderCheck(settings: settings)
    width = header.cells.count
    var columns: [String: Int] = [:]
    var messages: [LocalizedText] = []
    for (index, name) in header.cells.enumerated() {
      if !Self.known.contains(name) {
        let known = Self.known.joined(separator: ", ")
        messages.append(
          LocalizedText(
            "there is no column “\(name)”; the columns are \(known)",
            "der er ingen kolonne „\(name)“; kolonnerne er \(known)"))
      } else if columns.updateValue(index, forKey: name) != nil {
        messages.append(LocalizedText("the column \(name) stands twice", "kolonnen \(name) står to gange"))
      }
    }
    if columns["file"] == nil {
      messages.append(
        LocalizedText(
          "the column file is missing: it names the local file", "kolonnen file mangler: den nævner den lokale fil"))
    }
    if (columns["route"] == nil) == (columns["municipality"] == nil) {
      messages.append(
        LocalizedText(
          "the list needs either a column route or a column municipality, so that each file has its way",
          "listen skal have enten en kolonne route eller en kolonne municipality, så hver fil har sin vej"))
    }
    if columns["name"] != nil, columns["municipality"] != nil {
      messages.append(
        LocalizedText(
          "the column name goes with route alone: a municipality may have several routes, each with a name",
          "kolonnen name hører kun til route: en kommune kan have flere ruter, hver med et navn"))
    }
    self.columns = columns
    headerProblems = messages.map { DeliveryBatch.Problem(list: list, line: header.line, $0) }
  }

  func orders(in row: DelimitedTable.Row) -> Result<[DeliveryOrder], DeliveryBatch.Refusal> {
    guard row.cells.count == width else {
      let text = LocalizedText(
        "the row has \(row.cells.count) cells, the header \(width)",
        "rækken har \(row.cells.count) celler, overskriften \(width)")
      return refuse(row, [text])
    }
    var messages: [LocalizedText] = []
    let name = cell("file", row) ?? ""
    let file = FilePath(name).isAbsolute ? FilePath(name) : list.removingLastComponent().pushing(FilePath(name))
    var size: UInt64?
    if name.isEmpty {
      messages.append(LocalizedText("the cell file is empty", "cellen file er tom"))
    } else {
      size = check.size(of: file, &messages)
    }
    var orders =
      cell("municipality", row).map { MunicipalityRoutes(settings: settings).orders(for: file, $0, &messages) }
      ?? byRoute(row, file, &messages)
    if let stated = cell("holds-municipality", row), !stated.isEmpty {
      for index in orders.indices { orders[index].holdsMunicipality = stated }
    }
    for index in orders.indices { orders[index].overrideReason = overrideReason }
    if let size { check.check(orders, size: size, &messages) }
    return messages.isEmpty ? .success(orders) : refuse(row, messages)
  }

  private func byRoute(_ row: DelimitedTable.Row, _ file: FilePath, _ messages: inout [LocalizedText])
    -> [DeliveryOrder]
  {
    let route = cell("route", row) ?? ""
    if route.isEmpty {
      messages.append(LocalizedText("the cell route is empty", "cellen route er tom"))
    } else if settings.route(named: route) == nil {
      messages.append(UnknownRoute(route, in: settings).clause)
    }
    let own = file.lastComponent?.string
    let given = cell("name", row).flatMap { $0.isEmpty ? nil : $0 }
    let wireName = given ?? own.flatMap { settings.route(named: route)?.wireName(of: $0) } ?? own
    return [DeliveryOrder(file: file, route: route, wireName: wireName)]
  }

  private func cell(_ column: String, _ row: DelimitedTable.Row) -> String? { columns[column].map { row.cells[$0] } }

  private func refuse(
    _ row: DelimitedTable.Row, _ messages: [LocalizedText]
  ) -> Result<[DeliveryOrder], DeliveryBatch.Refusal> {
    .failure(
      DeliveryBatch.Refusal(
        problems: messages.map { DeliveryBatch.Problem(list: list, line: row.line, $0) }))
  }
}
