/// The beginning of a file that is across without gaps, while its pieces arrive in any order.
struct ConfirmedPrefix: Sendable {
  private(set) var end: UInt64
  /// The ends of the stretches behind a gap, by their offsets.
  private var islands: [UInt64: UInt64] = [:]

  init(from offset: UInt64) { end = offset }

  /// Adds a stretch that overlaps none added before.
  mutating func add(_ stretch: Range<UInt64>) {
    islands[stretch.lowerBound] = stretch.upperBound
    while let next = islands.removeValue(forKey: end) { end = next }
  }
}
