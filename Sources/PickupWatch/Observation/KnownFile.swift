package import FilsluseBase

/// A file that is there, or was within the last 40 days.
package struct KnownFile: Sendable, Hashable {
  /// The account.
  package var account: String
  /// The file; for a gone file, its parts as last seen.
  package var observed: ObservedFile
  /// The code of the municipality that it counts for.
  package var municipality: String?
  /// The last look that showed it, where it is gone.
  package var lastSeen: Timestamp?
  /// The first look that did not show it; `nil` while it is there.
  package var gone: Timestamp?
}

/// A list of an account's files.
package enum FileList: String, Sendable, Hashable, CaseIterable {
  /// The files that are there, the oldest first.
  case waiting
  /// The files that have gone, the last first.
  case gone
}

/// The record that a person was shown a file's bare name.
package struct NameDisclosure: Sendable, Hashable {
  /// The person.
  package var by: String
  /// The person's comment.
  package var why: String?
  /// The time.
  package var at: Timestamp

  /// Creates the record: who saw the name, why and when.
  package init(by: String, why: String? = nil, at: Timestamp) {
    self.by = by
    self.why = why
    self.at = at
  }
}
