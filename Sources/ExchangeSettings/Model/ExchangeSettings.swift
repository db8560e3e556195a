public import SystemPackage
public import TriggerFiles

/// The settings an IT-system needs to exchange files: its accounts, its routes in both directions, and its watch rules.
///
/// They are read from `filsluse.yaml`; the sample in `Samples` names every key.
public struct ExchangeSettings: Sendable, Hashable {
  /// The settings file; relative paths in it start at its folder.
  public var source: FilePath
  /// The accounts, in the order of the file.
  public var accounts: [Account]
  /// The routes out, in the order of the file: those under `routes:`, then those of the route register.
  public var routes: [Route]
  /// The list of the route register (``RouteRegister``); `nil` where only `routes:` counts.
  public var routesFile: FilePath?
  /// The handling of files with a changed data specification.
  public var changedSpecification: ChangedSpecification
  /// The files that the accounts expect to receive.
  public var arrivals: [ArrivalRoute]
  /// The InfRefs that the user's own register declares, unchecked.
  public var register: Set<String>
  /// The rules for watching the accounts' folders.
  public var watch: WatchSettings
  /// The journal's file. Where a server keeps the journal, the names of the files that this machine keeps for it begin
  /// so.
  public var journal: FilePath
  /// The database that keeps the journal in place of a file; `nil` where the file does.
  public var journalServer: JournalServer?
  /// The retention of finished deliveries and arrivals in the journal; `nil` for ever.
  public var keep: Duration?
  /// The local folder for collected files.
  public var inbox: FilePath
  /// The command's language; `nil` for that of the environment.
  public var language: ReportLanguage?
  /// The program that alerts a person.
  public var alert: AlertCommand?
  /// Problems found while reading that do not keep the settings from being used.
  public var warnings: [SettingsProblem]

  /// Creates settings. By default the journal, the inbox and the watcher's database are beside the file.
  public init(
    source: FilePath, accounts: [Account] = [], routes: [Route] = [], routesFile: FilePath? = nil,
    changedSpecification: ChangedSpecification = .warn, arrivals: [ArrivalRoute] = [], register: Set<String> = [],
    watch: WatchSettings? = nil, journal: FilePath? = nil, keep: Duration? = nil,
    inbox: FilePath? = nil, language: ReportLanguage? = nil, alert: AlertCommand? = nil,
    warnings: [SettingsProblem] = []
  ) {
    self.source = source
    self.accounts = accounts
    self.routes = routes
    self.routesFile = routesFile
    self.changedSpecification = changedSpecification
    self.arrivals = arrivals
    self.register = register
    let folder = source.removingLastComponent()
    self.watch = watch ?? WatchSettings(database: folder.appending("watch.sqlite"))
    self.journal = journal ?? folder.appending("journal.sqlite")
    self.keep = keep
    self.inbox = inbox ?? folder.appending("inbox")
    self.language = language
    self.alert = alert
    self.warnings = warnings
  }

  /// The account of that name.
  public func account(named name: String) -> Account? { accounts.first { $0.name == name } }

  /// The routes under `routes:`, which no register has.
  var ownRoutes: [Route] {
    get { routes.filter { $0.standing == nil } }
    set { routes = newValue + routes.filter { $0.standing != nil } }
  }

  /// The route of that name.
  public func route(named name: String) -> Route? { routes.first { $0.name == name } }
}

/// A program that `filsluse run` starts when a person must look: an account stopped, a file was set aside.
public struct AlertCommand: Sendable, Hashable {
  /// The program and its arguments; no shell reads them.
  public var command: [String]
  /// The time limit for one run.
  public var timeout: Duration

  /// Describes the program.
  public init(command: [String], timeout: Duration = .seconds(30)) {
    self.command = command
    self.timeout = timeout
  }
}
