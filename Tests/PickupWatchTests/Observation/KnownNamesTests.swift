import FilsluseStore
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

@Suite(.timeLimit(.minutes(25))) struct KnownNamesTests {
  private static func name(
    _ name: String, _ part: ListingEntry.Part = .data, place: ObservedFile.Place = .inbox, size: UInt64? = 4,
    modified: Timestamp? = Timestamp(secondsSince1970: 5)
  ) -> ListingEntry {
    ListingEntry(place: place, part: part, name: Array(name.utf8), size: size, modified: modified)
  }

  @Test("distinguishes files by place, name, size and time stamp")
  func tellsFilesApartByAllThatIsKnownOfThem() {
    var known = KnownNames()
    known.add(.init(7, .data), hash: Self.name("a").hash)
    let others = [
      Self.name("b"), Self.name("a", .sidecar), Self.name("a", place: .receipt), Self.name("a", size: 5),
      Self.name("a", size: nil), Self.name("a", modified: Timestamp(secondsSince1970: 6)),
      Self.name("a", modified: nil),
    ]
    for other in others {
      let isKnown = known.isKnown(other.hash)
      #expect(!isKnown, "\(other)")
    }
    #expect(known.unshown == [.init(7, .data)])
    let isKnown = known.isKnown(Self.name("a").hash)
    #expect(isKnown)
    #expect(known.unshown.isEmpty && known.lastID == 7)
  }

  @Test("holds many files and returns those that no listing showed")
  func holdsManyAndTellsWhichWereNotShown() {
    var known = KnownNames()
    for id in Int64(1)...5000 {
      known.add(.init(id, .data), hash: Self.name("\(id)").hash)
      known.add(.init(id, .sidecar), hash: Self.name("\(id)", .sidecar).hash)
    }
    for id in Int64(1)...5000 where id % 1000 != 0 {
      let areKnown = [Self.name("\(id)"), Self.name("\(id)", .sidecar)].map { known.isKnown($0.hash) }
      #expect(areKnown == [true, true])
    }
    let unshown = Set(known.unshown)
    #expect(unshown.count == 10 && known.unshown.count == 10)
    #expect(unshown.allSatisfy { $0.id % 1000 == 0 })
    #expect(unshown.filter { $0.part == .sidecar }.map(\.id).sorted() == [1000, 2000, 3000, 4000, 5000])
  }

  /// A look writes when it was, and not a row more.
  @Test("a look that shows nothing new writes one row")
  func aLookThatShowsNothingNewWritesOneRow() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let names = (0..<500).flatMap { [Self.name("\($0)"), Self.name("\($0)", .sidecar)] }
      func changes() async throws -> Int64 {
        try await store.write("count") { try $0.int("SELECT total_changes()") ?? 0 }
      }
      func look(at moment: Int64, _ names: [ListingEntry]) async throws -> Int64 {
        let before = try await changes()
        let look = try await store.begin("a", at: Timestamp(secondsSince1970: 1_800_000_000 + moment))
        try await store.note(names, in: look)
        try await store.finish(look, longestPause: .seconds(180), difference: nil)
        return try await changes() - before
      }
      #expect(try await look(at: 0, names) > 1000)
      #expect(try await look(at: 60, names) == 1)
      // In any order, and twice.
      #expect(try await look(at: 120, names.reversed() + names) == 1)
      // One file grows; one is taken.
      let other = Array(names.dropLast()) + [Self.name("499", .sidecar, size: 9)]
      #expect(try await look(at: 180, other) == 2)
      #expect(try await look(at: 240, other.filter { $0.name != Array("7".utf8) }) == 4)
      #expect(try await store.observations(of: "a").count == 499)
      #expect(
        try await store.observations(of: "a").allSatisfy { $0.data != nil && $0.sidecar != nil && $0.halfSince == nil })
      try await store.close()
    }
  }
}
