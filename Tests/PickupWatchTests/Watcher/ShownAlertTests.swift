import ExchangeSettings
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

@Suite struct ShownAlertTests {
  private static func at(_ hour: Int64) -> Timestamp { Timestamp(secondsSince1970: 1_800_000_000 + hour * 3600) }

  private static func finding(_ subject: String, _ severity: Finding.Severity = .warning) -> Finding {
    Finding(kind: .pickUpLate, severity: severity, account: "a", subject: subject)
  }

  /// Alerts that are open or ended within the day; of a group only its own alert.
  @Test("shows the state of the inboxes on the status page")
  func whatTheStatusPageShows() async throws {
    try await withScratchFolder("shown") { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let settings = AlertSettings(groupAbove: 3)
      func look(_ hour: Int64, _ findings: [Finding]) async throws {
        let look = AlertLook(account: "a", at: Self.at(hour), findings: findings)
        _ = try await store.take(look, settings: settings, sinks: [])
      }
      let (old, new, lasting) = (Self.finding("old"), Self.finding("new"), Self.finding("lasting"))
      try await look(0, [old])
      try await look(1, [old])
      try await look(2, [new, lasting])
      try await look(3, [new, lasting])
      try await look(30, [lasting])
      let group = (0..<6).map { Self.finding("s\($0)", .critical) }
      try await look(31, [lasting] + group)
      try await look(32, [lasting] + group)
      let shown = try await store.shown(overSince: Self.at(6)).map { "\($0.finding.subject) \($0.state)" }
      let group = try #require(try await store.alerts().first { $0.group != nil })
      #expect(shown == ["\(group.finding.subject) firing", "lasting firing", "new resolved"])
      #expect(try await store.shown(overSince: Self.at(-1)).map(\.finding.subject).last == "new")
      #expect(try await store.alerts(all: true).count == 10)
      try await store.close()
    }
  }
}
