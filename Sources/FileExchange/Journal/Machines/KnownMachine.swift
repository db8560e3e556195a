internal import FilsluseStore

/// A machine in the table of a journal on a server.
///
/// Each process of a machine holds a shared lock with the machine's number during its session with the server; the
/// server releases it when the session ends in any way, and ends a session that is silent itself. A machine is gone
/// when that lock is free and the server has not heard of it for ``grace``. Another machine then raises its epoch, and
/// the server refuses its further writes.
struct KnownMachine {
  let id: Int64
  /// The machine's own files hold it.
  let name: String
  /// The kernel's number of its last start.
  let boot: String
  /// For people.
  let host: String
  let epoch: Int64
  /// The time since the server heard of it, by the server's clock; `nil` where it has given the journal back, or is
  /// gone.
  let silence: Duration?
  /// True if it has opened the journal exclusively, and no other machine has opened it since.
  let isAlone: Bool

  /// The time that a machine with lost sessions has to come back before another one takes over its work: a restarted
  /// server ends all sessions. By the server's clock.
  static let grace = Duration.seconds(30)

  /// The first key of the locks: journals in other schemas of the database have others. The second one is the machine's
  /// number, or 0 for the lock that all of them share.
  static let lockKey = "'machine'::regclass::oid::integer"

  /// Returns all machines. From here on no other transaction changes them, or adds an entry, before this one ends.
  static func fetchAll(_ database: SQLConnection) throws -> [KnownMachine] {
    guard try database.int("SELECT number FROM head FOR UPDATE") != nil else {
      throw StoreError(.damaged, "the row with the last entry's number is gone")
    }
    let sql = """
      SELECT id, name, boot, host, epoch, CASE WHEN is_present = 1 THEN milliseconds() - seen_at END, is_alone
      FROM machine ORDER BY id
      """
    return try database.rows(sql).map { row in
      KnownMachine(
        id: try row.int(0), name: try row.text(1), boot: try row.text(2), host: try row.text(3), epoch: try row.int(4),
        silence: try row.optionalInt(5).map { .milliseconds($0) }, isAlone: try row.bool(6))
    }
  }

  /// Raises its epoch where it is gone.
  ///
  /// - Returns: false where it is not gone.
  func declareGone(in database: SQLConnection) throws -> Bool {
    if let silence, silence < Self.grace { return false }
    let isFree = "SELECT pg_try_advisory_xact_lock(\(Self.lockKey), ?::integer)"
    guard try database.int(isFree, [id]) == 1 else { return false }
    try database.execute("UPDATE machine SET epoch = epoch + 1, is_present = 0, is_alone = 0 WHERE id = ?", [id])
    return true
  }

  /// Raises the epochs of all machines that have not given the journal back, so that none goes on with it.
  ///
  /// - Returns: false if one has it, or may still come back.
  static func declareAllGone(_ connection: PostgreSQLConnection) throws -> Bool {
    // A role that only reads may ask that.
    guard try connection.int("SELECT 1 FROM machine WHERE is_present = 1") != nil else { return true }
    let database = SQLConnection(connection)
    return try fetchAll(database).allSatisfy { try $0.silence == nil || $0.declareGone(in: database) }
  }
}

extension KnownMachine {
  /// The names of a machine: its random number, and for people that of its host, and a short number that is its own.
  struct Name: Sendable, Hashable {
    let id: Int64
    let number: String
    let host: String

    private var hostAndID: String { "\(host) (\(id))" }

    /// Returns true if a person means the machine by this: its short number, the name of its host, or both as they are
    /// shown.
    func isMeant(by name: String) -> Bool { name == host || name == "\(id)" || name == hostAndID }

    /// Returns the names of machines for people: the host's, with the machine's number where several have that.
    static func shown(_ machines: [Self]) -> [String] {
      machines.map { machine in
        let isOnlyOne = machines.count(where: { $0.host == machine.host }) == 1
        return isOnlyOne ? machine.host : machine.hostAndID
      }
    }
  }

  /// The names of all machines that ever had the journal.
  static func names(in database: SQLConnection) throws -> [Name] {
    try database.rows("SELECT id, name, host FROM machine ORDER BY id").map { row in
      Name(id: try row.int(0), number: try row.text(1), host: try row.text(2))
    }
  }
}
