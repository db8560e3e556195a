internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// Reads only the history that an account's rules need.
struct WatchHistory: Sendable {
  let evaluator: RuleEvaluator
  let store: WatchDatabase
  let journal: Journal?

  /// Returns the received files that are expected, that answer deliveries, or whose names contain municipalities: from
  /// the observations, and from the journal for files fetched by this machine between two looks.
  func arrivals(in state: InboxState, at now: Timestamp) async throws(ExchangeError) -> [ArrivedFile] {
    let due = evaluator.dueExpectations(of: state.account, at: evaluator.judgedAt(state, now))
    var files: [ArrivedFile] = []
    for (rule, _, occurrence) in due {
      files += try await arrivals(for: rule, since: occurrence.window.lowerBound, in: state)
    }
    files += try await answers(in: state, at: now)
    let named = Set(evaluator.municipalityRoutes(of: state.account).compactMap(\.infRef))
    if !named.isEmpty {
      files += try await arrivals(
        named.sorted(), since: now.earlier(by: RuleEvaluator.municipalityReportPeriod), in: state)
    }
    return files
  }

  /// Returns the received files that answer deliveries, each with the delivery that it names as a business receipt.
  func answers(in state: InboxState, at now: Timestamp) async throws(ExchangeError) -> [ArrivedFile] {
    let infRefs = Set(answerRules(of: state.account).compactMap(\.answer?.infRef))
    if infRefs.isEmpty { return [] }
    let since = now.earlier(by: RuleEvaluator.deliveriesFor)
    let receipts = try await journal?.businessReceipts(of: state.account, since: since) ?? []
    let byTransfer = Dictionary(receipts.map { ($0.transfer, $0) }) { $1 }
    return try await arrivals(infRefs.sorted(), since: since, in: state).map { file in
      guard let receipt = byTransfer[file.transfer] else { return file }
      var file = file
      file.answered = .named(
        transfer: receipt.answeredTransfer, fileName: receipt.answeredName, delivery: receipt.delivery)
      return file
    }
  }

  /// Returns the files of a rule received since a moment.
  func arrivals(
    for rule: InfRefRule, since moment: Timestamp, in state: InboxState
  ) async throws(ExchangeError) -> [ArrivedFile] {
    switch rule.subject {
    case .infRef: return try await arrivals(rule.wireInfRefs, since: moment, in: state)
    case .direct(_, let senders):
      let seen = try await store.arrivals(of: state.account, sentDirectlyBy: senders, since: moment)
      let journalled = try await journal?.arrivals(of: state.account, sentDirectlyBy: senders, since: moment)
      return joined(seen, journalled ?? [], in: state)
    // Without metadata bare files cannot be distinguished.
    case .bare: return []
    }
  }

  /// Returns the first observed arrivals of a rule within a time, without files known only to the journal.
  ///
  /// - Parameters:
  ///   - most: the greatest number.
  ///   - isWanted: the condition on a file.
  func observedArrivals(
    for rule: InfRefRule, in time: Range<Timestamp>, of account: String, most: Int,
    where isWanted: @escaping @Sendable (ObservedFile) -> Bool
  ) async throws(ExchangeError) -> [ObservedFile] {
    let (start, end) = (time.lowerBound, time.upperBound)
    switch rule.subject {
    case .infRef:
      return try await store.arrivals(
        of: account, infRefs: rule.wireInfRefs, since: start, before: end, most: most, where: isWanted)
    case .direct(_, let senders):
      return try await store.arrivals(
        of: account, sentDirectlyBy: senders, since: start, before: end, most: most, where: isWanted)
    case .bare: return []
    }
  }

  /// Returns the files with some InfRefs received since a moment.
  private func arrivals(
    _ infRefs: [InfRef], since moment: Timestamp, in state: InboxState
  ) async throws(ExchangeError) -> [ArrivedFile] {
    let seen = try await store.arrivals(of: state.account, infRefs: infRefs, since: moment)
    let journalled = try await journal?.arrivals(of: state.account, infRefs: infRefs, since: moment)
    return joined(seen, journalled ?? [], in: state)
  }

  /// Joins the observed files with those known only to the journal.
  private func joined(_ observedFiles: [ObservedFile], _ journalled: [JournalledArrival], in state: InboxState)
    -> [ArrivedFile]
  {
    let seen = observedFiles.compactMap {
      ArrivedFile($0, difference: state.clockDifference, longestPause: evaluator.longestPause)
    }
    let known = Set(seen.map(\.transfer))
    return seen + journalled.filter { !known.contains($0.fileTransferUUID) }.map { ArrivedFile($0) }
  }

  /// Returns the deliveries that matter to a rule.
  func deliveries(in state: InboxState, at now: Timestamp) async throws(ExchangeError) -> [DeliveryOutcome] {
    guard let journal else { return [] }
    let answered = answerRules(of: state.account).flatMap(\.wireInfRefs)
    let deliveries = try await journal.outcomes(
      of: state.account, since: now.earlier(by: RuleEvaluator.deliveriesFor), acceptedWith: answered)
    return try await heedReceipts(of: deliveries, in: state, at: now)
  }

  /// Adds receipts in IN to deliveries whose receipt the journal does not have yet, so that they do not count as
  /// missing. A delivery with an error receipt is left out, because that receipt is a finding of its own.
  private func heedReceipts(
    of deliveries: [DeliveryOutcome], in state: InboxState, at now: Timestamp
  ) async throws(ExchangeError) -> [DeliveryOutcome] {
    let overdue = deliveries.filter { evaluator.receiptDue(of: $0, in: state.account).map { $0 <= now } ?? false }
    let receipts = try await store.receipts(of: state.account, for: overdue.map(\.wireName.bytes))
    let byName = Dictionary(receipts.map { ($0.name, $0) }) { $1 }
    let late = Set(overdue.map(\.id))
    return deliveries.compactMap { delivery in
      guard late.contains(delivery.id), let receipt = byName[delivery.wireName.bytes] else { return delivery }
      let age = receipt.age(difference: state.clockDifference, longestPause: evaluator.longestPause)
      // The receipt of an earlier file with this name may still be there. Times on servers are in whole seconds.
      guard age.since.since(delivery.committedAt) > .seconds(-60) else { return delivery }
      switch receipt.content {
      case .success:
        var taken = delivery
        taken.state = .accepted
        taken.receiptAt = age.since
        return taken
      case .errors: return nil
      case .unread, .metadata, .unreadable: return delivery
      }
    }
  }

  private func answerRules(of account: String) -> [InfRefRule] {
    evaluator.rules(of: account).infRefRules.filter { $0.answer != nil }
  }
}
