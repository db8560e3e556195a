public import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Checks a register and its record by the rules around routes (contract sections 3 to 5), before a night's run.
///
/// What makes a list unreadable is found by ``RegisterReading``. These are the mistakes of a list that can be read.
public struct RegisterCheck: Sendable {
  let register: RouteRegister
  let settings: ExchangeSettings
  let today: CivilDay
  let knownTasks: Set<String>?
  /// The file of the record.
  let recordFile: FilePath
  /// The positions of accounts, routes and arrivals in the settings' file, for findings about them.
  package var positions = SettingsPositions()
  /// The names of the accounts of a trial on the local platform, which the settings alone do not show.
  package var trialAccounts: Set<String> = []

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - register: the register.
  ///   - settings: the settings of the register.
  ///   - today: the day for checking dates.
  ///   - knownTasks: the ids of all onboarding tasks, such as `SF1590_D:TF106`; `nil` to check only their form.
  public init(_ register: RouteRegister, settings: ExchangeSettings, today: CivilDay, knownTasks: Set<String>? = nil) {
    self.register = register
    self.settings = settings
    self.today = today
    self.knownTasks = knownTasks
    recordFile = RouteRegister.record(of: register.source)
  }

  /// All findings: those about the list in its order, then those about the record, then those about the settings.
  public func findings() -> [RegisterFinding] {
    let list: [[RegisterFinding]] = [
      register.warnings.filter { $0.file == register.source }, valueFindings(), orderFindings(), changeFindings(),
      monitoringFindings(), frequencyFindings(),
    ]
    let record =
      register.warnings.filter { $0.file == recordFile } + declarationFindings() + recordFindings()
      + alternativeFindings()
    return Self.sorted(Array(list.joined())) + Self.sorted(record)
      + EnvironmentCheck(settings: settings, routes: register.routes, positions: positions).findings()
  }

  /// The findings about the values of the list, without those about orders, tasks and the watcher.
  private func valueFindings() -> [RegisterFinding] {
    infRefFindings() + sortimentFindings() + authorityFindings() + municipalityFindings() + lifeFindings()
  }

  /// Returns the findings caused by values of a changed list: those of new and changed routes, and those of other
  /// routes because of them.
  ///
  /// - Returns: all of them, and those without an equal one in the old list.
  func valueFindings(since old: RouteRegister) -> (all: [RegisterFinding], new: [RegisterFinding]) {
    let before = RegisterCheck(old, settings: settings, today: today).valueFindings()
    let known = Set<[String?]>(before.map { [$0.code.rawValue, $0.route] })
    let touched = Set(RouteChange.between(old, register).map(\.route))
    let all = valueFindings().filter { finding in
      guard let route = finding.route else { return false }
      return touched.contains(route) || !known.contains([finding.code.rawValue, route])
    }
    // A line of the list may have moved.
    func key(_ finding: RegisterFinding) -> [String?] {
      let words = finding.earlier.map { ($0.before + $0.after).en } ?? finding.message.en
      return [finding.code.rawValue, finding.route, words]
    }
    let said = Set(before.map(key))
    return (all, all.filter { !said.contains(key($0)) })
  }

  private static func sorted(_ findings: [RegisterFinding]) -> [RegisterFinding] {
    let start = SourcePosition(line: 0, column: 0)
    return findings.enumerated().sorted { one, other in
      let places = [one, other].map { $0.element.position ?? start }
      return places[0] == places[1] ? one.offset < other.offset : places[0] < places[1]
    }.map(\.element)
  }

  /// A finding about a route of the list.
  func finding(
    _ code: RegisterFindingCode, _ route: RegisteredRoute, severity: Diagnostic.Severity = .error,
    _ message: LocalizedText, _ remedy: LocalizedText
  ) -> RegisterFinding {
    var finding = RegisterFinding(
      code: code, severity: severity, file: register.source, position: route.position,
      message: RegisterFinding.about(route: route.name) + message, remedy: remedy)
    finding.route = route.name
    return finding
  }

  /// A finding about an entry of the record.
  func finding(
    _ code: RegisterFindingCode, _ entry: RecordedEntry, severity: Diagnostic.Severity = .error,
    _ message: LocalizedText, _ remedy: LocalizedText
  ) -> RegisterFinding {
    RegisterFinding(
      code: code, severity: severity, file: recordFile, position: SourcePosition(line: entry.line, column: 1),
      message: message, remedy: remedy)
  }

  /// The environment of a route: its own, or its account's.
  func environment(of route: RegisteredRoute) -> ExchangeEnvironment? {
    route.environment ?? settings.account(named: route.account)?.environment
  }
}
