public import ExchangeSettings
public import FilsluseSystem
internal import GRDB

extension Journal {
  /// Everything that stands still for good or waits for a person: what deliveries and arrivals show by their states, and
  /// what a running exchange has observed.
  ///
  /// - Parameters:
  ///   - accounts: the accounts of the settings; deliveries and arrivals of others are not looked at.
  ///   - now: the moment that receipts are overdue and deliveries abandoned by.
  ///   - most: how many problems of a kind are returned; all are counted.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func openProblems(
    of accounts: [Account], at now: Timestamp = .now, most: Int = 20
  ) async throws(ExchangeError) -> OpenProblems {
    var begun: [Delivery] = []
    for account in accounts {
      let limit = now.earlier(by: Exchange.Patience().abandoned)
      for delivery in try await deliveriesBegun(of: account.name, before: limit)
      where try !isClaimed(.delivery(delivery.id)) { begun.append(delivery) }
    }
    let abandoned = begun.map(\.asAbandoned)
    return try await read { database in
      var all = OpenProblems()
      let observed = try ObservedProblem.fetchAll(database)
      for kind in OpenProblem.Kind.allCases {
        let seen = observed.filter { $0.key.kind == kind }
        all.add(Array(seen.prefix(most)), of: kind, count: seen.count)
        if kind == .abandoned { all.add(Array(abandoned.prefix(most)), of: kind, count: abandoned.count) }
        for account in accounts {
          guard let query = ProblemQuery(kind, account, at: now) else { continue }
          all.add(try query.problems(in: database, most: most), of: kind, count: try query.count(in: database))
        }
      }
      return all
    }
  }

  /// Closes the problem that a refused delivery, a quarantined arrival or the like is, because a person has dealt with it
  /// in another way. The reason is kept in the journal. A later change of that delivery or arrival can open it again.
  ///
  /// - Parameters:
  ///   - subject: the delivery or arrival, as `D12` or `A7`.
  ///   - reason: what was done.
  /// - Returns: the kinds of problem that were closed; none when that subject has no open problem.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be written.
  public func closeProblems(
    about subject: JournalEntry.Subject, of accounts: [Account], because reason: String, at now: Timestamp = .now
  ) async throws(ExchangeError) -> [OpenProblem.Kind] {
    let reason = Masked.name(reason)
    return try await write { transaction in
      var closed: [OpenProblem.Kind] = []
      for kind in OpenProblem.Kind.allCases {
        for account in accounts {
          guard let query = ProblemQuery(kind, account, at: now), query.canBeClosed,
            let problem = try query.problem(about: subject, in: transaction.database)
          else { continue }
          try transaction.database.execute(
            sql:
              "INSERT OR REPLACE INTO closed_problem (kind, account, subject, closed_at, reason) VALUES (?, ?, ?, ?, ?)",
            arguments: [
              kind.rawValue, account.name, problem.key.subject, now.millisecondsSince1970, reason,
            ])
          try transaction.addEntry(
            about: .journal, state: "problem-closed", detail: "\(kind.rawValue) \(problem.key.subject): \(reason)",
            facts: nil, at: now)
          closed.append(kind)
        }
      }
      return closed
    }
  }
}

extension Delivery {
  /// The delivery as a problem: it is unfinished, and no process is at work on it.
  fileprivate var asAbandoned: OpenProblem {
    OpenProblem(
      .init(.abandoned, account: account, subject: "D\(id)"),
      message: "\(wireName) by \(route) is \(state.rawValue), and no process is at work on it",
      remedy: "filsluse retry D\(id) finishes it, filsluse cancel D\(id) ends it", since: changedAt)
  }
}
