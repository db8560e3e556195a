import FilsluseBase
import Foundation
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

@Suite struct RetentionTests {
  private static let later = Timestamp.now.earlier(by: .seconds(-3600))

  private static func maybeForgotten(_ state: ArrivalState) -> Bool {
    state == .removed || state == .quarantined || state == .vanished
  }

  private func withFilledJournal(
    on database: JournalDatabase = .sqlite, _ body: (Journal) async throws -> Void
  ) async throws {
    try await database.withJournal { journal in
      try await SampleJournal.fill(journal)
      try await body(journal)
    }
  }

  @Test("retention removes only ended rows, and the chain goes on", arguments: JournalDatabase.here)
  func onlyWhatHasEndedIsForgottenAndTheChainGoesOn(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let deliveries = try await journal.deliveries()
      let arrivals = try await journal.arrivals()
      let before = try await journal.anchor()
      let ended =
        deliveries.count(where: \.state.isFinished) + arrivals.count(where: { Self.maybeForgotten($0.state) })
      #expect(try await journal.forget(endedBefore: Self.later) == ended)
      #expect(try await journal.deliveries() == deliveries.filter { !$0.state.isFinished })
      #expect(try await journal.arrivals() == arrivals.filter { !Self.maybeForgotten($0.state) })
      #expect(try await journal.check() == [])
      let entries = try await journal.entries()
      #expect(entries.last?.state == "checkpoint" && entries.last?.number == before.number + 1)
      #expect(try await journal.verify([try await journal.anchor()]).findings == [])

      // Nothing left to forget writes nothing.
      #expect(try await journal.forget(endedBefore: Self.later) == 0)
      #expect(try await journal.entries() == entries)
    }
  }

  @Test("rows that ended later stay", arguments: JournalDatabase.here)
  func whatEndedLaterStays(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let entries = try await journal.entries()
      #expect(try await journal.forget(endedBefore: Timestamp.now.earlier(by: .seconds(3600))) == 0)
      #expect(try await journal.entries() == entries)
    }
  }

  @Test("sent deliveries stay known as tombstones", arguments: JournalDatabase.here)
  func whatWasSentIsKnownForEver(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let deliveries = try await journal.deliveries()
      _ = try await journal.forget(endedBefore: Self.later)
      for delivery in deliveries where delivery.state.isFinished && delivery.state != .cancelled {
        let staging = try await journal.stage(SampleJournal.again(delivery), again: false)
        guard case .known(let known) = staging else {
          Issue.record("\(delivery.wireName) would be sent twice")
          continue
        }
        // The last one sent counts, and the staging returns its final state.
        let last = try #require(deliveries.last { $0.identity == delivery.identity })
        #expect(known.id == last.id && known.ordinal == last.ordinal && known.state == last.state)
        #expect(known.stagedAt == last.stagedAt && known.changedAt == last.changedAt)
      }
      let cancelled = try #require(deliveries.first { $0.state == .cancelled })
      guard case .staged = try await journal.stage(SampleJournal.again(cancelled), again: false) else {
        Issue.record("a cancelled delivery was never sent")
        return
      }
      let accepted = try #require(deliveries.first { $0.state == .accepted })
      guard case .staged(let anew) = try await journal.stage(SampleJournal.again(accepted), again: true) else {
        Issue.record("it was asked for again")
        return
      }
      #expect(anew.ordinal == 3, "numbers go on after what was forgotten")
      #expect(anew.id > deliveries.map(\.id).max() ?? 0)
      #expect(try await journal.check() == [])
    }
  }

  @Test("handed-over arrivals stay known as tombstones", arguments: JournalDatabase.here)
  func whatWasHandedOverIsKnownForEver(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let arrivals = try await journal.arrivals()
      let removed = try #require(arrivals.first { $0.state == .removed })
      let quarantined = try #require(arrivals.first { $0.state == .quarantined })
      for round in 1...2 {
        _ = try await journal.forget(endedBefore: Self.later)
        #expect(try await journal.arrival(transfer: removed.fileTransferUUID, of: removed.account) == nil)
        let seen = try await journal.see(SampleJournal.again(removed))
        #expect(seen.state == .removed && seen.size == removed.size && seen.sha256 == removed.sha256, "round \(round)")
        #expect(seen.wireName == removed.wireName)
        #expect(try await journal.see(SampleJournal.again(removed)) == seen)
        #expect(try await journal.check() == [])
      }
      #expect(try await journal.see(SampleJournal.again(quarantined)).state == .seen, "it was never handed over")
    }
  }

  @Test("the same transfer under another name is not the same file", arguments: JournalDatabase.here)
  func theSameTransferUnderAnotherNameIsNotTakenForTheSameFile(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let removed = try #require(try await journal.arrivals().first { $0.state == .removed })
      _ = try await journal.forget(endedBefore: Self.later)
      let other = NewArrival(
        account: removed.account, fileTransferUUID: removed.fileTransferUUID, wireName: "andet.xml", size: 99,
        infRef: nil, sender: "flis", metadata: [])
      let seen = try await journal.see(other)
      #expect(seen.state == .removed && seen.wireName != other.wireName && seen.size == removed.size)
    }
  }

  @Test("an old sending is not hidden by a cancelled one", arguments: JournalDatabase.here)
  func anOldSendingIsNotHiddenByACancelledOne(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let accepted = try #require(try await journal.deliveries().last { $0.state == .accepted })
      guard case .staged(var again) = try await journal.stage(SampleJournal.again(accepted), again: true) else {
        Issue.record("it was asked for again")
        return
      }
      again.state = .cancelled
      again = try await journal.record(again)
      for _ in 1...2 {
        guard case .known(let known) = try await journal.stage(SampleJournal.again(accepted), again: false) else {
          Issue.record("it would be sent twice")
          return
        }
        #expect(known.ordinal == accepted.ordinal)
        _ = try await journal.forget(endedBefore: Self.later)
      }
    }
  }

  @Test("it is done in steps and each is whole", arguments: JournalDatabase.here)
  func itIsDoneInStepsAndEachIsWhole(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      let states = DeliveryState.allCases
      // Unfinished ones are in between: their entries stay and are sealed again at each step.
      for round in 0..<110 {
        try await SampleJournal.add(states[round % states.count], to: journal, named: "n\(round)")
      }
      let all = try await journal.deliveries()
      let open = all.filter { !$0.state.isFinished }
      var forgotten = 0
      var next: RetentionStep? = RetentionStep(moment: Self.later, size: 7)
      while let step = next {
        let outcome = try await journal.write { try step.run(in: $0) }
        forgotten += outcome.forgotten
        next = outcome.next
        if outcome.forgotten == 0 { break }
        #expect(outcome.forgotten <= 14)
        #expect(try await journal.check() == [])
        // Work goes on between the steps.
        try await SampleJournal.add(.uploading, to: journal, named: "between \(forgotten)")
      }
      #expect(forgotten == all.count - open.count)
      #expect(try await journal.deliveries().filter { !$0.wireName.string.hasPrefix("between") } == open)
    }
  }

  @Test(
    "entries left by a checkpoint are sealed",
    arguments: JournalDatabase.here,
    [
      "UPDATE entry SET detail = 'x' WHERE number = 1", "DELETE FROM entry WHERE number = 1",
      "UPDATE entry SET facts = replace(facts, 'start=', 'start=1') WHERE state = 'checkpoint'",
      "UPDATE entry SET detail = 'all is well' WHERE state = 'checkpoint'",
      "DELETE FROM sent WHERE key = (SELECT key FROM sent ORDER BY key LIMIT 1)", "UPDATE received SET size = size + 1",
      "INSERT INTO received VALUES (x'00', 1, x'00', 1, NULL, 1)",
      "UPDATE sent SET key = x'00112233445566778899aabbccddeeff' WHERE ordinal = 2",
    ])
  func whatACheckpointLeftIsSealed(on database: JournalDatabase, sql: String) async throws {
    // PostgreSQL writes bytes in another way.
    let bytes = database == .sqlite ? "x'" : "'\\x"
    let sql = sql.replacing(" x'", with: " " + bytes).replacing("(x'", with: "(" + bytes)
    try await withFilledJournal(on: database) { journal in
      _ = try await journal.forget(endedBefore: Self.later)
      #expect(try await journal.entries().first?.number == 1)
      try await journal.write { try $0.database.execute(sql) }
      #expect(try await journal.verify().findings != [])
    }
  }

  @Test("an anchor from before the checkpoint proves nothing", arguments: JournalDatabase.here)
  func anAnchorFromBeforeTheCheckpointIsNotTakenForProof(on database: JournalDatabase) async throws {
    try await withFilledJournal(on: database) { journal in
      let early = try await journal.read { database in
        JournalAnchor(
          number: 3,
          hash: try #require(
            SHA256Digest(kept: try database.row("SELECT hash FROM entry WHERE number = 3")?.blob(0) ?? [])))
      }
      #expect(try await journal.verify([early]).findings == [])
      _ = try await journal.forget(endedBefore: Self.later)
      #expect(try await journal.verify([early]).findings.map(\.description).first?.contains("newer anchor") == true)
    }
  }

  @Test("removes the names from the file")
  func namesAreGoneFromTheFile() async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      try await SampleJournal.add(.accepted, to: journal, named: "borger 0101901234.csv")
      _ = try await journal.forget(endedBefore: Self.later)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.string) {
        let bytes = try Data(contentsOf: URL(filePath: folder.appending(file).string))
        #expect(bytes.range(of: Data("0101901234".utf8)) == nil, "\(file)")
      }
    }
  }
}
