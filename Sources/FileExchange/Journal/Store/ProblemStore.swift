internal import ExchangeSettings
internal import FilsluseSystem
internal import TriggerFiles

/// The exchange's record of problems that wait for a person, and of the alerts sent about them.
protocol ProblemStore: Sendable {
  /// Writes what became of observed problems; `nil` where one is over, with how it ended.
  func write(observed changes: [ObservedChange]) async throws(ExchangeError)

  /// The observed problems of every process, closed ones too.
  func observedProblems() async throws(ExchangeError) -> [OpenProblem]

  /// Returns the unfinished work of an account that the settings no longer have, as a problem; `nil` where there is
  /// none.
  func unfinished(of account: String) async throws(ExchangeError) -> OpenProblem?

  /// Compares the open problems with those that were alerted, and queues an alert for the new ones, and for the
  /// resolved ones, of each kind and account.
  func queueAlerts(_ selection: AlertSelection) async throws(ExchangeError)

  /// Notes that people were alerted to problems, and to the end of others.
  func noteAlerted(to problems: [OpenProblem], over: [OpenProblem.Key]) async throws(ExchangeError)

  /// The oldest queued alert that may be sent now, `nil` where there is none. Those of a topic that rests wait, and of
  /// the same kind and account also those that were queued later.
  func nextAlert(resting: Set<AlertTopic>) async throws(ExchangeError) -> QueuedAlert?

  /// Removes an alert that was sent.
  func removeAlert(_ id: Int64) async throws(ExchangeError)

  /// Notes that an account's IN was looked into, and within how long the next look is due; `nil` where no process has
  /// promised one.
  func noteLook(into account: String, at moment: Timestamp, nextWithin: Duration?) async throws(ExchangeError)

  /// Notes within how long a look into an account's IN is due; the last look stays as it is noted.
  func promiseLook(into account: String, within: Duration) async throws(ExchangeError)
}

/// A change of an observed problem.
struct ObservedChange: Sendable {
  let key: OpenProblem.Key
  /// The problem as it is now; `nil` where it is over.
  let problem: OpenProblem?
  /// The reason why it is resolved.
  let ending: LocalizedText?
}

/// The selection of problems to compare with those that were alerted.
struct AlertSelection: Sendable {
  /// The accounts of the settings.
  let accounts: [Account]
  let now: Timestamp
  /// Kinds and accounts with an alert a moment ago: the alert of their new problems waits, and is added to meanwhile.
  var resting: Set<AlertTopic> = []
  /// True once an IN that was never looked into counts as a problem: there was time for a look.
  var isUncollectedKnown = true
  /// Problems alerted while the journal could not be read or written, by whether they are open.
  var toldMeanwhile: [OpenProblem.Key: OpenProblem?] = [:]
}

/// The grouping key of alerts.
struct AlertTopic: Sendable, Hashable {
  let kind: OpenProblem.Kind
  let account: String
  let isResolved: Bool
}

/// An alert that waits for its program.
struct QueuedAlert: Sendable {
  let id: Int64
  let topic: AlertTopic
  /// The document on the program's standard input.
  let document: String
}
