package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

// The machine that leads the watch, as the database of a machine knows it. While it is another one, no act is written
// here: what stands here would be replaced by that one's alerts.

/// The answer to the question which machine leads the watch.
package enum LeadAnswer: Sendable, Hashable {
  /// This machine leads, and the others have all that was recorded here.
  case leads
  /// Another machine leads.
  case follows
  /// The server of the journal does not answer, or the machines cannot share their alerts.
  case unknown
}

extension WatchDatabase {
  /// Records the machine that leads the watch; `nil` for this one. While another machine leads, no acknowledgement and
  /// no silence is written here.
  func noteLeader(_ host: String?) async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      try database.execute("UPDATE alert_number SET leader = ?1 WHERE leader IS NOT ?1", [host])
    }
  }

  /// The name in the place of the leader's while it is not known which machine leads.
  static let unknownLeader = "?"

  /// Notes that it is not known any more that this machine leads the watch: another one may take the lead, and what
  /// people do here would be lost. Another leader that is noted stays.
  func noteLeaderUnknown() async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      try database.execute("UPDATE alert_number SET leader = ? WHERE leader IS NULL", [Self.unknownLeader])
    }
  }

  /// The failure to record an act while it is not known which machine leads the watch.
  static let leaderUnknown = ExchangeError(
    .journal, operation: "record the act",
    message:
      "the journal's server does not say which machine leads the watch, so that what is recorded here could be lost",
    remedy: "do it again when the server answers"
  ).inDanish(
    "Journalens server siger ikke, hvilken maskine der leder overvågningen, så det, der noteres her, kunne gå tabt. Gør det igen, når serveren svarer."
  )

  /// Returns whether this machine leads the watch, as its watcher noted it last.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func leadAnswer() async throws(ExchangeError) -> LeadAnswer {
    guard let leader = try await leader() else { return .leads }
    return leader == Self.unknownLeader ? .unknown : .follows
  }

  /// Returns the name of the machine that leads the watch; `nil` for this one.
  func leader() async throws(ExchangeError) -> String? {
    try await read("read the alerts in") { try Self.leader(in: $0) }
  }

  /// The refusal of acknowledgements and silences in this database; `nil` where they are written here.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  func refusalOfActs() async throws(ExchangeError) -> AlertRefusal? {
    try await read("read the alerts in") { try Self.refusalOfActs(in: $0) }
  }

  /// The reason why an act is refused here; `nil` where it may be recorded. It is asked for in the transaction of the
  /// act, so that no other machine takes the lead in between.
  ///
  /// - Throws: ``leaderUnknown`` while it is not known which machine leads.
  static func refusalOfAct(in database: SQLConnection) throws -> AlertRefusal? {
    if try Self.leader(in: database) == unknownLeader { throw leaderUnknown }
    return try refusalOfActs(in: database)
  }

  /// The machine that leads the watch; `nil` for this one.
  static func leader(in database: SQLConnection) throws -> String? {
    try database.row("SELECT leader FROM alert_number")?.optionalText(0)
  }

  private static func refusalOfActs(in database: SQLConnection) throws -> AlertRefusal? {
    try leader(in: database).map(refusalOfActs(under:))
  }

  /// The notice for pages of a machine that stands by.
  static func standbyNotice(under leader: String) -> LocalizedText {
    name(of: leader)
      + LocalizedText(
        " leads the watch: what you acknowledge or silence here is recorded there, and holds for all machines",
        " leder overvågningen: det, du kvitterer for eller dæmper her, noteres dér og gælder for alle maskiner")
  }

  /// The name of the machine that leads. One that has only just taken the lead has not written it yet.
  private static func name(of leader: String) -> LocalizedText {
    let name = Masked.name(leader)
    return name.isEmpty
      ? LocalizedText("another machine", "en anden maskine") : LocalizedText("the machine \(name)", "maskinen \(name)")
  }

  /// The refusal of acknowledgements and silences in this database while another machine leads the watch.
  static func refusalOfActs(under leader: String) -> AlertRefusal {
    if leader == unknownLeader {
      return AlertRefusal(
        reason: LocalizedText(
          "the journal's server does not say which machine leads the watch: until it does, nothing can be acknowledged or silenced",
          "journalens server siger ikke, hvilken maskine der leder overvågningen: indtil da kan intet kvitteres eller dæmpes"
        ))
    }
    return AlertRefusal(
      reason: name(of: leader) + LocalizedText(" leads the watch", " leder overvågningen"),
      remedy: LocalizedText(
        "acknowledge and silence there, and it holds for all machines",
        "kvittér og dæmp dér, så gælder det for alle maskiner"))
  }
}
