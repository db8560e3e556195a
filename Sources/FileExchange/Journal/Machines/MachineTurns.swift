internal import FilsluseBase
internal import FilsluseStore

/// A task that one of several machines does at a time. That only saves work and repeated reports: whichever machine has
/// the turn, each delivery and arrival belongs to one machine.
enum MachineTurn: Sendable, Hashable {
  /// To list an account's IN.
  case listing(account: String)
  /// To take files from an outgoing folder that all machines reach, by the folder's random number.
  case folder(String)

  fileprivate var subject: String {
    switch self {
    case .listing(let account): "IN \(account)"
    case .folder(let number): "folder \(number)"
    }
  }
}

extension Journal {
  /// Takes or keeps a turn.
  ///
  /// - Parameter period: the duration of the turn. It ends early if the server has not heard of the machine for a
  ///   while.
  /// - Returns: false while another machine has it.
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func takeTurn(_ turn: MachineTurn, for period: Duration) async throws(ExchangeError) -> Bool {
    guard isOnServer else { return true }
    // Most requests of the other machines end here, without a write.
    if try await read({ try turn.isOthers(in: $0) }) { return false }
    return try await write { try turn.take(for: period, in: $0.database) }
  }

  /// Gives a turn back, so that another machine may have it at once.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func giveBackTurn(_ turn: MachineTurn) async throws(ExchangeError) {
    guard isOnServer else { return }
    try await write { transaction in
      try transaction.database.execute(
        "UPDATE machine_turn SET until = 0 WHERE subject = ? AND machine = own_machine()", [turn.subject])
    }
  }

  /// Offers arrivals of this machine, which are seen and not begun, to all machines: they belong to none from here on.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func offer(_ arrivals: [Int64]) async throws(ExchangeError) {
    guard isOnServer, !arrivals.isEmpty else { return }
    try await write { transaction in
      for id in arrivals {
        try transaction.database.executeLater(
          "UPDATE arrival SET machine = NULL WHERE id = ? AND machine = own_machine() AND state = 'seen'", [id])
      }
    }
  }

  /// The number of routes in one query for offered arrivals.
  private static let routesAtATime = 100

  /// Takes some of an account's offered arrivals that one of these routes expects, the newest first, because the
  /// offering machine begins with the oldest.
  ///
  /// - Returns: this machine's arrivals in IN that one of the routes expects, including those taken now.
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func takeOffered(
    of account: String, for routes: Set<String>, most: Int
  ) async throws(ExchangeError) -> [Arrival] {
    if isOnServer {
      let isOffered = "account = ? AND state = 'seen' AND tries = 0 AND machine IS NULL"
      let offered = try await read {
        try $0.rows("SELECT DISTINCT route FROM arrival WHERE \(isOffered) AND route IS NOT NULL", [account])
          .map { try $0.text(0) }
      }
      let expected = Array(offered.filter(routes.contains).prefix(Self.routesAtATime))
      if let last = expected.last {
        let marks = repeatElement("?", count: Self.routesAtATime).joined(separator: ", ")
        try await write { transaction in
          // From here on no other machine takes any of them, as a claim does.
          _ = try KnownMachine.fetchAll(transaction.database)
          // Filled up, so that the statement is always the same.
          var arguments: [any SQLConvertible] = [account]
          for place in 0..<Self.routesAtATime { arguments.append(place < expected.count ? expected[place] : last) }
          arguments.append(most)
          try transaction.database.execute(
            """
            UPDATE arrival SET machine = own_machine() WHERE id IN (
              SELECT id FROM arrival WHERE \(isOffered) AND route IN (\(marks)) ORDER BY id DESC LIMIT ?)
            """, arguments)
        }
      }
    }
    return try await arrivalsToFetch(of: account).filter { $0.route.map(routes.contains) ?? false }
  }

  /// Returns the account's arrivals in IN that a route expected and that this machine must fetch.
  ///
  /// - Throws: ``ExchangeError`` with code `journal`.
  func arrivalsToFetch(of account: String) async throws(ExchangeError) -> [Arrival] {
    try await read {
      try Arrival.fetch(
        $0,
        where: """
          account = ? AND state IN ('seen', 'fetching') AND route IS NOT NULL
            AND \(Ownership.isOwn("arrival", in: $0)) ORDER BY id
          """, [account])
    }
  }

  /// Releases the arrivals that only the listing machine of an account's IN continues: this machine's arrivals that no
  /// route expects, and those in IN that are set aside. They belong to no machine from here on.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func leaveToLister(of account: String) async throws(ExchangeError) {
    try await leave(
      """
      state = 'quarantined' OR (state = 'seen' AND route IS NULL)
        OR (state = 'set-aside' AND set_aside_from IN ('seen', 'fetching'))
      """, of: account)
  }

  /// Leaves to others the arrivals that this machine has refused and not left yet, as its process ended before
  /// ``leaveToOthers(arrival:)``.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func leaveRefused(of account: String) async throws(ExchangeError) {
    try await leave("state = 'quarantined'", of: account)
  }

  private func leave(_ condition: String, of account: String) async throws(ExchangeError) {
    guard isOnServer else { return }
    let isLeft = "account = ? AND machine = own_machine() AND (\(condition))"
    let left = try await read { try $0.int("SELECT id FROM arrival WHERE \(isLeft) LIMIT 1", [account]) }
    if left == nil { return }
    try await write { transaction in
      try transaction.database.execute("UPDATE arrival SET machine = NULL WHERE \(isLeft)", [account])
    }
  }

  /// Releases an arrival in IN that this machine has claimed and does not expect: it belongs to no machine from here
  /// on, and the listing machine or one with a route for it may take it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func leaveToOthers(arrival id: Int64) async throws(ExchangeError) {
    guard isOnServer else { return }
    try await write { transaction in
      try transaction.database.execute(
        """
        UPDATE arrival SET machine = NULL
        WHERE id = ? AND machine = own_machine() AND state IN ('seen', 'fetching', 'quarantined')
        """, [id])
    }
  }

  /// Returns the numbers of an account's arrivals that no route of the machine that lists IN expects, and that belong
  /// to no machine.
  ///
  /// - Throws: ``ExchangeError`` with code `journal`.
  func arrivalsLeft(of account: String) async throws(ExchangeError) -> [Int64] {
    guard isOnServer else { return [] }
    let sql = "SELECT id FROM arrival WHERE account = ? AND state = 'quarantined' AND machine IS NULL ORDER BY id"
    return try await read { try $0.rows(sql, [account]).map { try $0.int(0) } }
  }

  /// Returns true if no machine of this number has the journal any more, as far as the server knows.
  ///
  /// - Throws: ``ExchangeError`` with code `journal`.
  func isGone(machine number: String) async throws(ExchangeError) -> Bool {
    guard isOnServer else { return false }
    let isThere = """
      SELECT 1 FROM machine WHERE name = ? AND is_present = 1
        AND seen_at > milliseconds() - \(Int64(KnownMachine.grace / .milliseconds(1)))
      """
    return try await read { try $0.int(isThere, [number]) == nil }
  }
}

extension MachineTurn {
  /// The SQL condition for a turn that has ended: its time is over, or the server has not heard of its machine for
  /// longer than a heartbeat and a margin.
  private static let isOver = """
    (machine_turn.until < milliseconds() OR NOT EXISTS (SELECT 1 FROM machine
      WHERE machine.id = machine_turn.machine AND machine.is_present = 1 AND machine.seen_at > milliseconds() - 10000))
    """

  fileprivate func isOthers(in database: SQLConnection) throws -> Bool {
    let sql = """
      SELECT 1 FROM machine_turn WHERE subject = ? AND machine IS DISTINCT FROM own_machine() AND NOT \(Self.isOver)
      """
    return try database.int(sql, [subject]) != nil
  }

  fileprivate func take(for period: Duration, in database: SQLConnection) throws -> Bool {
    let sql = """
      INSERT INTO machine_turn (subject, machine, until) VALUES (?, own_machine(), milliseconds() + ?)
      ON CONFLICT (subject) DO UPDATE SET machine = excluded.machine, until = excluded.until
      WHERE machine_turn.machine = excluded.machine OR \(Self.isOver)
      """
    return try database.change(sql, [subject, Int64(period / .milliseconds(1))]) == 1
  }
}
