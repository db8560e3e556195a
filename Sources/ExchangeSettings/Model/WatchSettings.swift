public import FilsluseBase
public import SystemPackage

/// The watcher's rules, its clock and its calendar.
public struct WatchSettings: Sendable, Hashable {
  /// The file of the watcher's database: its observations, alerts and silences.
  public var database: FilePath
  /// The interval between two looks into each account's folders.
  public var lookEvery: Duration
  /// The time zone of all times of day.
  public var timeZone: String
  /// The business hours, outside public holidays and days off.
  public var businessHours: [WeeklyHours]
  /// Days without business beside the Danish public holidays, which are built in.
  ///
  /// 5 June, 24 and 31 December are not public holidays; users who do not work on them name them here.
  public var daysOff: [DayOff]
  /// The rules for files of one kind.
  public var infRefRules: [InfRefRule]
  /// The rules for accounts, for all their files.
  public var accountRules: [AccountRule]
  /// The settings for alerts; their local clock is that of ``timeZone``.
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

  /// Creates settings of the watcher.
  public init(
    database: FilePath, lookEvery: Duration = .seconds(60), timeZone: String = standardTimeZone,
    businessHours: [WeeklyHours] = standardBusinessHours, daysOff: [DayOff] = [], infRefRules: [InfRefRule] = [],
    accountRules: [AccountRule] = [], alerts: AlertSettings = AlertSettings()
  ) {
    self.database = database
    self.lookEvery = lookEvery
    self.timeZone = timeZone
    self.businessHours = businessHours
    self.daysOff = daysOff
    self.infRefRules = infRefRules
    self.accountRules = accountRules
    alertSettings = alerts
  }

  /// True if there are no rules.
  public var isEmpty: Bool { infRefRules.isEmpty && accountRules.isEmpty }

  /// The names of the accounts that a rule is about.
  public var accounts: Set<String> { Set(infRefRules.flatMap(\.accounts) + accountRules.flatMap(\.accounts)) }

  /// The rules about files of an account, in the order of the file.
  public func infRefRules(for account: String) -> [InfRefRule] {
    infRefRules.filter { $0.accounts.contains(account) }
  }

  /// Returns the rule for an account; limits missing from the settings have the defaults of ``AccountRule``.
  public func accountRule(for account: String) -> AccountRule {
    accountRules.first { $0.accounts.contains(account) } ?? AccountRule(accounts: [account])
  }
}

/// A day without business beside the public holidays: one day (`2026-05-15`), or one of each year (`12-24`).
public enum DayOff: Sendable, Hashable, CustomStringConvertible {
  /// One day.
  case once(CivilDay)
  /// A day of every year.
  case yearly(month: Int, day: Int)

  /// Reads `2026-05-15` or `12-24`; `nil` for anything else.
  public init?(_ text: String) {
    if let day = CivilDay(text) {
      self = .once(day)
    } else if text.utf8.count == 5, let day = CivilDay("2000-\(text)") {
      // 2000 was a leap year: 02-29 is a day, though not of each year.
      self = .yearly(month: day.parts.month, day: day.parts.day)
    } else {
      return nil
    }
  }

  /// Returns true if it falls on that day.
  public func isOn(_ day: CivilDay) -> Bool {
    switch self {
    case .once(let only): return only == day
    case .yearly(let month, let number):
      let parts = day.parts
      return parts.month == month && parts.day == number
    }
  }

  /// The day as settings write it.
  public var description: String {
    switch self {
    case .once(let day): return "\(day)"
    case .yearly(let month, let day):
      return CivilDay(year: 2000, month: month, day: day).map { String($0.description.dropFirst(5)) } ?? ""
    }
  }
}
