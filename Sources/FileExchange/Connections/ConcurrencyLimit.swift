/// The limit of files in progress over an account's connection at a time. A pure value.
///
/// A connection lost before any file got through halves it: if the server ends a session after a number of requests, or
/// the line breaks repeatedly, the few files that fit into one connection then get through. It doubles whenever as many
/// files got through as the limit allows.
struct ConcurrencyLimit: Sendable, Hashable {
  /// The limit; `nil` for none.
  private(set) var limit: Int?
  /// The number of files that got through since the last connection was lost.
  private var passed = 0
  /// The number of files transferred since the limit changed.
  private var passedAtLimit = 0
  /// The number of files in progress at the last loss, counted so far, and the limit then.
  private var lost: Lost?

  private struct Lost: Sendable, Hashable {
    var underWay = 0
    let limit: Int
  }

  /// A limit beyond this is none.
  private static let mostUnderWay = 256
  /// The greatest number of files in progress at which one of them is likely to be the cause of a loss.
  private static let few = 4

  /// True if the files in progress at the last loss are suspects: others got through beside them, or only few were in
  /// progress.
  private(set) var pointsAtFiles = false

  /// Notes that a file got through.
  mutating func pass() {
    passed += 1
    lost = nil
    guard let limit else { return }
    passedAtLimit += 1
    guard passedAtLimit >= limit else { return }
    passedAtLimit = 0
    self.limit = limit * 2 > Self.mostUnderWay ? nil : limit * 2
  }

  /// Notes that a connection was lost, before the files that were under way are counted.
  mutating func lose() {
    let before = limit ?? Self.mostUnderWay
    pointsAtFiles = passed > 0 || before <= Self.few
    lost = passed == 0 ? Lost(limit: before) : nil
    (passed, passedAtLimit) = (0, 0)
  }

  /// Counts one of the files that were under way then.
  mutating func count() {
    guard var lost else { return }
    lost.underWay += 1
    self.lost = lost
    limit = max(1, min(lost.underWay, lost.limit) / 2)
  }
}
