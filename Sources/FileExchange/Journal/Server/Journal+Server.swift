internal import ExchangeSettings
internal import FilsluseBase
internal import FilsluseStore
internal import SystemPackage

/// A journal on a server: how it is opened, and the end of its reconciliation.
extension Journal {
  /// Opens a journal on a server, and creates it in an empty schema if this machine never had one.
  ///
  /// - Parameters:
  ///   - path: the prefix of this machine's local files for it.
  ///   - use: the number of machines that may use it at the same time.
  ///   - hasHeartbeat: whether the hold is renewed in the background; a test without it is a machine that stands still.
  /// - Throws: as ``open(_:)``; ``ExchangeError`` with code `claimed-elsewhere` while another machine uses it alone.
  static func open(
    _ server: PostgreSQLAddress, beside path: FilePath, for use: JournalServer.Machines, hasHeartbeat: Bool = true
  ) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in
      try openNow(server, beside: path, for: use, hasHeartbeat: hasHeartbeat)
    }
  }

  /// Opens a journal on a server for a person who reconciles it, whatever it lacks. No process of any machine may have
  /// it open at the same time. The high-water mark stays until ``replaceMark()``, or until new entries have passed its
  /// number.
  ///
  /// - Throws: as ``open(_:)``; ``ExchangeError`` with code `claimed-elsewhere` while a process has it open.
  static func openToReconcile(
    _ server: PostgreSQLAddress, beside path: FilePath, for use: JournalServer.Machines
  ) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in
      try openNow(server, beside: path, for: use, reconciles: true)
    }
  }

  /// Replaces the mark of a journal on a server, which names lost entries, by one of its last entry.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `local-file`.
  func replaceMark() async throws(ExchangeError) {
    let end = try await read { try JournalAnchor.last(in: $0) }
    guard let server = try requireGuards().server else { return }
    try await Self.threads.run { () throws(ExchangeError) in try server.replaceMark(by: end) }
  }

  private static func openNow(
    _ server: PostgreSQLAddress, beside path: FilePath, for use: JournalServer.Machines, reconciles: Bool = false,
    hasHeartbeat: Bool = true
  ) throws(ExchangeError) -> Journal {
    let name = server.description
    if !path.removingLastComponent().isEmpty { _ = try LocalFolder(creating: path.removingLastComponent()) }
    let claims = try Claims(beside: path)
    let presence = try JournalLock(of: path)
    do {
      let mark = HighWaterMark.read(beside: path)
      let machine = try presence.alone {
        try presence.enterWithoutFile()
        return try MachineIdentity(beside: path)
      }
      let connection = try PostgreSQLConnection(server)
      try ServerJournal.prepare(connection, name: name, by: mark, beside: path, reconciles: reconciles)
      let hold = try JournalHold(connection, of: server, as: machine, for: use)
      let database = try PostgreSQLDatabase(server, setUp: hold.sessionSetUp)
      let end = try database.read(JournalAnchor.last)
      let keeper = ServerKeeper(
        of: path, name: name, hold: hold, presence: presence, database: database, end: end, marked: mark.mark?.anchor,
        reconciles: reconciles)
      if hasHeartbeat { keeper.keepRenewing() }
      return Journal(
        path, name: name, database: database, batcher: makeBatcher(database, by: keeper, name: name),
        guards: Guards(claims: claims, keeper: keeper, server: keeper),
        noticeOfMark: end.number > 0 ? MarkCheck.notice(of: mark, beside: path) : nil)
    } catch {
      throw serverFailure("open the journal", name, error)
    }
  }

  /// Makes the batcher of a journal on a server. The keeper learns of each last entry, also of one whose commit had no
  /// answer.
  static func makeBatcher(
    _ database: any TransactionalDatabase, by keeper: ServerKeeper, name: String
  ) -> WriteBatcher<JournalTransaction, ExchangeError> {
    WriteBatcher<JournalTransaction, ExchangeError>(database, threads: threads) { end throws(ExchangeError) in
      if let anchor = end.anchor, keeper.note(anchor) { threads.start { keeper.raiseInPassing() } }
    } wasKept: { end in
      guard let added = end.added, let identity = end.identity else { return .unknown }
      let found = try database.write { try ServerJournal.find(added, of: identity, in: $0) }
      guard let found else { return .notKept }
      return .kept(JournalTransaction.End(anchor: found, added: added, identity: identity))
    } failure: { error in
      keeper.note(failure: error)
      return keeper.displacement() ?? serverFailure("write the journal", name, error)
    }
  }

  /// Opens a journal on a server for reading, whichever machine has it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read, is none, or has another schema.
  static func openToRead(_ server: PostgreSQLAddress, beside path: FilePath) async throws(ExchangeError) -> Journal {
    try await threads.run { () throws(ExchangeError) in try openNow(toRead: server, beside: path) }
  }

  private static func openNow(
    toRead server: PostgreSQLAddress, beside path: FilePath
  ) throws(ExchangeError) -> Journal {
    let name = server.description
    do {
      var database = try PostgreSQLDatabase(server)
      guard try database.read(JournalSchema.isMade) else { throw NoJournal() }
      if let setUp = try database.read({ try JournalHold.setUpToRead(beside: path, in: $0) }) {
        database.close()
        database = try PostgreSQLDatabase(server, setUp: setUp)
      }
      let mark = HighWaterMark.read(beside: path).mark?.anchor
      let refusal = try database.read { try ServerJournal.refusal(of: name, by: mark, beside: path, in: $0) }
      return Journal(path, name: name, database: database, markRefusal: refusal)
    } catch {
      throw serverFailure("read the journal", name, error)
    }
  }
}
