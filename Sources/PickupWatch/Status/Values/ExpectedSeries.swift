package import FilsluseBase
package import TriggerFiles

/// Recurring expected files, and their outcome.
package struct ExpectedSeries: Sendable, Hashable, Codable {
  /// The account that expects them.
  package var account: String
  /// Their data classification; for files without an InfRef, the rule's title.
  package var infRef: ShownInfRef
  /// The title of files without an InfRef.
  package var title: LocalizedText?
  /// The deadlines: in English in the words of the settings, such as `daily by 06:00`.
  package var rule: LocalizedText
  /// The last days up to today, the oldest first.
  package var days: [ExpectedDay]
}

/// The files expected on one day, and their outcome.
package struct ExpectedDay: Sendable, Hashable, Codable {
  /// The result of a day.
  package enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// All of it came in time.
    case came
    /// It came, but late.
    case late
    /// Overdue, in whole or in part.
    case missing
    /// There is still time.
    case notYet
    /// No file was expected on that day.
    case dayOff
    /// Unknown, because of a monitoring gap.
    case notWatched
  }

  /// The day as `2026-11-21`.
  package var day: String
  /// The result.
  package var state: State
  /// Until when it was expected.
  package var by: Timestamp?
  /// The time at which the last of them came.
  package var came: Timestamp?
  /// The number of files that came, if a number is expected.
  package var files: Int?
  /// The number of files expected, where there is one.
  package var expectedFiles: Int?
}
