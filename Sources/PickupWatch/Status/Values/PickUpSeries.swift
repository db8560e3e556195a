/// How fast the files of an account and a data classification were picked up, day by day.
public struct PickUpSeries: Sendable, Hashable, Codable {
  /// The account; `nil` for all of them together.
  public var account: String?
  /// The classification; `nil` for all of them together.
  public var infRef: String?
  /// What the files are called where they have no InfRef.
  public var title: LocalizedText?
  /// The last days, 30 at most are shown, the oldest first; days without files may be left out.
  public var days: [PickUpDay]

  /// Describes a series.
  public init(account: String?, infRef: String?, title: LocalizedText? = nil, days: [PickUpDay]) {
    self.account = account
    self.infRef = infRef
    self.title = title
    self.days = days
  }
}

/// How fast files were picked up on one day.
public struct PickUpDay: Sendable, Hashable, Codable {
  /// The day as `2026-11-21`.
  public var day: String
  /// How many files were picked up.
  public var count: Int
  /// How long the middle one of them had waited, in seconds.
  public var medianSeconds: Int
  /// How long the slowest of them had waited, in seconds.
  public var slowestSeconds: Int
  /// How long they may wait, in seconds.
  public var limitSeconds: Int?
  /// Whether the watcher watched all day; if not, the times are less than the truth may be.
  public var watchedAllDay: Bool

  /// Describes a day.
  public init(
    day: String, count: Int, medianSeconds: Int, slowestSeconds: Int, limitSeconds: Int? = nil,
    watchedAllDay: Bool = true
  ) {
    self.day = day
    self.count = count
    self.medianSeconds = medianSeconds
    self.slowestSeconds = slowestSeconds
    self.limitSeconds = limitSeconds
    self.watchedAllDay = watchedAllDay
  }
}
