internal import FilsluseBase

extension WatchGap {
  /// The number of an account's last gaps that are compared with those of the others.
  private static let mostCompared = 100

  /// Returns the times in which no account was watched, and apart from those the gaps of each account.
  ///
  /// - Parameter play: the tolerance, because the accounts are looked into one after the other; a gap that exceeds that
  ///   of all by no more than this at either end is covered by it.
  static func gaps(of states: [InboxState], play: Duration) -> [WatchGap] {
    guard let first = states.first else { return [] }
    let shared = states.dropFirst().reduce(Array(first.gaps.prefix(mostCompared))) { shared, state in
      shared.flatMap { state.unwatched(in: $0) }
    }
    let alone = states.flatMap { state in
      state.gaps.filter { gap in
        !shared.contains {
          $0.clamped(to: gap) == $0 && $0.lowerBound.since(gap.lowerBound) <= play
            && gap.upperBound.since($0.upperBound) <= play
        }
      }.map { WatchGap(from: $0.lowerBound, until: $0.upperBound, account: state.account) }
    }
    return shared.map { WatchGap(from: $0.lowerBound, until: $0.upperBound) } + alone
  }
}
