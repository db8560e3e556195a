public import ExchangeSettings
internal import FilsluseStore
public import FilsluseBase

/// The open problems of a journal, compared with those that people were alerted to.
public struct ProblemSurvey: Sendable {
  /// An ended problem that people were alerted to.
  public struct Ended: Sendable, Hashable {
    /// The problem at the time of its alert.
    public let problem: OpenProblem
    /// The reason why it ended.
    public let ending: ProblemEnding
  }

  /// The open problems.
  public internal(set) var open = OpenProblems()
  /// The identities of those open problems that people were alerted to.
  public internal(set) var alerted: Set<OpenProblem.Key> = []
  /// The problems that ended without a notification of it yet.
  public internal(set) var ended: [Ended] = []

  /// Creates an empty survey, for a missing journal.
  public init() {}
}

extension Journal {
  /// Runs `body` while this process holds the lease on alerting people to the journal's open problems, so that
  /// `filsluse run` does not. The kernel releases the lease when the process ends in any way.
  ///
  /// - Returns: the result of `body`; `nil` while another process holds the lease.
  /// - Throws: ``ExchangeError`` with code `local-file` if the machine gives no locks, or `journal` if the journal is
  ///   no longer the opened file.
  public func whileAlerting<Result: Sendable>(
    _ body: () async -> Result
  ) async throws(ExchangeError) -> Result? {
    try await withClaim(on: .alerting) { () async throws(ExchangeError) in await body() }
  }

  /// Compares the open problems with those that people were alerted to.
  ///
  /// - Parameters:
  ///   - accounts: the accounts of the settings.
  ///   - now: the time for overdue receipts and abandoned deliveries.
  ///   - most: the greatest number of problems returned of a kind for each account; all are counted.
  /// - Throws: ``ExchangeError`` with code `journal` if the journal cannot be read.
  public func surveyProblems(
    of accounts: [Account], at now: Timestamp = .now, most: Int = 200
  ) async throws(ExchangeError) -> ProblemSurvey {
    let abandoned = try await abandonedDeliveries(of: accounts, at: now)
    return try await read { database in
      var survey = ProblemSurvey()
      let listed = try ListedProblems.fetch(database, of: accounts, at: now) + abandoned
      let keys = Set(listed.map(\.key))
      var over = try AlertedProblem.fetchListed(database).map(\.key).filter { !keys.contains($0) }
      for kind in OpenProblem.Kind.allCases {
        for (_, seen) in Dictionary(grouping: listed.filter({ $0.kind == kind }), by: \.key.account) {
          survey.open.add(Array(seen.prefix(most)), of: kind, count: seen.count)
        }
        for account in accounts {
          guard let query = ProblemQuery(kind, account, at: now) else { continue }
          survey.open.add(
            try query.problems(in: database, most: most), of: kind, count: try query.count(in: database))
          over += try query.over(in: database).map { OpenProblem.Key(kind, account: account.name, subject: $0) }
        }
      }
      for problem in survey.open.problems where try AlertedProblem.isNoted(problem, in: database) {
        survey.alerted.insert(problem.key)
      }
      survey.ended = try over.map { key in
        ProblemSurvey.Ended(
          problem: try AlertedProblem.problem(key, in: database),
          ending: try AlertedProblem.ending(of: key, in: database))
      }
      return survey
    }
  }

  /// Returns an account's refused deliveries and overdue receipts, which a watcher may also find by its own rules, with
  /// those that people were alerted to.
  ///
  /// - Parameters:
  ///   - account: the account.
  ///   - now: the time for overdue receipts.
  ///   - most: the greatest number returned of each kind.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func surveyReceipts(
    of account: Account, at now: Timestamp = .now, most: Int = 1000
  ) async throws(ExchangeError) -> ProblemSurvey {
    try await read { database in
      var survey = ProblemSurvey()
      for kind in [OpenProblem.Kind.refused, .overdue] {
        guard let query = ProblemQuery(kind, account, at: now) else { continue }
        let found = try query.problems(in: database, most: most)
        survey.open.add(found, of: kind, count: found.count)
        for problem in found where try AlertedProblem.isNoted(problem, in: database) {
          survey.alerted.insert(problem.key)
        }
      }
      return survey
    }
  }

  /// Notes that people were alerted to problems, and to the end of others, so that no process does it again.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be written.
  public func noteAlerted(to problems: [OpenProblem], over: [OpenProblem.Key]) async throws(ExchangeError) {
    try await write { transaction in
      for key in over { try AlertedProblem.forget(key, in: transaction.database) }
      for problem in problems { try AlertedProblem.note(problem, in: transaction.database) }
    }
  }
}

extension AlertedProblem {
  /// Returns true if people were alerted about this problem, and not about an earlier one of the same identity.
  fileprivate static func isNoted(_ problem: OpenProblem, in database: SQLConnection) throws -> Bool {
    guard let row = try row(problem.key, in: database) else { return false }
    if problem.key.isFoundByQuery || !problem.kind.beginsOnce { return true }
    return problem.since.millisecondsSince1970 <= (try row.int(0))
  }

  /// Returns a problem at the time of its alert.
  fileprivate static func problem(_ key: OpenProblem.Key, in database: SQLConnection) throws -> OpenProblem {
    let row = try row(key, in: database)
    var problem = OpenProblem(
      key, message: try row?.optionalText(1) ?? key.kind.explanation, remedy: "",
      since: Timestamp(millisecondsSince1970: try row?.int(0) ?? 0))
    problem.danish = try row?.optionalText(2)
    guard let number = key.number else { return problem }
    let table = number.hasPrefix("D") ? "delivery" : "arrival"
    let facts = try database.row(
      "SELECT wire_name, infref, file_transfer_uuid FROM \(table) WHERE id = ?", [Int64(number.dropFirst())])
    if let facts {
      problem.fileName = Masked.name(try facts.text(0))
      problem.infRef = try facts.optionalInfRef(1)
      problem.fileTransferUUID = try facts.optionalText(2)
    }
    return problem
  }

  private static func row(_ key: OpenProblem.Key, in database: SQLConnection) throws -> SQLRow? {
    let sql = "SELECT since, message, danish FROM alerted_problem WHERE kind = ? AND account = ? AND subject = ?"
    return try database.row(sql, [key.kind.rawValue, key.account ?? "", key.subject])
  }
}
