internal import TriggerFiles

/// The receipts that a run waits for, lie there and cannot be read: one that is still being written can be, a moment later.
struct UnreadableReceipts: Sendable {
  private var found: [WireName: (error: ExchangeError, since: ContinuousClock.Instant)] = [:]

  /// Takes what one look found; what it did not find so is forgotten.
  mutating func note(_ problems: [ReceiptCollector.Problem], at now: ContinuousClock.Instant) {
    let before = found
    found = [:]
    for problem in problems where problem.error.code == .invalidDocument {
      found[problem.wireName] = (problem.error, before[problem.wireName]?.since ?? now)
    }
  }

  /// Returns the reason why the receipt of a name cannot be read, where that has been so for a while.
  func error(of wireName: WireName, after period: Duration, at now: ContinuousClock.Instant) -> ExchangeError? {
    guard let (error, since) = found[wireName], now - since >= period else { return nil }
    return error
  }
}
