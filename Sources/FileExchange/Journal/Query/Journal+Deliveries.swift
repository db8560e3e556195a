internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// Stages a delivery, or finds the one with its identity. `again` requests a new one if the last is finished; the
  /// retry of an earlier one is refused if a later try was accepted since.
  func stage(_ new: NewDelivery, again: Bool) async throws(ExchangeError) -> StagingOutcome {
    let identity = new.identity
    // Hashing and formatting are done before the write: all writers share one thread.
    let sentKey = SentTombstone(of: identity)
    let draft = Delivery(new, id: 0, ordinal: 1, state: .staged, stagedAt: .now, changedAt: .now)
    let facts = draft.facts.and(new.notes.municipalityFacts).changes(since: AuditFacts())
    return try await write(about: .new) { _ -> JournalStep<StagingOutcome> in
      let question = SQLQuestion.row(
        Self.isAnythingKnown,
        [identity.account, identity.route, identity.wireName.string, draft.sha256.hex, sentKey.key])
      return .ask(
        [question],
        then: { transaction, answers in
          let isKnown = try answers[0].row?.bool(0) ?? true
          if isKnown {
            return .done(try Self.stage(new, draft, facts: facts, sentKey, again: again, in: transaction))
          }
          return try Self.adding(draft, notes: new.notes, facts: facts).map { StagingOutcome.staged($0) }
        })
    }
  }

  /// The query whether any delivery has the identity or the name of a new one, or had that identity. Mostly none has.
  private static let isAnythingKnown = """
    SELECT EXISTS (SELECT 1 FROM delivery WHERE account = ?1 AND route = ?2 AND wire_name = ?3 AND sha256 = ?4)
      OR EXISTS (SELECT 1 FROM delivery WHERE account = ?1 AND wire_name = ?3 AND \(Delivery.isUnderWay))
      OR EXISTS (SELECT 1 FROM sent WHERE key = ?5)
    """

  /// Stages a delivery where another one has or had its identity or its name.
  private static func stage(
    _ new: NewDelivery, _ draft: Delivery, facts: String?, _ sentKey: SentTombstone, again: Bool,
    in transaction: JournalTransaction
  ) throws -> StagingOutcome {
    let database = transaction.database
    let identity = new.identity
    let former = try Delivery.fetch(
      database, where: "account = ? AND route = ? AND wire_name = ? AND sha256 = ? ORDER BY ordinal DESC",
      [identity.account, identity.route, identity.wireName.string, draft.sha256.hex])
    if let open = former.first(where: { !$0.state.isFinished }) {
      try Self.keep(new.notes, about: open.id, in: transaction)
      return .known(open)
    }
    let forgotten = try sentKey.find(in: database)
    if !again {
      // A cancelled delivery was never sent: the same command begins a new one.
      if let done = former.first(where: { $0.state != .cancelled }) { return .known(done) }
      if let forgotten { return .known(forgotten.delivery(of: new)) }
    } else if let tried = new.retryOf {
      if let done = former.first(where: { $0.ordinal > tried && $0.state == .accepted }) { return .known(done) }
      if let forgotten, forgotten.ordinal > tried, forgotten.state == .accepted {
        return .known(forgotten.delivery(of: new))
      }
    }
    if let holder = try Delivery.holding(identity.wireName, account: identity.account, in: database) {
      return .nameTaken(by: holder)
    }
    let ordinal = max(former.first?.ordinal ?? 0, forgotten?.ordinal ?? 0) + 1
    if ordinal == draft.ordinal {
      return .staged(try Self.adding(draft, notes: new.notes, facts: facts).result(in: transaction))
    }
    return .staged(try Self.stage(new, ordinal: ordinal, at: draft.stagedAt, in: transaction))
  }

  /// Inserts a delivery before anything of it is sent.
  static func stage(
    _ new: NewDelivery, ordinal: Int, at moment: Timestamp, in transaction: JournalTransaction
  ) throws -> Delivery {
    let staged = Delivery(new, id: 0, ordinal: ordinal, state: .staged, stagedAt: moment, changedAt: moment)
    let facts = staged.facts.and(new.notes.municipalityFacts).changes(since: AuditFacts())
    return try adding(staged, notes: new.notes, facts: facts).result(in: transaction)
  }

  /// Adds a row for a delivery that has no number yet, with its facts in the first entry.
  private static func adding(_ delivery: Delivery, notes: StagingNotes, facts: String?) -> JournalStep<Delivery> {
    let row = SQLQuestion.insert(
      """
      INSERT INTO delivery (account, route, wire_name, sha256, ordinal, size, local_path, infref, senders_file_id,
        transaction_id, temporary_trigger_name, state, is_open, staged_at, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        delivery.account, delivery.route, delivery.wireName.string, delivery.sha256.hex, delivery.ordinal,
        Int64(bitPattern: delivery.size), delivery.localPath, delivery.infRef?.name, delivery.sendersFileID,
        delivery.transactionID, delivery.temporaryTriggerName, delivery.state.rawValue, !delivery.state.isFinished,
        delivery.stagedAt.millisecondsSince1970, delivery.changedAt.millisecondsSince1970,
      ])
    return .ask(
      [row],
      then: { transaction, answers in
        var added = delivery
        added.id = answers[0].number
        try transaction.database.executeLater(
          "INSERT INTO delivery_document (delivery, trigger_xml) VALUES (?, ?)", [added.id, delivery.trigger])
        try transaction.addEntry(
          about: .delivery(added.id), state: EntryState(delivery.state), detail: notes.municipality, facts: facts,
          at: delivery.changedAt)
        try Self.keepOverride(notes.override, about: added.id, in: transaction)
        return .done(added)
      })
  }

  /// The delivery of that number, `nil` when there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func delivery(_ id: Int64) async throws(ExchangeError) -> Delivery? {
    try await read { try Delivery.fetch($0, where: "id = ?", [id]).first }
  }

  /// All deliveries of an account (of all accounts when `nil`), oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func deliveries(of account: String? = nil) async throws(ExchangeError) -> [Delivery] {
    try await read { try Delivery.fetch($0, where: "account = ?1 OR ?1 IS NULL ORDER BY id", [account]) }
  }

  /// The last delivery of the file at that path, `nil` when there is none.
  func lastDelivery(from localPath: String) async throws(ExchangeError) -> Delivery? {
    try await read {
      // The first condition is for the index on PostgreSQL, which has the beginnings of paths.
      try Delivery.fetch(
        $0, where: "substr(local_path, 1, 600) = substr(?1, 1, 600) AND local_path = ?1 ORDER BY id DESC LIMIT 1",
        [localPath]
      ).first
    }
  }

  /// The last delivery of the file that was taken with that mark, `nil` when there is none.
  func lastDelivery(takenAs mark: String) async throws(ExchangeError) -> Delivery? {
    let paths = TakenFile.journalPaths(takenAs: mark)
    return try await read {
      // The order by number is not to be taken from the table: the range finds a row or two.
      try Delivery.fetch(
        $0, where: "local_path >= ? AND local_path < ? ORDER BY +id DESC LIMIT 1", [paths.lowerBound, paths.upperBound]
      ).first
    }
  }

  /// The last later delivery of the same content by the same route and name that was accepted or is under way, `nil`
  /// where each ended without the platform taking it.
  func laterTry(of delivery: Delivery) async throws(ExchangeError) -> Delivery? {
    try await read {
      try Delivery.fetch(
        $0,
        where: """
          account = ? AND route = ? AND wire_name = ? AND sha256 = ? AND ordinal > ?
            AND state NOT IN ('refused', 'cancelled', 'given-up') ORDER BY ordinal DESC LIMIT 1
          """,
        [delivery.account, delivery.route, delivery.wireName.string, delivery.sha256.hex, delivery.ordinal]
      ).first
    }
  }

  /// Returns true if no delivery that is under way has that name in OUT.
  func isFree(_ wireName: WireName, account: String) async throws(ExchangeError) -> Bool {
    try await read { try Delivery.holding(wireName, account: account, in: $0) == nil }
  }
}

extension Delivery {
  /// The delivery under way that has that name in OUT, `nil` when there is none.
  fileprivate static func holding(
    _ wireName: WireName, account: String, in database: SQLConnection
  ) throws -> Delivery? {
    try fetch(
      database, where: "account = ? AND wire_name = ? AND \(isUnderWay)", [account, wireName.string]
    ).first
  }
}
