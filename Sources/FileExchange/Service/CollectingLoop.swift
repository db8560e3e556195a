internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Looks into one account's IN periodically, and collects its files.
struct CollectingLoop: Sendable {
  let live: LiveAccount
  let receipts: ReceiptLoop
  let stop: GracefulStop
  let heartbeat: Heartbeat

  private var account: Account { live.account }
  private var reporter: RunReporter { live.reporter }

  func run() async {
    var options = Exchange.CollectionOptions()
    options.handOver = .later
    options.keepsPauses = true
    options.onProgress = { [heartbeat, reporter, account] _ in
      heartbeat.beat()
      reporter.noteLook(into: account.name)
    }
    var halves: Set<String> = []
    var uncollectable: [OpenProblem.Key: ContinuousClock.Instant] = [:]
    while !stop.isRequested, !Task.isCancelled {
      options.sharesListing = !hasProblemsInIN
      let report = await live.exchange.collect(account.name, options: options)
      if report.sawEverything || report.namesSeen > 0 || report.isListedElsewhere {
        reporter.noteLook(into: account.name)
      }
      halves = publish(report, halves: halves)
      if report.sawEverything { uncollectable = publishUncollectable(report, since: uncollectable) }
      reportSuspects()
      await receipts.close(report.settled)
      heartbeat.beat()
      // Arrivals seen by another machine are fetched soon after.
      _ = await wait(report.isListedElsewhere ? min(account.poll, Self.sharedPause) : account.poll)
    }
  }

  /// True if this machine has raised problems of files in IN: it then lists IN, whichever machine has the turn, until
  /// it sees their end.
  private var hasProblemsInIN: Bool {
    reporter.problems.open.contains { problem in
      problem.key.account == account.name && [.notCollectable, .accessRefused, .different].contains(problem.kind)
    }
  }

  /// The pause between two checks for arrivals seen by the listing machine.
  private static let sharedPause = Duration.seconds(1)

  /// Waits in short pieces, so that the heartbeat goes on.
  private func wait(_ duration: Duration) async {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end, !Task.isCancelled {
      if await stop.wait(atMost: min(end - .now, .seconds(10))) { return }
      heartbeat.beat()
    }
  }

  /// The number of files that stay in IN and are reported at a time.
  private static let mostUncollectable = 1000

  /// Reports files that have stayed in IN for long because they cannot be collected.
  ///
  /// - Parameter since: the time at which this loop first saw each of them.
  /// - Returns: the updated times, for the files of this look and those whose next try is not due yet.
  private func publishUncollectable(
    _ report: CollectionReport, since: [OpenProblem.Key: ContinuousClock.Instant]
  ) -> [OpenProblem.Key: ContinuousClock.Instant] {
    let patience = live.exchange.patience.unfinished
    let waiting = report.subjectsWaiting(of: account)
    var seen = since.filter { waiting.contains($0.key.subject) }
    let staying = report.uncollectable(in: account.folders.in)
    let shown = staying.sorted { $0.key.subject < $1.key.subject }.prefix(Self.mostUncollectable)
    for (key, reason) in shown {
      let begin = since[key] ?? ContinuousClock.now
      seen[key] = begin
      if ContinuousClock.now - begin > patience {
        reporter.attention(key.kind, account: account.name, of: key.subject, reason)
      }
    }
    for key in report.resolved(among: reporter.problems.open, staying: staying, waiting: waiting) {
      reporter.isOver(key, CollectionReport.stayedNoLonger)
    }
    return seen
  }

  /// Reports the files that repeatedly cause lost connections, in both directions. The problem of a cleared file is
  /// resolved, whichever process got it through.
  private func reportSuspects() {
    let suspects = live.exchange.suspects
    guard suspects.isLoaded(account.name) else { return }
    var standing: Set<OpenProblem.Key> = []
    for suspect in suspects.all(of: account.name) where suspect.isToBeReported {
      standing.insert(OpenProblem.Key(.losesConnection, account: account.name, subject: suspect.path.string))
      reporter.attention(
        .losesConnection, account: account.name, of: suspect.path.string, suspect.inBothLanguages)
    }
    for key in reporter.problems.open.map(\.key)
    where key.kind == .losesConnection && key.account == account.name && !standing.contains(key) {
      reporter.isOver(
        key,
        LocalizedText(
          "\(key.subject) got through, or is gone: connections are lost at it no longer",
          "\(key.subject) kom igennem eller er væk: forbindelsen går ikke længere tabt ved den."))
    }
  }

  /// Reports the result of a look. Half a pair is usually still arriving, and is reported only if the next look finds
  /// it again.
  ///
  /// - Returns: the half pairs of this look.
  private func publish(_ report: CollectionReport, halves: Set<String>) -> Set<String> {
    var found: Set<String> = []
    reporter.count(for: account.name) { $0.collected += report.collected.count }
    for arrival in report.collected {
      reporter.logger.about(arrival).info("A\(arrival.id) \(Masked.name(arrival.wireName.string)) is collected")
    }
    for arrival in report.quarantined {
      reporter.attention(
        .quarantined, account: account.name, number: "A\(arrival.id)",
        LocalizedText(
          "\(arrival.wireName.string) is left in IN: \(arrival.reasonText.en)",
          "\(arrival.wireName.string) bliver liggende i IN: \(arrival.reasonText.da)."))
    }
    for arrival in report.setAside {
      reporter.attention(
        .setAside, account: account.name, number: "A\(arrival.id)",
        .setAside(arrival))
    }
    for answer in report.answered {
      reporter.logger.carrying(["account": account.name, "delivery": "D\(answer.delivery)"])
        .info("D\(answer.delivery) has its business receipt: \(answer.acceptance.rawValue)")
    }
    let settings = live.exchange.settings
    for (key, text) in report.observedProblems(settings) {
      reporter.attention(key.kind, account: account.name, of: key.subject, text)
    }
    for problem in report.problems
    where CollectionReport.kind(of: problem) == nil && problem.category != .account && problem.code != .cancelled {
      let text = "\(account.name): \(problem)"
      if problem.code == .notWhole { found.insert(text) }
      reporter.note(problem)
      if problem.code != .notWhole || halves.contains(text) {
        reporter.once(.warning, text, about: problem, of: account.name)
      }
    }
    for problem in reporter.problems.open {
      if let ending = report.ending(of: problem, settings) { reporter.isOver(problem.key, ending) }
    }
    return found
  }
}
