internal import FileExchange
internal import FilsluseBase
internal import FilsluseStore

/// A day's figure of an account.
struct KeptExpectation: Sendable, Hashable {
  var account: String
  var figure: ExpectedFigure
}

/// The expectations of one row of the matrix.
struct ExpectationPart: Sendable, Hashable {
  /// The codes and CVR numbers of its municipality.
  var municipalities: [String]
  /// The accounts of the row: their files expected for no municipality belong to it.
  var accounts: [String]

  /// It as a condition, with the values of ``municipalities`` and then of ``accounts``.
  fileprivate var condition: String {
    func marks(_ values: [String]) -> String { values.map { _ in "?" }.joined(separator: ", ") }
    return "(municipality IN (\(marks(municipalities))) OR municipality = '' AND account IN (\(marks(accounts))))"
  }
}

/// The punctuality of one municipality, or of an account's files that are expected for none.
struct KeptPunctuality: Sendable, Hashable {
  /// The municipality's code or CVR number.
  var municipality: String?
  /// The account where there is no municipality.
  var account: String?
  /// The number of days with each result, over all rules and accounts.
  var days: [ExpectedDay.State: Int]
}

extension WatchDatabase {
  /// The retention of daily figures in days: the longest trend and a margin.
  static let figureDays = 100

  /// Keeps the pick-up times of days, in place of those kept before, and drops those of long ago.
  func keep(_ series: [PickUpSeries], of account: String, today: CivilDay) async throws(ExchangeError) {
    try await write("keep the figures of days") { database in
      guard let inbox = try Self.inbox(account, in: database) else { return }
      for one in series {
        for day in one.days {
          guard let date = CivilDay(day.day) else { continue }
          try database.execute(
            """
            INSERT INTO pick_up_day (inbox, day, title, files, median, slowest, within, watched)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT DO UPDATE SET files = ?4, median = ?5, slowest = ?6, within = ?7, watched = ?8
            WHERE files != ?4 OR median != ?5 OR slowest != ?6 OR within IS NOT ?7 OR watched != ?8
            """,
            [
              inbox, date.daysSince1970, one.infRef?.description ?? "", day.count, day.medianSeconds,
              day.slowestSeconds, day.limitSeconds, day.watchedAllDay,
            ])
        }
      }
      try database.execute(
        "DELETE FROM pick_up_day WHERE inbox IN (SELECT id FROM inbox) AND day < ?",
        [today.later(byDays: -Self.figureDays).daysSince1970])
    }
  }

  /// Stores the outcome of expected files by day, replacing earlier figures of the same days, and drops old figures.
  func keep(_ figures: [ExpectedFigure], of account: String, today: CivilDay) async throws(ExchangeError) {
    try await write("keep the figures of days") { database in
      guard let inbox = try Self.inbox(account, in: database) else { return }
      for figure in figures {
        let value = figure.value
        try database.execute(
          """
          INSERT INTO expected_day (day, inbox, title, municipality, state, due, came, files, expected)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
          ON CONFLICT DO UPDATE SET state = ?5, due = ?6, came = ?7, files = ?8, expected = ?9
          WHERE state != ?5 OR due IS NOT ?6 OR came IS NOT ?7 OR files != ?8 OR expected != ?9
          """,
          [
            figure.day.daysSince1970, inbox, figure.title, figure.municipality ?? "", value.state.rawValue,
            value.by?.millisecondsSince1970, value.came?.millisecondsSince1970, value.files ?? 0,
            value.expectedFiles ?? 0,
          ])
      }
      try database.execute(
        "DELETE FROM expected_day WHERE day < ?", [today.later(byDays: -Self.figureDays).daysSince1970])
    }
  }

  /// Returns the last day with stored pick-up times of an account; `nil` for none.
  func lastPickUpDay(of account: String) async throws(ExchangeError) -> CivilDay? {
    try await read("read the figures of days") { database in
      try database.int(
        "SELECT max(day) FROM pick_up_day WHERE inbox = (SELECT id FROM inbox WHERE account = ?)", [account]
      ).map { CivilDay(daysSince1970: Int($0)) }
    }
  }

  /// Returns the pick-up times of days, of one account or of all, by account and title.
  func pickUpSeries(
    since day: CivilDay, account: String? = nil
  ) async throws(ExchangeError) -> [PickUpSeries] {
    try await read("read the figures of days") { database in
      let rows = try database.rows(
        """
        SELECT account, title, day, files, median, slowest, within, watched
        FROM inbox JOIN pick_up_day ON inbox = inbox.id
        WHERE (?1 IS NULL OR account = ?1) AND day >= ?2 ORDER BY account, title, day
        """, [account, day.daysSince1970])
      var series: [PickUpSeries] = []
      while let row = try rows.next() {
        let (account, title) = (try row.text(0), try row.text(1))
        if series.last?.account != account || series.last?.infRef?.description != title {
          series.append(PickUpSeries(account: account, infRef: ShownInfRef(shown: title), days: []))
        }
        series[series.count - 1].days.append(
          PickUpDay(
            day: CivilDay(daysSince1970: Int(try row.int(2))).description, count: Int(try row.int(3)),
            medianSeconds: Int(try row.int(4)), slowestSeconds: Int(try row.int(5)),
            limitSeconds: try row.optionalInt(6).map { Int($0) }, watchedAllDay: try row.bool(7)))
      }
      return series
    }
  }

  /// Returns the outcome of expected files by day, of one account or all, of one title or all; the earliest first.
  ///
  /// - Parameter part: the row of the matrix to restrict it to; `nil` for all.
  func expectations(
    in days: ClosedRange<CivilDay>, account: String? = nil, title: String? = nil, part: ExpectationPart? = nil
  ) async throws(ExchangeError) -> [KeptExpectation] {
    try await read("read the figures of days") { database in
      var condition = "day BETWEEN ? AND ?"
      var values: [any SQLConvertible] = [days.lowerBound.daysSince1970, days.upperBound.daysSince1970]
      func add(_ part: String, _ arguments: [String]) {
        condition += " AND \(part)"
        for argument in arguments { values.append(argument) }
      }
      if let account { add("account = ?", [account]) }
      if let title { add("title = ?", [title]) }
      if let part { add(part.condition, part.municipalities + part.accounts) }
      let rows = try database.rows(
        """
        SELECT account, title, municipality, day, state, due, came, files, expected
        FROM expected_day JOIN inbox ON inbox.id = inbox
        WHERE \(condition) ORDER BY day, inbox, title, municipality
        """, values)
      return try rows.map { row in
        let day = CivilDay(daysSince1970: Int(try row.int(3)))
        guard let state = ExpectedDay.State(rawValue: try row.text(4)) else {
          throw DamagedRow(table: "expected_day", id: try row.int(3))
        }
        let municipality = try row.text(2)
        let value = ExpectedDay(
          day: day.description, state: state, by: Timestamp(try row.optionalInt(5)),
          came: Timestamp(try row.optionalInt(6)), files: Int(try row.int(7)), expectedFiles: Int(try row.int(8)))
        return KeptExpectation(
          account: try row.text(0),
          figure: ExpectedFigure(
            title: try row.text(1), municipality: municipality.isEmpty ? nil : municipality, day: day, value: value))
      }
    }
  }

  /// Returns the number of days with each result, by municipality; by account where files are expected for none.
  func punctuality(
    in days: ClosedRange<CivilDay>, account: String? = nil
  ) async throws(ExchangeError) -> [KeptPunctuality] {
    try await read("read the figures of days") { database in
      let rows = try database.rows(
        """
        SELECT municipality, iif(municipality = '', account, ''), state, count(*)
        FROM expected_day JOIN inbox ON inbox.id = inbox
        WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR account = ?3) GROUP BY 1, 2, 3 ORDER BY 1, 2
        """, [days.lowerBound.daysSince1970, days.upperBound.daysSince1970, account])
      var found: [KeptPunctuality] = []
      while let row = try rows.next() {
        let (municipality, account) = (try row.text(0), try row.text(1))
        let one = KeptPunctuality(
          municipality: municipality.isEmpty ? nil : municipality, account: account.isEmpty ? nil : account, days: [:])
        if found.last?.municipality != one.municipality || found.last?.account != one.account { found.append(one) }
        guard let state = ExpectedDay.State(rawValue: try row.text(2)) else {
          throw DamagedRow(table: "expected_day", id: 0)
        }
        found[found.count - 1].days[state] = Int(try row.int(3))
      }
      return found
    }
  }

  private static func inbox(_ account: String, in database: SQLConnection) throws -> Int64? {
    try database.int("SELECT id FROM inbox WHERE account = ?", [account])
  }
}
