import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct ClaimsTests {
  @Test("one holder at a time across two openings")
  func oneHolderAtATimeAcrossTwoOpenings() async throws {
    try await withScratchFolder { folder in
      let one = try Claims(beside: folder.appending("journal.sqlite"))
      let other = try Claims(beside: folder.appending("journal.sqlite"))
      let inside = try await one.withClaim(on: .delivery(7)) { () async throws(ExchangeError) -> [Bool] in
        [
          try await one.withClaim(on: .delivery(7), {}) == nil,
          try await other.withClaim(on: .delivery(7), {}) == nil,
          try await other.withClaim(on: .delivery(8), {}) != nil,
          try await other.withClaim(on: .arrival(7), {}) != nil,
        ]
      }
      #expect(inside == [true, true, true, true])
      #expect(try await other.withClaim(on: .delivery(7), {}) != nil)
    }
  }

  @Test(
    "one holder at a time across two openings of a journal, of the claims on its rows", arguments: JournalDatabase.here)
  func oneHolderOfRows(database: JournalDatabase) async throws {
    try await database.withPlace { place in
      let (one, other) = (try await place.open(), try await place.open())
      for name in ["a.csv", "b.csv"] { try await SampleJournal.add(.armed, to: one, named: name) }
      for _ in 0..<2 { try await SampleJournal.add(ArrivalState.seen, to: other) }
      let inside = try await one.withClaim(on: .delivery(1)) { () async throws(ExchangeError) -> [Bool] in
        [
          try await one.withClaim(on: .delivery(1), {}) == nil,
          try await other.withClaim(on: .delivery(1), {}) == nil,
          try await other.withClaim(on: .delivery(2), {}) != nil,
          try await other.withClaim(on: .arrival(1), {}) != nil,
        ]
      }
      #expect(inside == [true, true, true, true])
      #expect(try await other.withClaim(on: .delivery(1), {}) != nil)
      try await one.close()
      try await other.close()
    }
  }

  @Test("the connections of an account are those of all openings, wherever their numbers lie")
  func listsConnections() async throws {
    try await withScratchFolder { folder in
      let openings = try (0..<3).map { _ in try Claims(beside: folder.appending("journal.sqlite")) }
      func numbers(of account: String = "fagsystem", below limit: Int = 1000) throws -> [[Int]] {
        try openings.map { try $0.connections(ofAccount: account, below: limit).sorted() }
      }
      #expect(try numbers() == [[], [], []])
      for (place, taken) in [[999, 1, 0, 2], [4, 500], [3, 501, 7]].enumerated() {
        for number in taken {
          let isTaken = try openings[place].take(.connection(ofAccount: "fagsystem", number))
          #expect(isTaken)
        }
      }
      let all = [0, 1, 2, 3, 4, 7, 500, 501, 999]
      #expect(try numbers() == [all, all, all])
      // The lock on 500 is one with a neighbour's that is not asked for.
      let isTaken = try openings[1].take(.connection(ofAccount: "fagsystem", 499))
      #expect(isTaken)
      #expect(try numbers(below: 500).allSatisfy { $0 == [0, 1, 2, 3, 4, 7, 499] })
      #expect(try numbers(of: "another") == [[], [], []])
      openings[2].giveBack(.connection(ofAccount: "fagsystem", 7))
      #expect(try numbers(below: 100).allSatisfy { $0 == [0, 1, 2, 3, 4] })
    }
  }

  /// A byte before the beginning of the file stands for a machine that gives no locks.
  @Test("A lock that the machine does not give is no claim of another's")
  func aMachineWithoutLocks() async throws {
    try await withScratchFolder { folder in
      let claims = try Claims(beside: folder.appending("journal.sqlite"))
      await #expect { try await claims.withClaim(on: .delivery(-5), {}) } throws: {
        ($0 as? ExchangeError)?.code == .localFile
      }
      #expect(Claims.isHeldElsewhere(EAGAIN) && Claims.isHeldElsewhere(EACCES))
      #expect(![ENOLCK, EINVAL, EBADF, EIO].contains(where: Claims.isHeldElsewhere))
    }
  }
}
