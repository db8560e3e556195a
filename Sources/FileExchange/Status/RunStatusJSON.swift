internal import FilsluseBase
internal import TriggerFiles

extension RunStatus {
  /// The snapshot as JSON, keys in order.
  ///
  /// - Throws: `EncodingError` when a number in it is none.
  func json() throws -> String { try JSONText().text(RunStatusJSON(self)) + "\n" }
}

/// The state of a running exchange as JSON. The names of the properties are the keys, and stay.
private struct RunStatusJSON: Encodable {
  /// The form of the JSON; it rises when a key changes its meaning or goes.
  let form = 1
  let version: String
  let taken: Timestamp
  let started: Timestamp
  let isAtWork: Bool
  let isReady: Bool
  let journalTrouble: String?
  let accounts: [AccountJSON]
  /// The open problems, in the form of the command line's report.
  let waiting: ProblemReport

  init(_ status: RunStatus) {
    version = status.version
    taken = status.taken
    started = status.started
    isAtWork = status.isAtWork
    isReady = status.unreadiness(at: status.taken).isEmpty
    journalTrouble = status.journalTrouble
    accounts = status.accounts.map(AccountJSON.init)
    waiting = ProblemReport(status.problems, in: .english)
  }
}

private struct AccountJSON: Encodable {
  let account: String
  let connection: String
  let connectionFailures: Int
  let failure: String?
  let lastLook: Timestamp?
  let sent: Int
  let accepted: Int
  let refused: Int
  let collected: Int
  let setAside: Int
  let retries: [String: Int]
  let openDeliveries: [String: Int]
  let openArrivals: [String: Int]

  init(_ shown: RunAccount) {
    account = shown.name
    connection = shown.connection.rawValue
    connectionFailures = shown.connectionFailures
    failure = shown.failure
    lastLook = shown.lastLook
    sent = shown.counts.sent
    accepted = shown.counts.accepted
    refused = shown.counts.refused
    collected = shown.counts.collected
    setAside = shown.counts.setAside
    retries = Self.named(shown.counts.retries)
    openDeliveries = Self.named(shown.open.deliveries)
    openArrivals = Self.named(shown.open.arrivals)
  }

  private static func named<Key: RawRepresentable<String>>(_ counts: [Key: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
  }
}
