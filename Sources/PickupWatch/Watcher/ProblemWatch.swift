internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// The loop that adds the journal's open problems to the alerts: files set aside or quarantined, stopped accounts and
/// the like, which no look into a folder shows.
///
/// While it holds the journal's lease, only it alerts people to them, and `filsluse run` does not. Both record the sent
/// alerts in the journal, so that each is sent once, whichever of them is restarted. A watcher without the lease, or
/// without a sink, only lists them.
struct ProblemWatch: Sendable {
  private let session: WatchSession

  /// The pause between two tries to get the lease; `filsluse run` holds it for moments.
  private static let retryPause = Duration.seconds(1)
  /// The time to wait for the lease before the problems are read and listed without it.
  private static let patience = Duration.seconds(10)

  init(of session: WatchSession) { self.session = session }

  /// True if there is a sink: a watcher without one leaves the alerting to others.
  private var maySend: Bool { !session.settings.watch.alerts.sinks.isEmpty }

  func run(until end: GracefulStop) async {
    let lookEvery = session.settings.watch.lookEvery
    let retryPause = maySend ? min(Self.retryPause, lookEvery) : lookEvery
    // Problems listed without the lease get no resolution notice, so the lease is tried for first.
    var nextLook = maySend ? ContinuousClock.now + Self.patience : .now
    repeat {
      // Another machine alerts people, and its alerts are shown.
      guard session.lead.mayAlert else { continue }
      let isDue = nextLook <= .now
      guard let journal = await openJournal(isDue: isDue) else {
        if isDue { nextLook = .now + lookEvery }
        continue
      }
      if await alert(from: journal, until: end) {
        nextLook = .now + Self.patience
      } else if isDue {
        _ = await look(into: journal, isMute: true)
        nextLook = .now + lookEvery
      }
    } while await !end.wait(atMost: retryPause) && !Task.isCancelled
  }

  /// Returns the journal; `nil` if it does not exist or cannot be used. Without a journal no problem is open, and
  /// earlier ones are resolved.
  private func openJournal(isDue: Bool) async -> Journal? {
    do throws(ExchangeError) {
      if let journal = try await session.journal() { return journal }
    } catch {
      // Each account's own look finds the journal unreadable, and alerts people to that.
      if isDue { session.logger.warning("the journal's open problems are not known: \(error)") }
      return nil
    }
    if isDue { await take(ProblemSurvey(), isMute: true) }
    return nil
  }

  /// Checks the journal periodically while the lease is held and the journal's file is the same.
  ///
  /// - Returns: true if the lease was held.
  private func alert(from journal: Journal, until end: GracefulStop) async -> Bool {
    guard maySend else { return false }
    do throws(ExchangeError) {
      let held: Void? = try await journal.whileAlerting {
        while await look(into: journal, isMute: false), await !end.wait(atMost: session.settings.watch.lookEvery),
          !Task.isCancelled, session.lead.mayAlert, await isCurrent(journal)
        {}
      }
      return held != nil
    } catch {
      session.logger.warning("\(error)")
      return false
    }
  }

  private func isCurrent(_ journal: Journal) async -> Bool {
    do throws(ExchangeError) { return try await session.journal() === journal } catch { return false }
  }

  /// One look.
  ///
  /// - Returns: whether the journal could be read and written.
  private func look(into journal: Journal, isMute: Bool) async -> Bool {
    do throws(ExchangeError) {
      let survey = try await journal.surveyProblems(of: session.settings.accounts, at: session.clock())
      guard let (sent, over) = await take(survey, isMute: isMute), !isMute else { return true }
      // For problems that a rule finds too, the account's own loop records the alerts.
      let news = survey.open.problems.filter {
        !survey.alerted.contains($0.key) && !isWatched($0) && sent.contains(Finding($0).id)
      }
      if !news.isEmpty || !over.isEmpty { try await journal.noteAlerted(to: news, over: over) }
      return true
    } catch {
      session.logger.warning("the journal's open problems are not known: \(error)")
      session.dropJournal()
      return false
    }
  }

  /// Returns true if a rule of the watch finds the same, and alerts people about it.
  private func isWatched(_ problem: OpenProblem) -> Bool {
    guard let account = problem.key.account, session.settings.watch.accounts.contains(account) else { return false }
    switch problem.kind {
    case .refused: return true
    case .overdue: return session.evaluator.rules(of: account).account.receiptWithin != nil
    default: return false
    }
  }

  /// Returns true if it is about a file in an IN that the watch looks into: its rules about half pairs and unreadable
  /// metadata find the same. Of a file that the server refuses to give no rule knows.
  private func isInWatchedIN(_ problem: OpenProblem) -> Bool {
    guard problem.kind == .notCollectable, let account = problem.key.account else { return false }
    return session.settings.watch.accounts.contains(account)
  }

  private func isFoundByRule(_ problem: OpenProblem) -> Bool { isWatched(problem) || isInWatchedIN(problem) }

  /// Hands the open problems to the alerts.
  ///
  /// - Returns: the findings that people were alerted to, and the problems whose resolution was sent; `nil` if the
  ///   alerts cannot be written, and the next look catches up.
  @discardableResult private func take(
    _ survey: ProblemSurvey, isMute: Bool
  ) async -> (sent: Set<Finding.ID>, over: [OpenProblem.Key])? {
    let byRule = Dictionary(grouping: survey.open.problems, by: isFoundByRule)
    let open = byRule[false] ?? []
    let foundByRules = Set((byRule[true] ?? []).map(\.kind))
    var findings = Dictionary(grouping: open.map(Finding.init), by: \.account)
    for (kind, count) in survey.open.counts where !foundByRules.contains(kind) {
      let rest = count - survey.open.problems.count { $0.kind == kind }
      if rest > 0 { findings["", default: []].append(.more(rest, of: kind)) }
    }
    let alerted = Set(open.filter { survey.alerted.contains($0.key) }.map { Finding($0).id })
    do throws(ExchangeError) {
      let (left, over) = try await sort(survey.ended)
      let ended = Dictionary(grouping: left) { $0.problem.key.account ?? "" }
      let sent = try await session.database.transaction { () async throws(ExchangeError) -> Set<Finding.ID> in
        let known = try await session.database.accountsWithOpenAlerts(of: .journal)
        var sent: Set<Finding.ID> = []
        for account in Set(known).union(findings.keys).union(ended.keys).sorted() {
          let endings = Dictionary(
            (ended[account] ?? []).map { (Finding($0.problem).id, FindingEnding($0)) }, uniquingKeysWith: { $1 })
          var look = AlertLook(
            account: account, at: session.clock(), findings: findings[account] ?? [], endings: endings)
          (look.source, look.alertedElsewhere, look.isMute) = (.journal, alerted, isMute)
          if !isMute { try await introduce(ended[account] ?? [], look) }
          sent.formUnion(try await session.dispatcher.take(look))
        }
        return sent
      }
      session.statistics.noteStore(nil, of: Self.name)
      return (sent, over)
    } catch {
      session.logger.error("\(error)")
      session.statistics.noteStore("\(error)", of: Self.name)
      return nil
    }
  }

  /// Sorts the ended problems by the sender of their resolution. If an alert of a watch rule is about the same problem,
  /// that alert's resolution stands for it; no such alert exists if the problem ended before the rule could find it.
  ///
  /// - Returns: the problems whose resolution is sent here; and all whose resolution is or was sent, without those
  ///   still covered by the alert of a rule.
  private func sort(
    _ ended: [ProblemSurvey.Ended]
  ) async throws(ExchangeError) -> (left: [ProblemSurvey.Ended], over: [OpenProblem.Key]) {
    var (left, over): ([ProblemSurvey.Ended], [OpenProblem.Key]) = ([], [])
    for one in ended {
      switch isWatched(one.problem) ? try await session.database.hasOpenAlert(of: .ofReceipt(one.problem)) : nil {
      case true?: continue
      case false?: break
      case nil: left.append(one)
      }
      over.append(one.problem.key)
    }
    return (left, over)
  }

  /// Adds an alert for a problem that `filsluse run` alerted about, and that ended before it was seen here: the look
  /// then ends the alert, so that its end is sent too.
  private func introduce(_ ended: [ProblemSurvey.Ended], _ look: AlertLook) async throws(ExchangeError) {
    if ended.isEmpty { return }
    let known = Set(try await session.database.openFindings(of: look.account, .journal).map(\.id))
    let unknown = ended.map { Finding($0.problem) }.filter { !known.contains($0.id) }
    if unknown.isEmpty { return }
    var first = look
    first.findings += unknown
    first.isComplete = false
    first.alertedElsewhere.formUnion(unknown.map(\.id))
    try await session.dispatcher.take(first)
  }

  /// The name for recording that the alerts cannot be written, among those of the accounts.
  private static let name = "journal"
}

extension FindingEnding {
  /// The reason why a problem of the journal ended.
  fileprivate init(_ ended: ProblemSurvey.Ended) {
    self.init(why: LocalizedText(da: ended.ending.danish, en: ended.ending.description))
  }
}
