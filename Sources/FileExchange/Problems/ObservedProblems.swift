internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

/// The problems that a running exchange observes and that no delivery or arrival shows: a stopped account, a missing
/// folder, a full disk.
///
/// The journal keeps them, so that `filsluse status` shows them beside the process and the next process takes them
/// over. Problems that cannot be written are kept in memory and written as soon as possible.
final class ObservedProblems: Sendable {
  private struct State: Sendable {
    var open: [OpenProblem.Key: OpenProblem] = [:]
    /// Problems with changes not yet in the journal.
    var unwritten: [OpenProblem.Key: Unwritten] = [:]
    /// Problems observed by this process itself.
    var seen: Set<OpenProblem.Key> = []
  }

  private struct Unwritten: Sendable {
    /// The reason why it is resolved.
    var ending: LocalizedText?
    /// True if it began or ended; false if only its text changed.
    var isNews: Bool
  }

  private let journal: Journal
  private let state = Locked(State())

  init(in journal: Journal) { self.journal = journal }

  /// The problems that are open now, whether or not the journal has them.
  var open: [OpenProblem] { state.withLock { Array($0.open.values) } }

  /// Problems that began or ended and are not in the journal yet.
  var unwritten: [ObservedChange] {
    state.withLock { state in
      state.unwritten.filter(\.value.isNews).map {
        ObservedChange(key: $0.key, problem: state.open[$0.key], ending: $0.value.ending)
      }
    }
  }

  /// Records a problem. An open one keeps its beginning and takes the new text.
  ///
  /// - Parameter isNews: true if a person has just asked for it: it is then reported even if it is open already.
  /// - Returns: true if this process observes it for the first time.
  @discardableResult
  func raise(_ problem: OpenProblem, isNews: Bool = false) -> Bool {
    state.withLock { state in
      let known = state.open[problem.key]
      var noted = OpenProblem(
        problem.key, message: problem.message, remedy: problem.remedy,
        since: isNews ? problem.since : known?.since ?? problem.since)
      noted.danish = problem.danish
      noted.place = problem.place ?? known?.place
      if noted != known {
        state.open[problem.key] = noted
        let isNews = isNews || known == nil || state.unwritten[problem.key]?.isNews ?? false
        state.unwritten[problem.key] = Unwritten(ending: nil, isNews: isNews)
      }
      return state.seen.insert(problem.key).inserted || isNews
    }
  }

  /// Records the end of a problem, and its reason.
  ///
  /// - Returns: the problem; `nil` if it was not open.
  @discardableResult
  func resolve(_ key: OpenProblem.Key, _ ending: LocalizedText) -> OpenProblem? {
    state.withLock { state in
      state.seen.remove(key)
      guard let known = state.open.removeValue(forKey: key) else { return nil }
      state.unwritten[key] = Unwritten(ending: ending, isNews: true)
      return known
    }
  }

  /// The open problems that only an earlier process has observed.
  var takenUp: [OpenProblem] { state.withLock { state in state.open.values.filter { !state.seen.contains($0.key) } } }

  /// Writes changes into the journal, and reads those of other processes. A change that cannot be written is retried by
  /// the next call.
  ///
  /// - Throws: ``ExchangeError`` when the journal cannot be written or read.
  func synchronize() async throws(ExchangeError) {
    let (taken, changes) = state.withLock { state in
      let taken = state.unwritten
      state.unwritten = [:]
      return (
        taken, taken.map { ObservedChange(key: $0.key, problem: state.open[$0.key], ending: $0.value.ending) }
      )
    }
    let written: [OpenProblem]
    do throws(ExchangeError) {
      if !changes.isEmpty { try await journal.write(observed: changes) }
      written = try await journal.observedProblems()
    } catch {
      state.withLock { $0.unwritten.merge(taken) { newer, _ in newer } }
      throw error
    }
    state.withLock { state in
      var open = Dictionary(written.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
      // A change made since the read is newer than the read.
      for key in state.unwritten.keys { open[key] = state.open[key] }
      state.open = open
      state.seen.formIntersection(open.keys)
    }
  }
}

/// A row of the observed problems.
enum ObservedProblem {
  private static let columns = "kind, account, subject, message, remedy, since, place, danish"
  /// A person has closed it since it began.
  private static let isOpen = """
    NOT EXISTS (SELECT 1 FROM closed_problem AS closed WHERE closed.kind = observed_problem.kind
      AND closed.account = observed_problem.account AND closed.subject = observed_problem.subject
      AND closed.closed_at >= observed_problem.since)
    """

  /// Returns the open problems of all machines; if several observe one, the oldest.
  static func fetchOpen(_ database: SQLConnection) throws -> [OpenProblem] {
    var known: Set<OpenProblem.Key> = []
    return try fetch(database, where: isOpen).filter { known.insert($0.key).inserted }
  }

  /// Returns those of this machine, closed ones too.
  static func fetchOwn(_ database: SQLConnection) throws -> [OpenProblem] {
    try fetch(database, where: Ownership.isOwn("observed_problem", in: database))
  }

  private static func fetch(_ database: SQLConnection, where condition: String) throws -> [OpenProblem] {
    let sql = "SELECT \(columns) FROM observed_problem WHERE \(condition) ORDER BY since"
    return try database.rows(sql).compactMap { row in
      // A kind of a newer version is that version's to show.
      guard let kind = OpenProblem.Kind(rawValue: try row.text(0)) else { return nil }
      let account = try row.text(1)
      var problem = OpenProblem(
        OpenProblem.Key(kind, account: account.isEmpty ? nil : account, subject: try row.text(2)),
        message: try row.text(3),
        remedy: Remedy(try row.text(4)), since: Timestamp(millisecondsSince1970: try row.int(5)))
      problem.place = try row.optionalText(6)
      problem.danish = try row.optionalText(7)
      return problem
    }
  }

  static func write(_ change: ObservedChange, in database: SQLConnection) throws {
    let id: [any SQLConvertible] = [change.key.kind.rawValue, change.key.account ?? "", change.key.subject]
    let isOwn = Ownership.isOwn("observed_problem", in: database)
    try database.execute(
      "DELETE FROM observed_problem WHERE kind = ? AND account = ? AND subject = ? AND \(isOwn)", id)
    guard let problem = change.problem else {
      try database.execute(
        """
        UPDATE alerted_problem SET ending = ?, danish_ending = ? WHERE kind = ? AND account = ? AND subject = ?
        """, [change.ending?.en, change.ending?.da] + id)
      return
    }
    try database.execute(
      "INSERT INTO observed_problem (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      id + [
        problem.message, problem.remedy.description, problem.since.millisecondsSince1970, problem.place,
        problem.danish,
      ])
  }
}

/// A change of an observed problem.
struct ObservedChange: Sendable {
  let key: OpenProblem.Key
  /// The present problem; `nil` if it is over.
  let problem: OpenProblem?
  /// The reason why it is resolved.
  let ending: LocalizedText?
}
