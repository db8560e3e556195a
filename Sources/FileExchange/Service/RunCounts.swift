/// Counters of the work of one process for an account, since it began.
package struct RunCounts: Sendable, Hashable {
  /// Work with retries after a pause.
  package enum RetriedWork: String, Sendable, Hashable, CaseIterable {
    /// Sending a file of a watched folder.
    case sending
    /// Collecting an arrival.
    case collecting
    /// Giving an arrival to its program.
    case handingOver = "handing-over"
  }

  /// Files with their trigger put into OUT.
  package var sent = 0
  /// Accepting receipts.
  package var accepted = 0
  /// Receipts that refuse a delivery.
  package var refused = 0
  /// Arrivals that are the receiver's now and gone from IN.
  package var collected = 0
  /// Files and arrivals that were set aside.
  package var setAside = 0
  /// Failed tries that are repeated.
  package var retries: [RetriedWork: Int] = [:]

  /// Counts nothing yet.
  package init() {}

  static func + (one: Self, other: Self) -> Self {
    var sum = one
    sum.sent += other.sent
    sum.accepted += other.accepted
    sum.refused += other.refused
    sum.collected += other.collected
    sum.setAside += other.setAside
    sum.retries.merge(other.retries, uniquingKeysWith: +)
    return sum
  }
}
