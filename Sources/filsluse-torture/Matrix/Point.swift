import LocalPlatform

/// The half of the exchange that is disturbed.
enum Stage: String, Sendable, Hashable, CaseIterable {
  case delivering
  case collecting
  /// Both at once, in `filsluse run`.
  case running
}

/// One fault in one run.
struct Point: Sendable {
  let stage: Stage
  var fault: Fault
  /// The fault in the next run, which continues the work of this one.
  var again: Fault?
  /// True if another run like it goes on beside it, undisturbed.
  var hasRival = false
  /// True if the run makes its journal first; otherwise it uses one of earlier rounds.
  let isOnNewJournal: Bool
  /// The number of runs that were over before the fault came.
  var misses = 0
}

/// The number of points of each kind, in each stage.
struct PointCounts: Sendable {
  var kills: Int
  var powerLosses: Int
  var cuts: Int
  var fullDisks: Int
  var clockJumps: Int
}

extension Point {
  /// Every tenth run is the first with its journal.
  private static let newJournalEvery = 10

  /// Points spread evenly over a stage.
  ///
  /// Most calls write pages of the journal. So every other point is spread over all calls, and every other over the
  /// rest.
  static func spread(
    _ counts: PointCounts, over stage: Stage, old: Baseline, new: Baseline
  ) -> [Point] {
    var points: [Point] = []
    func add(_ count: Int, _ fault: (_ index: Int, _ share: Double, _ run: Baseline) -> Fault) {
      for index in 0..<count {
        let isNew = index % newJournalEvery == 0
        let share = Double(index) / Double(count)
        points.append(
          Point(stage: stage, fault: fault(index, share, isNew ? new : old), isOnNewJournal: isNew))
      }
    }
    add(counts.kills) { index, share, run in
      .kill(call: call(index, share, of: run), percentDone: [0, 100, 50][index / 2 % 3])
    }
    // No other run may live on beside one whose files are set back.
    for index in stride(from: 1, to: points.count, by: 4) { points[index].hasRival = true }
    // Every third of them is killed once more on the way back, somewhere else.
    for index in stride(from: 2, to: points.count, by: 3) {
      let share = (Double(index) / Double(points.count) * 7).truncatingRemainder(dividingBy: 1)
      points[index].again = .kill(call: call(index, share, of: old), percentDone: 100 - index % 2 * 100)
    }
    add(counts.powerLosses) { index, share, run in
      .powerLoss(call: call(index, share, of: run), percentDone: index / 2 % 2 * 100)
    }
    add(counts.cuts) { index, share, run in
      let direction = TCPProxy.Direction.allCases[index % 2]
      return .cut(
        direction, afterBytes: Int(share * Double(run.bytes[direction] ?? 0)), index / 2 % 2 == 0 ? .closed : .reset)
    }
    add(counts.fullDisks) { _, share, run in .fullDisk(fromCall: 1 + Int(share * Double(run.calls.count))) }
    add(counts.clockJumps) { index, share, run in
      .clockJump(seconds: index % 2 == 0 ? 3600 : -3600, atCall: 1 + Int(share * Double(run.calls.count)))
    }
    return points
  }

  private static func call(_ index: Int, _ share: Double, of run: Baseline) -> Int {
    let weighty = run.callsOfWeight
    guard index % 2 == 1, !weighty.isEmpty else { return 1 + Int(share * Double(run.calls.count)) }
    return weighty[Int(share * Double(weighty.count))]
  }
}
