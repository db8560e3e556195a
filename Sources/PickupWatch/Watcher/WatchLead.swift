internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging

/// The lead of the watch among the machines with one journal on a server: one of them alerts people.
///
/// The others look too, so that they know the files when they take over, and have the leader's alerts, with
/// acknowledgements and silences, in place of their own. What people do there is done by the leader when it asks the
/// server next. A journal in a file has one machine, which leads.
final class WatchLead: Sendable {
  private struct State {
    var isLeading = false
    /// The end of the last try to ask the server. The clock also runs while the machine sleeps.
    var askedAt: ContinuousClock.Instant?
    /// The beginning of the last question that the server answered.
    var answered: ContinuousClock.Instant?
    /// The beginning of the time in which the server does not answer.
    var failingSince: ContinuousClock.Instant?
    /// This machine's alerts on the server.
    var shared: String?
    /// The alerts that were written last, whether or not the server has answered.
    var written: String?
    /// The answers to acts of people on other machines which the server does not have yet.
    var answers: [WatchRequest: String] = [:]
    /// The last failure after the server has said which machine leads.
    var trouble: String?

    /// Notes that another machine leads.
    mutating func stepBack() { (isLeading, shared, answers) = (false, nil, [:]) }

    /// Returns the server's answer to a question asked after `moment`; `nil` until it has come.
    func answer(after moment: ContinuousClock.Instant) -> LeadAnswer? {
      if failingSince != nil { return .unknown }
      guard let answered, answered > moment else { return nil }
      if !isLeading { return .follows }
      return trouble == nil ? .leads : .unknown
    }
  }

  private let isShared: Bool
  private let host: String
  private let logger: Logger
  /// The pause between two questions to the server.
  private let pause: Duration
  private let state = Locked(State())
  /// Wakes the loop that asks.
  private let wakeUp = AsyncSignal()

  /// The longest pause between two questions to the server.
  private static let standardPause = Duration.seconds(2)
  /// The longest pause, while another machine has the journal for itself alone, or many alerts are shared.
  private static let longestPause = Duration.seconds(10)
  /// The validity of an answer: shorter than the silence after which another machine takes over a machine's lead.
  private static let answerCountsFor = Duration.seconds(20)
  /// The time after which a leader goes on without reaching the server. Alerts sent twice are better than alerts not
  /// sent.
  private static let leaderGoesOnAfter = Duration.seconds(30)
  /// The time after which a standby machine that cannot reach the server alerts people.
  private static let othersGoOnAfter = Duration.seconds(300)
  /// The longest time that a person waits for an answer of the server.
  private static let confirmedWithin = Duration.seconds(3)

  init(_ settings: ExchangeSettings, logger: Logger) {
    isShared = settings.journalServer != nil
    host = MachineName.present ?? "unknown"
    pause = min(Self.standardPause, settings.watch.lookEvery)
    self.logger = logger
  }

  /// True if this machine alerts people now.
  var mayAlert: Bool {
    guard isShared else { return true }
    let now = ContinuousClock.now
    return state.withLock { state in
      Self.mayAlert(
        isLeading: state.isLeading, sinceAsked: state.askedAt.map { now - $0 },
        failingFor: state.failingSince.map { now - $0 })
    }
  }

  /// True while the server does not say which machine leads.
  var isServerSilent: Bool { state.withLock { $0.failingSince != nil } }

  /// Returns true if a machine may alert people.
  ///
  /// - Parameters:
  ///   - isLeading: true if it led by the server's last answer.
  ///   - sinceAsked: the time since the last request; `nil` before the first.
  ///   - failingFor: the time without an answer; `nil` if the server answers.
  static func mayAlert(isLeading: Bool, sinceAsked: Duration?, failingFor: Duration?) -> Bool {
    // After a standstill the machine must ask first.
    guard let sinceAsked, sinceAsked < answerCountsFor else { return false }
    guard let failingFor else { return isLeading }
    return failingFor > (isLeading ? leaderGoesOnAfter : othersGoOnAfter)
  }

  /// Has the loop ask the server at once, and write the alerts there if this machine leads.
  func hurry() { wakeUp.signal() }

  /// Waits for an answer of the server to a question that is asked from now on. Where this machine leads, the server
  /// has all that was written before.
  func confirm() async -> LeadAnswer {
    guard isShared else { return .leads }
    let begin = ContinuousClock.now
    hurry()
    while ContinuousClock.now - begin < Self.confirmedWithin {
      if let answer = state.withLock({ $0.answer(after: begin) }) { return answer }
      do { try await Task.sleep(for: .milliseconds(20)) } catch { return .unknown }
    }
    return .unknown
  }

  /// Asks the server again and again until the task is cancelled.
  ///
  /// - Parameter onLead: called each time that this machine has taken the lead.
  func run(of session: WatchSession, onLead: @Sendable () async -> Void) async {
    guard isShared else { return }
    while !Task.isCancelled {
      let wasLeading = state.withLock { $0.isLeading }
      let began = ContinuousClock.now
      let pause = await ask(session)
      if !wasLeading, mayAlert { await onLead() }
      // Many alerts take a while to be written down: they are shared less often.
      let rest = max(pause, (ContinuousClock.now - began) * 10)
      await wakeUp.wait(atMost: min(rest, Self.longestPause))
    }
  }

  /// Asks the server once.
  ///
  /// - Returns: the pause before the next question.
  func ask(_ session: WatchSession) async -> Duration {
    guard isShared else {
      // The journal may have been on a server before.
      do throws(ExchangeError) { try await session.database.noteLeader(nil) } catch { logger.error("\(error)") }
      return pause
    }
    let began = ContinuousClock.now
    var rest = pause
    var failure: ExchangeError?
    do throws(ExchangeError) {
      if let journal = try await session.confirmedJournal() { try await takePart(in: journal, session) }
    } catch {
      if error.code == .claimedElsewhere {
        rest = pause * 5
        failure = await follow(session)
      } else {
        failure = error
      }
    }
    let now = ContinuousClock.now
    let isNews = state.withLock { state in
      state.askedAt = now
      guard failure != nil else {
        (state.failingSince, state.answered) = (nil, began)
        return false
      }
      defer { state.failingSince = state.failingSince ?? now }
      return state.failingSince == nil
    }
    if let failure {
      if isNews { logger.warning("it cannot be seen which machine leads the watch: \(failure)") }
      do throws(ExchangeError) {
        try await session.database.noteLeaderUnknown()
      } catch {
        if isNews { logger.error("\(error)") }
      }
    }
    return rest
  }

  /// Leads, or follows the machine that does.
  ///
  /// - Throws: `ExchangeError` while the server does not say which machine leads.
  private func takePart(in journal: Journal, _ session: WatchSession) async throws(ExchangeError) {
    let leads = try await journal.leadsWatch()
    try await afterAnswer(leads: leads) { () async throws(ExchangeError) -> Void in
      if leads {
        try await lead(journal, session)
      } else {
        try await follow(journal, session.database)
      }
    }
  }

  /// The failures after which the server's answer holds: this machine's or the server's disk is full, say, or another
  /// version of Filsluse wrote the alerts. The code `journal` may mean that the server is silent now.
  private static let harmless: Set<ExchangeError.Code> = [.watchDatabase, .watchSchema, .journalFull]

  /// Acts on the server's answer. A harmless failure changes no role: a standby machine stays standby, and a leader
  /// goes on leading.
  private func afterAnswer(
    leads: Bool, _ work: () async throws(ExchangeError) -> Void
  ) async throws(ExchangeError) {
    var trouble: ExchangeError?
    do throws(ExchangeError) {
      try await work()
    } catch {
      // A leader that cannot continue its predecessor's alerts must not stay silent for ever.
      let isUndecided = leads && !state.withLock { $0.isLeading }
      guard Self.harmless.contains(error.code), !isUndecided else { throw error }
      trouble = error
    }
    let text = trouble?.description
    let isNews = state.withLock { state in
      defer { state.trouble = text }
      return text != nil && state.trouble != text
    }
    if isNews, let text { logger.error("the machines that watch cannot share their alerts: \(text)") }
  }

  private func lead(_ journal: Journal, _ session: WatchSession) async throws(ExchangeError) {
    let database = session.database
    if !state.withLock({ $0.isLeading }) {
      // Takes the former leader's last alerts, unless this machine wrote them itself.
      try await takeNewAlerts(from: journal, database, takesOver: true)
      try await database.noteLeader(nil)
      state.withLock { $0.isLeading = true }
      logger.notice("this machine leads the watch")
    }
    try await share(by: journal, database)
    guard state.withLock({ $0.isLeading }) else { return }
    // What people do is kept again, where no other machine has led meanwhile.
    try await database.noteLeader(nil)
    try await doRequests(in: journal, database, at: session.clock())
  }

  /// Does what people asked for on machines that stand by, and writes the answers together with the alerts.
  ///
  /// An act whose answer the server has not got is not done again: it is done once for its key, and the server gets the
  /// answer with the next alerts.
  private func doRequests(
    in journal: Journal, _ database: WatchDatabase, at moment: Timestamp
  ) async throws(ExchangeError) {
    for request in try await journal.watchRequests() where state.withLock({ $0.answers[request] == nil }) {
      let answer = try await ActRequest.perform(request.document, in: database, at: moment)
      state.withLock { $0.answers[request] = answer }
    }
    if state.withLock({ !$0.answers.isEmpty }) { try await share(by: journal, database) }
  }

  /// Writes the alerts for the other machines, where they have changed, with the answers to acts.
  private func share(by journal: Journal, _ database: WatchDatabase) async throws(ExchangeError) {
    let alerts = try await database.sharedAlerts()
    let (answers, isShared) = state.withLock { ($0.answers, $0.shared == alerts) }
    if isShared, answers.isEmpty { return }
    let version = try await database.sharedVersion()
    if isShared {
      guard try await journal.answerWatch(answers, at: version) else {
        // Another machine has led since, and takes the acts up.
        return state.withLock { $0.stepBack() }
      }
      state.withLock { $0.answers = [:] }
      return
    }
    let before = state.withLock { state in
      defer { state.written = alerts }
      return state.written
    }
    if try await journal.shareWatch(alerts, from: host, after: version, answering: answers) {
      try await database.noteShared(version + 1)
      state.withLock { ($0.shared, $0.answers) = (alerts, [:]) }
      return
    }
    let (there, document) = try await journal.sharedWatchDocument()
    guard document == alerts || document == before else {
      // Another machine has led since: its alerts are newer.
      state.withLock { $0.stepBack() }
      return
    }
    // The answer to this machine's own write was lost. Its changes since then are newer.
    try await database.noteShared(there.version)
    state.withLock { $0.shared = document }
  }

  /// Takes over the alerts of the leading machine.
  private func follow(_ journal: Journal, _ database: WatchDatabase) async throws(ExchangeError) {
    let wasLeading = state.withLock { state in
      defer { state.stepBack() }
      return state.isLeading
    }
    let shared = try await journal.sharedWatch()
    if wasLeading { logger.notice("the machine \(Masked.name(shared.host)) leads the watch now; this one stands by") }
    try await database.noteLeader(shared.host)
    // A machine that alerted alone, because the server was silent, has alerts of its own.
    try await takeNewAlerts(from: journal, database, again: isServerSilent)
  }

  /// Follows while another machine uses the journal alone, so that it can only be read.
  ///
  /// - Returns: the error if it cannot be read.
  private func follow(_ session: WatchSession) async -> ExchangeError? {
    do throws(ExchangeError) {
      let journal = try await Journal.openToRead(of: session.settings)
      do throws(ExchangeError) {
        try await afterAnswer(leads: false) { () async throws(ExchangeError) -> Void in
          try await follow(journal, session.database)
        }
      } catch {
        try await journal.close()
        throw error
      }
      try await journal.close()
      return nil
    } catch {
      return error
    }
  }

  /// Takes over the alerts of the present or the previous leader.
  ///
  /// - Parameters:
  ///   - takesOver: true for a machine that leads now. If another version of Filsluse wrote its predecessor's alerts,
  ///     it goes on with its own, because otherwise no machine would alert people.
  ///   - again: true to take alerts of a version already taken.
  private func takeNewAlerts(
    from journal: Journal, _ database: WatchDatabase, takesOver: Bool = false, again: Bool = false
  ) async throws(ExchangeError) {
    let known = try await database.sharedVersion()
    let version = try await journal.sharedWatch().version
    if version == known, !again || version == 0 { return }
    // The journal was set back or created again: the alerts here are newer.
    if version < known { return try await database.noteShared(version) }
    let (shared, document) = try await journal.sharedWatchDocument()
    if takesOver, !WatchDatabase.canTake(document) {
      logger.error(
        "another version of Filsluse wrote the alerts of \(Masked.name(shared.host)); this machine goes on with its own"
      )
      return try await database.noteShared(shared.version)
    }
    try await database.take(document, of: shared)
  }
}
