internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// The reporter of a long-running exchange: reports each problem once, not with every look.
final class RunReporter: Sendable {
  let logger: Logger
  /// Problems that the loops observe, and that no delivery or arrival shows.
  let problems: ObservedProblems
  private let onEvent: @Sendable (UnattendedEvent) -> Void
  private let remarks: LogThrottle
  private let countsByAccount = Locked<[String: RunCounts]>([:])
  private let looks = Locked(Looks())
  /// Requests to compare the open problems with the alerted ones.
  let wakeUps: AsyncStream<Void>
  private let wakeUp: AsyncStream<Void>.Continuation

  /// The times of the last look into each account's IN.
  private struct Looks: Sendable {
    var all: [String: Timestamp] = [:]
    /// The looks since the last call of ``RunReporter/takeLooks()``.
    var new: [String: Timestamp] = [:]
  }

  init(logger: Logger, problems: ObservedProblems, onEvent: @escaping @Sendable (UnattendedEvent) -> Void) {
    self.logger = logger
    self.problems = problems
    remarks = LogThrottle(logger)
    self.onEvent = onEvent
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Requests a comparison of the open problems with the alerted ones.
  func signal() { wakeUp.yield() }

  /// Ends ``wakeUps``.
  func close() { wakeUp.finish() }

  /// Counters of the work since the start, by account.
  var counts: [String: RunCounts] { countsByAccount.withLock { $0 } }

  /// Counts work for an account.
  func count(for account: String, _ change: (inout RunCounts) -> Void) {
    countsByAccount.withLock { change(&$0[account, default: RunCounts()]) }
  }

  /// Counts a receipt that this process wrote into the journal.
  func countReceipt(for delivery: Delivery) {
    count(for: delivery.account) { counts in
      if delivery.state == .accepted { counts.accepted += 1 } else { counts.refused += 1 }
    }
  }

  /// Counts a failed try to collect an arrival, or that the arrival is set aside after it.
  func countFailedTry(of arrival: Arrival) {
    count(for: arrival.account) { counts in
      if arrival.state == .setAside { counts.setAside += 1 } else { counts.retries[.collecting, default: 0] += 1 }
    }
  }

  /// Counts failed tries that are repeated.
  func countRetries(_ number: Int = 1, of work: RunCounts.RetriedWork, for account: String) {
    count(for: account) { $0.retries[work, default: 0] += number }
  }

  /// Records that an account's IN is being checked, or is left alone on purpose.
  func noteLook(into account: String) {
    let now = Timestamp.now
    looks.withLock { looks in
      looks.all[account] = now
      looks.new[account] = now
    }
  }

  /// The last look into each account's IN.
  var lastLooks: [String: Timestamp] { looks.withLock { $0.all } }

  /// Returns the accounts with a look into IN since the last call, and the time of that look.
  func takeLooks() -> [String: Timestamp] {
    looks.withLock { looks in
      defer { looks.new = [:] }
      return looks.new
    }
  }

  /// Logs a lasting condition: the first time, and once a day while it lasts.
  func once(_ level: Logger.Level, _ text: String) { remarks.once(level, text) }

  /// Logs a lasting error of an account likewise, with its account, file and code as keys of the line.
  func once(_ level: Logger.Level, _ text: String, about error: ExchangeError, of account: String) {
    let masked = Masked.name(text)
    if remarks.isNew(masked) { logger.about(error, of: account).log(level: level, "\(masked)") }
  }

  /// Reports a problem for a person: in the log, in the list of open problems, and as an event. Problems with the same
  /// kind, account and subject are the same one, whatever their message.
  ///
  /// - Parameters:
  ///   - subject: distinguishes problems of one kind and account; by default the number or the place.
  ///   - place: the file or folder of the problem: it is resolved when that is gone, or empty.
  ///   - cause: the error behind it; its code is the key `cause` of the line.
  ///   - isNews: true if a person has just asked for it: it is then reported even if it is open already.
  func attention(
    _ kind: OpenProblem.Kind, account: String, number: String? = nil, of subject: String? = nil,
    at place: FilePath? = nil, because cause: ExchangeError? = nil, isNews: Bool = false, _ text: LocalizedText
  ) {
    let key = Self.key(kind, account, subject ?? number ?? place?.string)
    var problem = OpenProblem(key, observed: text)
    problem.place = place?.string
    let isNew =
      key.isShownByState
      ? remarks.isNew("\(kind.rawValue) \(account) \(key.subject) \(text.en)")
      : problems.raise(problem, isNews: isNews)
    guard isNew else { return }
    logger.about(problem).carrying(["cause": cause?.mostExactCode])
      .log(level: kind == .journalReplaced ? .critical : .error, "\(Self.line(problem))")
    onEvent(.attention(problem))
    signal()
  }

  /// Resolves a problem, if it is open.
  func isOver(
    _ kind: OpenProblem.Kind, account: String, number: String? = nil, of subject: String? = nil,
    _ ending: LocalizedText
  ) {
    isOver(Self.key(kind, account, subject ?? number), ending)
  }

  /// Resolves an open problem.
  func isOver(_ key: OpenProblem.Key, _ ending: LocalizedText) {
    let masked = LocalizedText(
      da: VisibleText.oneLine(Masked.name(ending.da)), en: VisibleText.oneLine(Masked.name(ending.en)))
    guard let over = problems.resolve(key, masked) else { return }
    let problem = OpenProblem(key, observed: masked, since: over.since)
    logger.about(problem).notice("\(Self.line(problem))")
    onEvent(.resolved(problem))
    signal()
  }

  /// Ends the open problems that have a property.
  func areOver(_ ending: LocalizedText, where isOver: (OpenProblem) -> Bool) {
    for problem in problems.open where isOver(problem) { self.isOver(problem.key, ending) }
  }

  /// Reports that the journal cannot be written or read, which is resolved by the next successful comparison, or that
  /// it is damaged, which is resolved by restoring a backup. A replaced journal is reported by the code that ends the
  /// run for it.
  func note(_ error: ExchangeError) {
    switch error.code {
    case .journalDamaged: attention(.journalDamaged, account: "", of: "journal", error.inBothLanguages)
    case .journal, .journalFull, .journalOutdated, .journalSchema:
      attention(.journalNotWritable, account: "", error.inBothLanguages)
    default: break
    }
  }

  func publish(_ event: UnattendedEvent) { onEvent(event) }

  private static func key(_ kind: OpenProblem.Kind, _ account: String, _ subject: String?) -> OpenProblem.Key {
    OpenProblem.Key(kind, account: account.isEmpty ? nil : account, subject: subject ?? "")
  }

  /// A problem of the journal or the settings belongs to no account.
  private static func line(_ problem: OpenProblem) -> String {
    problem.key.account.map { "\($0): \(problem.message)" } ?? problem.message
  }
}

extension Logger {
  /// The logger for lines about an open problem; the problem's kind is their `code`.
  fileprivate func about(_ problem: OpenProblem) -> Logger {
    let number = problem.number
    let numbered = number?.hasPrefix("D") == true ? "delivery" : "arrival"
    return carrying([
      "account": problem.key.account, numbered: number, "file": problem.fileName ?? problem.place.map(Masked.name),
      "code": problem.kind.rawValue,
    ])
  }
}
