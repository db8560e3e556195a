internal import ExchangeSettings
internal import SystemPackage

extension Exchange {
  /// Has an arrival tried again that was set aside, or that waits out a pause: its failures are forgotten, and the next
  /// collection takes it up where it stood.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-arrival`, `invalid-delivery` when there is nothing to try again,
  ///   `claimed-elsewhere` while somebody is at work on it, or what the journal throws.
  public func retry(arrival id: Int64) async throws(ExchangeError) -> Arrival {
    let retried = try await journal.withClaim(on: .arrival(id)) { () async throws(ExchangeError) -> Arrival in
      guard var arrival = try await journal.arrival(id) else {
        throw ExchangeError(
          .unknownArrival, operation: "retry", message: "there is no arrival \(id) in \(settings.journal)",
          remedy: "see the numbers that filsluse receive and filsluse journal list show")
      }
      var machine = ArrivalMachine(resuming: arrival)
      machine.apply(.retried)
      let waits = arrival.nextTryAt != nil && !arrival.state.isFinished
      guard machine.state != arrival.state || waits else {
        throw ExchangeError(
          .invalidDelivery, operation: "retry", path: arrival.wireName,
          message: "it is \(arrival.state.rawValue): there is nothing to try again",
          remedy: arrival.state == .quarantined
            ? "permit it under arrivals: the next collection looks at it anew" : "see filsluse journal show A\(id)")
      }
      arrival.take(machine)
      arrival.forgetFailures()
      return try await journal.record(arrival)
    }
    if let retried { return retried }
    throw ExchangeError(
      .claimedElsewhere, operation: "retry", message: "somebody is at work on arrival \(id)",
      remedy: "wait for that to end")
  }
}
