internal import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

// The machine that leads the watch, as the database of a machine knows it: acts are refused while it is another one.

extension WatchDatabase {
  /// Records the machine that leads the watch; `nil` for this one. While another machine leads, acknowledging and
  /// silencing are refused here.
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

  /// The refusal of acknowledgements and silences on this machine; `nil` where they are accepted.
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

  /// The refusal of acknowledgements and silences on this machine while another one leads the watch.
  static func refusalOfActs(under leader: String) -> AlertRefusal {
    if leader == unknownLeader {
      return AlertRefusal(
        reason: LocalizedText(
          "the journal's server does not say which machine leads the watch: until it does, nothing can be acknowledged or silenced",
          "journalens server siger ikke, hvilken maskine der leder overvågningen: indtil da kan intet kvitteres eller dæmpes"
        ))
    }
    // One that has only just taken the lead has not written its name yet.
    let name = Masked.name(leader)
    let who =
      name.isEmpty
      ? LocalizedText("another machine", "en anden maskine") : LocalizedText("the machine \(name)", "maskinen \(name)")
    return AlertRefusal(
      reason: who + LocalizedText(" leads the watch", " leder overvågningen"),
      remedy: LocalizedText(
        "acknowledge and silence there, and it holds for all machines",
        "kvittér og dæmp dér, så gælder det for alle maskiner"))
  }
}
