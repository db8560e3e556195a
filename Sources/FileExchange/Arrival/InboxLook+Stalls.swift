internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging

/// Files that the server leaves without an answer until the connection is given up, and with it whatever else was
/// coming over it.
///
/// Whether the file, the server or the network is to blame cannot be told, so that none is ever set aside for it. But
/// from then on it is fetched last and alone, where it holds up nobody, and after pauses.
extension InboxLook {
  /// Such a file is tried twice in a call.
  private static let triesInACall = 2

  func leaveForLast(_ arrival: Arrival) -> Outcome {
    fetching.withLock { $0.last.append(arrival) }
    return .nothing
  }

  /// Finishes those that were left for last, one by one.
  func finishLast() async throws(ExchangeError) {
    for arrival in fetching.withLock({ $0.last }) {
      try settle(await Result { () async throws(ExchangeError) in try await finish(arrival) })
    }
    try await noteRefused()
  }

  func requireNoStall(of arrival: Arrival) throws(ExchangeError) {
    guard ledger.stalls(of: arrival.id) >= Self.triesInACall else { return }
    throw ExchangeError(
      .transfer, operation: "fetch", path: arrival.wireName, message: Arrival.stalled,
      remedy: "it is left in IN and tried again, after all others; if it stays so, ask the platform's help desk")
  }

  func noteStall(of id: Int64) async throws(ExchangeError) {
    ledger.noteStall(of: id)
    guard var arrival = try await journal.arrival(id), arrival.state == .seen || arrival.state == .fetching else {
      return
    }
    arrival.tries += 1
    arrival.reason = Arrival.stalled
    arrival.nextTryAt = .now.later(by: exchange.patience.retry.pause(after: arrival.tries, lot: .random(in: 0..<1)))
    exchange.logger.warning("arrival \(id): \(Arrival.stalled)")
    _ = try await journal.record(arrival)
  }
}

extension Arrival {
  /// Why such a file waits, as the journal has it.
  fileprivate static let stalled = "the server left it without an answer until the connection was given up"

  /// Whether that is what happened to it last.
  var hasStalled: Bool { (state == .seen || state == .fetching) && reason == Self.stalled }
}

extension ExchangeError {
  /// Whether the connection was given up because of just what was being done.
  var isStall: Bool { transfer?.code == .timedOut && transfer?.isOfAnother == false }
}
