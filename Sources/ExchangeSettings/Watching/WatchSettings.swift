internal import FilsluseSystem
public import SystemPackage

/// What `filsluse watch` looks for, and by which clock and calendar.
public struct WatchSettings: Sendable, Hashable {
  /// The file in which the watcher keeps what it has seen.
  public var sights: FilePath
  /// How often it looks into each account's folders.
  public var lookEvery: Duration
  /// The time zone whose wall clock all times of day are by.
  public var timeZone: String
  /// When there is business, but for public holidays and days off.
  public var businessHours: [WeeklyHours]
  /// Days without business beside the Danish public holidays, which are known.
  ///
  /// 5 June, 24 and 31 December are no public holidays; whoever does not work then names them here.
  public var daysOff: [DayOff]
  /// What is asked of files of one kind.
  public var infRefRules: [InfRefRule]
  /// What is asked of accounts, whatever the files are.
  public var accountRules: [AccountRule]
  /// How people are told of what is found; their clock on the wall is that of ``timeZone``.
  public var alerts: AlertSettings {
    get {
      var settings = alertSettings
      settings.wallClock = WallClock(zone: timeZone) ?? .denmark
      return settings
    }
    set { alertSettings = newValue }
  }
  private var alertSettings: AlertSettings

  /// The time zone unless said otherwise.
  public static let standardTimeZone = "Europe/Copenhagen"
  /// Business hours unless said otherwise.
  public static let standardBusinessHours = ["mon-fri 08:00-16:00"].compactMap { WeeklyHours($0) }

  /// Describes what is looked for.
  public init(
    sights: FilePath, lookEvery: Duration = .seconds(60), timeZone: String = standardTimeZone,
    businessHours: [WeeklyHours] = standardBusinessHours, daysOff: [DayOff] = [], infRefRules: [InfRefRule] = [],
    accountRules: [AccountRule] = [], alerts: AlertSettings = AlertSettings()
  ) {
    self.sights = sights
    self.lookEvery = lookEvery
    self.timeZone = timeZone
    self.businessHours = businessHours
    self.daysOff = daysOff
    self.infRefRules = infRefRules
    self.accountRules = accountRules
    alertSettings = alerts
  }

  /// Whether nothing is looked for.
  public var isEmpty: Bool { infRefRules.isEmpty && accountRules.isEmpty }

  /// The names of the accounts that a rule is about.
  public var accounts: Set<String> { Set(infRefRules.flatMap(\.accounts) + accountRules.flatMap(\.accounts)) }

  /// The rules about files of an account, in the order of the file.
  public func infRefRules(for account: String) -> [InfRefRule] {
    infRefRules.filter { $0.accounts.contains(account) }
  }

  /// What is asked of an account; what is not asked for in the settings has the standing of ``AccountRule``.
  public func accountRule(for account: String) -> AccountRule {
    accountRules.first { $0.accounts.contains(account) } ?? AccountRule(accounts: [account])
  }
}
