internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// The result of a failed arrival: it is tried again after a pause, or set aside.
extension CollectionRun {
  /// Counts a failure of the file itself, and sets the file aside after too many. An arrival already handed over is
  /// safe; its removal from IN is retried for ever.
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

  /// Counts the refusals of single files, if the server delivered others in this run. A server that refuses all files
  /// has a fault of its own, and no file is set aside for it.
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
