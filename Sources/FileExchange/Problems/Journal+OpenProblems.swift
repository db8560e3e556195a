public import ExchangeSettings
internal import FilsluseStore
public import FilsluseBase

extension Journal {
  /// Returns everything that has stopped for good or waits for a person: problems shown by the states of deliveries and
  /// arrivals, and problems observed by processes.
  ///
  /// - Parameters:
  ///   - accounts: the accounts of the settings; for others only their unfinished work is listed.
  ///   - now: the time for overdue receipts and abandoned deliveries.
  ///   - most: the greatest number of problems returned of a kind; all are counted.
  /// - Throws: ``ExchangeError`` with code `journal` if the journal cannot be read.
  public func openProblems(
    of accounts: [Account], at now: Timestamp = .now, most: Int = 20
  ) async throws(ExchangeError) -> OpenProblems {
    let abandoned = try await abandonedDeliveries(of: accounts, at: now)
    return try await read { database in
      var all = OpenProblems()
      let listed = try ListedProblems.fetch(database, of: accounts, at: now) + abandoned
      for kind in OpenProblem.Kind.allCases {
        let seen = listed.filter { $0.kind == kind }
        all.add(Array(seen.prefix(most)), of: kind, count: seen.count)
        for account in accounts {
          guard let query = ProblemQuery(kind, account, at: now) else { continue }
          all.add(try query.problems(in: database, most: most), of: kind, count: try query.count(in: database))
        }
      }
      return all
    }
  }

  /// Returns the unfinished deliveries that no process is working on.
  func abandonedDeliveries(
    of accounts: [Account], at now: Timestamp
  ) async throws(ExchangeError) -> [OpenProblem] {
    var abandoned: [OpenProblem] = []
    for account in accounts {
      let limit = now.earlier(by: OpenProblem.abandonedAfter)
      for delivery in try await deliveriesBegun(of: account.name, before: limit)
      where try !isClaimed(.delivery(delivery.id)) { abandoned.append(delivery.asAbandoned) }
    }
    return abandoned
  }

  /// Closes the problem about a refused delivery, a quarantined arrival or the like, after a person dealt with it in
  /// another way. The journal keeps the reason. A later change of that delivery or arrival can open it again, and so
  /// can a process that observes the problem as a new one.
  ///
  /// - Parameters:
  ///   - subject: the subject as `filsluse status` shows it: `D12`, `A7`, a file or a folder.
  ///   - reason: the person's action.
  /// - Returns: the kinds of the closed problems; empty if the subject has no open problem that can be closed.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be written.
  public func closeProblems(
    about subject: String, of accounts: [Account], because reason: String, at now: Timestamp = .now
  ) async throws(ExchangeError) -> [OpenProblem.Kind] {
    let (subject, reason) = (Masked.name(subject), Masked.name(reason))
    return try await write { transaction in
      let database = transaction.database
      var closing = try ListedProblems.fetch(database, of: accounts, at: now).filter { $0.key.subject == subject }
      for kind in OpenProblem.Kind.allCases {
        for account in accounts {
          guard let query = ProblemQuery(kind, account, at: now) else { continue }
          closing += [try query.problem(about: subject, in: database)].compactMap { $0 }
        }
      }
      closing.removeAll { !$0.kind.canBeClosed }
      for problem in closing {
        try database.execute(
          """
          INSERT INTO closed_problem (kind, account, subject, closed_at, reason) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (kind, account, subject) DO UPDATE SET closed_at = excluded.closed_at, reason = excluded.reason
          """,
          [
            problem.kind.rawValue, problem.key.account ?? "", subject, now.millisecondsSince1970, reason,
          ])
        try transaction.addEntry(
          about: .journal, state: "problem-closed", detail: "\(problem.kind.rawValue) \(subject): \(reason)",
          facts: nil, at: now)
      }
      return closing.map(\.kind)
    }
  }
}

/// The open problems that are listed one by one, and not found by the state of their delivery or arrival: observed
/// ones, and those of whole accounts.
enum ListedProblems {
  static func fetch(_ database: SQLConnection, of accounts: [Account], at now: Timestamp) throws -> [OpenProblem] {
    let known = Set(accounts.map(\.name))
    // An account that is gone from the settings has no connection to be stopped.
    let observed = try ObservedProblem.fetchOpen(database).filter { problem in
      problem.kind == .removedUnfinished || problem.key.account.map(known.contains) ?? true
    }
    return try observed + uncollected(database, accounts, now) + removed(database, known)
      + accounts.flatMap { try goneMachines(of: $0.name, database) }
  }

  /// Returns problems for machines with the same journal that have been gone for long and own waiting work of an
  /// account.
  private static func goneMachines(of account: String, _ database: SQLConnection) throws -> [OpenProblem] {
    try Ownership.left(of: account, after: OpenProblem.machineGoneAfter, in: database).map { left in
      let (host, seen) = (Masked.name(left.host), WallClock.denmark.stamp(at: left.seenAt))
      var problem = OpenProblem(
        .init(.machineGone, account: account, subject: "\(host) (\(left.number))"),
        message:
          "the machine \(host) was heard of last at \(seen); waiting for it: deliveries \(left.deliveries), arrivals in its inbox \(left.arrivals), in IN \(left.inIN)",
        remedy: OpenProblem.Kind.machineGone.remedy.en, since: left.seenAt)
      problem.danish =
        "Maskinen \(host) har sidst meldt sig \(seen). På den venter leveringer (\(left.deliveries)), filer i dens indbakke (\(left.arrivals)) og filer i IN (\(left.inIN))"
      return problem
    }
  }

  /// Returns problems for accounts whose IN was not checked within the promised time.
  private static func uncollected(
    _ database: SQLConnection, _ accounts: [Account], _ now: Timestamp
  ) throws -> [OpenProblem] {
    let sql = "SELECT account, at, next_within FROM inbox_look WHERE next_within IS NOT NULL AND at + next_within < ?"
    return try database.rows(sql, [now.millisecondsSince1970]).compactMap { row in
      let name = try row.text(0)
      guard let account = accounts.first(where: { $0.name == name }), !account.isInMaintenance(at: now) else {
        return nil
      }
      let last = Timestamp(millisecondsSince1970: try row.int(1))
      var problem = OpenProblem(
        .init(.inboxNotCollected, account: name, subject: ""),
        message: "IN was looked into last at \(WallClock.denmark.stamp(at: last))",
        remedy: "see whether \(.run) is at work and its server can be reached", since: last)
      problem.danish = "Der blev sidst set efter filer i IN \(WallClock.denmark.stamp(at: last))"
      return problem
    }
  }

  /// Returns the accounts that the settings no longer have, and that have unfinished deliveries or arrivals.
  private static func removed(_ database: SQLConnection, _ known: Set<String>) throws -> [OpenProblem] {
    let accounts = Set(try ["delivery", "arrival"].flatMap { try names(in: $0, database) })
    return try accounts.subtracting(known).sorted().compactMap { try unfinished(of: $0, database) }
  }

  /// Returns the unfinished work of an account that the settings no longer have; `nil` where there is none.
  static func unfinished(of account: String, _ database: SQLConnection) throws -> OpenProblem? {
    let rows = try database.rows(
      """
      SELECT 'D' || id, changed_at FROM delivery WHERE account = ?1 AND \(Delivery.isUnderWay) UNION ALL
      SELECT 'A' || id, changed_at FROM arrival
      WHERE account = ?1 AND state IN ('fetched', 'verified', 'handing-over', 'handed-over') LIMIT 1000
      """, [account]
    ).map { (number: try $0.text(0), since: try $0.int(1)) }
    guard let since = rows.map(\.since).min() else { return nil }
    let numbers = rows.prefix(20).map(\.number).joined(separator: ", ")
    var problem = OpenProblem(
      .init(.removedUnfinished, account: account, subject: ""),
      message: """
        the account is gone from the settings, and \(rows.count) of its deliveries and arrivals are unfinished: \
        \(numbers)\(rows.count > 20 ? " …" : "")
        """,
      remedy: "put it back, or end each (\(.cancel(nil)))", since: Timestamp(millisecondsSince1970: since))
    problem.danish = """
      Kontoen er taget ud af indstillingerne, og \(rows.count) af dens leveringer og modtagelser er ikke færdige: \
      \(numbers)\(rows.count > 20 ? " …" : "")
      """
    return problem
  }

  /// Returns the accounts in a table, found by its index: one step for each of them, whatever the number of rows.
  private static func names(in table: String, _ database: SQLConnection) throws -> [String] {
    try database.rows(
      """
      WITH RECURSIVE named (account) AS (
        SELECT min(account) FROM \(table) UNION ALL
        SELECT (SELECT min(account) FROM \(table) WHERE account > named.account) FROM named
        WHERE named.account IS NOT NULL)
      SELECT account FROM named WHERE account IS NOT NULL
      """
    ).map { try $0.text(0) }
  }
}

extension Delivery {
  /// The problem of a delivery that is unfinished, while no process is working on it.
  fileprivate var asAbandoned: OpenProblem {
    var problem = OpenProblem(
      .init(.abandoned, account: account, subject: "D\(id)"),
      message: "D\(id) \(wireName) by \(route) is \(state.rawValue), and no process is at work on it",
      remedy: .retryOrCancel("D\(id)"), since: changedAt)
    problem.danish = Masked.name("\(wireName) ad ruten \(route) er ikke færdig, og ingen proces arbejder på den")
    return problem
  }
}

extension OpenProblem {
  /// The time after which an unfinished delivery without a worker counts as abandoned, where settings say nothing else.
  static let abandonedAfter: Duration = .seconds(3600)
  /// The time after which a machine with the same journal counts as gone: a restarted one is back earlier.
  static let machineGoneAfter: Duration = .seconds(300)
}
