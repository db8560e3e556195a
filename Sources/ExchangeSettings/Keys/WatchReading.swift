internal import FilsluseSystem
internal import SystemPackage

/// Reads the settings of `filsluse watch`.
extension SettingsReader {
  private static let watchKeys = [
    "database", "look-every", "time-zone", "business-hours", "days-off", "rules", "alerts",
  ]

  /// A mapping; a plain list is the rules alone.
  func readWatch(_ entry: Entry) -> WatchSettings? {
    var watch = WatchSettings(database: source.removingLastComponent().appending("watch.sqlite"))
    guard entry.isMapping else {
      readRules(entry, into: &watch)
      return watch
    }
    guard let section = Section(entry, keys: Self.watchKeys) else { return nil }
    if let database = section["database"].flatMap(path) { watch.database = database }
    if let pause = section["look-every"].flatMap(lookEvery) { watch.lookEvery = pause }
    if let zone = section["time-zone"].flatMap(timeZone) { watch.timeZone = zone }
    if let hours = each(section["business-hours"], "hours", hours) { watch.businessHours = hours }
    if let days = each(section["days-off"], "days off", dayOff) { watch.daysOff = days }
    if let rules = section["rules"] { readRules(rules, into: &watch) }
    if let alerts = section["alerts"].flatMap(readAlerts) { watch.alerts = alerts }
    return watch
  }

  private func readRules(_ entry: Entry, into watch: inout WatchSettings) {
    for item in entry.list("a list of rules") ?? [] where !log.isFull {
      switch readRule(item) {
      case .infRef(let rule)?: watch.infRefRules.append(rule)
      case .account(let rule)?:
        check(rule, item, against: watch.accountRules)
        watch.accountRules.append(rule)
      case nil: break
      }
    }
  }

  /// Two rules about the same account could ask for two different things.
  private func check(_ rule: AccountRule, _ entry: Entry, against others: [AccountRule]) {
    for other in others {
      guard let name = rule.accounts.first(where: other.accounts.contains) else { continue }
      let place = other.line.number.map { " on line \($0)" } ?? ""
      entry.report(
        .conflict,
        "found a second rule without infref about the account \(Entry.shown(name)): the first stands\(place)",
        remedy: "write all that is asked of an account into one rule")
    }
  }

  private func lookEvery(_ entry: Entry) -> Duration? {
    entry.value("a period from 5s to 1d", remedy: "a minute is enough for most rules") { text in
      DurationText.parse(text).flatMap { (.seconds(5)...(.seconds(86_400))).contains($0) ? $0 : nil }
    }
  }

  private func timeZone(_ entry: Entry) -> String? {
    entry.value("a time zone such as Europe/Copenhagen, or UTC", remedy: "write Continent/City") {
      WallClock(zone: $0)?.zoneName
    }
  }

  private func dayOff(_ entry: Entry) -> DayOff? {
    entry.value(
      "a day such as 2026-05-15, or 12-24 for each year",
      remedy: "write year, month and day in digits; public holidays need not be named"
    ) { DayOff($0) }
  }
}
