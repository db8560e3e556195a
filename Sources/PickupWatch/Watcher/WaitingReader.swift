internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// Reads the files that wait in an inbox, against the limits of their rules.
struct WaitingReader: Sendable {
  let evaluator: RuleEvaluator
  let store: WatchDatabase

  /// Returns the files that wait in an account's IN, by InfRef, each with its oldest.
  func waiting(
    in account: String, state: InboxState?, at now: Timestamp
  ) async throws(ExchangeError) -> [WaitingFiles] {
    var files: [WaitingFiles] = []
    let named = Set(evaluator.rules(of: account).infRefRules.flatMap(\.wireInfRefs))
    for group in try await store.waiting(in: account, named: named) {
      let observed = try await store.observations(of: account, after: group.oldest - 1, limit: 1).first
      let age = observed?.age(difference: state?.clockDifference, longestPause: evaluator.longestPause)
      files.append(
        WaitingFiles(
          infRef: group.infRef.map(ShownInfRef.init), files: group.files, bytes: group.bytes,
          oldest: age.map {
            oldest($0, origin: observed.flatMap { evaluator.origin(of: $0, in: account) }, account: account, at: now)
          }))
    }
    return files
  }

  private func oldest(_ age: FileAge, origin: FileOrigin?, account: String, at now: Timestamp) -> OldestFile {
    let limit = origin.flatMap { evaluator.pickUp(of: $0, account: account, since: age.since) }?.limit
    return OldestFile(
      ageSeconds: evaluator.waited(from: age.since, to: now, by: limit).wholeSeconds, since: age.since,
      ageFrom: .init(age.basis),
      limitSeconds: limit?.within.duration.wholeSeconds,
      warnAtSeconds: limit.map { ($0.within.duration * $0.warnAt / 100).wholeSeconds },
      businessTime: limit?.within.isBusinessTime ?? false)
  }
}
