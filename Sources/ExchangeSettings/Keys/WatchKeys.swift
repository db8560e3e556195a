internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

extension WatchSettings {
  static let table = KeyTable("Watching", blank: ExchangeSettings(source: "filsluse.yaml").watch) { table in
    table.key(
      "database", \.database, .databaseFile, "The database of the watcher: its observations, alerts and silences.")
    table.key(
      "look-every", \.lookEvery,
      .period(
        LocalizedText("a period from 5s to 1d", "et tidsrum fra 5s til 1d"), from: .seconds(5), to: .seconds(86_400),
        remedy: LocalizedText("a minute is enough for most rules", "et minut er nok for de fleste regler")),
      "The interval between two looks into each account's folders; no look for three times as long is a gap.")
    table.key("time-zone", \.timeZone, .timeZone, "The time zone of all times of day below.")
    table.key(
      "business-hours", \.businessHours, .list(of: .hours, LocalizedText("hours", "tidsrum")),
      "The hours that count as business time, outside public holidays and days off.")
    table.key(
      "days-off", \.daysOff, .list(of: .dayOff, LocalizedText("days off", "fridage")),
      "Days without business, of one year or of each. Danish public holidays are known (store bededag until 2023). 5 June, 24 and 31 December are none: name them if you are closed then."
    )
    table.key(
      "rules", \.rules, .rules, otherwise: "half pairs and stalled files alone are looked for",
      "What is looked for. A rule is about files (with infref, arrival or bare-files) or about all files of an account. There is no default period for a pick-up: how long \"timely\" is stands in no document."
    )
    table.key(
      "alerts", \.alerts, .alerts,
      "How people hear of what is found. Without sinks, alerts are kept and listed (filsluse alerts list), no more.")
  }

  fileprivate var rules: [WatchRule] {
    get { infRefRules.map(WatchRule.files) + accountRules.map(WatchRule.account) }
    set {
      infRefRules = newValue.compactMap { if case .files(let rule) = $0 { rule } else { nil } }
      accountRules = newValue.compactMap { if case .account(let rule) = $0 { rule } else { nil } }
    }
  }
}

extension ValueType<WatchSettings> {
  /// A mapping; a plain list has the rules only.
  static var watch: Self {
    Self(
      expected: LocalizedText("the keys below, or a list of rules", "nøglerne nedenfor eller en liste over regler"),
      read: { entry, reader in
        var watch = ExchangeSettings(source: reader.source).watch
        guard entry.isMapping else {
          watch.rules = ValueType<[WatchRule]>.rules.read(entry, reader) ?? []
          return watch
        }
        guard var fields = SectionFields(entry, WatchSettings.table, reader, form: watch) else { return nil }
        fields.readRest()
        return fields.form
      },
      write: { watch, writer in writer.mapping(watch, WatchSettings.table) },
      nested: NestedKeys(shape: .one, table: WatchSettings.table))
  }
}

extension ValueType<[WatchRule]> {
  /// Rules; of two about one account the second is reported, as they could ask for two different things.
  fileprivate static var rules: Self {
    let rule = ValueType<WatchRule>.rule
    let expected = LocalizedText("a list of rules", "en liste over regler")
    return Self(
      expected: expected,
      read: { entry, reader in
        var rules: [WatchRule] = []
        var lines: [String: SettingsLine] = [:]
        for item in entry.list(expected) ?? [] where !reader.log.isFull {
          guard let read = rule.read(item, reader) else { continue }
          rules.append(read)
          guard case .account(let rule) = read else { continue }
          if let name = rule.accounts.first(where: { lines[$0] != nil }) {
            let place =
              lines[name]?.number.map { LocalizedText(" on line \($0)", " på linje \($0)") } ?? LocalizedText("")
            item.report(
              .conflict,
              LocalizedText(
                "found a second rule without infref about the account \(Entry.shown(name)): the first stands",
                "fandt endnu en regel uden infref om kontoen \(Entry.shown(name)): den første står") + place,
              remedy: LocalizedText(
                "write all that is asked of an account into one rule",
                "skriv alt, hvad der kræves af en konto, i én regel"))
          }
          for name in rule.accounts where lines[name] == nil { lines[name] = rule.line }
        }
        return rules
      },
      write: { rules, writer in rules.isEmpty ? nil : .list(rules.compactMap { rule.write($0, writer) }) },
      nested: rule.nested.map { NestedKeys(shape: .list, table: $0.table) })
  }
}

// MARK: Values of the watch

extension ValueType<String> {
  fileprivate static var timeZone: Self {
    .text(
      LocalizedText("a time zone such as Europe/Copenhagen, or UTC", "en tidszone som Europe/Copenhagen, eller UTC"),
      remedy: LocalizedText("write Continent/City", "skriv verdensdel/by"),
      { WallClock(zone: $0)?.zoneName }, write: { .text($0) })
  }
}

extension ValueType<DayOff> {
  fileprivate static var dayOff: Self {
    .text(
      LocalizedText(
        "a day such as 2026-05-15, or 12-24 for each year", "en dag som 2026-05-15, eller 12-24 for hvert år"),
      remedy: LocalizedText(
        "write year, month and day in digits; public holidays need not be named",
        "skriv år, måned og dag med cifre; helligdage skal ikke nævnes"), { DayOff($0) },
      write: { .text($0.description) })
  }
}
