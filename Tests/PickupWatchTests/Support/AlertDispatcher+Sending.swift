import FilsluseBase

@testable import PickupWatch

extension AlertDispatcher {
  /// Runs the dispatcher as the watcher does, until no sink has a notification that is due.
  func run(untilSentFrom store: WatchDatabase, at now: Timestamp = .now) async throws {
    let stop = GracefulStop()
    let running = Task { await run(until: stop) }
    for name in names {
      while let due = try await store.nextDue(to: name), due <= now { try await Task.sleep(for: .milliseconds(5)) }
    }
    stop.request()
    await running.value
  }

  /// Has each sink's worker send what is due now, one by one; a sink that takes none of three in a row is left alone.
  func sendWhatIsDue() async throws {
    try await dropUnreadable()
    for worker in workers {
      var failures = 0
      sending: while failures < 3 {
        switch try await worker.bringNext() {
        case .nothing: break sending
        case .brought: failures = 0
        case .failed: failures += 1
        }
      }
    }
  }
}
