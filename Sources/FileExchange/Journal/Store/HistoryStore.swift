internal import FilsluseSystem

/// What becomes of the exchange's history.
protocol HistoryStore: Sendable {
  /// The last entry's number and hash.
  func anchor() async throws(ExchangeError) -> JournalAnchor

  /// When the last entry from before yesterday was written, where that is so long ago that the clock may be wrong: then
  /// it is noted, and nothing is to be forgotten for now. `nil` where the clock can be believed.
  func lastEntryIfLongAgo(at now: Timestamp) async throws(ExchangeError) -> Timestamp?

  /// Forgets the deliveries and arrivals that ended before a moment, all but the keys by which they are known again.
  ///
  /// - Returns: how many it forgot.
  func forget(endedBefore moment: Timestamp) async throws(ExchangeError) -> Int
}
