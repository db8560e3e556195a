internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

extension Exchange {
  /// Retries an arrival that was set aside, or that is pausing: its failures are reset, and the next collection
  /// continues with it.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-arrival`, `invalid-delivery` if there is nothing to retry,
  ///   `claimed-elsewhere` while another process is working on it, or an error of the journal.
  public func retry(arrival id: Int64) async throws(ExchangeError) -> Arrival {
    try await change(arrival: id, for: "retry") { arrival throws(ExchangeError) in
      let waits = arrival.nextTryAt != nil && !arrival.state.isFinished
      guard arrival.state == .setAside || waits else {
        throw ExchangeError(
          .invalidDelivery, operation: "retry", path: arrival.wireName.string,
          message: "it is \(arrival.state.rawValue): there is nothing to try again",
          remedy: arrival.state == .quarantined
            ? "\(.showJournal("A\(id)")) says why it is not taken; once that is mended, the next collection looks at it anew"
            : "see \(.showJournal("A\(id)"))"
        ).inDanish(
          ("Modtagelsen er \(arrival.state.title.da): der er intet at prøve igen. Se \(.showJournal("A\(id)"))."
            as Remedy)
            .inDanish)
      }
      arrival.forgetFailures()
      return arrival.state == .setAside ? .retried : nil
    }
  }

  /// Records a person's statement that an arrival in the inbox folder was taken over by hand: its receiver's program is
  /// not run any more, and the next collection removes it from IN.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-arrival`, `invalid-delivery` if it does not wait for its hand-over,
  ///   `claimed-elsewhere` while another process is working on it, or an error of the journal.
  public func takeOverByHand(arrival id: Int64) async throws(ExchangeError) -> Arrival {
    try await change(arrival: id, for: "take over by hand") { arrival throws(ExchangeError) in
      let from = arrival.state
      guard ArrivalMachine.expects(.takenOverByHand, for: arrival) else {
        throw ExchangeError(
          .invalidDelivery, operation: "take over by hand", path: arrival.wireName.string,
          message: "it is \(from.rawValue): it does not wait in the inbox to be handed over",
          remedy: "see \(.showJournal("A\(id)"))"
        ).inDanish(
          ("Modtagelsen er \(from.title.da): den venter ikke i indbakken på at blive overdraget. Se \(.showJournal("A\(id)"))."
            as Remedy).inDanish)
      }
      arrival.forgetFailures()
      arrival.reason = .takenOverByHand(from: from)
      return .takenOverByHand
    }
  }

  /// Takes over the arrivals in the inbox of another machine with the same journal, because a person says that it is
  /// gone for good: the next collections fetch them from IN again, and hand them over here. Other machines go on
  /// meanwhile.
  ///
  /// A program that had one of them on that machine gets it once more, with the same FileTransferUUID. If the machine
  /// comes back, the copies in its inbox belong to no arrival any more.
  ///
  /// - Parameters:
  ///   - machine: the name of the machine's host, its number where several have that, or both, as `host (2)`.
  ///   - reason: the person's reason, for the journal.
  ///   - person: the person, for the journal.
  /// - Returns: the arrivals; none where the machine left none.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while the journal's server has heard of the machine
  ///   lately, `invalid-delivery` if no other machine, or several, have the name, or an error of the journal.
  public func takeOver(
    leftBy machine: String, because reason: String, person: String
  ) async throws(ExchangeError) -> [Arrival] {
    try await journal.takeInbox(ofGone: machine, because: "\(person) says so: \(reason)")
  }

  /// Changes an arrival's values, and its state where the change asks for an event.
  private func change(
    arrival id: Int64, for operation: String,
    _ change: (inout Arrival) throws(ExchangeError) -> ArrivalMachine.Event?
  ) async throws(ExchangeError) -> Arrival {
    let changed = try await journal.withClaim(on: .arrival(id)) { () async throws(ExchangeError) -> Arrival in
      guard var arrival = try await journal.arrival(id) else {
        throw ExchangeError(
          .unknownArrival, operation: operation, message: "there is no A\(id) in \(journal.name)",
          remedy: "see the numbers that \(.receive) and \(.listJournal) show"
        ).inDanish(("Der er ingen A\(id) i \(journal.name). Se numrene i \(.listJournal)." as Remedy).inDanish)
      }
      guard let event = try change(&arrival) else { return try await journal.update(arrival) }
      return try await journal.transition(arrival, event)
    }
    if let changed { return changed }
    throw ExchangeError(
      .claimedElsewhere, operation: operation, message: "somebody is at work on A\(id)",
      remedy: "wait for that to end")
  }
}
