/// The number of files that may be under way over an account's connection at a time. A pure value.
///
/// It is halved with each connection that is lost before any file got through: a server that ends the session after so
/// many requests, or a line that breaks again and again, then lets through the few that fit into one connection. It
/// doubles with each time that as many got through as may be under way.
struct ConcurrencyLimit: Sendable, Hashable {
  /// The most that may be under way; `nil` while nothing limits it.
  private(set) var limit: Int?
  /// The number of files that got through since the last connection was lost.
  private var passed = 0
  /// The number of files transferred since the limit changed.
  private var passedAtLimit = 0
  /// The number of files under way when the last connection was lost, as far as they are counted, and the limit then.
  private var lost: Lost?

  private struct Lost: Sendable, Hashable {
    var underWay = 0
    let limit: Int
  }

  /// A limit beyond this is none.
  private static let mostUnderWay = 256
  /// So few are under way that one of them is likely to be the cause of a loss.
  private static let few = 4

  /// True if the files under way at the last loss are to be suspected: others got through beside them, or few were
  /// beside them.
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
