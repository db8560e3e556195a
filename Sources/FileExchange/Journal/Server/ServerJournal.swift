internal import FilsluseBase
internal import FilsluseStore
internal import SystemPackage
internal import TriggerFiles

/// Checks a journal on a server while it is opened, and words the reasons why one is refused.
enum ServerJournal {
  /// Creates the tables in an empty schema, unless this machine ever had the journal, and compares the journal with the
  /// machine's high-water mark.
  ///
  /// - Parameter reconciles: true if a person reconciles the journal, so that missing entries are no reason to refuse
  ///   it.
  /// - Throws: ``ExchangeError`` with code `journal-outdated` if the entry of the mark is missing, or the journal is
  ///   being reconciled; `claimed-elsewhere` to reconcile it while a process has it open; `OtherSchema`, or
  ///   `StoreError`.
  static func prepare(
    _ connection: PostgreSQLConnection, name: String, by mark: HighWaterMark.Reading, beside path: FilePath,
    reconciles: Bool
  ) throws {
    let isMade = try connection.read { try JournalSchema.isMade(in: SQLConnection($0)) }
    if !isMade {
      if let mark = mark.mark { throw outdated(name, mark.anchor, beside: path) }
      try connection.write { connection in
        // Of two machines that open a new journal at once, one creates its tables.
        try connection.execute("SELECT pg_advisory_xact_lock(?)", [Int64(JournalSchema.identity.applicationID)])
        let database = SQLConnection(connection)
        if try !JournalSchema.isMade(in: database) { try JournalSchema.create(in: database) }
      }
    }
    if reconciles {
      guard try JournalHold.takeAlone(connection) else { throw inUse(name, while: "reconcile the journal") }
      return
    }
    let refusal: ExchangeError? = try connection.read { connection in
      let database = SQLConnection(connection)
      if let refusal = try Self.refusal(of: name, by: mark.mark?.anchor, beside: path, in: database) { return refusal }
      return try OpenReconciliation.find(in: database)?.refusal(of: name)
    }
    if let refusal { throw refusal }
  }

  /// Returns the error of an operation that needs the journal exclusively, while a process has it open.
  static func inUse(_ name: String, while operation: String) -> ExchangeError {
    ExchangeError(
      .claimedElsewhere, operation: operation, path: name, message: "a process has it open",
      remedy: "end \(.run) and every other use of it first"
    ).inDanish("En proces har journalen (\(name)) åben. Stop hver brug af den først.")
  }

  /// Finds the number and the hash of the last entry that a transaction added; `nil` where the transaction was not
  /// kept. Waits until it has ended.
  ///
  /// Called in a transaction that writes: each of its statements sees what was committed until then.
  static func find(
    _ entry: EntryContent, of transaction: TransactionIdentity, in database: SQLConnection
  ) throws -> JournalAnchor? {
    try database.awaitEnd(of: transaction)
    let (sql, values) = search(for: entry, of: transaction)
    return try database.row(sql, values).map(JournalAnchor.init(row:))
  }

  /// The query for ``find(_:of:in:)``. The row has the number of the transaction that wrote it, which no other
  /// transaction of this server has had lately. The content is compared too: a standby that has taken over gives
  /// numbers again.
  static func search(
    for entry: EntryContent, of transaction: TransactionIdentity
  ) -> (sql: String, values: [any SQLConvertible]) {
    // PostgreSQL uses no index for IS NOT DISTINCT FROM.
    let subject: (condition: String, values: [any SQLConvertible]) =
      if let delivery = entry.delivery {
        ("delivery = ?", [delivery])
      } else if let arrival = entry.arrival {
        ("arrival = ?", [arrival])
      } else {
        ("delivery IS NULL AND arrival IS NULL", [])
      }
    let sql = """
      SELECT number, hash FROM entry WHERE \(subject.condition) AND \(TransactionIdentity.number(of: "xmin")) = ?
        AND at = ? AND state = ? AND detail IS NOT DISTINCT FROM ? AND facts IS NOT DISTINCT FROM ?
      ORDER BY number DESC
      """
    let content: [any SQLConvertible] = [transaction.number, entry.at, entry.state, entry.detail, entry.facts]
    return (sql, subject.values + content)
  }

  /// Returns the error of a journal that lacks the entry of this machine's mark; `nil` where it has it, and without a
  /// mark.
  static func refusal(
    of name: String, by mark: JournalAnchor?, beside path: FilePath, in database: SQLConnection
  ) throws -> ExchangeError? {
    guard let mark, try mark.standing(in: database) != .proven else { return nil }
    return outdated(name, mark, beside: path)
  }

  private static func outdated(_ name: String, _ mark: JournalAnchor, beside path: FilePath) -> ExchangeError {
    ExchangeError(
      .journalOutdated, operation: "open the journal by its high-water mark", path: name,
      message: lossMessage(mark.number, beside: path), remedy: lossRemedy(mark.number)
    ).inDanish(lossInDanish(of: name, mark.number, beside: path))
  }

  /// The Danish of ``lossMessage(_:beside:)`` and ``lossRemedy(_:)``.
  static func lossInDanish(of name: String, _ entry: Int64, beside path: FilePath) -> String {
    let remedy: Remedy =
      "Angiv den server, der har post \(entry). Er den tabt for altid, ville filer, der er sendt siden, blive sendt igen: afstem journalen med det, der ligger i OUT og IN\(by: .reconcileJournal)"
    return
      "Journalen (\(name)) mangler post \(entry), som er skrevet ifølge \(HighWaterMark.file(beside: path)): det er en anden journal, en ældre kopi eller en standby, der tog over uden det sidste. \(remedy.inDanish)."
  }

  /// The message about a journal that lacks an entry which was written.
  static func lossMessage(_ entry: Int64, beside path: FilePath) -> String {
    "entry \(entry) was written, says \(HighWaterMark.file(beside: path)), and is not there: this is another journal, an older copy, or a standby that took over without the last commits"
  }

  static func lossRemedy(_ entry: Int64) -> Remedy {
    "name the server that has entry \(entry). If it is lost for good, files that were sent since would be sent again: reconcile the journal with what lies in OUT and IN\(by: .reconcileJournal)"
  }

  /// Returns the error for a backup of a journal on a server.
  static func noBackup(of name: String) -> ExchangeError {
    ExchangeError(
      .journal, operation: "back up the journal", path: name,
      message: "a PostgreSQL server keeps it, which has tools of its own for copies",
      remedy: "use pg_dump for a copy, or pg_basebackup with an archive of the write-ahead log to lose nothing"
    ).inDanish(
      "Journalen ligger på en PostgreSQL-server, som har sine egne værktøjer til kopier: brug pg_dump til en kopi, eller pg_basebackup med et arkiv af skriveloggen for intet at miste."
    )
  }
}

extension Journal {
  /// Translates a failure of a journal on a server into its meaning for the exchange, with a remedy.
  static func serverFailure(_ operation: String, _ name: String, _ error: any Error) -> ExchangeError {
    if let error = error as? ExchangeError { return error }
    let failure = error as? StoreError
    if failure?.code == JournalHold.takenOverCode { return JournalHold.takenOver }
    if let other = error as? OtherSchema { return SchemaRefusal.journal.error(other, operation, name) }
    let remedy: Remedy
    if error.isDamage {
      remedy = "restore the database from a backup of its own; do not begin a new one, or files will be sent twice"
    } else {
      remedy = failure?.remedy ?? "see the cause; the journal must be sound before anything is sent"
    }
    let code: ExchangeError.Code =
      failure?.cause == .diskFull ? .journalFull : error.isDamage ? .journalDamaged : .journal
    return ExchangeError(code, operation: operation, path: name, message: "\(error)", remedy: remedy)
      .inDanish(detail: "„\(error)“")
  }
}
