import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct ClaimsTests {
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
