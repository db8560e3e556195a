internal import ExchangeSettings
package import FileExchange
package import FilsluseBase
internal import TriggerFiles

/// The queries and actions of the console, for one request.
///
/// Every answer is bounded: a page of a list, or a few indexed statements. Names of files are masked in all of them but
/// those of ``shownNames(of:_:)``.
package struct ConsoleQueries: Sendable {
  let store: WatchDatabase
  let evaluator: RuleEvaluator
  let clock: @Sendable () -> Timestamp
  let inboxes: @Sendable () -> [InboxStatus]
  let journal: @Sendable () async throws(ExchangeError) -> Journal?
  let lead: @Sendable () async -> LeadAnswer
  let give: ActRecorder.Giving
  let share: @Sendable () async throws(ExchangeError) -> Void

  /// Prepares the queries.
  ///
  /// - Parameters:
  ///   - inboxes: returns the inboxes as they were at their last looks.
  ///   - journal: returns the journal; `nil` where this machine has none.
  ///   - lead: asks which machine leads the watch.
  ///   - give: gives an act to the machine that does.
  ///   - share: waits until the other machines have what was recorded; it fails with code `actNotShared` if they do
  ///     not.
  package init(
    store: WatchDatabase, evaluator: RuleEvaluator, clock: @escaping @Sendable () -> Timestamp = { .now },
    inboxes: @escaping @Sendable () -> [InboxStatus],
    journal: @escaping @Sendable () async throws(ExchangeError) -> Journal? = { nil },
    lead: @escaping @Sendable () async -> LeadAnswer = { .leads },
    give: @escaping ActRecorder.Giving = { (_: String, _: String) async throws(ExchangeError) -> String in
      throw WatchDatabase.leaderUnknown
    },
    share: @escaping @Sendable () async throws(ExchangeError) -> Void = {}
  ) {
    self.store = store
    self.evaluator = evaluator
    self.clock = clock
    self.inboxes = inboxes
    self.journal = journal
    self.lead = lead
    self.give = give
    self.share = share
  }

  /// The day by the watcher's clock on the wall.
  var today: CivilDay { evaluator.calendar.clock.reading(at: clock()).day }

  /// The last days up to today, 1 to 90.
  func lastDays(_ count: Int) -> ClosedRange<CivilDay> {
    let today = today
    return today.later(byDays: 1 - min(max(count, 1), Self.mostDays))...today
  }

  /// The longest time that is looked back, in days.
  package static let mostDays = 90
}

// MARK: Alerts

extension ConsoleQueries {
  /// Returns the open alerts by kind and rule, the worst group first, then the oldest.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func ruleGroups(_ filter: AlertFilter = AlertFilter()) async throws(ExchangeError) -> [RuleGroup] {
    try await store.ruleGroups(filter)
  }

  /// Returns the alerts that match a filter: open ones by severity and then age, resolved ones with the latest first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func alerts(_ filter: AlertFilter, _ page: PageNumber) async throws(ExchangeError) -> Paged<Alert> {
    try await store.alerts(filter, page)
  }

  /// Returns the first criterion of a filter that names something unknown: neither the watch nor any alert that is kept
  /// knows it. `nil` if there is none.
  ///
  /// - Parameter infRefs: the InfRefs of the settings.
  /// - Throws: `ExchangeError` with code `watchDatabase` when the alerts cannot be read.
  package func unknownCriterion(
    of filter: AlertFilter, infRefs: [ShownInfRef]
  ) async throws(ExchangeError) -> AlertFilter.Criterion? {
    if let account = filter.account, !inboxes().contains(where: { $0.account == account }) {
      let hasAlert = try await store.hasAlert(.account, account)
      if !hasAlert { return .account }
    }
    if let infRef = filter.infRef, !infRefs.contains(where: { $0.description == infRef.description }) {
      let hasAlert = try await store.hasAlert(.infRef, infRef.description)
      if !hasAlert { return .infRef }
    }
    if let group = filter.group {
      let hasAlert = try await store.hasAlert(of: group)
      if !hasAlert { return .group }
    }
    let table = MunicipalityTable(evaluator.settings)
    for number in filter.municipality where Municipality(code: number) == nil && table.codes[number] == nil {
      let part = ExpectationPart(municipalities: [number], accounts: [])
      let expected = try await store.expectations(in: lastDays(Self.mostDays), part: part)
      let hasAlert = try await store.hasAlert(.municipality, number)
      if expected.isEmpty, !hasAlert { return .municipality }
    }
    return nil
  }

  /// Returns the members of a group.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func members(of group: Int64, _ page: PageNumber) async throws(ExchangeError) -> Paged<Alert> {
    try await store.members(of: group, page)
  }

  /// Returns the whole life of an alert; `nil` for an unknown number.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func life(ofAlert id: Int64) async throws(ExchangeError) -> AlertLife? {
    try await store.life(ofAlert: id)
  }

  /// Returns the criteria for silencing a group's alerts; `nil` if the group has no open alert.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func matcher(
    for key: RuleGroup.Key, account: String? = nil
  ) async throws(ExchangeError) -> Silence.Matcher? {
    guard let example = try await store.example(of: key) else { return nil }
    return Silence.Matcher(account: account, kind: key.kind.rawValue, rule: example.finding.rule)
  }

  /// Acknowledges alerts.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, `journal` while it is not known
  ///   which machine leads the watch, or that one does not answer, or `actNotShared` when the others do not have it.
  package func acknowledge(
    _ selection: AlertSelection, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    try await recorded { (recorder: ActRecorder) async throws(ExchangeError) -> ActAnswer<ActResult> in
      try await recorder.acknowledge(selection, act)
    }
  }

  /// Undoes acknowledgements.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, `journal` while it is not known
  ///   which machine leads the watch, or that one does not answer, or `actNotShared` when the others do not have it.
  package func undoAcknowledgement(
    _ selection: AlertSelection, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    try await recorded { (recorder: ActRecorder) async throws(ExchangeError) -> ActAnswer<ActResult> in
      try await recorder.undoAcknowledgement(selection, act)
    }
  }

  /// Returns the act of a number; `nil` where there is none, or it is forgotten.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func doneAct(_ number: Int64) async throws(ExchangeError) -> DoneAct? { try await store.doneAct(number) }

  /// Silences alerts for a while.
  ///
  /// - Parameter from: when it begins; at the time of the act where it is `nil`.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, `journal` while it is not known
  ///   which machine leads the watch, or that one does not answer, or `actNotShared` when the others do not have it.
  package func silence(
    _ matcher: Silence.Matcher, from: Timestamp? = nil, until: Timestamp, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<SilenceResult> {
    try await recorded { (recorder: ActRecorder) async throws(ExchangeError) -> ActAnswer<SilenceResult> in
      try await recorder.silence(matcher, from: from, until: until, act)
    }
  }

  /// Ends a silence before its time.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, `journal` while it is not known
  ///   which machine leads the watch, or that one does not answer, or `actNotShared` when the others do not have it.
  package func endSilence(_ id: Int64, _ act: Act) async throws(ExchangeError) -> ActAnswer<SilenceResult> {
    try await recorded { (recorder: ActRecorder) async throws(ExchangeError) -> ActAnswer<SilenceResult> in
      try await recorder.endSilence(id, act)
    }
  }

  /// Records an act where it holds for all machines, and waits until they have it.
  ///
  /// - Throws: `ExchangeError` with code `journal` while it is not known which machine leads the watch, or that one
  ///   does not answer, `actNotShared` where the others do not have it in time, and what the act throws.
  private func recorded<Value: Sendable>(
    _ act: (ActRecorder) async throws(ExchangeError) -> ActAnswer<Value>
  ) async throws(ExchangeError) -> ActAnswer<Value> {
    let recorder = ActRecorder(store, lead: lead, give: give, share: share)
    let answer = try await act(recorder)
    try await recorder.confirm()
    return answer
  }

  /// Returns the silences: first those in effect, then future ones, then ended ones.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func silences(_ page: PageNumber) async throws(ExchangeError) -> Paged<SilenceRow> {
    try await store.silenceRows(at: clock(), page)
  }
}

// MARK: Names

extension ConsoleQueries {
  /// Returns the bare names of files, and records in the same transaction the person and the reason.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written: then no name is shown.
  package func shownNames(
    of files: [Int64], _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<[Int64: String]> { try await store.shownNames(of: files, act) }
}

// MARK: The journal

extension ConsoleQueries {
  /// Returns the journal's open problems; `nil` if this machine has no journal.
  ///
  /// - Parameter most: the greatest number of problems returned of each kind; all are counted.
  /// - Throws: `ExchangeError` when the journal cannot be read.
  package func openProblems(most: Int = 20) async throws(ExchangeError) -> OpenProblems? {
    try await journal()?.openProblems(of: evaluator.settings, at: clock(), most: most)
  }

  /// Returns the journal's trail of a delivery or an arrival; `nil` for an unknown number.
  ///
  /// - Throws: `ExchangeError` when the journal cannot be read.
  package func trail(of subject: JournalEntry.Subject) async throws(ExchangeError) -> JournalTrail? {
    guard let journal = try await journal() else { return nil }
    let search = JournalSearch(subject.number, settings: evaluator.settings)
    let lines = try await journal.find(search, limit: 1).lines
    guard let line = lines.first, line.subject == subject else { return nil }
    let entries = try await journal.entries(about: subject).suffix(JournalTrail.mostEntries)
    return JournalTrail(line: line, entries: entries.map { JournalTrail.Entry($0) })
  }
}
