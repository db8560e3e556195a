internal import FilsluseBase
internal import TriggerFiles

/// An order of a run with its delivery in the journal.
final class StagedOrder: Sendable {
  /// The order's place in the run.
  let index: Int
  /// The delivery's number.
  let delivery: Int64
  /// The delivery's name in OUT.
  let wireName: WireName
  private let unsent: Locked<Staging.Staged?>

  init(index: Int, staged: Staging.Staged) {
    self.index = index
    delivery = staged.delivery.id
    wireName = staged.delivery.wireName
    unsent = Locked(staged)
  }

  /// The staged delivery; `nil` once its trigger is in OUT.
  var staged: Staging.Staged? { unsent.withLock { $0 } }

  /// Releases the staged delivery after its trigger is in OUT: a list may have tens of thousands of orders.
  func noteSent() { unsent.withLock { $0 = nil } }
}

/// The staging queue of a run for one account: the senders take orders while later ones are being hashed.
final class StagingQueue: Sendable {
  private struct Lines: Sendable {
    var items: [StagedOrder] = []
    var isComplete = false
    /// The senders that wait for the item of a place.
    var waiting: [Int: CheckedContinuation<StagedOrder?, Never>] = [:]
    /// The number of places requested by senders.
    var asked = 0
    var leaders: [Delivery.Identity: Int] = [:]
    var indices: [Int64: Int] = [:]
  }

  private let lines = Locked(Lines())
  /// A turn for each order that is being staged, or is staged and not requested yet.
  private let ahead: AsyncSemaphore

  /// Creates a queue.
  ///
  /// - Parameter ahead: the greatest number of orders that staging may be ahead of the senders.
  init(ahead: Int = 1024) { self.ahead = AsyncSemaphore(ahead) }

  /// Waits until staging is not too far ahead to stage another order; false when the task is cancelled before that. The
  /// turn ends when a sender asks for the order that is added, or by ``skip()``.
  func mayStage() async -> Bool { await ahead.take() }

  /// Ends the turn of an order that is not added: there is nothing to send of it.
  func skip() { ahead.giveBack() }

  /// Removes the limit on staging: nothing more is sent.
  func endLimit() { ahead.endLimit() }

  /// Returns the first order of the run with the same content, name and route; `nil` if it is this one.
  ///
  /// Two such orders are one delivery, whatever the progress of the first one.
  func leader(of index: Int, _ identity: Delivery.Identity) -> Int? {
    lines.withLock { lines in
      if let leader = lines.leaders[identity] { return leader }
      lines.leaders[identity] = index
      return nil
    }
  }

  /// Adds an order to send.
  func add(_ item: StagedOrder) {
    let (waiting, isAskedFor) = lines.withLock { lines in
      lines.items.append(item)
      lines.indices[item.delivery] = item.index
      return (lines.waiting.removeValue(forKey: lines.items.count - 1), lines.items.count <= lines.asked)
    }
    if isAskedFor { ahead.giveBack() }
    waiting?.resume(returning: item)
  }

  /// Ends the queue: no more orders are added.
  func complete() {
    let waiting = lines.withLock { lines in
      lines.isComplete = true
      defer { lines.waiting = [:] }
      return lines.waiting
    }
    for one in waiting.values { one.resume(returning: nil) }
  }

  /// Waits for the order at a place; returns `nil` if the queue ends before it, or the task is cancelled. Only one
  /// caller may wait for a place at a time.
  func item(_ place: Int) async -> StagedOrder? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (answer, freed): (StagedOrder??, Int) = lines.withLock { lines in
          // Those that are there already had to wait for this.
          let freed = max(0, min(place + 1, lines.items.count) - lines.asked)
          lines.asked = max(lines.asked, place + 1)
          if place < lines.items.count { return (.some(lines.items[place]), freed) }
          if lines.isComplete || Task.isCancelled { return (.some(nil), freed) }
          lines.waiting[place] = continuation
          return (.none, freed)
        }
        for _ in 0..<freed { ahead.giveBack() }
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
