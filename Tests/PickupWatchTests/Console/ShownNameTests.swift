import FileExchange
import FilsluseBase
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Names of files, which may hold CPR numbers.
@Suite struct ShownNameTests {
  private static let bare = "udtræk_010190-1234.xml"
  private static let masked = "udtræk_******-****.xml"

  private func withFiles(_ body: (WatchDatabase, [Int64]) async throws -> Void) async throws {
    try await withScratchFolder("names") { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let look = try await store.begin("a", at: Given.minute(0))
      let names = [Self.bare, "anden.xml"].map {
        ListingEntry(place: .inbox, part: .data, name: Array($0.utf8), size: 1, modified: nil)
      }
      try await store.note(names, in: look)
      try await store.finish(look, longestPause: .seconds(180), difference: nil)
      try await body(store, try await store.observations(of: "a").map(\.id))
      try await store.close()
    }
  }

  private func names(_ answer: ActAnswer<[Int64: String]>) -> [Int64: String]? {
    if case .done(let names) = answer { names } else { nil }
  }

  @Test("a bare name is only given along with the record of who asked for it")
  func recorded() async throws {
    try await withFiles { store, files in
      let act = Act(by: "vagten", why: "borger ringer", key: "k", at: Given.minute(1))
      let shown = names(try await store.shownNames(of: [files[0]], act))
      #expect(shown == [files[0]: Self.bare])
      // The same form again shows what it showed the first time and nothing else, and is recorded again.
      for minute in [2, 3] {
        var second = act
        second.at = Given.minute(minute)
        let again = names(try await store.shownNames(of: files, second))
        #expect(again == [files[0]: Self.bare])
      }
      let disclosures = try await store.disclosures(ofFile: files[0])
      #expect(
        disclosures
          == [3, 2, 1].map { NameDisclosure(by: "vagten", why: "borger ringer", at: Given.minute($0)) })
      #expect(try await store.disclosures(ofFile: files[1]).isEmpty)
      let kept = try await store.read("test") { try $0.row("SELECT DISTINCT name FROM shown_name")?.text(0) }
      #expect(kept == Self.masked)
    }
  }

  @Test("nobody without a name, and no more than 200 at once")
  func refused() async throws {
    try await withFiles { store, files in
      let nameless = names(try await store.shownNames(of: files, Act(by: "", at: Given.minute(1))))
      let none = names(try await store.shownNames(of: [], Act(by: "vagten", at: Given.minute(1))))
      let many = names(try await store.shownNames(of: Array(1...201), Act(by: "vagten", at: Given.minute(1))))
      #expect(nameless == nil && none == nil && many == nil)
      let acts = try await store.read("test") { try $0.int("SELECT count(*) FROM act") }
      #expect(acts == 0)
      let unknown = names(try await store.shownNames(of: [4711], Act(by: "vagten", at: Given.minute(1))))
      #expect(unknown == [:])
    }
  }

  @Test("who was shown names is kept for 400 days, and other acts for 90")
  func retention() async throws {
    try await withFiles { store, files in
      _ = try await store.shownNames(of: [files[0]], Act(by: "vagten", at: Given.minute(0)))
      let day = 1440
      _ = try await store.forget(endedBefore: Given.minute(300 * day))
      #expect(try await store.disclosures(ofFile: files[0]).count == 1)
      _ = try await store.forget(endedBefore: Given.minute(311 * day))
      #expect(try await store.disclosures(ofFile: files[0]).isEmpty)
    }
  }
}
