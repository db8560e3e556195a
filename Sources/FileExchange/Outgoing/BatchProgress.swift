internal import FilsluseBase

/// The progress of each order of one run.
final class BatchProgress: Sendable {
  private struct Line: Sendable {
    let order: DeliveryOrder
    var delivery: Delivery?
    var error: ExchangeError?
    var wasFinishedBefore = false
    var bytesSent: UInt64 = 0
    var leader: Int?
    var losses = 0
  }

  private struct Book: Sendable {
    var lines: [Line]
    var steps = 0
  }

  private let book: Locked<Book>
  /// True if the deliveries are reported with their triggers and receipts: there is a single one.
  private let keepsDocuments: Bool

  init(orders: [DeliveryOrder]) {
    book = Locked(Book(lines: orders.map { Line(order: $0) }))
    keepsDocuments = orders.count == 1
  }

  /// The number of steps so far; a higher number means that a connection made progress.
  var steps: Int { book.withLock { $0.steps } }

  func order(at index: Int) -> DeliveryOrder { book.withLock { $0.lines[index].order } }

  func note(_ index: Int, _ delivery: Delivery) {
    let delivery = keepsDocuments ? delivery : delivery.withoutDocuments
    book.withLock { book in
      if book.lines[index].delivery != delivery { book.steps += 1 }
      book.lines[index].delivery = delivery
    }
  }

  /// Records that an order has the same delivery as an earlier one, and so the same result.
  func follow(_ index: Int, _ leader: Int) { book.withLock { $0.lines[index].leader = leader } }

  func noteFinishedBefore(_ index: Int) { book.withLock { $0.lines[index].wasFinishedBefore = true } }

  func addBytes(_ index: Int, _ bytes: UInt64) {
    book.withLock { book in
      book.lines[index].bytesSent += bytes
      if bytes > 0 { book.steps += 1 }
    }
  }

  func fail(_ index: Int, _ error: ExchangeError) {
    book.withLock { $0.lines[index].error = error }
  }

  /// Returns the number of connections lost at an order's file while only that was sent.
  func losses(at index: Int) -> Int { book.withLock { $0.lines[index].losses } }

  func noteLoss(at index: Int) { book.withLock { $0.lines[index].losses += 1 } }

  /// Returns true if work is left on an order, its receipt included or not.
  func needsMore(_ index: Int, receipt: Bool) -> Bool {
    let state = book.withLock { $0.lines[index].error == nil ? $0.lines[index].delivery?.state : nil }
    guard let state, !state.isFinished else { return false }
    return receipt || !state.awaitsReceipt
  }

  func reports() -> [DeliveryReport] {
    book.withLock { book in
      book.lines.map { line in
        let fate = line.leader.map { book.lines[$0] } ?? line
        return DeliveryReport(
          order: line.order, delivery: fate.delivery, error: fate.error, wasFinishedBefore: fate.wasFinishedBefore,
          bytesSent: line.bytesSent)
      }
    }
  }
}
