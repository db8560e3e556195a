import FilsluseBase
import FilsluseStore
import PlatformFixture
import SystemPackage
import TriggerFiles

@testable import FileExchange
@testable import PickupWatch

extension ConsoleField {
  /// The name of the file that came to the first inbox at 05:00.
  var firstName: String { "Udbetaling_\(municipalities[0].code)_a.xml" }

  /// Hands over the same field with a watcher that runs on a journal. In it the second account has sent the first file
  /// (D1), and the first account's receiver has not taken it over yet (A1).
  func withJournal(_ body: (ConsoleField) async throws -> Void) async throws {
    try await withScratchFolder("journal") { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      try await fill(journal)
      let inboxes = status.inboxes
      let queries = ConsoleQueries(
        store: database, evaluator: evaluator, clock: { Self.noon }, inboxes: { inboxes }, journal: { journal })
      try await body(
        ConsoleField(
          database: database, evaluator: evaluator, queries: queries, status: status, now: now, accounts: accounts,
          municipalities: municipalities))
      try await journal.close()
    }
  }

  /// Adds the two with their trails at the times of the night.
  private func fill(_ journal: Journal) async throws {
    let name = firstName
    let delivery = NewDelivery(
      identity: .init(
        account: accounts[1], route: accounts[0], wireName: WireName(unchecked: name),
        sha256: SHA256.digest(of: Array(name.utf8))),
      size: 4, localPath: "/srv/ud/\(name)", infRef: Self.infRef, sendersFileID: SystemID.random().rawValue,
      transactionID: nil, temporaryTriggerName: "trigger.part", trigger: Array("<trigger/>".utf8))
    let arrival = NewArrival(
      account: accounts[0], fileTransferUUID: Self.transfer(of: name), wireName: JournalledName(kept: name), size: 4,
      infRef: Self.infRef, sender: "fk-kla", metadata: Array("<metadata/>".utf8))
    @Sendable func moment(_ second: Int) -> Timestamp { Self.noon.later(by: .seconds(second)) }
    try await journal.write { transaction in
      let sent = try Journal.stage(delivery, ordinal: 1, at: moment(-25_440), in: transaction)
      let sending: [(state: DeliveryState, second: Int)] = [
        (.uploading, -25_430), (.uploaded, -25_390), (.armed, -25_388), (.triggered, -25_380), (.taken, -25_320),
        (.accepted, -25_260),
      ]
      for step in sending {
        try transaction.addEntry(
          about: .delivery(sent.id), state: EntryState(name: step.state.rawValue), facts: nil, at: moment(step.second))
      }
      try transaction.database.execute(
        "UPDATE delivery SET state = 'accepted', is_open = 0 WHERE id = ?", [sent.id])
      let seen = try Journal.see(arrival, at: moment(-25_140), in: transaction)
      let taking: [(state: ArrivalState, second: Int)] = [
        (.fetching, -25_138), (.fetched, -25_100), (.verified, -25_080), (.handingOver, -25_079),
      ]
      for step in taking {
        try transaction.addEntry(
          about: .arrival(seen.id), state: EntryState(name: step.state.rawValue), facts: nil, at: moment(step.second))
      }
      try transaction.database.execute("UPDATE arrival SET state = 'handing-over' WHERE id = ?", [seen.id])
    }
  }
}
