internal import FilsluseStore
internal import FilsluseBase

/// Decides whether the clock is plausible when it makes all entries look old.
///
/// A clock that leapt forward makes the whole trail look old at once, and removed entries cannot be restored. The
/// journal's own entries show the time: if the last one from before yesterday is more than a month old, either nothing
/// was exchanged for that long, or the clock is wrong. That is recorded, nothing is removed for a day, and a person may
/// correct the clock; after that the record itself proves that time went on.
enum ClockDoubt {
  /// The state of the entry that notes it.
  static let state: EntryState = "clock-doubted"
  /// Newer entries may have been written after the clock leapt: a daily run has not happened since.
  static let lately = Duration.seconds(26 * 3600)
  private static let month = Duration.seconds(31 * 86_400)

  /// Records once a day that the clock is in doubt, while it is.
  ///
  /// - Returns: The time of the last entry from before ``lately``, if it is more than a month old and nothing may be
  ///   removed; `nil` if the clock is plausible.
  static func note(at now: Timestamp, in transaction: JournalTransaction) throws -> Timestamp? {
    let database = try transaction.databaseWithEntries()
    let newest = try database.int(
      "SELECT at FROM entry WHERE at <= ? ORDER BY number DESC LIMIT 1", [now.earlier(by: lately).millisecondsSince1970]
    )
    guard let last = newest.map(Timestamp.init(millisecondsSince1970:)), now.since(last) > month else { return nil }
    let noted = try database.int(
      """
      SELECT EXISTS (SELECT 1 FROM entry
        WHERE delivery IS NULL AND arrival IS NULL AND state = ? AND at > ? AND at <= ?)
      """,
      [
        state.name, now.earlier(by: lately).millisecondsSince1970, now.millisecondsSince1970,
      ])
    if noted != 1 {
      try transaction.addEntry(
        about: .journal, state: state,
        detail:
          "by the clock it is \(now), and the last entry from before yesterday is of \(last): nothing is forgotten for a day",
        facts: nil, at: now)
    }
    return last
  }
}

extension Journal {
  /// Records that the clock may be wrong, where the last entry from before yesterday is more than a month old: then
  /// nothing may be removed for now.
  ///
  /// - Returns: The time of that entry; `nil` where the clock can be believed.
  func noteClockDoubt(at now: Timestamp) async throws(ExchangeError) -> Timestamp? {
    try await write { try ClockDoubt.note(at: now, in: $0) }
  }
}
