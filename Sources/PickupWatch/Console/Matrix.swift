package import FilsluseBase
package import TriggerFiles

/// The outcome of the expected files, municipality by municipality and day by day.
package struct Matrix: Sendable, Hashable {
  /// The days as `2026-11-21`, the oldest first.
  package var days: [String]
  /// The rows: municipalities by their codes, then accounts without a known municipality.
  package var rows: [MatrixRow]

  /// Describes a matrix.
  package init(days: [String], rows: [MatrixRow]) {
    self.days = days
    self.rows = rows
  }
}

/// A municipality's days.
package struct MatrixRow: Sendable, Hashable, Identifiable {
  /// The row in an address: `0101`, `cvr-12345678` or `account.` and the name.
  package var id: String
  /// The municipality.
  package var municipality: MunicipalityLabel?
  /// The account where no municipality is known.
  package var account: String?
  /// A cell for each day; `nil` for a day without figures.
  package var cells: [MatrixCell?]

  /// Describes a row.
  package init(id: String, municipality: MunicipalityLabel?, account: String?, cells: [MatrixCell?]) {
    self.id = id
    self.municipality = municipality
    self.account = account
    self.cells = cells
  }
}

/// The outcome of a municipality's expected files on one day, of all its accounts and rules together.
package struct MatrixCell: Sendable, Hashable {
  /// The worst outcome.
  package var state: ExpectedDay.State
  /// The number of expectations.
  package var expectations: Int
  /// The number of files that came.
  package var files: Int
  /// The number of files expected.
  package var expectedFiles: Int
  /// The time at which the last of them came.
  package var came: Timestamp?
  /// The first deadline of the day.
  package var by: Timestamp?

  /// Describes a cell.
  package init(
    state: ExpectedDay.State, expectations: Int = 1, files: Int, expectedFiles: Int, came: Timestamp? = nil,
    by: Timestamp? = nil
  ) {
    self.state = state
    self.expectations = expectations
    self.files = files
    self.expectedFiles = expectedFiles
    self.came = came
    self.by = by
  }

  init(_ day: ExpectedDay) {
    self.init(
      state: day.state, expectations: day.state == .dayOff ? 0 : 1, files: day.files ?? 0,
      expectedFiles: day.expectedFiles ?? 0, came: day.came, by: day.by)
  }

  /// Adds another expectation of the day.
  mutating func add(_ other: MatrixCell) {
    if other.state.rank < state.rank { state = other.state }
    expectations += other.expectations
    files += other.files
    expectedFiles += other.expectedFiles
    came = [came, other.came].compactMap(\.self).max()
    by = [by, other.by].compactMap(\.self).min()
  }
}

extension ExpectedDay.State {
  /// The order of outcomes, the worst first.
  fileprivate var rank: Int {
    switch self {
    case .missing: 0
    case .late: 1
    case .notWatched: 2
    case .notYet: 3
    case .came: 4
    case .dayOff: 5
    }
  }
}

/// The expectations of a cell and the files that count for them.
package struct MatrixCellDetail: Sendable {
  /// The municipality.
  package var municipality: MunicipalityLabel?
  /// The account where no municipality is known.
  package var account: String?
  /// The day as `2026-11-21`.
  package var day: String
  /// The expectations.
  package var expectations: [ExpectedCell]
  /// The files that count for them, without files known only to the journal.
  package var files: Paged<FileRow>
  /// True if there are more files than are listed.
  package var hasMore: Bool

  /// Describes a cell.
  package init(
    municipality: MunicipalityLabel?, account: String?, day: String, expectations: [ExpectedCell],
    files: Paged<FileRow>, hasMore: Bool = false
  ) {
    self.hasMore = hasMore
    self.municipality = municipality
    self.account = account
    self.day = day
    self.expectations = expectations
    self.files = files
  }
}

/// One expectation of a cell.
package struct ExpectedCell: Sendable, Hashable {
  /// The account.
  package var account: String
  /// The data classification, or the rule's title of files without an InfRef.
  package var infRef: ShownInfRef
  /// The title of files without an InfRef, in both languages.
  package var title: LocalizedText?
  /// Its outcome.
  package var day: ExpectedDay

  /// Describes an expectation.
  package init(account: String, infRef: ShownInfRef, title: LocalizedText? = nil, day: ExpectedDay) {
    self.account = account
    self.infRef = infRef
    self.title = title
    self.day = day
  }
}
