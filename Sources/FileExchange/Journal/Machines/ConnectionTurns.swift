internal import FilsluseBase
internal import FilsluseStore

/// One of the connections that an account may have, until it is given back.
struct ConnectionTurn: Sendable, Hashable {
  let account: String
  /// Its number among those of this machine.
  let number: Int

  fileprivate var subject: ClaimSubject { .connection(ofAccount: account, number) }
}

extension Journal {
  /// Takes one of the connections that the settings allow an account over all machines; waits while all are in use.
  ///
  /// A process holds it by a claim, so that a killed process loses it at once. On a server, a row has the number of
  /// each machine's connections, which counts until the machine has given them back, or is gone.
  ///
  /// - Parameter most: the number allowed by the settings.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` if none became free within `patience`, `cancelled`, or
  ///   an error of ``requireHold()``.
  func takeConnection(
    of account: String, most: Int, waiting patience: Duration
  ) async throws(ExchangeError) -> ConnectionTurn {
    let deadline = ContinuousClock.now + patience
    var backoff = Backoff(first: .milliseconds(100), longest: .seconds(2), jitter: 0.5)
    while true {
      if let turn = try await takeConnectionNow(of: account, most: most) { return turn }
      guard ContinuousClock.now < deadline else { throw Self.allInUse(most, of: account) }
      do { try await Task.sleep(for: backoff.next()) } catch { throw .cancelled(while: "connect to \(account)") }
    }
  }

  private func takeConnectionNow(of account: String, most: Int) async throws(ExchangeError) -> ConnectionTurn? {
    let claims = try requireClaims()
    guard isOnServer else { return try claims.takeConnection(of: account, most: most) }
    // This machine's share is never larger, so the server need not be asked.
    if try claims.connectionCount(of: account) >= most { return nil }
    let taken = Locked<ConnectionTurn?>(nil)
    do throws(ExchangeError) {
      try await write { transaction in
        // The transaction may be run again.
        claims.giveBack(taken)
        let database = transaction.database
        // From here on no other process of any machine counts.
        let allowed = try MachineConnections.allowed(of: account, most: most, in: database)
        guard try claims.connectionCount(of: account) < allowed else { return }
        let turn = try claims.takeConnection(of: account, most: most)
        taken.withLock { $0 = turn }
        try MachineConnections.note(try claims.connectionCount(of: account), of: account, in: database)
      }
    } catch {
      claims.giveBack(taken)
      throw error
    }
    return taken.withLock { $0 }
  }

  /// Gives a connection back, once it is closed.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced` if the server cannot be reached now: then
  ///   the next connection that is taken corrects the number, or ``noteConnections(of:)``.
  func giveBack(_ turn: ConnectionTurn) async throws(ExchangeError) {
    giveBack(turn.subject)
    try await noteConnections(of: turn.account)
  }

  /// Corrects the number of this machine's connections on the server, which a process that was killed left too high.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `journal-replaced`.
  func noteConnections(of account: String) async throws(ExchangeError) {
    guard isOnServer else { return }
    let claims = try requireClaims()
    let noted = try await read { try MachineConnections.noted(of: account, in: $0) }
    guard try claims.connectionCount(of: account) < noted else { return }
    try await write { transaction in
      try MachineConnections.lockCounts(in: transaction.database)
      let count = try claims.connectionCount(of: account)
      try MachineConnections.note(count, of: account, in: transaction.database)
    }
  }

  private static func allInUse(_ most: Int, of account: String) -> ExchangeError {
    ExchangeError(
      .claimedElsewhere, operation: "connect to \(account)",
      message: "this machine's share of the \(most) connections that the settings allow the account is in use",
      remedy: "try again when another process has ended, or allow the account more connections where its server does"
    ).inDanish(
      "Denne maskines andel af de \(most) forbindelser, som indstillingerne giver kontoen \(account), er i brug. Prøv igen, når en anden proces er færdig, eller giv kontoen flere forbindelser, hvis serveren tillader det."
    )
  }
}

extension Claims {
  /// No settings allow an account more.
  private static let mostConnections = 1000

  /// Takes the first of an account's connections that no process of this machine uses; `nil` if all are in use, or if
  /// processes whose settings allow more hold too many.
  fileprivate func takeConnection(of account: String, most: Int) throws(ExchangeError) -> ConnectionTurn? {
    let inUse = try connections(ofAccount: account, below: Self.mostConnections)
    for number in 0..<most where !inUse.contains(number) {
      let turn = ConnectionTurn(account: account, number: number)
      guard try take(turn.subject) else { continue }
      if try connectionCount(of: account) <= most { return turn }
      giveBack(turn.subject)
      return nil
    }
    return nil
  }

  /// Returns the number of an account's connections that the processes of this machine have.
  fileprivate func connectionCount(of account: String) throws(ExchangeError) -> Int {
    try connections(ofAccount: account, below: Self.mostConnections).count
  }

  fileprivate func giveBack(_ taken: Locked<ConnectionTurn?>) {
    let turn = taken.withLock { taken in
      defer { taken = nil }
      return taken
    }
    if let turn { giveBack(turn.subject) }
  }
}

/// The rows with the number of connections that each machine has to an account's server, in a journal on a server.
private enum MachineConnections {
  /// From here on no other transaction changes the counts, or the machines, before this one ends.
  static func lockCounts(in database: SQLConnection) throws { _ = try KnownMachine.fetchAll(database) }

  /// Returns the number of connections that this machine may open now: its share among the present machines, and at
  /// most what the others leave. Locks the counts.
  static func allowed(of account: String, most: Int, in database: SQLConnection) throws -> Int {
    let machines = try KnownMachine.fetchAll(database)
    guard let own = try database.int("SELECT own_machine()") else { return 0 }
    var counts: [Int64: Int] = [:]
    let rows = try database.rows("SELECT machine, number FROM machine_connections WHERE account = ?", [account])
    while let row = try rows.next() {
      let (machine, number) = (try row.int(0), try row.int(1))
      counts[machine] = Int(number)
    }
    var there = [own]
    var left = most
    for machine in machines where machine.id != own && machine.silence != nil {
      if try machine.declareGone(in: database) { continue }
      there.append(machine.id)
      left -= counts[machine.id] ?? 0
    }
    return min(share(of: own, among: there, most: most), left)
  }

  /// Returns a machine's part of an equally shared number. If there is less than one for each, no machine is entitled
  /// before the others.
  private static func share(of own: Int64, among machines: [Int64], most: Int) -> Int {
    let place = machines.count { $0 < own }
    return max(1, most / machines.count + (place < most % machines.count ? 1 : 0))
  }

  /// The number that is noted of this machine.
  static func noted(of account: String, in database: SQLConnection) throws -> Int {
    let sql = "SELECT number FROM machine_connections WHERE account = ? AND machine = own_machine()"
    return Int(try database.int(sql, [account]) ?? 0)
  }

  static func note(_ count: Int, of account: String, in database: SQLConnection) throws {
    try database.executeLater(
      """
      INSERT INTO machine_connections (account, machine, number) VALUES (?, own_machine(), ?)
      ON CONFLICT (account, machine) DO UPDATE SET number = excluded.number
      """, [account, count])
  }
}
