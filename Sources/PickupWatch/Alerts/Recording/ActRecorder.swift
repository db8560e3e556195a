package import FileExchange
package import FilsluseBase
internal import Foundation

/// Records acts of people where they hold for all machines: here while this machine leads the watch, and otherwise on
/// the one that leads, through the server of the journal.
///
/// An act fails with code `watchDatabase` when it cannot be written, and with code `journal` while it is not known
/// which machine leads the watch, or when that one does not answer.
package final class ActRecorder: Sendable {
  /// Gives a request with its key to the machine that leads, and returns its answer.
  package typealias Giving = @Sendable (_ request: String, _ key: String) async throws(ExchangeError) -> String

  private let store: WatchDatabase
  private let lead: @Sendable () async throws(ExchangeError) -> LeadAnswer
  private let give: Giving
  private let share: @Sendable () async throws(ExchangeError) -> Void
  /// True once an act was recorded here.
  private let isRecordedHere = Locked(false)

  /// Prepares acts of one person.
  ///
  /// - Parameters:
  ///   - lead: asks which machine leads the watch.
  ///   - give: gives a request to the one that does.
  ///   - share: waits until the other machines have what was recorded here.
  package init(
    _ store: WatchDatabase, lead: @escaping @Sendable () async throws(ExchangeError) -> LeadAnswer,
    give: @escaping Giving, share: @escaping @Sendable () async throws(ExchangeError) -> Void
  ) {
    self.store = store
    self.lead = lead
    self.give = give
    self.share = share
  }

  /// Acknowledges alerts, in one act.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` or `journal`, as this type says.
  package func acknowledge(
    _ selection: AlertSelection, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    try await record(.acknowledge(selection), act) { () async throws(ExchangeError) -> ActAnswer<ActResult> in
      try await store.acknowledge(selection, act)
    }
  }

  /// Acknowledges each of several alerts in an act of its own. The answers are in the order of the alerts.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` or `journal`, as this type says.
  package func acknowledge(
    each alerts: [Int64], _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<[AcknowledgementAnswer]> {
    try await record(.acknowledgeEach(alerts), act) {
      () async throws(ExchangeError) -> ActAnswer<[AcknowledgementAnswer]> in
      .done(try await store.acknowledge(each: alerts, act))
    }
  }

  /// Undoes acknowledgements.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` or `journal`, as this type says.
  package func undoAcknowledgement(
    _ selection: AlertSelection, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    try await record(.undo(selection), act) { () async throws(ExchangeError) -> ActAnswer<ActResult> in
      try await store.undoAcknowledgement(selection, act)
    }
  }

  /// Silences alerts for a while.
  ///
  /// - Parameter from: its beginning; `nil` for the time of the act.
  /// - Throws: `ExchangeError` with code `watchDatabase` or `journal`, as this type says.
  package func silence(
    _ matcher: Silence.Matcher, from: Timestamp? = nil, until: Timestamp, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<SilenceResult> {
    try await record(.silence(matcher, from: from, until: until), act) {
      () async throws(ExchangeError) -> ActAnswer<SilenceResult> in
      try await store.silence(matcher, from: from, until: until, act)
    }
  }

  /// Ends a silence before its time.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` or `journal`, as this type says.
  package func endSilence(_ silence: Int64, _ act: Act) async throws(ExchangeError) -> ActAnswer<SilenceResult> {
    try await record(.endSilence(silence), act) { () async throws(ExchangeError) -> ActAnswer<SilenceResult> in
      try await store.endSilence(silence, act)
    }
  }

  /// Waits until the other machines have what was recorded here. What the machine that leads has answered, they have.
  ///
  /// - Throws: `ExchangeError` with code `actNotShared` where they do not have it in time.
  package func confirm() async throws(ExchangeError) { if isRecordedHere.withLock({ $0 }) { try await share() } }

  /// Records an act here or on the machine that leads.
  private func record<Value: Codable & Sendable>(
    _ change: ActRequest.Change, _ act: Act, here: () async throws(ExchangeError) -> ActAnswer<Value>
  ) async throws(ExchangeError) -> ActAnswer<Value> {
    switch try await lead() {
    case .unknown: throw WatchDatabase.leaderUnknown
    case .leads:
      let answer = try await here()
      if case .done = answer { isRecordedHere.withLock { $0 = true } }
      return answer
    case .follows:
      if let refusal = act.refusal { return .refused(refusal) }
      var act = act
      let key = act.key ?? UUID().uuidString
      act.key = key
      let request = try ActRequest(change: change, act: act).document()
      let answer = try await give(request, key)
      return try ActRequest.answer(in: answer)
    }
  }
}
