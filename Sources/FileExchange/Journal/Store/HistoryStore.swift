internal import FilsluseSystem

/// Upkeep of the exchange's history.
protocol HistoryStore: Sendable {
  /// The last entry's number and hash.
  func anchor() async throws(ExchangeError) -> JournalAnchor

  /// Notes it where the clock may be wrong, as the last entry from before yesterday is of so long ago: then nothing is
  /// to be forgotten for now.
  ///
  /// - Returns: when that entry was written; `nil` where the clock can be believed.
  func noteClockDoubt(at now: Timestamp) async throws(ExchangeError) -> Timestamp?

  /// Forgets the deliveries and arrivals that ended before a moment, all but the keys by which they are known again.
  ///
  /// - Returns: how many it forgot.
  func forget(endedBefore moment: Timestamp) async throws(ExchangeError) -> Int

  /// The heartbeat of a long-running process: checks that the history is still the one that was opened, and records its
  /// end outside it.
  ///
  /// - Returns: the reason why all work must stop, such as a removed or replaced file; `nil` where all is well.
  func attend() async throws(ExchangeError) -> ExchangeError?

  /// Gives it back, after noting outside it how far it has come.
  func close() async throws(ExchangeError)
}
