import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// The records of the journal that the watcher reads.
@Suite struct OutcomesTests {
  @Test("reports waiting, refused and unanswered deliveries", arguments: JournalDatabase.here)
  func tellsWhatWaitsWhatWasRefusedAndWhatIsToBeAnswered(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      try await SampleJournal.fill(journal)
      let deliveries = try await journal.deliveries()
      let account = try #require(deliveries.first).account
      let long = Timestamp(secondsSince1970: 0)
      let infRefs = Set(deliveries.compactMap(\.infRef)).sorted()
      let outcomes = try await journal.outcomes(of: account, since: long, acceptedWith: infRefs)
      let waiting: Set<DeliveryState> = [.triggered, .taken, .overdue]
      #expect(
        outcomes.filter { waiting.contains($0.state) }.map(\.id)
          == deliveries.filter { waiting.contains($0.state) && $0.account == account }.map(\.id))
      #expect(outcomes.contains { $0.state == .refused } && outcomes.contains { $0.state == .accepted })
      #expect(outcomes.allSatisfy { waiting.union([.refused, .accepted]).contains($0.state) })
      #expect(outcomes.allSatisfy { $0.committedAt <= $0.changedAt })
      // Without InfRefs no accepted deliveries are read; after the time in `since`, only waiting ones.
      #expect(try await !journal.outcomes(of: account, since: long).contains { $0.state == .accepted })
      let future = Timestamp.now.later(by: .seconds(3600))
      let later = try await journal.outcomes(of: account, since: future, acceptedWith: infRefs)
      #expect(Set(later.map(\.state)).isSubset(of: waiting) && !later.isEmpty)
      #expect(try await journal.outcomes(of: "nobody", since: long, acceptedWith: infRefs).isEmpty)

      let arrivals = try await journal.arrivals()
      let wanted = Set(arrivals.compactMap(\.infRef)).sorted()
      let arrived = try #require(arrivals.first { $0.infRef != nil })
      let came = try await journal.arrivals(of: arrived.account, infRefs: wanted, since: long)
      #expect(came.contains { $0.fileTransferUUID == arrived.fileTransferUUID && $0.wireName == arrived.wireName })
      #expect(try await journal.arrivals(of: arrived.account, infRefs: wanted, since: future).isEmpty)
      try await journal.close()
    }
  }
}
