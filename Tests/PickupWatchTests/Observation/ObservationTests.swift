import FileExchange
import FilsluseStore
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

@Suite(.timeLimit(.minutes(25))) struct ObservationTests {
  private static let pause = Duration.seconds(180)

  private static func at(_ seconds: Int64) -> Timestamp { Timestamp(secondsSince1970: 1_800_000_000 + seconds) }

  private static func name(_ name: String, _ part: ListingEntry.Part, size: UInt64 = 4) -> ListingEntry {
    ListingEntry(place: .inbox, part: part, name: Array(name.utf8), size: size, modified: at(-100))
  }

  /// One look that shows those names.
  private static func look(_ store: WatchDatabase, _ account: String, at moment: Timestamp, _ names: [ListingEntry])
    async throws
  {
    let look = try await store.begin(account, at: moment)
    try await store.note(names, in: look)
    try await store.finish(look, longestPause: pause, difference: nil)
    let unread = try await store.unread(in: look, after: 0, limit: 1000)
    let readings = unread.map { sidecar in
      SidecarReading(
        id: sidecar.id,
        content: .metadata(
          ObservedFacts(
            transfer: "t-\(String(decoding: sidecar.name, as: UTF8.self))",
            infRef: InfRef(unchecked: "SortimentOverfør_1"),
            sender: "s",
            recipientAuthority: "12345678", size: 4)))
    }
    try await store.record(readings, in: look)
  }

  @Test("keeps with full synchronisation for its user alone")
  func keepsWithFullSynchronisationForItsUserAlone() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("state/watch.sqlite")
      let store = try await WatchDatabase.open(path)
      let mode = try await store.read("test") { try $0.row("PRAGMA journal_mode")?.text(0) }
      #expect(mode == "wal")
      let synchronous = try await store.write("test") { try $0.int("PRAGMA main.synchronous") }
      #expect(synchronous == 2)
      let permissions = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
      #expect(permissions == 0o600)
      try await store.close()
    }
  }

  @Test("keeps accounts apart and observations over a restart")
  func tellsAccountsApartAndRemembersOverARestart() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("watch.sqlite")
      var store = try await WatchDatabase.open(path)
      let pair = [Self.name("f", .data), Self.name("f", .sidecar)]
      try await Self.look(store, "a", at: Self.at(0), pair)
      try await Self.look(store, "b", at: Self.at(1), pair + [Self.name("g", .data)])
      try await store.close()
      store = try await WatchDatabase.open(path)
      try await Self.look(store, "a", at: Self.at(60), [])
      #expect(try await store.observations(of: "a").isEmpty)
      #expect(try await store.observations(of: "b").map(\.name) == [[0x66], [0x67]])
      #expect(try await store.observations(of: "b").map(\.halfSince) == [nil, Self.at(1)])
      let picked = try await store.pickUps(of: "a", since: Self.at(0), longestPause: Self.pause)
      #expect(picked.map(\.lastSeen) == [Self.at(0)] && picked.map(\.gone) == [Self.at(60)])
      #expect(picked.first?.facts?.infRef?.name == "SortimentOverfør_1")
      let state = try await store.state(of: "b")
      #expect(state.files == 2 && state.bytes == 8 && state.watchedSince == Self.at(1))
      // The rules about expected files still know the file, although it has gone.
      let came = try await store.arrivals(
        of: "a", infRefs: [InfRef(unchecked: "SortimentOverfør_1")], since: Self.at(-5))
      #expect(came.map { $0.facts?.recipientAuthority } == ["12345678"])
      try await store.close()
    }
  }

  /// A look that breaks off shows less than there is: no file is marked as gone.
  @Test("a look that breaks off marks no file as gone")
  func aLookThatBreaksOffTakesNothingForGone() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      try await Self.look(store, "a", at: Self.at(0), [Self.name("f", .data), Self.name("f", .sidecar)])
      let broken = try await store.begin("a", at: Self.at(60))
      try await store.note([Self.name("g", .data)], in: broken)
      try await store.noteFailure(.serverUnreachable, LocalizedText(da: "gone", en: "gone"), of: "a", at: Self.at(61))
      #expect(try await store.observations(of: "a").count == 2)
      try await store.noteFailure(
        .serverUnreachable, LocalizedText(da: "still gone", en: "still gone"), of: "a", at: Self.at(100))
      var failure = try await store.state(of: "a").failure
      #expect(failure?.since == Self.at(61) && failure?.text.en == "still gone")
      try await store.noteFailure(
        .hostKeyChanged, LocalizedText(da: "another", en: "another"), of: "a", at: Self.at(120))
      failure = try await store.state(of: "a").failure
      #expect(failure?.since == Self.at(120))
      // The next whole look is after a gap, and says so.
      try await Self.look(store, "a", at: Self.at(600), [Self.name("g", .data)])
      let state = try await store.state(of: "a")
      #expect(state.failure == nil && state.gaps == [Self.at(0)..<Self.at(600)])
      #expect(try await store.observations(of: "a").map(\.name) == [[0x67]])
      let picked = try await store.pickUps(of: "a", since: Self.at(0), longestPause: Self.pause)
      #expect(picked.map(\.isWatched) == [false])
      try await store.close()
    }
  }

  /// A file has come when its metadata has, though its data was seen long before.
  @Test("arrivals are found by their metadata")
  func arrivalsAreFoundByTheirMetadata() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      try await Self.look(store, "a", at: Self.at(0), [Self.name("f", .data)])
      try await Self.look(store, "a", at: Self.at(60), [Self.name("f", .data), Self.name("f", .sidecar)])
      for look in 0..<2 {
        func came(since seconds: Int64) async throws -> Int {
          try await store.arrivals(of: "a", infRefs: [InfRef(unchecked: "SortimentOverfør_1")], since: Self.at(seconds))
            .count
        }
        let counts = [try await came(since: 30), try await came(since: 61)]
        #expect(counts == [1, 0], "\(look)")
        try await Self.look(store, "a", at: Self.at(120), [])
      }
      try await store.close()
    }
  }

  /// Metadata that was touched and then fetched, before it could be read again, has come all the same.
  @Test("keeps the content of a sidecar file that is gone")
  func whatWasReadIsNotForgottenWhenItGoes() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      try await Self.look(store, "a", at: Self.at(0), [Self.name("f", .data), Self.name("f", .sidecar)])
      let look = try await store.begin("a", at: Self.at(60))
      try await store.note([Self.name("f", .data), Self.name("f", .sidecar, size: 5)], in: look)
      try await store.finish(look, longestPause: Self.pause, difference: nil)
      let unread = try await store.unread(in: look, after: 0, limit: 10)
      #expect(unread.map(\.wasTried) == [false])
      try await store.record(unread.map { SidecarReading(id: $0.id, content: nil) }, in: look)
      try await Self.look(store, "a", at: Self.at(120), [])
      let came = try await store.arrivals(
        of: "a", infRefs: [InfRef(unchecked: "SortimentOverfør_1")], since: Self.at(-5))
      #expect(came.map { $0.facts?.transfer } == ["t-f"])
      try await store.close()
    }
  }

  /// Each file may name an InfRef of its own: the page lists those that rules name, and a few more, one by one.
  @Test("invented InfRefs are counted together")
  func inventedInfRefsAreCountedTogether() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let look = try await store.begin("a", at: Self.at(0))
      try await store.note((0..<60).map { Self.name("f\($0)", .sidecar) }, in: look)
      try await store.finish(look, longestPause: Self.pause, difference: nil)
      let readings = try await store.unread(in: look, after: 0, limit: 100).enumerated().map { number, sidecar in
        let name = number == 59 ? "Ø_1" : "X\(number + 10)_1"
        return SidecarReading(
          id: sidecar.id,
          content: .metadata(
            ObservedFacts(transfer: "t\(number)", infRef: InfRef(unchecked: name), sender: "s", size: 2)))
      }
      try await store.record(readings, in: look)
      let groups = try await store.waiting(in: "a", named: [InfRef(unchecked: "Ø_1"), InfRef(unchecked: "X68_1")])
      #expect(groups.map(\.infRef?.name) == [nil] + (10..<30).map { "X\($0)_1" } + ["X68_1", "Ø_1"])
      #expect(groups[0].files == 38 && groups[0].bytes == 76 && groups.map(\.files).reduce(0, +) == 60)
      #expect(groups[0].oldest == 21)
      try await store.close()
    }
  }

  @Test("a difference of clocks is believed for a week")
  func aDifferenceOfClocksIsBelievedForAWeek() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let look = try await store.begin("a", at: Self.at(0))
      try await store.finish(look, longestPause: Self.pause, difference: .seconds(3600))
      try await Self.look(store, "a", at: Self.at(7 * 86_400), [])
      #expect(try await store.state(of: "a").clockDifference == .seconds(3600))
      try await Self.look(store, "a", at: Self.at(7 * 86_400 + 1), [])
      let state = try await store.state(of: "a")
      #expect(state.clockDifference == nil && state.clockMeasured == Self.at(0))
      try await store.close()
    }
  }

  /// A machine that began with a wrong clock has it set back a year: what it noted is not believed until then.
  @Test("a clock that is set back hides nothing")
  func aClockThatIsSetBackHidesNothing() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let pair = [Self.name("f", .data), Self.name("f", .sidecar)]
      let year: Int64 = 366 * 86_400
      try await Self.look(store, "a", at: Self.at(year), pair)
      try await Self.look(store, "a", at: Self.at(0), pair + [Self.name("g", .data)])
      var state = try await store.state(of: "a")
      #expect(state.watchedSince == Self.at(0) && state.lastLook == Self.at(0))
      #expect(try await store.observations(of: "a").map(\.firstSeen) == [Self.at(0), Self.at(0)])
      try await Self.look(store, "a", at: Self.at(60), [Self.name("g", .data)])
      #expect(try await store.observations(of: "a").map(\.name) == [[0x67]])
      state = try await store.state(of: "a")
      #expect(state.gaps.isEmpty && state.lastLook == Self.at(60))
      try await store.close()
    }
  }

  @Test("removes files that went more than forty days ago")
  func forgetsWhatHasGoneAfterFortyDays() async throws {
    try await withScratchFolder { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      try await Self.look(store, "a", at: Self.at(0), [Self.name("f", .data), Self.name("f", .sidecar)])
      try await Self.look(store, "a", at: Self.at(60), [])
      try await Self.look(store, "a", at: Self.at(39 * 86_400), [])
      #expect(try await store.pickUps(of: "a", since: Self.at(0), longestPause: Self.pause).count == 1)
      try await Self.look(store, "a", at: Self.at(41 * 86_400), [])
      #expect(try await store.pickUps(of: "a", since: Self.at(0), longestPause: Self.pause).isEmpty)
      try await store.close()
    }
  }
}
