internal import ExchangeSettings
package import FileExchange
internal import FilsluseBase
internal import TriggerFiles

extension ConsoleQueries {
  /// Returns the outcome of the expected files on the last days, by municipality.
  ///
  /// - Parameters:
  ///   - days: the number of days up to today, 1 to 90.
  ///   - account: only the expectations of this account.
  ///   - infRef: only those of this data classification, or of the rule of this title.
  ///   - row: only the row of this id.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func matrix(
    days count: Int = 14, account: String? = nil, infRef: ShownInfRef? = nil, row id: String? = nil
  ) async throws(ExchangeError) -> Matrix {
    let span = lastDays(count)
    let table = MunicipalityTable(evaluator.settings)
    var part: ExpectationPart?
    if let id {
      guard let key = MatrixRowKey(id: id) else { return Matrix(days: span.names, rows: []) }
      part = key.part(table)
    }
    let kept = try await store.expectations(in: span, account: account, title: infRef?.description, part: part)
    let length = span.names.count
    var rows: [MatrixRowKey: [MatrixCell?]] = [:]
    for one in kept {
      let key = MatrixRowKey(municipality: one.figure.municipality, account: one.account, table)
      let index = one.figure.day.daysSince1970 - span.lowerBound.daysSince1970
      let cell = MatrixCell(one.figure.value)
      var cells = rows[key] ?? Array(repeating: nil, count: length)
      if var known = cells[index] {
        known.add(cell)
        cells[index] = known
      } else {
        cells[index] = cell
      }
      rows[key] = cells
    }
    return Matrix(
      days: span.names,
      rows: rows.sorted { $0.key < $1.key }.map { key, cells in
        MatrixRow(id: key.id, municipality: key.municipality, account: key.account, cells: cells)
      })
  }

  /// Returns the expectations of a cell of the matrix with the files that count for them; `nil` where there is no such
  /// cell.
  ///
  /// - Parameters:
  ///   - row: the id of the row.
  ///   - day: the day as `2026-11-21`.
  ///   - most: the maximum number of files that are listed.
  /// - Throws: `ExchangeError` when it cannot be read.
  package func matrixCell(
    _ row: String, day: String, _ page: PageNumber, most: Int = 5000
  ) async throws(ExchangeError) -> MatrixCellDetail? {
    guard let wanted = MatrixRowKey(id: row), let date = CivilDay(day) else { return nil }
    let table = MunicipalityTable(evaluator.settings)
    let kept = try await store.expectations(in: date...date, part: wanted.part(table))
    if kept.isEmpty { return nil }
    var transfers: [TransferOfCell] = []
    // One more than is listed, to know whether there are more.
    for one in kept where transfers.count <= most {
      transfers += try await self.transfers(of: one, on: date, most: most + 1 - transfers.count)
    }
    let hasMore = transfers.count > most
    transfers = Array(transfers.prefix(most))
    let maker = try await rowMaker()
    var rows: [FileRow] = []
    for transfer in transfers.dropFirst(page.offset).prefix(page.size) {
      let files = try await store.files(of: transfer.account, transfers: [transfer.transfer])
      rows += files.map { maker.row($0) }
    }
    return MatrixCellDetail(
      municipality: wanted.municipality.map { table.label(of: $0.code ?? $0.cvr ?? "") }, account: wanted.account,
      day: date.description,
      expectations: kept.map { one in
        let shown = ShownInfRef(shown: one.figure.title)
        return ExpectedCell(
          account: one.account, infRef: shown, title: title(of: shown, account: one.account), day: one.figure.value)
      }, files: Paged(rows, of: transfers.count, page), hasMore: hasMore)
  }

  /// A transfer that counts for a cell.
  private struct TransferOfCell {
    var account: String
    var transfer: String
  }

  /// Returns the first transfers that the watcher has seen for an expectation, in the order of arrival.
  private func transfers(
    of kept: KeptExpectation, on day: CivilDay, most: Int
  ) async throws(ExchangeError) -> [TransferOfCell] {
    let rules = evaluator.rules(of: kept.account).infRefRules
    let rule = rules.first {
      $0.expected != nil && ShownInfRef(title: $0.subject.title).description == kept.figure.title
    }
    guard let rule, let expected = rule.expected else { return [] }
    let deadline = evaluator.calendar.clock.moment(day, minute: expected.rhythm.minute)
    guard let occurrence = evaluator.calendar.lastOccurrence(of: expected.rhythm, at: deadline), occurrence.day == day
    else { return [] }
    let state = try await store.statesInShort()[kept.account] ?? InboxState(account: kept.account)
    let municipality = kept.figure.municipality.flatMap { ExpectedMunicipality($0) }
    let now = clock()
    @Sendable func arrival(_ file: ObservedFile) -> ArrivedFile? {
      ArrivedFile(file, difference: state.clockDifference, longestPause: evaluator.longestPause)
    }
    let history = WatchHistory(evaluator: evaluator, store: store, journal: nil)
    let files = try await history.observedArrivals(
      for: rule, in: occurrence.window, of: kept.account, most: most
    ) { file in
      guard let came = arrival(file), !evaluator.counted([came], rule, occurrence, at: now).isEmpty else {
        return false
      }
      return municipality.map { MunicipalityCounts.Share(came).counts(for: $0) } ?? true
    }
    return evaluator.counted(files.compactMap(arrival), rule, occurrence, at: now)
      .map { TransferOfCell(account: kept.account, transfer: $0.transfer) }
  }
}

extension ClosedRange<CivilDay> {
  /// The days as `2026-11-21`.
  fileprivate var names: [String] {
    (lowerBound.daysSince1970...upperBound.daysSince1970).map { CivilDay(daysSince1970: $0).description }
  }
}
