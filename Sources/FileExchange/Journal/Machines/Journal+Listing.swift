internal import FilsluseBase
internal import FilsluseStore

// Of several machines one lists an account's IN at a time, and the others fetch some of what it has seen. That only saves
// work: an arrival belongs to one machine whoever lists it.

extension Journal {
  /// Takes the right to list an account's IN, or keeps it.
  ///
  /// - Parameter period: the time for which it counts. It ends before that when the server has not heard of the machine for
  ///   a while.
  /// - Returns: false while another machine has it.
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func takeListing(of account: String, for period: Duration) async throws(ExchangeError) -> Bool {
    guard isOnServer else { return true }
    // Most looks of the others end here, and write nothing.
    if try await read({ try ListingClaim.isOthers(account, in: $0) }) { return false }
    return try await write { try ListingClaim.take(account, for: period, in: $0.database) }
  }

  /// Gives the right to list an account's IN back, so that another machine may have it at once.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func giveBackListing(of account: String) async throws(ExchangeError) {
    guard isOnServer else { return }
    try await write { transaction in
      try transaction.database.execute(
        "UPDATE listing_claim SET until = 0 WHERE account = ? AND machine = own_machine()", [account])
    }
  }

  /// Offers arrivals of this machine, which are seen and not begun, to all machines: they belong to none from here on.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func offer(_ arrivals: [Int64]) async throws(ExchangeError) {
    guard isOnServer, !arrivals.isEmpty else { return }
    try await write { transaction in
      for id in arrivals {
        try transaction.database.execute(
          "UPDATE arrival SET machine = NULL WHERE id = ? AND machine = own_machine() AND state = 'seen'", [id])
      }
    }
  }

  /// Takes some of an account's arrivals that are offered, the newest first, as the machine that offers them begins with
  /// the oldest.
  ///
  /// - Returns: the arrivals of this machine that lie in IN, those taken now among them.
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func takeOffered(of account: String, most: Int) async throws(ExchangeError) -> [Arrival] {
    let isOffered = "account = ? AND state = 'seen' AND tries = 0 AND machine IS NULL"
    if try await read({ try $0.int("SELECT id FROM arrival WHERE \(isOffered) LIMIT 1", [account]) }) != nil {
      try await write { transaction in
        // From here on no other machine takes any of them, as a claim does.
        _ = try KnownMachine.fetchAll(transaction.database)
        try transaction.database.execute(
          """
          UPDATE arrival SET machine = own_machine() WHERE id IN (
            SELECT id FROM arrival WHERE \(isOffered) ORDER BY id DESC LIMIT ?)
          """, [account, most])
      }
    }
    return try await read {
      try Arrival.fetch(
        $0,
        where: """
          account = ? AND state IN ('seen', 'fetching') AND \(Ownership.isOwn("arrival", in: $0)) ORDER BY id
          """, [account])
    }
  }
}

/// The row that says which machine lists an account's IN, in a journal on a server.
private enum ListingClaim {
  /// The condition of a row whose machine may have it no longer: its time is over, or the server has not heard of the
  /// machine for longer than a heartbeat and some.
  private static let isOver = """
    (listing_claim.until < milliseconds() OR NOT EXISTS (SELECT 1 FROM machine
      WHERE machine.id = listing_claim.machine AND machine.is_present = 1 AND machine.seen_at > milliseconds() - 10000))
    """

  static func isOthers(_ account: String, in database: SQLConnection) throws -> Bool {
    let sql = """
      SELECT 1 FROM listing_claim WHERE account = ? AND machine IS DISTINCT FROM own_machine() AND NOT \(isOver)
      """
    return try database.int(sql, [account]) != nil
  }

  static func take(_ account: String, for period: Duration, in database: SQLConnection) throws -> Bool {
    let sql = """
      INSERT INTO listing_claim (account, machine, until) VALUES (?, own_machine(), milliseconds() + ?)
      ON CONFLICT (account) DO UPDATE SET machine = excluded.machine, until = excluded.until
      WHERE listing_claim.machine = excluded.machine OR \(isOver)
      """
    return try database.change(sql, [account, Int64(period / .milliseconds(1))]) == 1
  }
}
