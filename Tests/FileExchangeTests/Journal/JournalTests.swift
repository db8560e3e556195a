import FilsluseBase
import FilsluseStore
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite struct JournalTests {
  private func newDelivery(_ name: String, route: String = "r", content: String = "x") -> NewDelivery {
    NewDelivery(
      identity: .init(
        account: "a", route: route, wireName: WireName(unchecked: name), sha256: SHA256.digest(of: Array(content.utf8))),
      size: 1, localPath: "/tmp/\(name)", infRef: InfRef(unchecked: "SortimentOverfør_1"),
      sendersFileID: "\(name)-\(route)-\(content)",
      transactionID: nil, temporaryTriggerName: "t-\(name)", trigger: Array("<xml/>".utf8))
  }

  private func stagedDelivery(_ staging: StagingOutcome) throws -> Delivery {
    guard case .staged(let delivery) = staging else { throw Unexpected(staging: staging) }
    return delivery
  }

  struct Unexpected: Error { let staging: StagingOutcome }

  @Test("an unfinished delivery is found by its identity after reopening", arguments: JournalDatabase.here)
  func anUnfinishedDeliveryIsFoundByItsIdentityAfterReopening(on database: JournalDatabase) async throws {
    try await database.withPlace { place in
      var place = place
      place.path = place.folder.appending("sub").appending("journal.sqlite")
      var staged: Delivery
      do {
        let journal = try await place.open()
        staged = try stagedDelivery(try await journal.stage(newDelivery("udtræk.csv"), again: false))
        staged.state = .uploading
        staged.acknowledged = 77
        staged = try await journal.record(staged)
      }
      let journal = try await place.open()
      guard case .known(let known) = try await journal.stage(newDelivery("udtræk.csv"), again: true) else {
        Issue.record("the delivery was not found")
        return
      }
      #expect(known == staged)
      #expect(try await journal.entries().map(\.state) == ["staged", "uploading"])
    }
  }

  @Test(
    "of many deliveries at once each identity is staged once, and each has all its steps in their order",
    arguments: JournalDatabase.here)
  func movesManyAtOnce(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      let isStaged = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<60 {
          let new = newDelivery("fil \(number % 30)")
          group.addTask {
            guard case .staged(let delivery) = try await journal.stage(new, again: false) else { return false }
            let uploading = try await journal.transition(delivery, to: .uploading).required()
            try await journal.noteProgress(of: uploading)
            _ = try await journal.transition(uploading, to: .uploaded).required()
            return true
          }
        }
        return try await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(isStaged.count(where: { $0 }) == 30)
      let triggers = try await journal.deliveries().map(\.trigger)
      #expect(triggers == Array(repeating: Array("<xml/>".utf8), count: 30))
      let entries = try await journal.entries()
      #expect(entries.map(\.number) == Array(1...90))
      let trails = Dictionary(grouping: entries, by: \.subject).values.map { $0.map(\.state) }
      #expect(trails == Array(repeating: ["staged", "uploading", "uploaded"], count: 30))
    }
  }

  @Test("a finished delivery is staged again only on request", arguments: JournalDatabase.here)
  func aFinishedDeliveryIsStagedAnewOnlyWhenAskedFor(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      var first = try stagedDelivery(try await journal.stage(newDelivery("f"), again: false))
      first.state = .accepted
      first = try await journal.record(first)
      guard case .known(first) = try await journal.stage(newDelivery("f"), again: false) else {
        Issue.record("a finished delivery was sent again")
        return
      }
      var repeated = newDelivery("f")
      repeated = NewDelivery(
        identity: repeated.identity, size: 1, localPath: "", infRef: nil, sendersFileID: "another",
        transactionID: nil, temporaryTriggerName: "t2", trigger: [])
      let second = try stagedDelivery(try await journal.stage(repeated, again: true))
      #expect(second.ordinal == 2)
    }
  }

  @Test("a name is held until its delivery is finished", arguments: JournalDatabase.here)
  func aNameIsHeldUntilItsDeliveryIsFinished(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      var first = try stagedDelivery(try await journal.stage(newDelivery("f"), again: false))
      for other in [newDelivery("f", content: "y"), newDelivery("f", route: "other")] {
        guard case .nameTaken(by: first) = try await journal.stage(other, again: false) else {
          Issue.record("two open deliveries share a name")
          return
        }
      }
      first.state = .refused
      _ = try await journal.record(first)
      _ = try stagedDelivery(try await journal.stage(newDelivery("f", content: "y"), again: false))
    }
  }

  @Test("many writers share transactions and lose nothing", arguments: JournalDatabase.here)
  func manyWritersShareTransactionsAndLoseNothing(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<300 {
          group.addTask { _ = try await journal.stage(self.newDelivery("f\(number)"), again: false) }
        }
        try await group.waitForAll()
      }
      #expect(try await journal.deliveries().count == 300)
    }
  }

  @Test("a failing change is undone alone and its neighbours stay", arguments: JournalDatabase.here)
  func aFailingChangeIsUndoneAloneAndItsNeighboursStay(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      struct Refused: Error {}
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            _ = try? await journal.write { transaction -> Int in
              try transaction.database.execute(
                """
                INSERT INTO arrival (account, file_transfer_uuid, wire_name, size, sender, state, seen_at, changed_at)
                  VALUES ('a', ?, 'n', 0, 's', 'seen', 0, 0)
                """, ["\(number)"])
              if number.isMultiple(of: 2) { throw Refused() }
              return number
            }
          }
        }
      }
      let kept = try await journal.read { try $0.int("SELECT count(*) FROM arrival") }
      #expect(kept == 20)
    }
  }

  @Test("its file is for its owner alone")
  func itsFileIsForItsOwnerAlone() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let journal = try await Journal.open(path)
      _ = try await journal.stage(newDelivery("f"), again: false)
      for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite.claims"] {
        var status = stat()
        #expect(stat(folder.appending(name).string, &status) == 0)
        #expect(status.st_mode & 0o077 == 0, "\(name) is readable to others")
      }
    }
  }

  @Test("a file that is no journal is refused and left as it is")
  func aFileThatIsNoJournalIsRefusedAndLeftAsItIs() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let text = Array("this is not a database, but somebody's letter".utf8)
      let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
      try file.closeAfter { _ = try file.writeAll(text) }
      await #expect {
        _ = try await Journal.open(path)
      } throws: { error in
        let error = error as? ExchangeError
        return error?.code == .journalDamaged && error?.remedy.steps == [.restoreJournal(from: nil)]
      }
      var status = stat()
      #expect(stat(path.string, &status) == 0 && status.st_size == text.count)
    }
  }
}
