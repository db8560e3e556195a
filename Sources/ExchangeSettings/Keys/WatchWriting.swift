internal import TriggerFiles

extension YAMLLines {
  mutating func add(_ watch: WatchSettings) {
    section("watch") { file in
      file.add("database", path: watch.database)
      file.line("look-every: \(DurationText.format(watch.lookEvery))")
      file.add("time-zone", watch.timeZone)
      if !watch.businessHours.isEmpty { file.add("business-hours", list: watch.businessHours.map(\.description)) }
      if !watch.daysOff.isEmpty { file.add("days-off", list: watch.daysOff.map(\.description)) }
      file.add(watch.alerts)
      if watch.isEmpty { return }
      file.section("rules") { file in
        for rule in watch.infRefRules { file.add(rule) }
        for rule in watch.accountRules { file.add(rule) }
      }
    }
  }

  private mutating func add(_ rule: InfRefRule) {
    item { file in
      file.add("accounts", list: rule.accounts)
      switch rule.subject {
      case .infRef(let infRef): file.add("infref", infRef)
      case .direct(let arrival, _): file.add("arrival", arrival)
      case .bare(let pattern): file.add("bare-files", pattern.description)
      }
      if let pickUp = rule.pickUp {
        file.line("pick-up-within: \(pickUp.within)")
        file.line("warn-at: \(pickUp.warnAt)%")
      }
      if let expected = rule.expected {
        file.add("expect", expected.rhythm.description)
        file.line("files: \(expected.files)")
        file.add("one-per-municipality", list: expected.municipalities?.map(\.description))
        if expected.grace > .zero { file.line("grace: \(DurationText.format(expected.grace))") }
      }
      switch rule.answer?.limit {
      case .within(let period): file.line("business-answer-within: \(period)")
      case .by(let minute): file.add("business-answer-by", ClockText.format(minute))
      case nil: break
      }
      file.add("answer", rule.answer?.infRef?.name)
    }
  }

  private mutating func add(_ rule: AccountRule) {
    item { file in
      file.add("accounts", list: rule.accounts)
      file.add("platform-takes-within", period: rule.platformTakesWithin)
      file.add("receipt-within", period: rule.receiptWithin)
      file.add("half-pair-after", period: rule.halfPairAfter)
      file.add("stalled-after", period: rule.stalledAfter)
      if let period = rule.cleanUpAfter {
        file.add("clean-up-after", period: period)
        file.line("warn-at: \(rule.warnAt)%")
      }
      if let most = rule.mostFiles { file.line("most-files: \(most)") }
      if let most = rule.mostBytes { file.line("most-bytes: \(ByteCountText.format(most))") }
    }
  }

  private mutating func add(_ key: String, period: Duration?) {
    if let period { line("\(key): \(DurationText.format(period))") }
  }
}
