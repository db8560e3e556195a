public import FilsluseSystem
public import TriggerFiles

/// Files that are expected again and again, and what came.
public struct ExpectedSeries: Sendable, Hashable, Codable {
  /// The account whose inbox they are expected in.
  public var account: String
  /// Their data classification.
  public var infRef: String
  /// The title of files without an InfRef.
  public var title: LocalizedText?
  /// The deadlines: in English in the words of the settings, such as `daily by 06:00`.
  public var rule: LocalizedText
  /// The last days up to today, the oldest first.
  public var days: [ExpectedDay]

  /// Describes expected files.
  public init(account: String, infRef: String, title: LocalizedText? = nil, rule: LocalizedText, days: [ExpectedDay]) {
    self.account = account
    self.infRef = infRef
    self.title = title
    self.rule = rule
    self.days = days
  }
}

/// The files expected on one day, and those that came.
public struct ExpectedDay: Sendable, Hashable, Codable {
  /// The result of a day.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// All of it came in time.
    case came
    /// It came, but late.
    case late
    /// It is overdue, all of it or a part.
    case missing
    /// There is still time.
    case notYet
    /// No file was expected on that day.
    case dayOff
    /// Unknown, because of a monitoring gap.
    case notWatched
  }

  /// The day as `2026-11-21`.
  public var day: String
  /// The result.
  public var state: State
  /// Until when it was expected.
  public var by: Timestamp?
  /// The time at which the last of them came.
  public var came: Timestamp?
  /// The number of files that came, where a number is expected.
  public var files: Int?
  /// The number of files expected, where there is one.
  public var expectedFiles: Int?

  /// Describes a day.
  public init(
    day: String, state: State, by: Timestamp? = nil, came: Timestamp? = nil, files: Int? = nil,
    expectedFiles: Int? = nil
  ) {
    self.day = day
    self.state = state
    self.by = by
    self.came = came
    self.files = files
    self.expectedFiles = expectedFiles
  }
}
