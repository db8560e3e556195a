internal import ExchangeSettings
internal import FilsluseSystem

/// What the exchange remembers of problems that wait for a person, and of who was told.
protocol ProblemStore: Sendable {
  /// Writes what became of observed problems; `nil` where one is over, with how it ended.
  func write(observed changes: [ObservedChange]) async throws(ExchangeError)

  /// The observed problems of every process, closed ones too.
  func observedProblems() async throws(ExchangeError) -> [OpenProblem]

  /// What is unfinished of an account that the settings have no more, as a problem; `nil` where nothing is.
  func unfinished(of account: String) async throws(ExchangeError) -> OpenProblem?

  /// Compares the open problems with those that were told, and queues an alert for what is new, and for what is over, of
  /// each kind and account.
  func queueAlerts(_ selection: AlertSelection) async throws(ExchangeError)

  /// Notes that people were alerted to problems, and to the end of others.
  func noteAlerted(to problems: [OpenProblem], over: [OpenProblem.Key]) async throws(ExchangeError)

  /// The oldest queued alert, `nil` where none waits.
  func nextAlert() async throws(ExchangeError) -> QueuedAlert?

  /// Removes an alert that was told.
  func removeAlert(_ id: Int64) async throws(ExchangeError)

  /// Notes that an account's IN was looked into, and within how long the next look is due; `nil` where no process has
  /// promised one.
  func noteLook(into account: String, at moment: Timestamp, nextWithin: Duration?) async throws(ExchangeError)

  /// Notes within how long a look into an account's IN is due; the last look stays as it is noted.
  func promiseLook(into account: String, within: Duration) async throws(ExchangeError)
}

/// What became of an observed problem.
struct ObservedChange: Sendable {
  let key: OpenProblem.Key
  /// The problem as it is now; `nil` where it is over.
  let problem: OpenProblem?
  /// How it ended.
  let ending: String?
}

/// What is to be compared with what was told.
struct AlertSelection: Sendable {
  /// The accounts of the settings.
  let accounts: [Account]
  let now: Timestamp
  /// Kinds and accounts of which something was told a moment ago: what is new of them waits.
  var resting: Set<AlertTopic> = []
  /// Whether an IN without a look is told: there was time for one.
  var isUncollectedKnown = true
  /// Problems that were told while the journal could not be read or written, by whether they are open.
  var toldMeanwhile: [OpenProblem.Key: OpenProblem?] = [:]
}

/// What alerts are grouped by.
struct AlertTopic: Sendable, Hashable {
  let kind: OpenProblem.Kind
  let account: String
  let isResolved: Bool
}

/// An alert that waits for its program.
struct QueuedAlert: Sendable {
  let id: Int64
  let topic: AlertTopic
  /// What the program finds on its standard input.
  let document: String
}
