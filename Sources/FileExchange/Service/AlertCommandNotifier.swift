internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Alerts a person about new and resolved problems, by the program under `alert:` of the settings.
///
/// It compares the open problems with the alerted ones, and keeps both in the journal: a restart repeats no alert, and
/// an alert whose program failed, or was running when the process ended, is sent again with the same id. At most one
/// alert per kind and account is sent in a while; later problems are sent together, including those that have ended by
/// then.
final class AlertCommandNotifier: Sendable {
  private struct Plan: Sendable {
    var alert: AlertCommand?
    var withheld: Set<String>
    var accounts: [Account]
  }

  /// The state of this process; everything that outlasts it is in the journal.
  private struct Memory: Sendable {
    /// The time of the last alert of each topic.
    var sent: [AlertTopic: ContinuousClock.Instant] = [:]
    /// Problems alerted while the journal could not record it.
    var alertedMeanwhile: [OpenProblem.Key: OpenProblem?] = [:]
    var failures = 0
    var nextTry: ContinuousClock.Instant?
  }

  private let plan: Locked<Plan>
  private let memory = Locked(Memory())
  private let reporter: RunReporter
  private let journal: Journal
  /// The folder of the journal.
  private let folder: FilePath
  private let retry: RetryPolicy
  /// The shortest interval between two alerts of a topic.
  private let gap: Duration
  private let begin = ContinuousClock.now
  /// The time limit for the last alerts once the run has ended.
  private static let timeForLastAlerts = Duration.seconds(5)
  /// The time that a new run has to look into each IN before a missing look is a problem.
  private static let firstLooks = Duration.seconds(300)
  /// The pause between two comparisons, where nothing asks for one.
  private static let pause = Duration.seconds(5)

  init(_ exchange: Exchange, _ reporter: RunReporter, gap: Duration = .seconds(300)) {
    let settings = exchange.settings
    plan = Locked(
      Plan(alert: settings.alert, withheld: exchange.withheld.withLock { $0 }, accounts: settings.accounts))
    self.reporter = reporter
    self.gap = gap
    journal = exchange.journal
    folder = settings.journal.removingLastComponent()
    retry = exchange.patience.retry
  }

  /// Goes by other settings from now on.
  func change(_ exchange: Exchange) {
    let settings = exchange.settings
    plan.withLock {
      $0 = Plan(alert: settings.alert, withheld: exchange.withheld.withLock { $0 }, accounts: settings.accounts)
    }
    reporter.signal()
  }

  private var problems: ObservedProblems { reporter.problems }

  /// Compares and alerts until `end` is requested, and once more then; or until the task is cancelled.
  ///
  /// The alert under way at the end and the last ones have a short time together. An alert that is not sent by then is
  /// kept for the next run.
  func run(until end: GracefulStop) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await end.wait()
        try? await Task.sleep(for: Self.timeForLastAlerts)
      }
      group.addTask { await self.compareAndAlert(until: end) }
      await group.next()
      group.cancelAll()
    }
  }

  private func compareAndAlert(until end: GracefulStop) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [reporter] in
        repeat { reporter.signal() } while await !end.wait(atMost: Self.pause) && !Task.isCancelled
        reporter.close()
      }
      for await _ in reporter.wakeUps {
        // A large journal is not looked through all the time.
        let rest = await compare() * 4
        if rest > Self.pause { _ = await end.wait(atMost: min(rest, .seconds(60))) }
      }
      group.cancelAll()
    }
    if !Task.isCancelled { await compare(isLast: true) }
  }

  /// Compares once, and sends the alerts.
  ///
  /// - Parameter isLast: alerts do not wait for the end of a pause.
  /// - Returns: the time that the comparison took, without that of the alert program.
  @discardableResult
  func compare(isLast: Bool = false) async -> Duration {
    let (plan, begin) = (plan.withLock { $0 }, ContinuousClock.now)
    do throws(ExchangeError) {
      try await problems.synchronize()
      if try await canBeWrittenAgain() {
        reporter.areOver(LocalizedText("the journal can be written again", "Der kan skrives i journalen igen.")) {
          $0.kind == .journalNotWritable
        }
      }
      guard plan.alert != nil else {
        alertsGoOn(
          LocalizedText("the settings name no program for alerts", "Indstillingerne har intet program til alarmer."))
        return ContinuousClock.now - begin
      }
      let alertedMeanwhile = memory.withLock { $0.alertedMeanwhile }
      var selection = AlertSelection(accounts: plan.accounts, now: .now)
      selection.resting = resting(isLast: isLast)
      selection.alertedMeanwhile = alertedMeanwhile
      selection.isUncollectedKnown = .now - begin > Self.firstLooks
      // A watcher that runs with this journal holds the lease, and then only the watcher alerts people to new problems.
      let compared: Void? = try await journal.withClaim(on: .alerting) { [journal] () async throws(ExchangeError) in
        try await journal.queueAlerts(selection)
      }
      if compared == nil { try await noteAlertedMeanwhile(alertedMeanwhile) }
      memory.withLock { memory in
        for key in alertedMeanwhile.keys { memory.alertedMeanwhile[key] = nil }
      }
      let comparison = ContinuousClock.now - begin
      // If several machines use the journal, one at a time sends the queued alerts.
      _ = try await journal.withClaim(on: .alertQueue) { () async throws(ExchangeError) in
        try await sendQueued(plan, isLast: isLast)
      }
      return comparison
    } catch {
      reporter.note(error)
      if !error.code.isOfJournal {
        reporter.once(.error, "what waits for a person cannot be compared with what was alerted: \(error)")
      }
      await sendUnwritten(plan, isLast: isLast)
      return .zero
    }
  }

  /// Returns true if the journal was reported as not writable, and now takes a row on a disk with room for more: on a
  /// full disk a small row may still find a place, and the next larger one not.
  private func canBeWrittenAgain() async throws(ExchangeError) -> Bool {
    let noted = problems.open.filter { $0.kind == .journalNotWritable }
    if noted.isEmpty { return false }
    let folder = folder
    let free = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try LocalFolder.freeBytes(at: folder)
    }
    guard free >= ProblemCheck.spare else { return false }
    try await journal.write(observed: noted.map { ObservedChange(key: $0.key, problem: $0, ending: nil) })
    return true
  }

  /// Records in the journal, for the watcher, the problems alerted while the journal could not be written.
  private func noteAlertedMeanwhile(_ alerted: [OpenProblem.Key: OpenProblem?]) async throws(ExchangeError) {
    if alerted.isEmpty { return }
    try await journal.noteAlerted(
      to: alerted.values.compactMap(\.self), over: alerted.filter { $0.value == nil }.map(\.key))
  }

  /// Returns the topics with an alert a moment ago, unless this is the last comparison.
  private func resting(isLast: Bool) -> Set<AlertTopic> {
    memory.withLock { [gap] memory in
      memory.sent = memory.sent.filter { .now - $0.value < gap }
      return isLast ? [] : Set(memory.sent.keys)
    }
  }

  /// Sends the queued alerts, oldest first. One that fails stays, and those after it wait for it.
  private func sendQueued(_ plan: Plan, isLast: Bool) async throws(ExchangeError) {
    var plan = plan
    // Unsent alerts are kept for the next run.
    let end = isLast ? ContinuousClock.now + Self.timeForLastAlerts : nil
    if isLast, let timeout = plan.alert?.timeout { plan.alert?.timeout = min(timeout, Self.timeForLastAlerts) }
    while !Task.isCancelled, end.map({ $0 > .now }) ?? true {
      if !isLast, let next = memory.withLock({ $0.nextTry }), next > .now { return }
      let topics = resting(isLast: isLast)
      guard let alert = try await journal.nextAlert(resting: topics) else {
        if topics.isEmpty { alertsGoOn() }
        return
      }
      guard await send(alert.document, plan, isLast: isLast) else { return }
      try await journal.removeAlert(alert.id)
      memory.withLock { $0.sent[alert.topic] = .now }
    }
  }

  /// Sends alerts at once about problems that the journal cannot record.
  private func sendUnwritten(_ plan: Plan, isLast: Bool) async {
    if !isLast, let next = memory.withLock({ $0.nextTry }), next > .now { return }
    // A journal that was replaced may have taken it, and nothing of it is read again.
    let replaced = problems.open.filter { $0.kind == .journalReplaced }
    let unwritten = problems.unwritten.filter { $0.key.kind != .alertFails }
    for change in unwritten + replaced.map({ ObservedChange(key: $0.key, problem: $0, ending: nil) }) {
      let (key, problem) = (change.key, change.problem)
      let isSent = memory.withLock { memory in
        memory.alertedMeanwhile[key].map { ($0 == nil) == (problem == nil) } ?? false
      }
      if isSent || Task.isCancelled { continue }
      let topic = AlertTopic(kind: key.kind, account: key.account ?? "", isResolved: problem == nil)
      let ending = change.ending ?? LocalizedText(key.kind.explanation, key.kind.danishExplanation)
      let shown = problem ?? OpenProblem(key, observed: ending)
      guard await send(AlertDocument(topic, [shown], count: 1, at: .now).text, plan, isLast: isLast) else {
        return
      }
      memory.withLock { $0.alertedMeanwhile[key] = .some(problem) }
    }
  }

  /// Runs the program.
  ///
  /// - Parameter isLast: a program that fails then is not reported: it has less time than the settings give it.
  /// - Returns: whether it took the alert.
  private func send(_ document: String, _ plan: Plan, isLast: Bool) async -> Bool {
    guard let alert = plan.alert else { return false }
    let report = await Program(
      arguments: alert.command, withheld: plan.withheld, input: Array("\(document)\n".utf8), timeout: alert.timeout,
      grace: .seconds(1)
    ).run()
    memory.withLock { memory in
      memory.failures = report.isSuccess ? 0 : memory.failures + 1
      memory.nextTry = report.isSuccess ? nil : ContinuousClock.now + retry.backoff.pause(after: memory.failures)
    }
    if report.isSuccess {
      alertsGoOn()
    } else if isLast || report.end == .cancelled {
      reporter.logger.warning(
        "the alert program did not take an alert at the end of the run: \(report.summary); the next run sends it")
    } else {
      let program = alert.command.first ?? ""
      reporter.attention(
        .alertFails, account: "",
        LocalizedText(
          "no alert gets through, and all wait for the program \(program): \(report.summary)",
          "Ingen alarm kommer igennem, og alle venter på programmet \(program): \(report.text.da)."
        ))
    }
    return report.isSuccess
  }

  /// Resolves the problem that the alert program fails, if it is open.
  private func alertsGoOn(
    _ ending: LocalizedText = LocalizedText(
      "alerts get through, or none waits", "Alarmer kommer igennem, eller ingen venter.")
  ) {
    reporter.isOver(.alertFails, account: "", ending)
  }
}
