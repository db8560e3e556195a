internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSystem

/// Gathers what an account's rules ask of the past, and no more.
struct WatchHistory: Sendable {
  let judgement: Judgement
  let store: SightStore
  let journal: Journal?

  /// What came with the InfRefs that are expected, or that answer deliveries: as it was seen, and what this machine took
  /// in between two looks as the journal tells it.
  func arrivals(in state: InboxState, at now: Timestamp) async throws(ExchangeError) -> [ArrivedFile] {
    let due = judgement.dueExpectations(of: state.account, at: judgement.judgedAt(state, now))
    var files: [ArrivedFile] = []
    for (rule, _, occurrence) in due {
      files += try await arrivals(rule.wireInfRefs, since: occurrence.window.lowerBound, in: state)
    }
    let answers = Set(answerRules(of: state.account).compactMap(\.answer?.infRef))
    if !answers.isEmpty {
      files += try await arrivals(answers.sorted(), since: now.earlier(by: Judgement.deliveriesFor), in: state)
    }
    return files
  }

  /// What came with some InfRefs since a moment.
  func arrivals(
    _ infRefs: [String], since moment: Timestamp, in state: InboxState
  ) async throws(ExchangeError) -> [ArrivedFile] {
    let pause = judgement.longestPause
    let seen = try await store.arrivals(of: state.account, infRefs: infRefs, since: moment).compactMap {
      ArrivedFile($0, difference: state.clockDifference, longestPause: pause)
    }
    let known = Set(seen.map(\.transfer))
    let journalled = try await journal?.arrivals(of: state.account, infRefs: infRefs, since: moment) ?? []
    return seen + journalled.filter { !known.contains($0.fileTransferUUID) }.map { ArrivedFile($0) }
  }

  /// What was sent and matters to a rule.
  func deliveries(of account: String, at now: Timestamp) async throws(ExchangeError) -> [DeliveryOutcome] {
    guard let journal else { return [] }
    let answered = answerRules(of: account).flatMap(\.wireInfRefs)
    return try await journal.outcomes(
      of: account, since: now.earlier(by: Judgement.deliveriesFor), acceptedWith: answered)
  }

  private func answerRules(of account: String) -> [InfRefRule] {
    judgement.rules(of: account).infRefRules.filter { $0.answer != nil }
  }
}
