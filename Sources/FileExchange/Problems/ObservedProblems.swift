internal import FilsluseSystem
internal import GRDB
internal import Logging

/// The problems that a running exchange observes and that no delivery or arrival shows: an account that is stopped, a
/// folder that is gone, a full disk.
///
/// They are kept in the journal, so that `filsluse status` shows them beside the process. What the journal cannot take
/// is kept here and written as soon as it can be.
final class ObservedProblems: Sendable {
  /// What became of a problem; a listener hears each change once.
  enum Change: Sendable {
    case raised(OpenProblem)
    case resolved(OpenProblem)
  }

  private struct State: Sendable {
    var open: [OpenProblem.Key: OpenProblem] = [:]
    /// Problems whose present state is not in the journal yet.
    var unwritten: Set<OpenProblem.Key> = []
  }

  private let journal: Journal
  private let logger: Logger
  private let onChange: @Sendable (Change) -> Void
  private let state: Locked<State>

  /// Takes up what an earlier process observed: each is resolved by whoever finds that it is over.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  init(
    in journal: Journal, logger: Logger, onChange: @escaping @Sendable (Change) -> Void
  ) async throws(ExchangeError) {
    let known = try await journal.observedProblems()
    state = Locked(State(open: Dictionary(known.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })))
    self.journal = journal
    self.logger = logger
    self.onChange = onChange
  }

  /// The problems that are open now, whether or not the journal has them.
  var open: [OpenProblem] { state.withLock { Array($0.open.values) } }

  /// Notes that something is so. One that is open already keeps its beginning and takes the new text.
  func raise(_ key: OpenProblem.Key, message: String, remedy: String, at now: Timestamp = .now) {
    let raised: OpenProblem? = state.withLock { state in
      let known = state.open[key]
      let problem = OpenProblem(key, message: message, remedy: remedy, since: known?.since ?? now)
      guard problem != known else { return nil }
      state.open[key] = problem
      state.unwritten.insert(key)
      return known == nil ? problem : nil
    }
    if let raised { onChange(.raised(raised)) }
  }

  /// Notes that something is over. Nothing happens where it was not open.
  func resolve(_ key: OpenProblem.Key) {
    let resolved: OpenProblem? = state.withLock { state in
      guard let known = state.open.removeValue(forKey: key) else { return nil }
      state.unwritten.insert(key)
      return known
    }
    if let resolved { onChange(.resolved(resolved)) }
  }

  /// Resolves every problem of an account that the settings have no more, and every one that `isOver` names.
  func resolve(where isOver: (OpenProblem.Key) -> Bool) {
    let keys = state.withLock { state in state.open.keys.filter(isOver) }
    for key in keys { resolve(key) }
  }

  /// Writes what has changed into the journal. What it cannot take is tried again with the next call.
  func write() async {
    let changes = state.withLock { state in
      defer { state.unwritten = [] }
      return state.unwritten.map { ($0, state.open[$0]) }
    }
    if changes.isEmpty { return }
    do throws(ExchangeError) {
      try await journal.write(observed: changes)
    } catch {
      logger.error("what waits for a person cannot be written into the journal now: \(error)")
      state.withLock { state in state.unwritten.formUnion(changes.map(\.0)) }
    }
  }
}

/// A row of the observed problems.
enum ObservedProblem {
  static func fetchAll(_ database: Database) throws -> [OpenProblem] {
    let sql = "SELECT kind, account, subject, message, remedy, since FROM observed_problem ORDER BY since"
    return try Row.fetchAll(database.cachedStatement(sql: sql)).compactMap { row in
      // A kind of a newer version is that version's to show.
      guard let kind = OpenProblem.Kind(rawValue: row[0]) else { return nil }
      let account: String = row[1]
      return OpenProblem(
        OpenProblem.Key(kind, account: account.isEmpty ? nil : account, subject: row[2]), message: row[3],
        remedy: row[4], since: Timestamp(millisecondsSince1970: row[5]))
    }
  }
}

extension Journal {
  fileprivate func observedProblems() async throws(ExchangeError) -> [OpenProblem] {
    try await read { try ObservedProblem.fetchAll($0) }
  }

  fileprivate func write(
    observed changes: [(key: OpenProblem.Key, problem: OpenProblem?)]
  ) async throws(ExchangeError) {
    try await write { transaction in
      for (key, problem) in changes {
        let id: StatementArguments = [key.kind.rawValue, key.account ?? "", key.subject]
        guard let problem else {
          try transaction.database.execute(
            sql: "DELETE FROM observed_problem WHERE kind = ? AND account = ? AND subject = ?", arguments: id)
          continue
        }
        try transaction.database.execute(
          sql: """
            INSERT OR REPLACE INTO observed_problem (kind, account, subject, message, remedy, since)
            VALUES (?, ?, ?, ?, ?, ?)
            """, arguments: id + [problem.message, problem.remedy, problem.since.millisecondsSince1970])
      }
    }
  }
}
