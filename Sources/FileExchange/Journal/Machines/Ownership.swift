internal import FilsluseBase
internal import FilsluseStore

/// The owner of a delivery or an arrival in a journal on a server: the machine that added it, until another one takes
/// it over. Only the owner works on it.
///
/// A journal in a file belongs to one machine, and has no column for that.
enum Ownership {
  /// A delivery or an arrival.
  struct Subject: Sendable {
    fileprivate let table: String
    fileprivate let id: Int64
    /// The SQL condition for taking it over from a machine that is gone.
    fileprivate let canPass: String
  }

  /// The condition of the rows of a table that belong to this machine.
  static func isOwn(_ table: String, in database: SQLConnection) -> String {
    switch database.kind {
    case .sqlite: "TRUE"
    case .postgreSQL: "\(table).machine = own_machine()"
    }
  }

  /// The SQL condition for rows of a table owned by this machine, by none, or by one that the server has not heard of
  /// for ``KnownMachine/grace``.
  static func isNoOthers(_ table: String, in database: SQLConnection) -> String {
    switch database.kind {
    case .sqlite: "TRUE"
    case .postgreSQL:
      """
      NOT EXISTS (SELECT 1 FROM machine WHERE machine.id = \(table).machine
        AND machine.id IS DISTINCT FROM own_machine() AND machine.is_present = 1
        AND machine.seen_at > milliseconds() - \(Int64(KnownMachine.grace / .milliseconds(1))))
      """
    }
  }

  fileprivate enum Standing: Int64 {
    case another
    case own
    /// It may be taken over.
    case free
  }

  fileprivate static func standing(of subject: Subject, in database: SQLConnection) throws -> Standing {
    let sql = """
      SELECT CASE WHEN \(isOwn(subject.table, in: database)) THEN 1
        WHEN \(subject.canPass) AND \(isNoOthers(subject.table, in: database)) THEN 2 ELSE 0 END
      FROM \(subject.table) WHERE id = ?
      """
    // A missing row has no owner.
    guard let number = try database.int(sql, [subject.id]) else { return .own }
    return Standing(rawValue: number) ?? .another
  }

  /// Takes over a delivery or an arrival from a machine that is gone, or from none.
  ///
  /// - Returns: true if it belongs to this machine now.
  fileprivate static func takeOver(_ subject: Subject, in database: SQLConnection) throws -> Bool {
    let machines = try KnownMachine.fetchAll(database)
    switch try standing(of: subject, in: database) {
    case .own: return true
    case .another: return false
    case .free: break
    }
    let former = try database.int("SELECT machine FROM \(subject.table) WHERE id = ?", [subject.id])
    if let machine = machines.first(where: { $0.id == former }), try !machine.declareGone(in: database) { return false }
    try database.execute("UPDATE \(subject.table) SET machine = own_machine() WHERE id = ?", [subject.id])
    return true
  }

  // MARK: What is left

  /// A machine that is gone, with its waiting work of an account.
  struct Left {
    let host: String
    let number: Int64
    let seenAt: Timestamp
    let deliveries: Int64
    /// The arrivals in its inbox: no other machine has the files.
    let arrivals: Int64
    /// The arrivals in IN that no other machine has taken over since, such as those of a route that it alone has.
    let inIN: Int64
  }

  /// Returns the machines that the server has not heard of for a time, and that own waiting work of an account.
  /// Deliveries that only lack their receipt do not count.
  static func left(of account: String, after silence: Duration, in database: SQLConnection) throws -> [Left] {
    guard database.kind == .postgreSQL else { return [] }
    let states = DeliveryState.allCases.filter { !$0.isFinished && !$0.awaitsReceipt }
    let sql = """
      SELECT machine.host, machine.id, machine.seen_at, count(work.delivery), count(work.arrival), count(work.in_in)
      FROM machine JOIN (
        SELECT delivery.machine AS owner, id AS delivery, NULL::bigint AS arrival, NULL::bigint AS in_in FROM delivery
        WHERE account = ?1 AND is_open = 1 AND state IN (\(states.map { "'\($0.rawValue)'" }.joined(separator: ", ")))
        UNION ALL SELECT arrival.machine, NULL, CASE WHEN state NOT IN ('seen', 'fetching') THEN id END,
          CASE WHEN state IN ('seen', 'fetching') THEN id END FROM arrival
        WHERE account = ?1 AND state IN ('seen', 'fetching', 'fetched', 'verified', 'handing-over')
      ) AS work ON work.owner = machine.id
      WHERE machine.id IS DISTINCT FROM own_machine() AND machine.seen_at < milliseconds() - ?2
      GROUP BY machine.id ORDER BY machine.id
      """
    return try database.rows(sql, [account, Int64(silence / .milliseconds(1))]).map { row in
      Left(
        host: try row.text(0), number: try row.int(1), seenAt: Timestamp(millisecondsSince1970: try row.int(2)),
        deliveries: try row.int(3), arrivals: try row.int(4), inIN: try row.int(5))
    }
  }

  /// The SQL condition of an arrival with its file in its machine's inbox.
  fileprivate static let isInInbox = """
    (state IN ('fetched', 'verified', 'handing-over')
      OR (state = 'set-aside' AND set_aside_from NOT IN ('seen', 'fetching')))
    """

  /// Makes this machine the owner of some arrivals in the inbox of a machine that is gone, and declares that one gone.
  /// The arrivals are fetched again from IN.
  ///
  /// - Parameter reason: the reason, for the journal.
  /// - Returns: the arrivals, which are seen now; none where none is left, and `nil` while the machine is not gone.
  fileprivate static func takeInbox(
    of machine: Int64, because reason: String, most: Int, in transaction: JournalTransaction
  ) throws -> [Arrival]? {
    let database = transaction.database
    let former = try KnownMachine.fetchAll(database).first { $0.id == machine }
    guard let former, try former.declareGone(in: database) else { return nil }
    let left = try Arrival.fetch(
      database, where: "machine = ? AND \(isInInbox) ORDER BY id LIMIT ?", [machine, most])
    return try left.map { arrival -> Arrival in
      var next = arrival
      next.forgetFailures()
      (next.state, next.setAsideFrom, next.reason) = (.seen, nil, .recorded(reason))
      try take(arrival: next.id, in: database)
      return try Journal.record(next, leaving: arrival.state, in: transaction)
    }
  }

  // MARK: When a machine opens the journal

  private static let isUnfinishedArrival: String = {
    let states = ArrivalState.allCases.filter { !$0.isFinished || $0 == .quarantined }
    return "state IN (\(states.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
  }()

  /// Makes a machine the owner of all unfinished work and of other machines' observations, because it has the journal
  /// alone.
  static func passAll(to machine: Int64, in database: SQLConnection) throws {
    try database.execute(
      "UPDATE delivery SET machine = ?1 WHERE is_open = 1 AND machine IS DISTINCT FROM ?1", [machine])
    try database.execute(
      "UPDATE arrival SET machine = ?1 WHERE \(isUnfinishedArrival) AND machine IS DISTINCT FROM ?1", [machine])
    // Of problems that several observed, its own stays.
    try database.execute(
      """
      DELETE FROM observed_problem AS one USING observed_problem AS other
      WHERE one.machine <> ?1 AND other.kind = one.kind AND other.account = one.account
        AND other.subject = one.subject AND (other.machine = ?1 OR other.machine > one.machine)
      """, [machine])
    try database.execute("UPDATE observed_problem SET machine = ?1 WHERE machine <> ?1", [machine])
  }

  /// Makes this machine the owner of an arrival in its inbox, whichever machine owned it.
  static func take(arrival id: Int64, in database: SQLConnection) throws {
    guard database.kind == .postgreSQL else { return }
    try database.execute("UPDATE arrival SET machine = own_machine() WHERE id = ?", [id])
  }

  /// Makes a machine the owner of all unfinished rows without one.
  static func passUnowned(to machine: Int64, in database: SQLConnection) throws {
    try database.execute("UPDATE delivery SET machine = ? WHERE is_open = 1 AND machine IS NULL", [machine])
    try database.execute(
      "UPDATE arrival SET machine = ? WHERE \(isUnfinishedArrival) AND machine IS NULL", [machine])
    try database.execute("UPDATE observed_problem SET machine = ? WHERE machine = 0", [machine])
  }
}

extension ClaimSubject {
  /// The delivery or the arrival; `nil` for a subject without an owner.
  var owned: Ownership.Subject? {
    switch self {
    // Continuing it needs its file, which the caller has; cancelling it does not.
    case .delivery(let id): Ownership.Subject(table: "delivery", id: id, canPass: "TRUE")
    // A fetched file is in its machine's inbox until it is handed over.
    case .arrival(let id):
      Ownership.Subject(
        table: "arrival", id: id,
        canPass: "NOT \(Ownership.isInInbox)")
    case .unattendedRun, .alerting, .alertQueue, .answers, .connection: nil
    }
  }
}

extension Journal {
  /// Returns true if a delivery or an arrival belongs to this machine, after it has taken it over where that is
  /// allowed.
  func owns(_ subject: Ownership.Subject) async throws(ExchangeError) -> Bool {
    switch try await read({ try Ownership.standing(of: subject, in: $0) }) {
    case .own: return true
    case .another: return false
    case .free: return try await write { try Ownership.takeOver(subject, in: $0.database) }
    }
  }

  /// Makes this machine the owner of all arrivals in the inbox of another one, which is gone, because a person says so.
  /// They are fetched from IN again, and a receiver's program that had one there has it once more.
  ///
  /// - Parameters:
  ///   - name: the name of the machine's host, its number, or both.
  ///   - reason: the reason and the person, for the journal.
  /// - Returns: the arrivals.
  /// - Throws: ``ExchangeError`` with code `invalid-delivery` if no other machine has the name, or several have it,
  ///   `claimed-elsewhere` while the machine is not gone, `journal`, or `journal-replaced`. The arrivals taken until
  ///   then stay this machine's.
  func takeInbox(ofGone name: String, because reason: String) async throws(ExchangeError) -> [Arrival] {
    // A journal in a file has one machine.
    var machines: [KnownMachine.Name] = []
    if isOnServer { machines = try await read { try KnownMachine.names(in: $0) } }
    let own = MachineIdentity.name(beside: path)
    let meant = machines.filter { $0.number != own && $0.isMeant(by: name) }
    guard let machine = meant.first, meant.count == 1 else { throw Self.isNoGoneMachine(name, meant) }
    let remark = Masked.name(
      "taken over from the machine \(machine.host), which is gone, to be fetched again: \(reason)")
    var taken: [Arrival] = []
    while true {
      let some = try await write { transaction in
        try Ownership.takeInbox(of: machine.id, because: remark, most: 100, in: transaction)
      }
      guard let some else { throw Self.isNotGone(name) }
      if some.isEmpty { return taken }
      taken += some
    }
  }

  private static func isNoGoneMachine(_ name: String, _ meant: [KnownMachine.Name]) -> ExchangeError {
    let (shown, numbers) = (Masked.name(name), meant.map { "\($0.id)" }.joined(separator: ", "))
    if meant.isEmpty {
      return ExchangeError(
        .invalidDelivery, operation: "take over from a machine",
        message: "no other machine that has had the journal is named \(shown)",
        remedy: "give the name or the number that the problem machine-gone shows"
      ).inDanish(
        "Ingen anden maskine, der har haft journalen, hedder \(shown). Angiv det navn eller nummer, som problemet machine-gone viser."
      )
    }
    return ExchangeError(
      .invalidDelivery, operation: "take over from a machine",
      message: "\(meant.count) machines are named \(shown): their numbers are \(numbers)",
      remedy: "give the number of the one that is gone"
    ).inDanish(
      "\(meant.count) maskiner hedder \(shown): deres numre er \(numbers). Angiv nummeret på den, der er væk.")
  }

  private static func isNotGone(_ name: String) -> ExchangeError {
    let shown = Masked.name(name)
    return ExchangeError(
      .claimedElsewhere, operation: "take over from a machine",
      message: "the machine \(shown) is not gone: the journal's server heard of it within the last half minute",
      remedy: "end all that uses the journal there, or wait until the server has not heard of it for half a minute"
    ).inDanish(
      "Maskinen \(shown) er ikke væk: journalens server har hørt fra den inden for det sidste halve minut. Stop alt, der bruger journalen dér, eller vent, til serveren ikke har hørt fra den i et halvt minut."
    )
  }
}
