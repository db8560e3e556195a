internal import FilsluseBase

/// Syncs a folder's names to the disk for several tasks at once: requests during an fsync share the next one, which
/// begins after their names were created.
final class FolderSync: Sendable {
  private typealias Waiter = CheckedContinuation<Result<Void, ExchangeError>, Never>

  private struct State: Sendable {
    var isUnderWay = false
    var waiting: [Waiter] = []
  }

  private let folder: LocalFolder
  private let state = Locked(State())

  init(of folder: LocalFolder) { self.folder = folder }

  /// Waits until the folder's present names are on the disk, and checks that its path still leads to it.
  ///
  /// - Throws: ``ExchangeError``; with code `folder-gone` if another folder is in its place, since the files in this
  ///   one are then lost.
  func synchronize() async throws(ExchangeError) {
    let outcome = await withCheckedContinuation { (waiter: Waiter) in
      let isFirst = state.withLock { state in
        state.waiting.append(waiter)
        defer { state.isUnderWay = true }
        return !state.isUnderWay
      }
      if isFirst { BlockingThreads.shared.start { self.synchronizeForAll() } }
    }
    try outcome.get()
  }

  private func synchronizeForAll() {
    while true {
      let waiters = state.withLock { state in
        defer { state.waiting = [] }
        state.isUnderWay = !state.waiting.isEmpty
        return state.waiting
      }
      if waiters.isEmpty { return }
      let outcome = Result { () throws(ExchangeError) in
        try folder.synchronize()
        try folder.requireInPlace()
      }
      for waiter in waiters { waiter.resume(returning: outcome) }
    }
  }
}
