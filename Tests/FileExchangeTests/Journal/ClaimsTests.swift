import FilsluseSystem
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct ClaimsTests {
  @Test func oneHolderAtATimeAcrossTwoOpenings() async throws {
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
}
