package import FileExchange
package import FilsluseBase
internal import FilsluseStore

/// A silence with its present effect.
package struct SilenceRow: Sendable, Hashable, Identifiable {
  /// The state of a silence.
  package enum State: String, Sendable, Hashable, CaseIterable {
    case holds
    case toCome = "to-come"
    case over
  }

  /// The silence.
  package var silence: Silence
  /// Its state.
  package var state: State
  /// The number of open alerts that it covers.
  package var alerts: Int

  /// Describes a row.
  package init(silence: Silence, state: State, alerts: Int) {
    self.silence = silence
    self.state = state
    self.alerts = alerts
  }

  /// The silence's number.
  package var id: Int64 { silence.id }
}

extension WatchDatabase {
  /// Returns the silences: first those in effect, the earliest end first, then future ones, then ended ones, the latest
  /// first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func silenceRows(
    at now: Timestamp, _ page: PageNumber
  ) async throws(ExchangeError) -> Paged<SilenceRow> {
    let moment = now.millisecondsSince1970
    return try await read("read the alerts in") { database in
      let total = try database.int("SELECT count(*) FROM silence") ?? 0
      let silences = try database.rows(
        """
        SELECT \(Silence.columns) FROM silence
        ORDER BY CASE WHEN ends <= ?1 THEN 2 WHEN begins > ?1 THEN 1 ELSE 0 END,
          CASE WHEN ends <= ?1 THEN -ends WHEN begins > ?1 THEN begins ELSE ends END, id
        LIMIT \(page.size) OFFSET \(page.offset)
        """, [moment]
      ).map(Silence.init(row:))
      var counts: [Int64: Int] = [:]
      let rows = try database.rows(
        "SELECT silence, count(*) FROM alert WHERE state != 'resolved' AND silence IS NOT NULL GROUP BY silence")
      while let row = try rows.next() { counts[try row.int(0)] = Int(try row.int(1)) }
      let items = silences.map { silence in
        let state: SilenceRow.State =
          silence.until <= now ? .over : silence.from > now ? .toCome : .holds
        return SilenceRow(silence: silence, state: state, alerts: counts[silence.id] ?? 0)
      }
      return Paged(items, of: Int(total), page)
    }
  }

  /// Returns the silence of a number; `nil` when there is none.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func silence(_ id: Int64) async throws(ExchangeError) -> Silence? {
    try await read("read the alerts in") { try Self.silence(id, in: $0) }
  }
}
