internal import SystemPackage
internal import TriggerFiles
internal import Yams

/// Reads a settings file by the tables of its keys, and collects the names that its parts refer to each other by.
final class SettingsReader {
  let source: FilePath
  /// The folder of the file; relative paths start there.
  let folder: FilePath
  let log: ProblemLog
  /// Reads the routes of a register.
  private let routesOfRegister: (FilePath, SettingsReader) -> [Route]
  /// The InfRefs that the file's own register declares.
  private(set) var register: Set<String> = []
  private(set) var accounts: [Account] = []
  private(set) var arrivals: [ArrivalRoute] = []
  /// Every account's name, also of accounts with problems: a reference to one of them is not reported as well.
  private(set) var accountNames: [String] = []
  /// The positions of accounts, routes and arrivals.
  private(set) var positions = SettingsPositions()
  /// Every route's name, likewise.
  private(set) var routeNames: [String] = []
  /// Every arrival route's name, also of those with problems.
  private(set) var arrivalNames: [String] = []

  init(
    source: FilePath, log: ProblemLog, routesOfRegister: @escaping (FilePath, SettingsReader) -> [Route]
  ) {
    self.source = source
    folder = source.removingLastComponent()
    self.log = log
    self.routesOfRegister = routesOfRegister
  }

  /// Returns the settings as far as they could be read. The log says if they can be used.
  func read(_ root: Node) -> ExchangeSettings? {
    let entry = Entry(node: root, keyPath: "", log: log)
    guard
      var fields = SectionFields(entry, ExchangeSettings.table, self, form: ExchangeSettings(source: source))
    else { return nil }
    func names(_ field: PartialKeyPath<ExchangeSettings>) -> [String] { fields[field].map(Section.names(in:)) ?? [] }
    accountNames = names(\.accounts)
    routeNames = names(\.ownRoutes)
    arrivalNames = names(\.arrivals)
    func positions(_ field: PartialKeyPath<ExchangeSettings>) -> [String: SourcePosition] {
      guard case .mapping(let parts)? = fields[field]?.node else { return [:] }
      let named = parts.compactMap { key, value in
        value.place.flatMap { place in
          key.scalar.map { ($0.string, SourcePosition(line: place.line, column: place.column)) }
        }
      }
      return Dictionary(named, uniquingKeysWith: { first, _ in first })
    }
    self.positions = SettingsPositions(
      accounts: positions(\.accounts), routes: positions(\.ownRoutes), arrivals: positions(\.arrivals))
    // Parts are read after those that they refer to.
    fields.read(\.register)
    register = fields.form.register
    fields.read(\.accounts)
    accounts = fields.form.accounts
    if let entry = fields[\.accounts], entry.isMapping, accountNames.isEmpty {
      entry.report(
        .missingKey,
        .found(LocalizedText("no account", "ingen konto"), expected: LocalizedText("at least one", "mindst én")))
    }
    fields.read(\.ownRoutes)
    fields.read(\.routesFile)
    if let file = fields.form.routesFile {
      let registered = routesOfRegister(file, self)
      fields.form.routes += registered
      routeNames += registered.map(\.name)
    }
    fields.read(\.arrivals)
    arrivals = fields.form.arrivals
    checkDirectSenders(in: fields[\.arrivals])
    fields.readRest()
    checkPlaces(of: fields)
    return fields.form
  }
}

/// The positions of the parts of a settings file, by their names.
package struct SettingsPositions: Sendable {
  var accounts: [String: SourcePosition] = [:]
  var routes: [String: SourcePosition] = [:]
  var arrivals: [String: SourcePosition] = [:]
}
