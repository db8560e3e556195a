internal import FileExchange
internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension WatchDatabase {
  /// The retention of gone files: for the plot of the last 30 days, and a margin.
  private static let memory = Duration.seconds(40 * 86_400)

  /// Begins to look into an account's folders. One look at a time for each account.
  func begin(_ account: String, at moment: Timestamp) async throws(ExchangeError) -> ScanInProgress {
    if let look = try await look(into: account, at: moment) {
      guard let previous = look.previous, previous.since(moment) > Self.clockPlay else { return look }
      try await clampToNow(of: look)
    }
    try await write("begin a look") { database in
      try database.execute("INSERT INTO inbox (account) VALUES (?) ON CONFLICT DO NOTHING", [account])
    }
    guard let look = try await look(into: account, at: moment) else {
      throw Self.failure("begin a look", path, DamagedRow(table: "observation", id: 0))
    }
    return look
  }

  /// The tolerance for stored times ahead of a look: if the daemon and a single run look into one account at once, the
  /// one that began first may end last. A time further ahead was written before the clock was set back.
  private static let clockPlay = Duration.seconds(900)

  /// Limits all times to now: otherwise no file would count as gone, or late, until the clock reaches them.
  private func clampToNow(of look: ScanInProgress) async throws(ExchangeError) {
    try await write("limit times to now") { database in
      let arguments: [any SQLConvertible] = [look.inbox, look.at.millisecondsSince1970]
      try database.execute(
        """
        UPDATE inbox SET watched_since = min(watched_since, ?2), last_look = ?2, failing_since = min(failing_since, ?2)
        WHERE id = ?1
        """, arguments)
      let columns = [
        "first_seen", "data_seen", "data_not_before", "data_changed", "sidecar_seen", "sidecar_not_before",
        "sidecar_changed", "half_since", "last_seen", "gone",
      ]
      try database.execute(
        """
        UPDATE observation SET \(columns.map { "\($0) = min(\($0), ?2)" }.joined(separator: ", "))
        WHERE inbox = ?1 AND (gone IS NULL OR gone > ?2)
        """, arguments)
      try database.execute("DELETE FROM gap WHERE inbox = ?1 AND ended > ?2", arguments)
    }
  }

  /// Begins a look with the files of the last one; `nil` for an unknown account.
  private func look(into account: String, at moment: Timestamp) async throws(ExchangeError) -> ScanInProgress? {
    try await read("begin a look") { database in
      let row = try database.row("SELECT id, last_look FROM inbox WHERE account = ?", [account])
      guard let row else { return nil }
      let inbox = try row.int(0)
      var (known, unsettled) = (KnownNames(), [Int64]())
      try ObservationColumns.readNames(of: inbox, in: database, into: &known, unsettled: &unsettled)
      return ScanInProgress(
        inbox: inbox, at: moment, previous: Timestamp(try row.optionalInt(1)), known: known, unsettled: unsettled)
    }
  }

  /// Records a part of a listing. Unchanged entries cause no write.
  func note(_ names: [ListingEntry], in look: ScanInProgress) async throws(ExchangeError) {
    let news = look.news(among: names)
    if news.isEmpty { return }
    try await write("note what was seen") { try Self.note(news, look, $0) }
  }

  private static func note(_ news: [ListingEntry], _ look: ScanInProgress, _ database: SQLConnection) throws {
    let noting = try ObservationNoting(look, database)
    look.noted(try news.map { try noting.note($0) })
  }

  /// Drops the observations added by an unfinished look, in parts, so that other accounts can write in between. Changes
  /// to older observations stay.
  ///
  /// The next completed look finds the files again, and counts them as arrived after the last completed one.
  func abandon(_ look: ScanInProgress) async throws(ExchangeError) {
    while true {
      let dropped = try await write("drop an unfinished look") { database in
        try database.change(
          """
          DELETE FROM observation WHERE id IN (
            SELECT id FROM observation WHERE inbox = ? AND gone IS NULL AND id > ? AND first_seen = ? LIMIT ?)
          """, [look.inbox, look.lastBefore, look.at.millisecondsSince1970, Self.abandonedTogether])
      }
      if dropped < Self.abandonedTogether { return }
    }
  }

  private static let abandonedTogether = 5000

  /// Ends a complete look at both folders: files that it did not show are gone.
  ///
  /// - Parameters:
  ///   - rest: the names not recorded yet.
  ///   - longestPause: the longest interval between scans that does not count as a monitoring gap.
  ///   - difference: the lead of the server's clock over ours; `nil` if not measured.
  func finish(
    _ look: ScanInProgress, rest: [ListingEntry] = [], longestPause: Duration, difference: Duration?
  ) async throws(ExchangeError) {
    let news = look.news(among: rest)
    try await write("end a look") { database in
      if !news.isEmpty { try Self.note(news, look, database) }
      try Self.settle(look, database)
      let at = look.at.millisecondsSince1970
      if let previous = look.previous, look.at.since(previous) > longestPause {
        try database.execute(
          "INSERT INTO gap (inbox, began, ended) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          [look.inbox, previous.millisecondsSince1970, at])
      }
      try database.execute(
        """
        UPDATE inbox SET watched_since = coalesce(watched_since, ?2), last_look = max(coalesce(last_look, 0), ?2),
          failing_since = NULL, failure_kind = NULL, failure = NULL, failure_da = NULL WHERE id = ?1
        """, [look.inbox, at])
      if let difference {
        try database.execute(
          "UPDATE inbox SET clock_difference = ?, clock_measured = ? WHERE id = ?",
          [difference.milliseconds, at, look.inbox])
      }
      let oldest = look.at.earlier(by: Self.memory).millisecondsSince1970
      try database.execute(
        """
        DELETE FROM observation WHERE id IN (
          SELECT id FROM observation WHERE inbox IN (SELECT id FROM inbox) AND gone < ? LIMIT 5000)
        """, [oldest])
      try database.execute("DELETE FROM gap WHERE inbox = ? AND ended < ?", [look.inbox, oldest])
    }
  }

  /// Marks unlisted files as gone and recomputes whether changed pairs are complete.
  private static func settle(_ look: ScanInProgress, _ database: SQLConnection) throws {
    let at = look.at.millisecondsSince1970
    let (missing, unsettled) = look.outcome()
    if unsettled.isEmpty { return }
    let gone = try ListingEntry.Part.allCases.map { part in
      let column = part == .data ? "data_seen" : "sidecar_seen"
      return try database.statement(
        "UPDATE observation SET \(column) = NULL WHERE id = ?1 AND gone IS NULL AND \(column) <= ?2")
    }
    for file in missing { try gone[file.part == .data ? 0 : 1].execute([file.id, at]) }
    let settle = try database.statement(ObservationColumns.settling)
    let previous = look.previous?.millisecondsSince1970
    for id in unsettled { try settle.execute([id, at, previous]) }
  }

  /// Notes that an account's folders could not be looked into.
  func noteFailure(
    _ kind: Finding.Kind, _ text: LocalizedText, of account: String, at moment: Timestamp
  ) async throws(ExchangeError) {
    try await write("note a failure") { database in
      try database.execute(
        """
        INSERT INTO inbox (account, failing_since, failure_kind, failure, failure_da) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET failure = ?4, failure_da = ?5,
          failing_since = CASE WHEN failure_kind = ?3 THEN coalesce(failing_since, ?2) ELSE ?2 END, failure_kind = ?3
        """, [account, moment.millisecondsSince1970, kind.rawValue, text.en, text.da])
    }
  }
}

/// Notes names one by one; its statements are prepared once for many.
private struct ObservationNoting {
  private let look: ScanInProgress
  private let find: [ObservedFile.Place: SQLStatement]
  private let put: [ListingEntry.Part: SQLStatement]

  init(_ look: ScanInProgress, _ database: SQLConnection) throws {
    self.look = look
    // The place is a literal in the statement: one of the indexes covers a single place, and SQLite would prepare the
    // statement again for each value of a parameter, in case that index can be used.
    find = try ObservedFile.Place.allCases.reduce(into: [:]) { statements, place in
      statements[place] = try database.statement(
        "SELECT id FROM observation WHERE inbox = ? AND place = \(place.rawValue) AND name = ? AND gone IS NULL")
    }
    put = try ListingEntry.Part.allCases.reduce(into: [:]) { statements, part in
      statements[part] = try database.statement(Self.putting(part))
    }
  }

  /// Records a file that is new or has changed; returns no row where it is unchanged.
  private static func putting(_ part: ListingEntry.Part) -> String {
    // New metadata must be read, whatever the previous one said; so must the metadata of complete data that has
    // changed: another transfer may have taken the name within the same second of the time stamps.
    let reading =
      part == .sidecar ? "0, problem = NULL, problem_da = NULL" : "iif(data_size = described_size, 0, reading)"
    return """
      INSERT INTO observation (inbox, place, name, first_seen, \(part)_not_before, \(part)_seen, \(part)_changed,
        \(part)_size, \(part)_modified) VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?4, ?6, ?7)
      ON CONFLICT (inbox, place, name) WHERE gone IS NULL DO UPDATE SET
        \(part)_not_before = CASE WHEN \(part)_seen IS NULL THEN ?5 ELSE \(part)_not_before END,
        \(part)_seen = coalesce(\(part)_seen, ?4), \(part)_changed = ?4, \(part)_size = ?6, \(part)_modified = ?7,
        reading = \(reading)
      WHERE \(part)_seen IS NULL OR \(part)_size IS NOT ?6 OR \(part)_modified IS NOT ?7
      RETURNING id
      """
  }

  /// Notes a file that is new or has changed.
  func note(_ name: ListingEntry) throws -> KnownNames.PartID {
    let noted = try put[name.part]?.int([
      look.inbox, name.place.rawValue, name.name, look.at.millisecondsSince1970, look.previous?.millisecondsSince1970,
      name.size.map { Int64(clamping: $0) }, name.modified?.millisecondsSince1970,
    ])
    guard let id = try noted ?? find[name.place]?.int([look.inbox, name.name]) else {
      throw DamagedRow(table: "observation", id: 0)
    }
    return KnownNames.PartID(id, name.part)
  }
}

extension Timestamp {
  /// The moment of a column, `nil` where it is NULL.
  init?(_ milliseconds: Int64?) {
    guard let milliseconds else { return nil }
    self.init(millisecondsSince1970: milliseconds)
  }
}

extension Duration {
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}
