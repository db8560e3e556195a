internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// The result of a failed arrival: it is tried again after a pause, or set aside.
extension CollectionRun {
  /// Counts a failure that is the file's own; one that comes too often sets it aside. What has been handed over is safe
  /// and only waits to be removed: that is tried for ever.
  func note(_ error: ExchangeError, of id: Int64) async throws(ExchangeError) {
    guard error.category == .file, !error.endsRun, var arrival = try await journal.arrival(id),
      !arrival.state.isFinished, arrival.state != .handedOver, arrival.state != .setAside
    else { return }
    arrival.tries += 1
    arrival.reason = .failed(LocalizedText(error.message, error.clauseInDanish))
    switch exchange.patience.retry.verdict(on: error, failures: arrival.tries) {
    case .setAside:
      arrival.nextTryAt = nil
      await run.drop(arrival)
      exchange.logger.about(arrival, error).say(
        .error,
        LocalizedText("A\(id) is set aside: \(error)", "A\(id) er lagt til side: \(error.clauseInDanish)"))
      exchange.onFailedTry(try await journal.transition(arrival, .setAside))
      return
    case .tryAgain(let pause): arrival.nextTryAt = .now.later(by: pause)
    case .stopAccount, .giveUp: break
    }
    exchange.onFailedTry(try await journal.update(arrival))
  }

  /// A server that refuses one file and gives others says so of the file; one that refuses all has a trouble of its
  /// own, for which nothing is set aside however long it lasts.
  func noteRefused() async throws(ExchangeError) {
    let (hasFetched, refused) = fetching.withLock { fetching in
      defer { fetching.refused = [] }
      return (fetching.hasFetched, fetching.refused)
    }
    guard hasFetched else { return }
    for (arrival, error) in refused {
      _ = try await journal.withClaim(on: .arrival(arrival)) { () async throws(ExchangeError) in
        try await note(error, of: arrival)
      }
    }
  }
}
