internal import ExchangeSettings

extension CollectionRun {
  /// Hands the waiting arrivals to their programs, several at a time, and removes their copies from IN.
  ///
  /// - Returns: the error that ended the connection, if any. The programs go on without one.
  func handOverAll() async -> ExchangeError? {
    var broken: ExchangeError?
    await withTaskGroup(of: Result<Outcome, ExchangeError>.self) { group in
      var running = 0
      func note(_ outcome: Result<Outcome, ExchangeError>) {
        do throws(ExchangeError) { try settle(outcome) } catch { broken = broken ?? error }
      }
      for await arrival in waiting.stream {
        if running >= options.programsAtATime, let outcome = await group.next() {
          note(outcome)
          running -= 1
        }
        group.addTask { await Result { () async throws(ExchangeError) in try await handOver(arrival) } }
        running += 1
      }
      for await outcome in group { note(outcome) }
    }
    return broken
  }

  private func handOver(_ seen: Arrival) async throws(ExchangeError) -> Outcome {
    guard let arrival = try await exchange.handOver(seen, of: account) else { return .nothing }
    if arrival.state != .handedOver { return .nothing }
    return try await during(.arrival(arrival)) { () async throws(ExchangeError) in try await finish(arrival) }
  }
}
