import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Alerts on the disk.
@Suite struct StoredAlertTests {
  private let settings = AlertSettings(language: .english, repeatEvery: .seconds(3600))

  private func withStore(_ body: (WatchDatabase, FilePath) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("watch.sqlite")
      try await body(try await WatchDatabase.open(path), path)
    }
  }

  @Test("alerts outlive the process")
  func alertsOutliveTheProcess() async throws {
    try await withStore { store, path in
      let finding = Given.finding("a", severity: .warning)
      for minute in 0..<2 {
        _ = try await store.take(Given.look(minute, [finding]), settings: settings, sinks: ["x"])
      }
      let before = try await store.alerts()
      _ = try await store.acknowledge(1, by: "vagten", why: "på vej", at: Given.minute(2))
      try await store.close()
      let again = try await WatchDatabase.open(path)
      let after = try await again.alerts()
      #expect(before.first?.finding == finding)
      #expect(after.first?.finding == finding)
      #expect(after.first?.state == .acknowledged)
      #expect(after.first?.acknowledgement?.why == "på vej")
      #expect(after.first?.lastSent == before.first?.lastSent)
      #expect(try await again.take(Given.look(300, [finding]), settings: settings, sinks: ["x"]).notificationCount == 0)
      #expect(try await again.take(Given.look(301, []), settings: settings, sinks: ["x"]).notificationCount == 1)
      #expect(try await again.entry(to: "x") == 2)
    }
  }

  @Test("groups survive a restart")
  func foldsOutliveTheProcess() async throws {
    try await withStore { store, path in
      let files = (0..<20).map { Given.finding("f\($0)", since: $0) }
      for minute in 0..<2 { _ = try await store.take(Given.look(minute, files), settings: settings, sinks: ["x"]) }
      try await store.close()
      let again = try await WatchDatabase.open(path)
      #expect(try await again.alerts().first { $0.group != nil }?.group?.count == 20)
      #expect(try await again.take(Given.look(2, files), settings: settings, sinks: ["x"]).notificationCount == 0)
      #expect(try await again.take(Given.look(3, []), settings: settings, sinks: ["x"]).notificationCount == 1)
      #expect(try await again.alerts().isEmpty)
      #expect(try await again.alerts(all: true).count == 21)
    }
  }

  @Test("every part of a finding comes back")
  func everyPartOfAFindingComesBack() async throws {
    try await withStore { store, _ in
      var finding = Given.finding("a")
      finding.size = .max
      finding.ageBasis = .serverUnmeasured
      finding.detail = LocalizedText("æøå \u{0} '; DROP TABLE alert")
      let bare = Finding(
        kind: .dataWithoutMetadata, severity: .warning, account: "fagsystem", subject: "b")
      _ = try await store.take(Given.look(0, [finding, bare]), settings: settings, sinks: [])
      finding.detail = LocalizedText("æøå \u{FFFD} '; DROP TABLE alert")
      #expect(try await store.alerts().map(\.finding) == [finding, bare])
    }
  }

  @Test("refuses at once a path that is no regular file")
  func whatIsNoFileIsRefusedAtOnce() async throws {
    try await withScratchFolder { folder in
      let pipe = folder.appending("pipe.sqlite")
      #expect(mkfifo(pipe.string, 0o600) == 0)
      let dangling = folder.appending("dangling.sqlite")
      #expect(symlink("nowhere.sqlite", dangling.string) == 0)
      for path in [folder, pipe, dangling] {
        await #expect(throws: ExchangeError.self) { _ = try await WatchDatabase.open(path) }
      }
      #expect(access(folder.appending("nowhere.sqlite").string, F_OK) != 0)
    }
  }

  @Test("the file is readable by its owner only")
  func theFileIsNobodyElses() async throws {
    try await withStore { store, path in
      let descriptor = try FileDescriptor.open(store.path, .readOnly)
      #expect(try descriptor.closeAfter { try Self.permissions(of: path) } == 0o600)
    }
  }

  @Test("removes records of long ago, and no others")
  func whatEndedLongAgoIsForgottenAndNothingElse() async throws {
    try await withStore { store, _ in
      for minute in 0..<2 {
        _ = try await store.take(
          Given.look(minute, [Given.finding("a"), Given.finding("b")]), settings: settings, sinks: ["dead"])
      }
      _ = try await store.take(Given.look(2, [Given.finding("b")]), settings: settings, sinks: ["dead"])
      #expect(try await store.forget(endedBefore: Given.minute(2)) == 0)
      #expect(try await store.forget(endedBefore: Given.minute(3)) == 1)
      #expect(try await store.alerts(all: true).map(\.finding.subject) == ["b"])
      #expect(try await store.entry(to: "dead") == 1)
      // Its number is not used again.
      _ = try await store.take(Given.look(4, [Given.finding("c")]), settings: settings, sinks: ["dead"])
      #expect(try await store.alerts().map(\.id).max() == 3)
    }
  }

  /// Two watchers on one store, and people who acknowledge at the same time.
  @Test("concurrent watchers and people on one store lose nothing")
  func manyHandsOnOneStoreLoseNothing() async throws {
    try await withStore { store, path in
      let findings = (0..<8).map { Given.finding("f\($0)") }
      _ = try await store.take(Given.look(0, findings), settings: settings, sinks: ["x"])
      let other = try await WatchDatabase.open(path)
      let settings = settings
      try await withThrowingTaskGroup(of: Void.self) { group in
        for hand in [store, other] {
          group.addTask {
            for minute in 1..<20 {
              _ = try await hand.take(Given.look(minute, findings), settings: settings, sinks: ["x"])
            }
          }
        }
        group.addTask {
          for id in Int64(1)...8 {
            let outcome = try await other.acknowledge(id, by: "vagten", why: nil, at: Given.minute(5))
            #expect(try outcome?.get().state == .acknowledged)
          }
        }
        try await group.waitForAll()
      }
      let alerts = try await store.alerts()
      #expect(alerts.count == 8 && alerts.allSatisfy { $0.state == .acknowledged && $0.notificationCount == 1 })
      #expect(try await store.entry(to: "x") == 8)
    }
  }

  @Test("huge texts are kept in part")
  func hugeTextsAreKeptInPart() async throws {
    try await withStore { store, _ in
      var finding = Given.finding("a")
      finding.detail = LocalizedText(String(repeating: "ø", count: 5_000_000))
      _ = try await store.take(Given.look(0, [finding]), settings: settings, sinks: ["x"])
      #expect(try await store.alerts().first?.finding.detail?.da.unicodeScalars.count == 2000)
      #expect(
        try await store.take(Given.look(1, [finding]), settings: settings, sinks: ["x"]).notificationCount
          == 0)
    }
  }

  @Test("accounts that are no longer watched have no open alerts")
  func accountsThatAreNoLongerWatchedLeaveNothingOpen() async throws {
    try await withStore { store, _ in
      for minute in 0..<2 {
        for account in ["fagsystem", "lis"] {
          _ = try await store.take(
            Given.look(minute, [Given.finding("a", account: account)], account: account), settings: settings,
            sinks: ["x"])
        }
      }
      let ended = try await store.endAlerts(ofAllBut: ["lis"], at: Given.minute(3), settings: settings, sinks: ["x"])
      #expect(ended.map(\.notificationCount) == [1])
      #expect(try await store.alerts().map(\.finding.account) == ["lis"])
      #expect(try await store.entry(to: "x") == 3)
      // That it is over does not say that the file was fetched.
      let over = try #require(try await store.alerts(all: true).first { $0.state == .resolved })
      #expect(over.ending?.isMended == false && over.ending?.why.en.contains("no longer watched") == true)
    }
  }

  @Test("silences hold until they end or are ended")
  func silencesHoldUntilTheyEndOrAreEnded() async throws {
    try await withStore { store, _ in
      let matcher = Silence.Matcher(account: "fagsystem", infRef: .sf7002)
      let silence = try await store.silence(
        matcher, from: Given.minute(0), until: Given.minute(60), by: "vagten", why: "flytning")
      #expect(try await store.silences(at: Given.minute(59)) == [silence])
      #expect(try await store.silences(at: Given.minute(60)).isEmpty)
      for minute in 0..<3 {
        #expect(
          try await store.take(Given.look(minute, [Given.finding("a")]), settings: settings, sinks: ["x"])
            .notificationCount == 0)
      }
      #expect(try await store.endSilence(silence.id, at: Given.minute(3)))
      #expect(try await !store.endSilence(silence.id, at: Given.minute(4)))
      #expect(
        try await store.take(Given.look(4, [Given.finding("a")]), settings: settings, sinks: ["x"]).notificationCount
          == 1)
    }
  }

  private static func permissions(of path: FilePath) throws -> UInt16 {
    var status = stat()
    guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    return UInt16(status.st_mode & 0o777)
  }
}
