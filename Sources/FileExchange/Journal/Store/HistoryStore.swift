internal import FilsluseSystem

/// What becomes of the exchange's history.
protocol HistoryStore: Sendable {
  /// The last entry's number and hash.
  func anchor() async throws(ExchangeError) -> JournalAnchor

  /// Forgets the deliveries and arrivals that ended before a moment, all but the keys by which they are known again.
  ///
  /// - Returns: how many it forgot.
  func forget(endedBefore moment: Timestamp) async throws(ExchangeError) -> Int
}
