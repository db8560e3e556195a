public import SystemPackage
internal import Yams

/// Reads a settings file by the tables of its keys, and keeps what its parts refer to each other by.
final class SettingsReader {
  let source: FilePath
  let log: ProblemLog
  /// The InfRefs that the file's own register declares.
  private(set) var register: Set<String> = []
  private(set) var accounts: [Account] = []
  private(set) var arrivals: [ArrivalRoute] = []
  /// Every account's name, including those whose account has problems: a reference to them is no second problem.
  private(set) var accountNames: [String] = []
  /// Every route's name, likewise.
  private(set) var routeNames: [String] = []
  /// Every arrival's name, likewise.
  private(set) var arrivalNames: [String] = []

  init(source: FilePath, log: ProblemLog) {
    self.source = source
    self.log = log
  }

  /// The settings as far as they could be read. The log says if they can be used.
  func read(_ root: Node) -> ExchangeSettings? {
    let entry = Entry(node: root, keyPath: "", log: log)
    guard
      var fields = SectionFields(entry, ExchangeSettings.table, self, form: ExchangeSettings(source: source))
    else { return nil }
    func names(_ field: PartialKeyPath<ExchangeSettings>) -> [String] { fields[field].map(Section.names(in:)) ?? [] }
    accountNames = names(\.accounts)
    routeNames = names(\.routes)
    arrivalNames = names(\.arrivals)
    // Parts are read after those that they refer to.
    fields.read(\.register)
    register = fields.form.register
    fields.read(\.accounts)
    accounts = fields.form.accounts
    if let entry = fields[\.accounts], entry.isMapping, accountNames.isEmpty {
      entry.report(.missingKey, "found no account, expected at least one")
    }
    fields.read(\.routes)
    fields.read(\.arrivals)
    arrivals = fields.form.arrivals
    checkDirectSenders(in: fields[\.arrivals])
    fields.readRest()
    checkPlaces(of: fields)
    return fields.form
  }
}

extension ExchangeSettings {
  /// Reads settings from a file.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the file, each problem with its place.
  public static func load(_ path: FilePath) throws(SettingsError) -> ExchangeSettings {
    let log = ProblemLog(file: path)
    guard let text = SettingsFile.text(of: path, log: log) else { throw SettingsError(problems: log.errors) }
    return try read(text, source: path, log: log)
  }

  /// Reads settings from text that stands, or will stand, in the file `source`.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the text, each problem with its place.
  public static func parse(_ text: String, source: FilePath) throws(SettingsError) -> ExchangeSettings {
    try read(text, source: source, log: ProblemLog(file: source))
  }

  private static func read(
    _ text: String, source: FilePath, log: ProblemLog
  ) throws(SettingsError) -> ExchangeSettings {
    guard let tree = YAMLTree(text, log: log) else { throw SettingsError(problems: log.errors) }
    let settings = withExtendedLifetime(tree) { SettingsReader(source: source, log: log).read(tree.root) }
    guard var settings, log.errors.isEmpty else { throw SettingsError(problems: log.errors) }
    settings.warnings = log.warnings
    return settings
  }
}
