import FilsluseBase

/// The points that are still to be tried, handed out in pairs: a round disturbs a delivering run and then a collecting
/// one.
final class Schedule: Sendable {
  private let waiting: Locked<[Stage: [Point]]>

  init(_ points: [Point]) {
    // Handed out from the end.
    waiting = Locked(Dictionary(grouping: points.reversed(), by: \.stage))
  }

  /// The points of the next round; `nil` when all are tried.
  func nextPair() -> (delivering: Point?, collecting: Point?)? {
    waiting.withLock { waiting in
      let pair = (delivering: waiting[.delivering]?.popLast(), collecting: waiting[.collecting]?.popLast())
      return pair.delivering == nil && pair.collecting == nil ? nil : pair
    }
  }

  /// The next point of one stage; `nil` when all are tried.
  func next(_ stage: Stage) -> Point? { waiting.withLock { $0[stage]?.popLast() } }

  /// Gives back a point whose run was over before its fault came; false when it has come back too often.
  func giveBack(_ point: Point) -> Bool {
    guard point.misses < 4 else { return false }
    var point = point
    point.fault = point.fault.earlier
    point.misses += 1
    waiting.withLock { $0[point.stage, default: []].append(point) }
    return true
  }
}
