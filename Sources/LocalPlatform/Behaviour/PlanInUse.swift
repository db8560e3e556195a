import FilsluseBase

/// The plan that a running platform routes by. It can be replaced while the router works.
final class PlanInUse: Sendable {
  /// The plan at one moment.
  struct Snapshot: Sendable {
    /// The systems and routes.
    fileprivate(set) var plan: PlatformPlan
    /// The router's behaviour.
    fileprivate(set) var habits: PlatformBehaviour
    /// The time for which an incomplete trigger must stay unchanged before it is refused.
    fileprivate(set) var settle: Duration
    /// The number of replacements so far.
    fileprivate(set) var version = 0
    /// The start of the latest comparison with the plan's files; `nil` where there are none to compare with.
    fileprivate(set) var comparedAt: ContinuousClock.Instant?
  }

  private let state: Locked<Snapshot>

  /// - Parameter isFollowed: whether the plan is compared with files while it is in use.
  init(_ plan: PlatformPlan, _ habits: PlatformBehaviour, settle: Duration, isFollowed: Bool = false) {
    let comparedAt = isFollowed ? ContinuousClock.now : nil
    state = Locked(Snapshot(plan: plan, habits: habits, settle: settle, comparedAt: comparedAt))
  }

  /// The plan as it is now.
  var snapshot: Snapshot { state.withLock { $0 } }

  /// Replaces the plan and the router's behaviour.
  func replace(_ plan: PlatformPlan, _ habits: PlatformBehaviour, settle: Duration) {
    state.withLock { state in
      (state.plan, state.habits, state.settle) = (plan, habits, settle)
      state.version += 1
    }
  }

  /// Records a comparison with the plan's files after which the plan is up to date.
  func noteComparison(startedAt start: ContinuousClock.Instant) {
    state.withLock { $0.comparedAt = start }
  }
}
