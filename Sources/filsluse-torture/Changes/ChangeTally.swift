import FilsluseBase

/// Counts of what the rounds of changes came to.
final class ChangeTally: Sendable {
  /// Outcomes that must not happen.
  enum Fault: String, Sendable, Hashable, CaseIterable {
    case lost
    case doubled
    case damaged
    case misdirected
    case removedUnread = "removed unread"
    case unreported = "left without a word"
    case stuck = "not finished"
    case slowStop = "stopped too slowly"
    case watchEnded = "watch ended in silence"
    case journal = "journals damaged"
  }

  struct Counts: Sendable {
    var points: [Change: Int] = [:]
    /// Points at which there was nothing left to change.
    var withoutEffect: [Change: Int] = [:]
    /// Rounds in which a person was alerted.
    var reported: [Change: Int] = [:]
    var faults: [Fault: Int] = [:]
    var files = 0
    var rounds = 0
    /// Restarts of `run` after it had ended by itself and the cause was removed.
    var starts = 0
    var stops: [Change: Int] = [:]
    var longestStop: [Change: Duration] = [:]
    /// Points at which the exchange was held between its look at an arrival and its removal.
    var held: [Window: Int] = [:]
  }

  private let counts = Locked(Counts())
  /// The changes that cannot be tried on this machine.
  let untried: [Change]

  init(untried: [Change]) { self.untried = untried }

  var current: Counts { counts.withLock { $0 } }

  func change(_ body: (inout Counts) -> Void) { counts.withLock { body(&$0) } }

  func note(_ fault: Fault, _ what: String, during point: ChangePoint, round: String) {
    Note.write("\(fault.rawValue): \(what)\n  in \(round): \(point.change.rawValue) at \(Int(point.share * 100)) %")
    change { $0.faults[fault, default: 0] += 1 }
  }

  /// True if none of these outcomes happened, and every change that can be tried here was made.
  var isClean: Bool {
    let counts = current
    return counts.faults.values.allSatisfy { $0 == 0 }
      && counts.withoutEffect.keys.allSatisfy { counts.points[$0, default: 0] > 0 }
  }

  func noteStop(during change: Change, taken: Duration) {
    self.change {
      $0.stops[change, default: 0] += 1
      $0.longestStop[change] = max($0.longestStop[change] ?? .zero, taken)
    }
  }

  private static func milliseconds(_ duration: Duration) -> Int { Int((duration / .milliseconds(1)).rounded()) }

  /// The result as it is printed.
  var text: String {
    let counts = current
    var lines = Change.allCases.filter { counts.points[$0] != nil || counts.withoutEffect[$0] != nil }.map { change in
      let without = counts.withoutEffect[change].map { ", \($0) more without effect" } ?? ""
      let stops = counts.stops[change].map { stops in
        ", stopped \(stops), longest \(Self.milliseconds(counts.longestStop[change] ?? .zero)) ms"
      }
      return
        "\(change.rawValue): \(counts.points[change] ?? 0) points, reported \(counts.reported[change] ?? 0)\(stops ?? "")\(without)"
    }
    for change in untried { lines.append("\(change.rawValue): not tried, as nothing can be mounted here") }
    lines.append("")
    lines.append(
      "rounds \(counts.rounds), files \(counts.files), points tried \(counts.points.values.reduce(0, +)), not tried kinds \(untried.count)"
    )
    let held = Window.allCases.map { "by the \($0) \(counts.held[$0] ?? 0)" }.joined(separator: ", ")
    lines.append("held between look and removal: \(held)")
    let (stops, longest) = (counts.stops.values.reduce(0, +), counts.longestStop.values.max() ?? .zero)
    lines.append(
      "stopped \(stops) times while a change was in effect, the longest in \(Self.milliseconds(longest)) ms")
    lines.append("started again after it ended by itself: \(counts.starts) times")
    let reported = counts.reported.values.reduce(0, +)
    lines.append(
      Fault.allCases.map { "\($0.rawValue) \(counts.faults[$0] ?? 0)" }.joined(separator: ", ")
        + ", reported \(reported)")
    return lines.joined(separator: "\n")
  }
}
