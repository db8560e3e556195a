package import ExchangeSettings
package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import Foundation
internal import SystemPackage
internal import TriggerFiles

// The alerts of the leading watch, as one document that replaces those in other machines' databases.

extension WatchDatabase {
  /// The version of the shared alerts that this database has.
  func sharedVersion() async throws(ExchangeError) -> Int64 {
    try await read("read the alerts in") { database in
      try database.int("SELECT version FROM alert_number") ?? 0
    }
  }

  /// Notes that the alerts here are the shared ones of a version, by this machine.
  func noteShared(_ version: Int64) async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      try database.execute("UPDATE alert_number SET version = ?", [version])
    }
  }

  /// The failure of an act that was recorded here and did not reach the server.
  static let recordedHereAlone = ExchangeError(
    .actNotShared, operation: "record the act",
    message:
      "it is recorded on this machine alone: the other machines do not have it, and it is lost if one of them takes the lead",
    remedy: "see whether it holds when the journal's server answers"
  ).inDanish(
    "Det er kun noteret på denne maskine: de andre maskiner har det ikke, og det går tabt, hvis en af dem overtager ledelsen. Se efter, om det gælder, når journalens server svarer."
  )

  /// Returns the open alerts with their lives, the outbox, and the silences, in JSON.
  func sharedAlerts() async throws(ExchangeError) -> String {
    try await read("read the alerts in") { database in
      guard let next = try database.int("SELECT next FROM alert_number") else {
        throw DamagedRow(table: "alert_number", id: 1)
      }
      var alerts = SharedAlerts(next: next)
      for part in SharedAlerts.parts { alerts.tables.append(try part.table(in: database)) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(alerts), as: UTF8.self)
    }
  }

  /// Waits until the journal's server has the acts and silences that are here. The watcher writes them there: it asks
  /// the server every two seconds, and every ten while many alerts are shared, or when it is woken. A journal in a file
  /// is shared with nobody.
  ///
  /// What leaves the shared alerts meanwhile, because its alert is resolved or its silence is changed, counts as
  /// written while this machine leads. Another machine that takes the lead replaces what is here by its own.
  ///
  /// - Throws: `ExchangeError` with code `actNotShared` where the server does not have them in time, `watchDatabase`
  ///   when those here cannot be read.
  package func waitUntilShared(
    by settings: ExchangeSettings, within limit: Duration = .seconds(20)
  ) async throws(ExchangeError) {
    guard settings.journalServer != nil else { return }
    let deadline = ContinuousClock.now + limit
    let (acts, leads) = try await rowsByPeople()
    // Another machine has taken the lead since the act, so what is here may have been replaced already.
    guard leads else { throw Self.recordedHereAlone }
    do throws(ExchangeError) {
      let journal = try await Journal.openToRead(of: settings)
      let answer = await Result { () async throws(ExchangeError) -> Bool in
        try await isShared(acts, by: journal, until: deadline)
      }
      try await journal.close()
      if try answer.get() { return }
    } catch {
      // Whatever the server says, the act is here.
    }
    throw Self.recordedHereAlone
  }

  /// Returns true once the journal's server has the rows, and false if it does not in time.
  private func isShared(
    _ acts: Set<[SharedAlerts.Cell]>, by journal: Journal, until deadline: ContinuousClock.Instant
  ) async throws(ExchangeError) -> Bool {
    while ContinuousClock.now < deadline {
      let (_, document) = try await journal.sharedWatchDocument()
      if let there = SharedAlerts(document)?.rowsByPeople {
        let here = try await rowsByPeople()
        let missing = acts.subtracting(there)
        if missing.isEmpty || here.leads && missing.isDisjoint(with: here.rows) { return true }
      }
      do { try await Task.sleep(for: .milliseconds(200)) } catch { return false }
    }
    return false
  }

  /// The rows that only people's acts change, and whether this machine leads the watch.
  private func rowsByPeople() async throws(ExchangeError) -> (rows: Set<[SharedAlerts.Cell]>, leads: Bool) {
    try await read("read the alerts in") { database -> (rows: Set<[SharedAlerts.Cell]>, leads: Bool) in
      var rows: Set<[SharedAlerts.Cell]> = []
      for part in SharedAlerts.parts where SharedAlerts.tablesByPeople.contains(part.name) {
        rows.formUnion(try part.table(in: database).rows)
      }
      return (rows: rows, leads: try Self.leader(in: database) == nil)
    }
  }

  /// Gives a person's act to the machine that leads the watch, and waits for its answer, and then for the alerts with
  /// the act's effect, so that lists here show it. If those do not come within ten seconds, they come later.
  ///
  /// - Parameters:
  ///   - limit: the longest time to wait for the answer. The leader looks for acts every two seconds, and every ten while
  ///     many alerts are shared.
  ///   - hurry: has the watcher of this machine take the leader's alerts.
  /// - Throws: `ExchangeError` with code `journal` when the server cannot be asked, or there is no answer in time.
  package func give(
    _ request: String, _ key: String, by settings: ExchangeSettings, within limit: Duration = .seconds(20),
    hurry: @Sendable () -> Void = {}
  ) async throws(ExchangeError) -> String {
    let answer = try await Journal.askLeadingWatch(request, key: key, of: settings, within: limit)
    guard let answer else { throw Self.notTakenUp }
    hurry()
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
      let version = try? await sharedVersion()
      if version.map({ $0 >= answer.version }) ?? true { break }
      do { try await Task.sleep(for: .milliseconds(50)) } catch { break }
    }
    return answer.document
  }

  /// The failure of an act that the machine that leads did not answer.
  static let notTakenUp = ExchangeError(
    .journal, operation: "record the act",
    message:
      "the machine that leads the watch has not answered: it may still record it, until a minute after it was given",
    remedy: "see whether it holds; if it does not, do it again"
  ).inDanish(
    "Den maskine, der leder overvågningen, har ikke svaret: den kan stadig notere det, indtil der er gået et minut. Se efter, om det gælder; ellers gør det igen."
  )

  /// Returns true for a document of shared alerts that this version of Filsluse writes.
  static func canTake(_ document: String) -> Bool { SharedAlerts(document) != nil }

  /// Replaces the open alerts, the silences and the outbox by the shared ones. Resolved alerts stay.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` if another version of Filsluse wrote them, or they cannot be
  ///   written.
  func take(_ document: String, of shared: SharedWatch) async throws(ExchangeError) {
    guard let alerts = SharedAlerts(document) else {
      throw ExchangeError(
        .watchDatabase, operation: "take over the alerts of \(Masked.name(shared.host))", path: path.string,
        message: "another version of Filsluse wrote them",
        remedy: "install the same version on all machines that watch by one journal"
      ).inDanish(detail: "en anden udgave af Filsluse på \(Masked.name(shared.host)) har skrevet alarmerne")
    }
    try await write("write the alerts to") { database in
      try database.execute("DELETE FROM outbox")
      try database.execute("DELETE FROM notification")
      try database.execute("DELETE FROM silence")
      try database.execute("DELETE FROM sink")
      try database.execute("DELETE FROM alert WHERE state != 'resolved'")
      // Silences have other numbers now.
      try database.execute(
        """
        DELETE FROM act WHERE silence IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM alert_event WHERE alert_event.act = act.id)
        """)
      try database.execute("UPDATE act SET silence = NULL WHERE silence IS NOT NULL")
      for table in alerts.tables { try table.insert(into: database) }
      try database.execute("UPDATE alert_number SET next = ?, version = ?", [alerts.next, shared.version])
    }
  }
}
