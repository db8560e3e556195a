internal import FilsluseBase

/// A period without entries in a journal, accepted by a person.
struct AcceptedLoss: Sendable, Hashable {
  /// The time of the last entry before the gap.
  let since: Timestamp
  /// The time of the restoration.
  let until: Timestamp

  /// Returns true if the missing entries may include the delivery of a file. The file may have been taken long before
  /// the gap: it may have waited for its turn, its account or a person.
  ///
  /// - Parameter takenAt: the time at which a file unknown to the journal was taken.
  func mayHoldDelivery(ofFileTakenAt takenAt: Timestamp) -> Bool { takenAt <= until }
}
