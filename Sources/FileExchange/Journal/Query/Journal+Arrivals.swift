internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// Records an arrival as seen, or finds the one with its FileTransferUUID.
  func see(_ new: NewArrival) async throws(ExchangeError) -> Arrival {
    try await write(about: .new) { _ -> JournalStep<Arrival> in
      let questions: [SQLQuestion] = [
        .row(Arrival.ofTransfer, [new.account, new.fileTransferUUID]),
        ReceivedTombstone(account: new.account, fileTransferUUID: new.fileTransferUUID).question,
      ]
      return .ask(
        questions,
        then: { _, answers in
          if let known = answers[0].row { return .done(try Arrival(row: known)) }
          return try Self.adding(new, at: .now, knownAs: answers[1].row.map(ReceivedTombstone.Kept.init(row:)))
        })
    }
  }

  /// Adds an arrival without a row; one removed by retention is restored with its last state.
  static func see(_ new: NewArrival, at moment: Timestamp, in transaction: JournalTransaction) throws -> Arrival {
    let forgotten = try ReceivedTombstone(account: new.account, fileTransferUUID: new.fileTransferUUID).find(
      in: transaction.database)
    return try adding(new, at: moment, knownAs: forgotten).result(in: transaction)
  }

  /// The steps by which it does so.
  private static func adding(
    _ new: NewArrival, at moment: Timestamp, knownAs forgotten: ReceivedTombstone.Kept?
  ) -> JournalStep<Arrival> {
    var arrival = Arrival(
      id: 0,
      .init(
        account: new.account, fileTransferUUID: new.fileTransferUUID, wireName: new.wireName, size: new.size,
        infRef: new.infRef, sender: new.sender, metadata: new.metadata, seenAt: moment),
      state: .seen, changedAt: moment)
    arrival.route = new.route
    if let forgotten { arrival = forgotten.arrival(like: arrival) }
    let row = SQLQuestion.insert(
      """
      INSERT INTO arrival (account, file_transfer_uuid, wire_name, size, infref, sender, route, state, sha256, seen_at,
        changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        arrival.account, arrival.fileTransferUUID, arrival.wireName.string, Int64(bitPattern: arrival.size),
        arrival.infRef?.name,
        arrival.sender, arrival.route, arrival.state.rawValue, arrival.sha256?.hex, moment.millisecondsSince1970,
        moment.millisecondsSince1970,
      ])
    return .ask(
      [row],
      then: { [arrival] transaction, answers in
        var added = arrival
        added.id = answers[0].number
        try transaction.database.executeLater(
          "INSERT INTO arrival_document (arrival, metadata_xml) VALUES (?, ?)", [added.id, added.metadata])
        try transaction.addEntry(
          about: .arrival(added.id), state: EntryState(added.state),
          detail: forgotten == nil
            ? new.remark : "it came again; it was handed over before, and only its keys had been kept",
          facts: added.facts.changes(since: AuditFacts()), at: moment)
        return .done(added)
      })
  }

  /// Applies events to an arrival and writes the resulting state with the arrival's values, in one transaction that
  /// requires the old state. The receiver's answer is added with it; an earlier answer stays.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` if an event has no meaning in the arrival's state, or the journal
  ///   cannot be written; `claimed-elsewhere` if the arrival's state in the journal has changed.
  func transition(
    _ arrival: Arrival, _ events: [ArrivalMachine.Event], answer: BusinessAnswer?
  ) async throws(ExchangeError) -> Arrival {
    let next = try arrival.after(events)
    return try await write(about: .row("arrival", arrival.id)) { transaction -> JournalStep<Arrival> in
      try Self.recording(next, leaving: arrival.state).map { recorded in
        if let answer { try Self.add(answer, to: arrival.id, in: transaction) }
        return recorded
      }
    }
  }

  /// Applies events to an arrival; there is no answer of its receiver to add.
  ///
  /// - Throws: as ``transition(_:_:answer:)``.
  func transition(_ arrival: Arrival, _ events: ArrivalMachine.Event...) async throws(ExchangeError) -> Arrival {
    try await transition(arrival, events, answer: nil)
  }

  /// Applies two events in one transaction, with an entry each: there is nothing to do between them.
  func transition(
    _ arrival: Arrival, _ event: ArrivalMachine.Event, then next: ArrivalMachine.Event
  ) async throws(ExchangeError) -> Arrival {
    let between = try arrival.after([event])
    let last = try between.after([next])
    return try await write(about: .row("arrival", arrival.id)) { _ -> JournalStep<Arrival> in
      try Self.recording(between, leaving: arrival.state).flatMap { _ in
        Self.recording(last, leaving: between.state)
      }
    }
  }

  /// Writes an arrival's values, and an entry if its facts changed; its state stays.
  ///
  /// - Throws: ``ExchangeError`` with code `journal`, or `claimed-elsewhere` if its state has changed.
  func update(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    try await write(about: .row("arrival", arrival.id)) { _ -> JournalStep<Arrival> in
      Self.recording(arrival, leaving: arrival.state)
    }
  }

  /// Writes an arrival's values, with an entry about an event that does not change its state.
  func update(_ arrival: Arrival, noting event: EntryState, _ detail: String) async throws(ExchangeError) -> Arrival {
    try await write(about: .row("arrival", arrival.id)) { transaction -> JournalStep<Arrival> in
      try Self.recording(arrival, leaving: arrival.state).map { recorded in
        try transaction.addEntry(about: .arrival(arrival.id), state: event, detail: detail, facts: nil, at: .now)
        return recorded
      }
    }
  }

  /// Writes an arrival's state and values, and an entry if its state or facts changed; returns it as the journal then
  /// has it.
  ///
  /// - Parameter former: the state that the journal must have it in; `nil` in a restoration, where any will do.
  static func record(
    _ arrival: Arrival, leaving former: ArrivalState? = nil, in transaction: JournalTransaction
  ) throws -> Arrival {
    try recording(arrival, leaving: former).result(in: transaction)
  }

  /// The steps by which it does so.
  private static func recording(_ arrival: Arrival, leaving former: ArrivalState?) -> JournalStep<Arrival> {
    .ask(
      [.row(Arrival.changingColumns, [arrival.id])],
      then: { _, answers in
        var arrival = arrival
        let current = try arrival.asRecorded(by: answers[0].row)
        guard former == nil || current.state == former else {
          throw ExchangeError.overtaken("A\(arrival.id)", path: arrival.wireName.string, by: .arrival(current.state))
        }
        let facts =
          arrival.hasChangingFacts(of: current) ? nil : arrival.changingFacts.changes(since: current.changingFacts)
        let isNews = arrival.state != current.state || facts != nil
        arrival.changedAt = isNews ? .now : current.changedAt
        return Self.writing(arrival, over: current.state, facts: facts, isNews: isNews)
      })
  }

  private static func writing(
    _ arrival: Arrival, over state: ArrivalState, facts: String?, isNews: Bool
  ) -> JournalStep<Arrival> {
    let change = SQLQuestion.change(
      """
      UPDATE arrival SET state = ?, route = ?, local_name = ?, sha256 = ?, reason = ?, tries = ?, next_try_at = ?,
        set_aside_from = ?, settled_modified = ?, different_modified = ?, changed_at = ? WHERE id = ? AND state = ?
      """,
      [
        arrival.state.rawValue, arrival.route, arrival.localName, arrival.sha256?.hex, arrival.reason?.stored,
        arrival.tries,
        arrival.nextTryAt?.millisecondsSince1970, arrival.setAsideFrom?.rawValue, arrival.settledModified,
        arrival.differentModified, arrival.changedAt.millisecondsSince1970, arrival.id, state.rawValue,
      ])
    return .ask(
      [change],
      then: { transaction, answers in
        guard answers[0].changed == 1 else {
          throw transaction.database.failure(ofUnchanged: DamagedRow(table: "arrival", id: arrival.id))
        }
        if isNews {
          try transaction.addEntry(
            about: .arrival(arrival.id), state: EntryState(arrival.state), detail: arrival.reason?.description,
            facts: facts, at: arrival.changedAt)
        }
        return .done(arrival)
      })
  }

  /// The arrival of that number, `nil` when there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrival(_ id: Int64) async throws(ExchangeError) -> Arrival? {
    try await read { try Arrival.fetch($0, where: "id = ?", [id]).first }
  }

  /// The account's arrival with that FileTransferUUID, `nil` when there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  package func arrival(transfer uuid: String, of account: String) async throws(ExchangeError) -> Arrival? {
    try await read { try Arrival.fetch($0, where: "account = ? AND file_transfer_uuid = ?", [account, uuid]).first }
  }

  /// Returns the account's unfinished arrivals with their data on this machine.
  func arrivalsToFinish(of account: String) async throws(ExchangeError) -> [Arrival] {
    try await read {
      try Arrival.fetch(
        $0,
        where: """
          account = ? AND state IN ('fetched', 'verified', 'handing-over', 'handed-over')
            AND \(Ownership.isOwn("arrival", in: $0)) ORDER BY id
          """, [account])
    }
  }

  /// All arrivals of an account (of all accounts when `nil`), oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrivals(of account: String? = nil) async throws(ExchangeError) -> [Arrival] {
    try await read { try Arrival.fetch($0, where: "account = ?1 OR ?1 IS NULL ORDER BY id", [account]) }
  }
}

extension Arrival {
  /// The query of an account's arrival, by the account and the FileTransferUUID.
  fileprivate static let ofTransfer = """
    SELECT \(columns) FROM arrival LEFT JOIN arrival_document ON arrival = id
    WHERE account = ? AND file_transfer_uuid = ?
    """

  /// The query of the columns that change, by the arrival's number.
  fileprivate static let changingColumns = """
    SELECT state, changed_at, route, local_name, sha256, reason, settled_modified, different_modified
    FROM arrival WHERE id = ?
    """

  /// Returns this arrival with its changing parts read from the journal: its state, and the facts that an entry
  /// records. The rest never changes.
  fileprivate func asRecorded(by row: SQLRow?) throws -> Arrival {
    guard let row, let state = ArrivalState(rawValue: try row.text(0)) else {
      throw DamagedRow(table: "arrival", id: id)
    }
    var recorded = self
    recorded.state = state
    recorded.changedAt = Timestamp(millisecondsSince1970: try row.int(1))
    recorded.route = try row.optionalText(2)
    recorded.localName = try row.optionalText(3)
    recorded.sha256 = try row.optionalText(4).map { hex in
      guard let digest = SHA256Digest(hex: hex) else { throw DamagedRow(table: "arrival", id: id) }
      return digest
    }
    recorded.reason = try row.optionalText(5).map(ArrivalReason.init(stored:))
    recorded.settledModified = try row.optionalInt(6)
    recorded.differentModified = try row.optionalInt(7)
    return recorded
  }
}
