package import TriggerFiles

/// The pick-up times of an account's files of one data classification, day by day.
package struct PickUpSeries: Sendable, Hashable, Codable {
  /// The account; `nil` for all of them together.
  package var account: String?
  /// The classification, or the rule's title of files without an InfRef; `nil` for all of them together.
  package var infRef: ShownInfRef?
  /// The title of files without an InfRef.
  package var title: LocalizedText?
  /// The last days, 30 at most are shown, the oldest first; days without files may be left out.
  package var days: [PickUpDay]
}

/// The pick-up times of one day.
package struct PickUpDay: Sendable, Hashable, Codable {
  /// The day as `2026-11-21`.
  package var day: String
  /// The number of files picked up.
  package var count: Int
  /// The median waiting time, in seconds.
  package var medianSeconds: Int
  /// The longest waiting time, in seconds.
  package var slowestSeconds: Int
  /// The allowed waiting time, in seconds.
  package var limitSeconds: Int?
  /// True if there was no monitoring gap on that day; otherwise the real times may be longer.
  package var watchedAllDay = true
}
