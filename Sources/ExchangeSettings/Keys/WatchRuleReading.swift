internal import TriggerFiles
internal import Yams

/// A rule of `filsluse watch`: about files of one InfRef, or about accounts.
enum ReadRule {
  case infRef(InfRefRule)
  case account(AccountRule)
}

extension SettingsReader {
  private static let whoseKeys = ["account", "accounts", "infref", "warn-at", "arrival", "bare-files"]
  private static let expectedKeys = ["files", "one-per-municipality", "grace"]
  private static let answerKeys = ["business-answer-within", "business-answer-by"]
  private static let infRefKeys = ["pick-up-within", "expect"] + expectedKeys + answerKeys + ["answer"]
  private static let accountKeys = [
    "platform-takes-within", "receipt-within", "half-pair-after", "stalled-after", "clean-up-after", "most-files",
    "most-bytes",
  ]

  func readRule(_ entry: Entry) -> ReadRule? {
    guard let section = Section(entry, keys: Self.whoseKeys + Self.infRefKeys + Self.accountKeys) else { return nil }
    let accounts = ruleAccounts(section)
    if section["arrival"] ?? section["bare-files"] != nil { return readRuleWithoutInfRef(section, accounts) }
    guard let infRef = section["infref"] else {
      let asked = Self.infRefKeys.filter { section[$0] != nil }
      for key in asked {
        section[key]?.report(.missingKey, "a rule about files names their InfRef", remedy: "add \"infref:\"")
      }
      return asked.isEmpty ? readAccountRule(section, accounts) : nil
    }
    for key in Self.accountKeys {
      section[key]?.report(
        .conflict, "found it beside infref, but it is about all files of an account",
        remedy: "write it into a rule of its own, without infref")
    }
    return readInfRefRule(section, accounts, watchedInfRef(infRef).map { .infRef($0) })
  }

  /// A rule about what has no InfRef: direct transmissions, or bare files.
  private func readRuleWithoutInfRef(_ section: Section, _ accounts: [String]?) -> ReadRule? {
    let subjects = ["infref", "arrival", "bare-files"].filter { section[$0] != nil }
    guard subjects.count == 1, let subject = subjects.first else {
      section.entry.report(
        .conflict, "found \(subjects.joined(separator: " and ")) in one rule, expected one of them",
        remedy: "write a rule for each")
      return nil
    }
    let barred =
      Self.accountKeys + Self.answerKeys + ["answer"]
      + (subject == "bare-files" ? ["expect"] + Self.expectedKeys : [])
    for key in barred {
      section[key]?.report(
        .conflict,
        subject == "arrival"
          ? "found it beside arrival, but it is not about what comes directly"
          : "found it beside bare-files, of which only the pick-up can be asked", remedy: "remove it")
    }
    guard !barred.contains(where: { section[$0] != nil }) else { return nil }
    let files = subject == "arrival" ? directFiles(section, accounts) : bareFiles(section, accounts)
    return readInfRefRule(section, accounts, files)
  }

  private func directFiles(_ section: Section, _ accounts: [String]?) -> WatchedFiles? {
    guard let entry = section["arrival"], let name = entry.text("the name of an arrival of kind direct") else {
      return nil
    }
    guard arrivalNames.contains(name) else {
      entry.report(
        .unknownReference, "found \(Entry.shown(name)), expected an arrival of kind direct",
        remedy: NearestName.to(name, among: arrivalNames).map { "did you mean \"\($0)\"?" }
          ?? "add it under arrivals:")
      return nil
    }
    // One that could not be read has been reported.
    guard let arrival = arrivals.first(where: { $0.name == name }) else { return nil }
    if let infRef = arrival.infRef {
      entry.report(
        .conflict, "found \(Entry.shown(name)), whose files come by a route, expected an arrival of kind direct",
        remedy: "write infref: \(infRef) in its place")
      return nil
    }
    if let other = accounts?.first(where: { $0 != arrival.account }) {
      entry.report(
        .conflict,
        "found \(Entry.shown(name)), which is the account \(Entry.shown(arrival.account))'s, in a rule about "
          + "\(Entry.shown(other))", remedy: "write account: \(arrival.account)")
      return nil
    }
    return .direct(arrival: name, senders: arrival.senders ?? [])
  }

  private func bareFiles(_ section: Section, _ accounts: [String]?) -> WatchedFiles? {
    guard let entry = section["bare-files"], let pattern = fileNamePattern(entry) else { return nil }
    for account in self.accounts where accounts?.contains(account.name) ?? false {
      guard !account.bareFiles.contains(pattern) else { continue }
      entry.report(
        .unknownReference,
        "found \(Entry.shown(pattern.description)), which the account \(Entry.shown(account.name)) does not name",
        remedy: "add it to bare-files: of the account")
      return nil
    }
    return .bare(pattern)
  }

  /// The accounts that a rule is about: `account: a`, or `accounts: [a, b]`.
  private func ruleAccounts(_ section: Section) -> [String]? {
    guard let several = section["accounts"] else { return accountName(section).map { [$0] } }
    section["account"]?.report(.conflict, "found both account and accounts", remedy: "keep one of the two")
    guard let names = each(several, "a list of accounts", accountName) else { return nil }
    guard Set(names).count == names.count else {
      several.report(.badValue, "found an account twice, expected each once", remedy: "remove the second")
      return nil
    }
    return names
  }

  // MARK: About files of one InfRef

  private func readInfRefRule(_ section: Section, _ accounts: [String]?, _ files: WatchedFiles?) -> ReadRule? {
    let pickUp = readPickUp(section)
    let expected = readExpected(section)
    let answer = readAnswer(section)
    guard Self.infRefKeys.contains(where: { section[$0] != nil }) || section["warn-at"] != nil else {
      log.report(
        .missingKey, at: section.entry.place, keyPath: section.entry.child("pick-up-within"),
        "the rule asks for nothing: how long \"timely\" is stands in no document of KOMBIT's, so there is no default",
        remedy: "add pick-up-within: with the period that you have agreed on, or expect: or business-answer-within:")
      return nil
    }
    guard let accounts, let files, pickUp != .some(nil), expected != .some(nil), answer != .some(nil) else {
      return nil
    }
    if case .direct = files, case .cvr(let digits)? = expected??.municipalities?.first(where: \.isCVR) {
      section["one-per-municipality"]?.report(
        .conflict, "found the CVR number \(digits), but a direct transmission names no authority",
        remedy: "write the municipality's code, which is looked for in the files' names")
      return nil
    }
    return .infRef(
      InfRefRule(
        accounts: accounts, about: files, pickUp: pickUp ?? nil, expected: expected ?? nil, answer: answer ?? nil,
        line: SettingsLine(section.entry.place?.line)))
  }

  private func readPickUp(_ section: Section) -> PickUpLimit?? {
    let warnAt = section["warn-at"].map(percentage)
    guard let entry = section["pick-up-within"] else {
      section["warn-at"]?.report(
        .missingKey,
        "found no pick-up-within: how long \"timely\" is stands in no document of KOMBIT's, so there is no default",
        remedy: "add pick-up-within: with the period that you have agreed on")
      return nil
    }
    guard let period = rulePeriod(entry), warnAt != .some(nil) else { return .some(nil) }
    return PickUpLimit(within: period, warnAt: (warnAt ?? nil) ?? AccountRule.standardWarnAt)
  }

  private func readExpected(_ section: Section) -> ExpectedFiles?? {
    guard let entry = section["expect"] else {
      for key in Self.expectedKeys {
        section[key]?.report(.missingKey, "found no expect: that it belongs to", remedy: "add expect: daily by 06:00")
      }
      return nil
    }
    let rhythm = entry.value(
      "daily by 06:00, weekdays by 06:00, weekly mon by 06:00 or monthly 1 by 06:00",
      remedy: "days are mon, tue, wed, thu, fri, sat and sun; times have four digits"
    ) { Rhythm($0) }
    let files = section["files"].map { number($0, upTo: 100_000) }
    let municipalities = section["one-per-municipality"].map(self.municipalities)
    let grace = section["grace"].map(period)
    guard let rhythm, files != .some(nil), municipalities != .some(nil), grace != .some(nil) else {
      return .some(nil)
    }
    return ExpectedFiles(
      rhythm: rhythm, files: (files ?? nil) ?? 1, municipalities: municipalities ?? nil, grace: (grace ?? nil) ?? .zero)
  }

  private func readAnswer(_ section: Section) -> AwaitedAnswer?? {
    let infRef = section["answer"].map { self.infRef($0, in: .arrival) }
    let limit: AwaitedAnswer.Limit?
    switch (section["business-answer-within"], section["business-answer-by"]) {
    case (let within?, nil): limit = rulePeriod(within).map { .within($0) }
    case (nil, let by?):
      limit = by.value("a time of day such as 06:00") { text in
        ClockText.parse(text).flatMap { $0 < 24 * 60 ? .by(minute: $0) : nil }
      }
    case (let within?, .some):
      within.report(
        .conflict, "found both business-answer-within and business-answer-by", remedy: "keep one of the two")
      return .some(nil)
    case (nil, nil):
      section["answer"]?.report(
        .missingKey, "found no business-answer-within or business-answer-by that it belongs to",
        remedy: "add business-answer-within: 2d, or business-answer-by: 06:00")
      return nil
    }
    guard let limit, infRef != .some(nil) else { return .some(nil) }
    return AwaitedAnswer(limit: limit, infRef: infRef ?? nil)
  }

  /// The form that orders monitoring prints SF7002 as InfRef, so a rule may say so too.
  private func watchedInfRef(_ entry: Entry) -> String? {
    if entry.node.scalar?.string == "SF7002" { return "SF7002" }
    return infRef(entry, in: .watchRule)?.name
  }

  // MARK: About accounts

  private func readAccountRule(_ section: Section, _ accounts: [String]?) -> ReadRule? {
    let before = log.errorCount
    guard Self.accountKeys.contains(where: { section[$0] != nil }) else {
      section.entry.report(
        .missingKey,
        "the rule names no InfRef and asks for nothing: a rule about pickup needs a period, which nobody's default is",
        remedy: "add infref: and pick-up-within:, or one of \(Self.accountKeys.joined(separator: ", "))")
      return nil
    }
    if section["clean-up-after"] == nil {
      section["warn-at"]?.report(
        .missingKey, "found no clean-up-after that it belongs to", remedy: "add clean-up-after:, or remove it")
    }
    let rule = AccountRule(
      accounts: accounts ?? [], platformTakesWithin: section["platform-takes-within"].flatMap(period),
      receiptWithin: section["receipt-within"].flatMap(period),
      halfPairAfter: section["half-pair-after"].flatMap(period) ?? AccountRule.standardHalfPairAfter,
      stalledAfter: section["stalled-after"].flatMap(period) ?? AccountRule.standardStalledAfter,
      cleanUpAfter: section["clean-up-after"].flatMap(period),
      warnAt: section["warn-at"].flatMap(percentage) ?? AccountRule.standardWarnAt,
      mostFiles: section["most-files"].flatMap { number($0, upTo: 100_000_000) },
      mostBytes: section["most-bytes"].flatMap(byteCount), line: SettingsLine(section.entry.place?.line))
    return accounts == nil || log.errorCount > before ? nil : .account(rule)
  }
}
