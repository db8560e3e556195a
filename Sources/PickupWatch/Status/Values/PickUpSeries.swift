public import TriggerFiles

/// The pick-up times of an account's files of one data classification, day by day.
public struct PickUpSeries: Sendable, Hashable, Codable {
  /// The account; `nil` for all of them together.
  public var account: String?
  /// The classification; `nil` for all of them together.
  public var infRef: String?
  /// The title of files without an InfRef.
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

/// The pick-up times of one day.
public struct PickUpDay: Sendable, Hashable, Codable {
  /// The day as `2026-11-21`.
  public var day: String
  /// The number of files picked up.
  public var count: Int
  /// The median waiting time, in seconds.
  public var medianSeconds: Int
  /// The longest waiting time, in seconds.
  public var slowestSeconds: Int
  /// The allowed waiting time, in seconds.
  public var limitSeconds: Int?
  /// True if there was no monitoring gap on that day; otherwise the real times may be longer.
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
