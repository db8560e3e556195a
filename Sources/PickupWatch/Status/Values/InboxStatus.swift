package import FilsluseBase
package import TriggerFiles

/// The state of one account's inbox.
package struct InboxStatus: Sendable, Hashable, Codable {
  /// The name of the account in the settings.
  package var account: String
  /// The waiting files, by data classification.
  package var waiting: [WaitingFiles] = []
  /// The time of the last successful look.
  package var lastLook: Timestamp?
  /// The duration of that look, in seconds.
  package var lookSeconds: Double?
  /// The reason why it cannot be looked into, when the last try failed.
  package var failure: LookFailure?
  /// The number of looks since the watcher began.
  package var looks = 0
  /// The number of failed looks.
  package var failedLooks = 0
  /// The lead of the server's clock over ours in seconds; `nil` if not measured.
  package var clockAheadSeconds: Double?
}

/// The reason why an inbox cannot be looked into.
package struct LookFailure: Sendable, Hashable, Codable {
  /// The time of its beginning.
  package var since: Timestamp
  /// The failure and its remedy.
  package var text: LocalizedText
}

/// The files of one data classification that wait in an inbox.
package struct WaitingFiles: Sendable, Hashable, Codable {
  /// The classification as on the wire; `nil` for files without one or with unreadable metadata.
  package var infRef: ShownInfRef?
  /// The number of files.
  package var files: Int
  /// The bytes of their data.
  package var bytes: UInt64
  /// The file that has waited longest.
  package var oldest: OldestFile?
}

/// The file that has waited longest, against the limit that its rule sets.
package struct OldestFile: Sendable, Hashable, Codable {
  /// The origin of an age.
  package enum AgeSource: String, Sendable, Hashable, Codable, CaseIterable {
    /// From our first sight of the file.
    case seen
    /// From the server's time stamp, corrected by the measured difference of the clocks.
    case server
  }

  /// The waiting time in seconds, as its rule counts: by the clock, or in business time.
  package var ageSeconds: Int
  /// The beginning of its waiting time.
  package var since: Timestamp
  /// The origin of the age.
  package var ageFrom: AgeSource = .seen
  /// The longest allowed waiting time, in seconds; `nil` where no rule is about it.
  package var limitSeconds: Int?
  /// The age of the warning, in seconds.
  package var warnAtSeconds: Int?
  /// True if only business hours count.
  package var businessTime = false
}
