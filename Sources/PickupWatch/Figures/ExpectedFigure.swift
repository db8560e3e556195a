internal import FilsluseBase

/// The files of a rule, or of one municipality in it, that were expected on a day.
struct ExpectedFigure: Sendable, Hashable {
  /// The rule's title for its files: their InfRef, or its own words.
  var title: String
  /// The municipality's code or CVR number; `nil` for all files of a rule that names no municipalities.
  var municipality: String?
  /// The day.
  var day: CivilDay
  /// The outcome.
  var value: ExpectedDay
}
