internal import FilsluseBase

/// An order of a run whose delivery is in the journal.
struct StagedOrder: Sendable {
  /// The order's place in the run.
  let index: Int
  let staged: Staging.Staged
}

/// The staging queue of a run for one account: the senders take orders while later ones are being hashed.
final class StagingQueue: Sendable {
  private struct Lines: Sendable {
    var items: [StagedOrder] = []
    var isComplete = false
    /// The senders that wait for the item of a place.
    var waiting: [Int: CheckedContinuation<StagedOrder?, Never>] = [:]
    var leaders: [Delivery.Identity: Int] = [:]
    var indices: [Int64: Int] = [:]
  }

  private let lines = Locked(Lines())

  /// The first order of the run for the same content under the same name by the same route, `nil` when it is this one.
  ///
  /// Two such orders are one delivery, however far the first has come when the second is looked at.
  func leader(of index: Int, _ identity: Delivery.Identity) -> Int? {
    lines.withLock { lines in
      if let leader = lines.leaders[identity] { return leader }
      lines.leaders[identity] = index
      return nil
    }
  }

  /// Adds what is to be sent.
  func add(_ item: StagedOrder) {
    let waiting = lines.withLock { lines in
      lines.items.append(item)
      lines.indices[item.staged.delivery.id] = item.index
      return lines.waiting.removeValue(forKey: lines.items.count - 1)
    }
    waiting?.resume(returning: item)
  }

  /// Says that nothing more comes.
  func complete() {
    let waiting = lines.withLock { lines in
      lines.isComplete = true
      defer { lines.waiting = [:] }
      return lines.waiting
    }
    for one in waiting.values { one.resume(returning: nil) }
  }

  /// The item of a place, as soon as it is there; `nil` when there are not so many, or the task is cancelled. A place has
  /// one who waits for it at a time.
  func item(_ place: Int) async -> StagedOrder? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: StagedOrder?? = lines.withLock { lines in
          if place < lines.items.count { return .some(lines.items[place]) }
          if lines.isComplete || Task.isCancelled { return .some(nil) }
          lines.waiting[place] = continuation
          return .none
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      lines.withLock { $0.waiting.removeValue(forKey: place) }?.resume(returning: nil)
    }
  }

  /// The items so far, and whether that is all of them.
  var soFar: (items: [StagedOrder], isComplete: Bool) { lines.withLock { ($0.items, $0.isComplete) } }

  /// The order that a delivery belongs to.
  func index(of delivery: Int64) -> Int? { lines.withLock { $0.indices[delivery] } }
}
