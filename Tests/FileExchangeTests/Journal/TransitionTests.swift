import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite("Journal transitions") struct TransitionTests {
  private func withJournal(on database: JournalDatabase, _ body: (Journal) async throws -> Void) async throws {
    try await database.withJournal { journal in
      try await body(journal)
      #expect(try await journal.verify().findings == [])
    }
  }

  @Test(
    "a transaction can be found after a commit without an answer by an entry of its own alone",
    arguments: JournalDatabase.here)
  func isFoundByItsEntries(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.staged, to: journal, named: "a.csv")
      var next = try #require(try await journal.delivery(1))
      next.state = .uploading
      let added = try await journal.write { [next] transaction -> [Bool] in
        _ = try transaction.chainEnd()
        try transaction.finish()
        let hasAdded = transaction.summary.added != nil
        _ = try Journal.record(next, detail: nil, in: transaction)
        try transaction.finish()
        return [hasAdded, transaction.summary.added != nil]
      }
      #expect(added == [false, true])
    }
  }

  @Test("a delivery takes each step of its machine, with an entry each", arguments: JournalDatabase.here)
  func deliverySteps(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.staged, to: journal, named: "a.csv")
      var delivery = try #require(try await journal.delivery(1))
      for event in [.namesAreFree, .uploaded, .armed, .fired, .taken] as [DeliveryMachine.Event] {
        delivery = try await journal.transition(delivery, event).required()
        #expect(try await journal.delivery(1) == delivery)
      }
      delivery.outcome = "SUCCESS"
      delivery.receipt = [1, 2, 3]
      delivery.fileTransferUUID = "u"
      delivery = try await journal.transition(delivery, .receipt(accepted: true), detail: "SUCCESS").required()
      #expect(try await journal.delivery(1) == delivery && delivery.receipt == [1, 2, 3])
      #expect(
        try await journal.entries().map(\.state)
          == ["staged", "uploading", "uploaded", "armed", "triggered", "taken", "accepted"])
      #expect(try await journal.isFree(WireName("a.csv"), account: "fagsystem"))
    }
  }

  @Test(
    "a transition from a state that the journal has left writes nothing, and reports that",
    arguments: JournalDatabase.here)
  func overtakenDelivery(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.triggered, to: journal, named: "a.csv")
      let stale = try #require(try await journal.delivery(1))
      _ = try await journal.transition(stale, .givenUp)
      let before = try await journal.anchor()
      for event in [.taken, .receiptOverdue, .givenUp, .receipt(accepted: true)] as [DeliveryMachine.Event] {
        guard case .overtaken(let now) = try await journal.transition(stale, event) else {
          Issue.record("\(event) was written over given-up")
          continue
        }
        #expect(now.state == .givenUp)
        await #expect { _ = try await journal.transition(stale, event).required() } throws: { error in
          (error as? ExchangeError)?.code == .claimedElsewhere && "\(error)".contains("D1 is given-up by now")
        }
      }
      await #expect { try await journal.noteProgress(of: stale) } throws: { "\($0)".contains("D1 is given-up by now") }
      #expect(try await journal.anchor() == before)
    }
  }

  @Test("the number of acknowledged bytes is written without an entry", arguments: JournalDatabase.here)
  func progress(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.uploading, to: journal, named: "a.csv")
      let before = try await journal.anchor()
      var delivery = try #require(try await journal.delivery(1))
      delivery.acknowledged = 7
      delivery.acknowledgedSHA256 = SHA256.digest(of: [1])
      try await journal.noteProgress(of: delivery)
      #expect(try await journal.delivery(1) == delivery)
      #expect(try await journal.anchor() == before)
    }
  }

  @Test(
    "a change of an arrival that the journal has in another state fails, and writes nothing",
    arguments: JournalDatabase.here)
  func overtakenArrival(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(ArrivalState.seen, to: journal)
      let stale = try #require(try await journal.arrival(1))
      let fetching = try await journal.transition(stale, .began)
      #expect(try await journal.arrival(1) == fetching && fetching.state == .fetching)
      let before = try await journal.anchor()
      let changes: [() async throws -> Arrival] = [
        { try await journal.transition(stale, .began) }, { try await journal.update(stale) },
        { try await journal.update(stale, noting: "removing-again", "x") },
        { try await journal.transition(stale, .refused) },
      ]
      for change in changes {
        await #expect { _ = try await change() } throws: { error in
          (error as? ExchangeError)?.code == .claimedElsewhere && "\(error)".contains("A1 is fetching by now")
        }
      }
      #expect(try await journal.anchor() == before)
    }
  }

  @Test(
    "two events of an arrival are one transaction with two entries, and two in a row one entry",
    arguments: JournalDatabase.here)
  func severalEvents(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(ArrivalState.fetched, to: journal)
      let fetched = try #require(try await journal.arrival(1))
      #expect(try await journal.transition(fetched, .placed, then: .handedOver).state == .handedOver)
      #expect(
        try await journal.entries(about: .arrival(1)).map(\.state)
          == ["seen", "fetching", "fetched", "verified", "handed-over"])
      try await SampleJournal.add(ArrivalState.vanished, to: journal)
      let vanished = try #require(try await journal.arrival(2))
      #expect(try await journal.transition(vanished, .permitted, .refused).state == .quarantined)
      #expect(
        try await journal.entries(about: .arrival(2)).map(\.state) == ["seen", "vanished", "quarantined"])
    }
  }
}
