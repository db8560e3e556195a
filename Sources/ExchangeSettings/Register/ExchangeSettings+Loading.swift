public import SystemPackage
internal import TriggerFiles

extension ExchangeSettings {
  /// Reads settings from a file, with the route register that it names.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the files, each problem with its place.
  public static func load(_ path: FilePath) throws(SettingsError) -> ExchangeSettings {
    try loadWithRegister(path).settings
  }

  /// Reads settings and the route register that they name.
  ///
  /// - Returns: the settings, and the register; `nil` where the settings name none.
  /// - Throws: `SettingsError` with everything that is wrong in the files, each problem with its place.
  public static func loadWithRegister(
    _ path: FilePath
  ) throws(SettingsError) -> (settings: ExchangeSettings, register: RouteRegister?) {
    let log = ProblemLog(file: path)
    guard let text = SettingsFile.text(of: path, log: log) else { throw SettingsError(problems: log.errors) }
    return try read(text, source: path, log: log)
  }

  /// Reads settings from text that is, or will be, in the file `source`; the route register that it names is read from
  /// its file.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the text, each problem with its place.
  public static func parse(_ text: String, source: FilePath) throws(SettingsError) -> ExchangeSettings {
    try read(text, source: source, log: ProblemLog(file: source)).settings
  }

  private static func read(
    _ text: String, source: FilePath, log: ProblemLog
  ) throws(SettingsError) -> (settings: ExchangeSettings, register: RouteRegister?) {
    let reading = SettingsReading(text, source: source, log: log)
    for finding in reading.register?.findings ?? [] { log.report(finding) }
    if log.errors.isEmpty { for finding in reading.environmentFindings { log.report(finding) } }
    guard var settings = reading.settings, log.errors.isEmpty else { throw SettingsError(problems: log.errors) }
    settings.warnings = log.warnings
    return (settings, reading.register?.register)
  }
}

/// The result of reading settings and their register, as far as each could be read: for checks of both.
public struct SettingsReading: Sendable {
  /// The settings; `nil` where they cannot be used. Those of the register may be missing in them.
  public let settings: ExchangeSettings?
  /// The problems of the settings' own file.
  public let problems: [SettingsProblem]
  /// The reading of the register; `nil` where the settings name none, or could not be read so far.
  public let register: RegisterReading?
  /// The list that the settings name.
  public let list: FilePath?
  /// The positions of accounts, routes and arrivals in the settings.
  package let positions: SettingsPositions

  /// Reads settings from a file.
  public init(_ path: FilePath) {
    let log = ProblemLog(file: path)
    self.init(SettingsFile.text(of: path, log: log), source: path, log: log)
  }

  /// Reads settings as they are once the list that they name has these bytes.
  init(_ path: FilePath, replacing list: FilePath, with bytes: [UInt8]) {
    let log = ProblemLog(file: path)
    self.init(
      SettingsFile.text(of: path, log: log), source: path, log: log, replacing: (list: list, bytes: bytes))
  }

  /// Reads settings; where they name the list `new`, its bytes are those given and not the file's.
  fileprivate init(
    _ text: String?, source: FilePath, log: ProblemLog, replacing new: (list: FilePath, bytes: [UInt8])? = nil
  ) {
    var register: RegisterReading?
    var list: FilePath?
    var settings: ExchangeSettings?
    var positions = SettingsPositions()
    if let text, let tree = YAMLTree(text, log: log) {
      let reader = SettingsReader(source: source, log: log) { file, reader in
        let surroundings = RegisterSurroundings(
          accounts: reader.accounts, accountNames: reader.accountNames, routeNames: reader.routeNames,
          declared: reader.register)
        let reading =
          if let new, new.list == file {
            RegisterReading(new.bytes, list: file, settings: surroundings)
          } else {
            RegisterReading(file, settings: surroundings)
          }
        (register, list) = (reading, file)
        return reading.register?.sendingRoutes ?? []
      }
      settings = withExtendedLifetime(tree) { reader.read(tree.root) }
      positions = reader.positions
    }
    (self.settings, problems, self.register, self.list) = (
      log.errors.isEmpty ? settings : nil, log.errors, register, list
    )
    self.positions = positions
  }

  /// The findings about mixing external test and production; none if the settings cannot be used.
  fileprivate var environmentFindings: [RegisterFinding] {
    guard let settings else { return [] }
    return EnvironmentCheck(
      settings: settings, routes: register?.register?.routes ?? [], positions: positions
    ).findings()
  }

  /// Everything that keeps the settings and their register from being loaded.
  var refusals: [RegisterFinding] {
    let findings = (register?.findings ?? []) + environmentFindings
    return findings.filter { $0.severity == .error } + problems.map { RegisterFinding($0) }
  }
}

extension RegisterFinding {
  /// A problem of the settings, as a finding.
  package init(_ problem: SettingsProblem) {
    let key = problem.keyPath.isEmpty ? "" : "\(problem.keyPath): "
    self.init(
      code: RegisterFindingCode(rawValue: problem.code.rawValue),
      severity: problem.severity == .error ? .error : .warning, file: problem.file,
      position: problem.line.map { SourcePosition(line: $0, column: problem.column ?? 1) },
      message: LocalizedText(key + problem.message, key + (problem.messageInDanish ?? problem.message)),
      remedy: problem.remedy.map { LocalizedText($0, problem.remedyInDanish ?? $0) }
        ?? LocalizedText("correct the settings or the route", "ret indstillingerne eller ruten"))
  }
}

extension RouteRegister {
  /// The list's routes for deliveries, in the form of the settings.
  var sendingRoutes: [Route] {
    routes.filter { $0.direction == .out }.map { Route($0, standing: standing(of: $0)) }
  }
}

extension ProblemLog {
  fileprivate func report(_ finding: RegisterFinding) {
    add(
      SettingsProblem(
        code: SettingsProblem.Code(rawValue: finding.code.rawValue),
        severity: finding.severity == .error ? .error : .warning, file: finding.file, line: finding.position?.line,
        column: finding.position?.column, message: finding.message, remedy: finding.remedy))
  }
}
