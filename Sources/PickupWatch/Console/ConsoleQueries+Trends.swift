internal import ExchangeSettings
package import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// The punctuality of a municipality's files.
package struct Punctuality: Sendable, Hashable, Identifiable {
  /// The row of the matrix.
  package var id: String
  /// The municipality.
  package var municipality: MunicipalityLabel?
  /// The account where no municipality is known.
  package var account: String?
  /// The number of expectations that were met in time.
  package var came: Int
  /// The number met late.
  package var late: Int
  /// The number not met.
  package var missing: Int
  /// The number of expectations with an unknown outcome, because of a monitoring gap.
  package var unknown: Int

  /// Describes a punctuality.
  package init(
    id: String, municipality: MunicipalityLabel?, account: String?, came: Int = 0, late: Int = 0, missing: Int = 0,
    unknown: Int = 0
  ) {
    self.id = id
    self.municipality = municipality
    self.account = account
    self.came = came
    self.late = late
    self.missing = missing
    self.unknown = unknown
  }

  /// The number of expectations with a known outcome.
  package var known: Int { came + late + missing }
  /// The share met in time; `nil` if no outcome is known.
  package var share: Double? { known == 0 ? nil : Double(came) / Double(known) }
}

/// A municipality by itself.
package struct MunicipalityDetail: Sendable, Hashable {
  /// The municipality.
  package var municipality: MunicipalityLabel?
  /// The account where no municipality is known.
  package var account: String?
  /// The accounts with rules that expect its files.
  package var accounts: [String]
  /// Its row of the matrix for the last 30 days.
  package var matrix: Matrix
  /// The punctuality over 30 and over 90 days.
  package var punctuality: [Int: Punctuality]
  /// The codes and CVR numbers that its alerts name.
  package var alertNames: [String]

  /// Describes a municipality.
  package init(
    municipality: MunicipalityLabel?, account: String?, accounts: [String], matrix: Matrix,
    punctuality: [Int: Punctuality], alertNames: [String] = []
  ) {
    self.municipality = municipality
    self.account = account
    self.accounts = accounts
    self.matrix = matrix
    self.punctuality = punctuality
    self.alertNames = alertNames
  }
}

extension ConsoleQueries {
  /// Returns the pick-up times of the last days, by account and data classification.
  ///
  /// - Parameter days: the number of days up to today, 1 to 90.
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func pickUpTrends(
    days: Int, account: String? = nil
  ) async throws(ExchangeError) -> [PickUpSeries] {
    try await store.pickUpSeries(since: lastDays(days).lowerBound, account: account).map { series in
      var series = series
      if let account = series.account, let shown = series.infRef { series.title = title(of: shown, account: account) }
      return series
    }
  }

  /// The title of an account's files without an InfRef, in both languages; `nil` for an InfRef.
  func title(of shown: ShownInfRef, account: String) -> LocalizedText? {
    let rule = evaluator.rules(of: account).infRefRules.first {
      $0.infRef == nil && ShownInfRef(title: $0.subject.title) == shown
    }
    return rule?.subject.localizedTitle.map(Masked.name)
  }

  /// Returns the punctuality of each municipality over the last days, the least punctual first.
  ///
  /// - Parameter days: the number of days up to today, 1 to 90.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func punctuality(
    days: Int, account: String? = nil
  ) async throws(ExchangeError) -> [Punctuality] {
    let table = MunicipalityTable(evaluator.settings)
    var found: [MatrixRowKey: Punctuality] = [:]
    for one in try await store.punctuality(in: lastDays(days), account: account) {
      let key = MatrixRowKey(municipality: one.municipality, account: one.account ?? "", table)
      var punctuality =
        found[key] ?? Punctuality(id: key.id, municipality: key.municipality, account: key.account)
      punctuality.came += one.days[.came] ?? 0
      punctuality.late += one.days[.late] ?? 0
      punctuality.missing += one.days[.missing] ?? 0
      punctuality.unknown += one.days[.notWatched] ?? 0
      found[key] = punctuality
    }
    return found.sorted { one, other in
      let shares = (one.value.share ?? 2, other.value.share ?? 2)
      return shares.0 == shares.1 ? one.key < other.key : shares.0 < shares.1
    }.map(\.value)
  }

  /// Returns a municipality, or an account without a known one; `nil` without expectations.
  ///
  /// - Parameter row: the id of its row in the matrix.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func municipality(_ row: String) async throws(ExchangeError) -> MunicipalityDetail? {
    guard let key = MatrixRowKey(id: row) else { return nil }
    let table = MunicipalityTable(evaluator.settings)
    let matrix = try await matrix(days: 30, row: key.id)
    let kept = try await store.expectations(in: lastDays(30), part: key.part(table))
    if kept.isEmpty { return nil }
    var punctuality: [Int: Punctuality] = [:]
    for days in [30, 90] {
      punctuality[days] = try await self.punctuality(days: days).first { $0.id == key.id }
    }
    let numbers = key.municipality.map { [$0.code].compactMap(\.self) + table.authorities(of: $0) } ?? []
    return MunicipalityDetail(
      municipality: key.municipality, account: key.account, accounts: Set(kept.map(\.account)).sorted(),
      matrix: matrix, punctuality: punctuality, alertNames: numbers)
  }
}
