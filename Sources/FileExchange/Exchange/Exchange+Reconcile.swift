public import ExchangeSettings
internal import FilsluseBase
internal import FilsluseSFTP
internal import FilsluseStore
public import Logging
internal import TriggerFiles

extension Exchange {
  /// Compares a journal on a server that has lost its last entries with this machine's files, OUT and IN. Nothing is
  /// changed.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` if the journal is a file, or cannot be read.
  public static func examineLoss(
    of settings: ExchangeSettings, logger: Logger = Logger(label: "filsluse")
  ) async throws(ExchangeError) -> Reconciliation {
    _ = try Journal.requireServer(of: settings)
    let journal = try await Journal.openToRead(of: settings)
    return try await during(journal) { () async throws(ExchangeError) in
      try await Exchange(settings: settings, journal: journal, logger: logger).survey().report
    }
  }

  /// Does this machine's part of a reconciliation: writes the proven outcomes and a person's answers into the journal,
  /// records the machine's high-water mark, and, on the last machine, makes the journal usable again.
  ///
  /// Nothing is written if an item has neither proof nor answer and no other machine is left that may prove it. An
  /// account that cannot be reached needs an answer on each machine. Taken files in watched folders that the journal
  /// does not know are set aside by the next run.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while a process has the journal open, `invalid-delivery`
  ///   if an answer contradicts a proof, names no item to reconcile or means several machines, and `journal`. Entries
  ///   written before an error are recognised by the next call.
  public static func reconcile(
    _ settings: ExchangeSettings, with answers: ReconciliationAnswers, logger: Logger = Logger(label: "filsluse")
  ) async throws(ExchangeError) -> Reconciliation {
    let journal = try await Journal.openToReconcile(of: settings)
    return try await during(journal) { () async throws(ExchangeError) in
      try await Exchange(settings: settings, journal: journal, logger: logger).reconcile(with: answers)
    }
  }

  /// Runs `body`, and closes the journal however it ends.
  private static func during(
    _ journal: Journal, _ body: () async throws(ExchangeError) -> Reconciliation
  ) async throws(ExchangeError) -> Reconciliation {
    let report: Reconciliation
    do throws(ExchangeError) {
      report = try await body()
    } catch let failure {
      // What ended the work matters more.
      do throws(ExchangeError) { try await journal.close() } catch { throw failure }
      throw failure
    }
    try await journal.close()
    return report
  }

  // MARK: Looking

  /// A finding with the subject to write it to.
  private struct Finding {
    let item: Reconciliation.Item
    let subject: Subject

    enum Subject {
      case delivery(ReconciliationSurvey.FoundDelivery)
      case arrival(ReconciliationSurvey.FoundArrival, Account)
    }
  }

  private struct Survey {
    var report: Reconciliation
    var findings: [Finding] = []
    /// The accounts that could not be looked at. A person says whether to go on without them.
    var unseen: [Reconciliation.Item] = []
    /// The machines, as the journal was read once.
    let machines: ReconciliationMachines
  }

  private func survey() async throws(ExchangeError) -> Survey {
    let path = journal.path
    let mark = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      HighWaterMark.read(beside: path).mark?.anchor
    }
    let own = MachineIdentity.name(beside: path)
    let (report, machines) = try await journal.read { database -> (Reconciliation, ReconciliationMachines) in
      let last = try JournalAnchor.last(in: database)
      var lost: Int64 = 0
      if let mark, try mark.standing(in: database) != .proven { lost = max(1, mark.number - last.number) }
      let all = try KnownMachine.names(in: database)
      let open = try OpenReconciliation.find(in: database)
      let others = (open?.awaited ?? all).filter { $0.number != own }
      let report = Reconciliation(mark: mark, last: last, lostEntries: lost, awaited: KnownMachine.Name.shown(others))
      return (report, ReconciliationMachines(all: all, awaited: others, isOpen: open != nil))
    }
    var survey = Survey(report: report, machines: machines)
    for account in settings.accounts { try await look(at: account, adding: &survey) }
    survey.report.items = survey.findings.map(\.item) + survey.unseen
    survey.report.unanswered = survey.report.items.filter { $0.finding == .unproven }
    return survey
  }

  private func look(at account: Account, adding survey: inout Survey) async throws(ExchangeError) {
    let found: ReconciliationSurvey.Found
    do throws(ExchangeError) {
      found = try await find(account)
    } catch {
      if error.code.isOfJournal || error.code == .cancelled { throw error }
      return try await add(unseen: account, because: error, to: &survey)
    }
    survey.report.unknown += found.unknown
    for delivery in found.deliveries {
      survey.findings.append(Finding(item: delivery.item, subject: .delivery(delivery)))
    }
    for arrival in found.arrivals {
      survey.findings.append(Finding(item: arrival.item, subject: .arrival(arrival, account)))
    }
  }

  private func find(_ account: Account) async throws(ExchangeError) -> ReconciliationSurvey.Found {
    // No other work is running, so all connections that the settings allow are free.
    let client = try await account.connect(reply: patience.reply, logger: logger)
    let outcome = await Result { () async throws(ExchangeError) in
      try await ReconciliationSurvey(exchange: self, account: account, client: client).carryOut()
    }
    await client.close()
    return try outcome.get()
  }

  /// Adds an account that could not be reached: its deliveries are unproven, and so are the files in its IN, which the
  /// journal may not know.
  private func add(
    unseen account: Account, because failure: ExchangeError, to survey: inout Survey
  ) async throws(ExchangeError) {
    let (reason, danish) = (failure.message, failure.clauseInDanish)
    let nothing = DeliveryMachine.OutContent(data: .missing, trigger: .missing, temporary: .missing)
    for delivery in try await journal.deliveriesToBeSent(of: account.name) {
      let item = Reconciliation.Item(
        account: account.name, number: "D\(delivery.id)", name: delivery.wireName.string, finding: .unproven,
        evidence: LocalizedText(
          "its account could not be looked at: \(reason)", "dens konto kunne ikke ses: \(danish)"))
      let found = ReconciliationSurvey.FoundDelivery(delivery: delivery, content: nothing, proof: .nothing)
      survey.findings.append(Finding(item: item, subject: .delivery(found)))
    }
    survey.unseen.append(
      Reconciliation.Item(
        account: account.name, number: Reconciliation.Item.numberPrefix + account.name,
        name: "\(account.folders.out), \(account.folders.in)", finding: .unproven,
        evidence: LocalizedText(
          "the account could not be looked at: \(reason); without it, what lies in its IN may be handed over once more",
          "kontoen kunne ikke ses: \(danish); uden den overdrages det, der ligger i dens IN, måske en gang til")))
  }

  // MARK: Writing

  private func reconcile(with answers: ReconciliationAnswers) async throws(ExchangeError) -> Reconciliation {
    let survey = try await self.survey()
    var report = survey.report
    let leftOut = try answers.check(survey.report.items, survey.machines)
    report.unanswered = report.items.filter { answers.isDone($0) == nil }
    report.awaited = KnownMachine.Name.shown(survey.machines.awaited.filter { !leftOut.contains($0) })
    // Another machine may prove the rest, but only this one has its inbox of an account that could not be looked at.
    let isUnseen = survey.unseen.contains { answers.isDone($0) == nil }
    if isUnseen || (report.awaited.isEmpty && !report.unanswered.isEmpty) { return report }
    try await begin(answers, survey, leavingOut: leftOut)
    for finding in survey.findings {
      guard let isDone = answers.isDone(finding.item) else { continue }
      let by = finding.item.finding == .unproven ? "\(answers.person) says so: \(answers.reason)" : nil
      try await record(finding, isDone: isDone, by: by)
    }
    report.isWritten = true
    report.isEnded = report.awaited.isEmpty
    if report.isEnded { try await end(report, answers) }
    try await journal.replaceMark()
    return report
  }

  /// Writes the part of this machine, and of those that are left out: from here on the journal is shut until the end.
  private func begin(
    _ answers: ReconciliationAnswers, _ survey: Survey, leavingOut leftOut: Set<KnownMachine.Name>
  ) async throws(ExchangeError) {
    let own = MachineIdentity.name(beside: journal.path)
    let without = survey.unseen.map { ", without the account \($0.account)" }.joined()
    let (report, machines) = (survey.report, survey.machines.all)
    try await journal.write { transaction in
      for machine in machines {
        let isOwn = machine.number == own
        guard isOwn || leftOut.contains(machine) else { continue }
        let facts = AuditFacts([
          OpenReconciliation.machineFact: machine.number, "mark": isOwn ? report.mark?.description : nil,
          "lost": isOwn ? "\(report.lostEntries)" : nil,
        ])
        let part = isOwn ? "reconciles it on \(machine.host)\(without)" : "leaves out \(machine.host)"
        try transaction.addEntry(
          about: .journal, state: OpenReconciliation.partState,
          detail: Masked.name("\(answers.person) \(part): \(answers.reason)"),
          facts: facts.changes(since: AuditFacts()), at: .now)
      }
    }
  }

  private func end(_ report: Reconciliation, _ answers: ReconciliationAnswers) async throws(ExchangeError) {
    try await journal.write { transaction in
      let database = transaction.database
      let first = try OpenReconciliation.find(in: database)?.firstEntry ?? report.last.number + 1
      let since = try database.int("SELECT at FROM entry WHERE number < ? ORDER BY number DESC LIMIT 1", [first])
      try transaction.addEntry(
        about: .journal, state: OpenReconciliation.endState,
        detail: Masked.name("reconciled with OUT and IN by \(answers.person): \(answers.reason)"),
        facts: RestorationFacts.facts(ofLoss: report.lostEntries, since: since).changes(since: AuditFacts()), at: .now)
    }
    journal.knownLoss.withLock { $0 = nil }
  }

  private func record(_ finding: Finding, isDone: Bool, by person: String?) async throws(ExchangeError) {
    let detail = Masked.name("reconciled: \(finding.item.evidence.en)\(person.map { "; \($0)" } ?? "")")
    switch finding.subject {
    case .delivery(let found): try await record(found, isSent: isDone, detail)
    case .arrival(let found, let account):
      if isDone { try await record(found, of: account, detail) }
    }
  }

  private func record(
    _ found: ReconciliationSurvey.FoundDelivery, isSent: Bool, _ detail: String
  ) async throws(ExchangeError) {
    var delivery = found.delivery
    if isSent {
      let state: DeliveryState = found.proof == .trigger ? .triggered : .taken
      _ = try await journal.transition(delivery, to: state, detail: detail).required()
      return
    }
    // The last acknowledged byte is unknown: the delivery's files in OUT are overwritten from their first byte.
    (delivery.acknowledged, delivery.acknowledgedSHA256) = (0, nil)
    if found.stateToGoOn != delivery.state {
      _ = try await journal.transition(delivery, to: found.stateToGoOn, detail: detail).required()
    } else {
      try await journal.noteProgress(of: delivery)
      let id = delivery.id
      try await journal.write { transaction in
        try transaction.addEntry(
          about: .delivery(id), state: OpenReconciliation.endState, detail: detail, facts: nil, at: .now)
      }
    }
  }

  private func record(
    _ found: ReconciliationSurvey.FoundArrival, of account: Account, _ detail: String
  ) async throws(ExchangeError) {
    let seen = try await journal.see(found.arrival)
    var arrival = seen
    arrival.forgetFailures()
    arrival.setAsideFrom = nil
    arrival.route = found.arrival.route ?? arrival.route
    arrival.localName = found.placed?.name ?? arrival.localName
    arrival.reason = .recorded(detail)
    arrival.sha256 = found.placed?.sha256
    if arrival.sha256 == nil, found.isInIN { arrival.sha256 = try await hashInIN(arrival, of: account) }
    // The file is here, and its program may have had it already: it runs once more. This is no event of the machine: what
    // was found stands in place of the steps that were lost with the entries.
    arrival.state = found.isForProgram && found.placed?.sha256 != nil ? .verified : .handedOver
    let next = arrival
    try await journal.write { transaction in
      try Ownership.take(arrival: next.id, in: transaction.database)
      _ = try Journal.record(next, leaving: seen.state, in: transaction)
    }
  }

  /// Returns the hash of an arrival's data in IN, which proves the file for its removal there.
  private func hashInIN(_ arrival: Arrival, of account: Account) async throws(ExchangeError) -> SHA256Digest? {
    let client = try await account.connect(reply: patience.reply, logger: logger)
    let outcome = await Result { () async throws(ExchangeError) -> SHA256Digest in
      let sink = HashingSink(limit: arrival.size)
      do throws(SFTPError) {
        _ = try await client.download(RemotePath(account.folders.in).appending(arrival.wireName.string), to: sink)
      } catch {
        throw ExchangeError(error, while: "look into IN")
      }
      return sink.finish()
    }
    await client.close()
    return try outcome.get()
  }
}
