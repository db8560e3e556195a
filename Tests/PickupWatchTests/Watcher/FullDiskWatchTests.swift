import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// A disk that is full while the watcher is at work.
@Suite(.timeLimit(.minutes(25))) struct FullDiskWatchTests {
  @Test(
    "after a full disk nothing is lost or sent twice",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"))
  func nothingIsLostOrReportedTwiceAndItGoesOnWhenThereIsRoom() async throws {
    try await withScratchFolder("full") { folder in
      try await SmallDisk.with(bytes: 8 << 20, in: folder) { disk in
        try await withTestServer { server in
          var watched = WatchedServer(server, state: disk.folder)
          watched.settings.watch.lookEvery = .milliseconds(500)
          let (stage, settings) = (watched, watched.settings)
          let signal = folder.appending("fill")
          // The disk becomes full after a notification is sent and before that is recorded.
          let fill = "[ ! -e '\(signal)' ] || cat /dev/zero > '\(disk.ballast)' 2> /dev/null || true"
          let lines = Locked<[String]>([])
          let logger = Logger(label: "test") { _ in NotingLog(lines: lines) }
          try await WatcherAtWork.with(settings, in: folder, logger: logger, afterwards: fill) { work in
            let first = try await Self.broken("a.csv", stage, work)
            try WatchedServer.write([], to: signal)
            let second = try await Self.broken("b.csv", stage, work)
            try await work.until("trouble on the page") {
              await work.watcher.statusSource.status().storeTrouble?.text.contains("make room on the disk") == true
            }
            #expect(lines.withLock { $0.contains { $0.hasPrefix("error: ") && $0.contains("make room on the disk") } })
            let status = await work.watcher.statusSource.status()
            #expect(
              status.unreadiness(at: status.taken).contains {
                if case .store(let trouble) = $0 { trouble.contains("watch.sqlite") } else { false }
              })
            // The recorded alerts are still shown, and the loops go on.
            #expect(
              status.alerts.contains { $0.state == .firing && $0.finding.fileName == "b.csv.metadata" })
            try Self.write("c.csv", stage)
            let looks = try #require(await work.inbox("a")).looks
            try await work.until("looks while it is full") { (await work.inbox("a")?.looks ?? 0) > looks + 8 }
            // A reload of the settings is requested, as by log rotation.
            work.reload(settings)
            try await work.until("the settings taken up") { work.events.contains(.reloading) }
            try await Task.sleep(for: .seconds(1))
            #expect(try work.notifications() == [first, second])
            #expect(try work.notifiedTwice().isEmpty)

            try FileManager.default.removeItem(atPath: signal.string)
            try disk.makeRoom()
            let third = try await work.alert(.metadataUnreadable, "a", after: [first.episode, second.episode])
            #expect(third.fileName == "c.csv.metadata")
            try await work.until("no trouble") { await work.watcher.statusSource.status().storeTrouble == nil }
            for name in ["a.csv", "b.csv", "c.csv"] { try stage.remove(name) }
            for alert in [first, second, third] {
              #expect(try await work.end(of: alert).number == 2)
            }
            #expect(try work.notifiedTwice().isEmpty)
          }
        }
      }
    }
  }

  /// One inbox has nothing to write, while another's alerts cannot be written.
  @Test("an account with nothing to write hides no failure of the store")
  func anAccountWithNothingToWriteHidesNoTrouble() {
    let statistics = LoopStatistics(["a", "b"], lookEvery: .seconds(60))
    statistics.noteStore("full", of: "b")
    statistics.noteStore(nil, of: "a")
    #expect(statistics.storeTrouble == "full")
    statistics.noteStore(nil, of: "b")
    #expect(statistics.storeTrouble == nil)
  }

  private static func write(_ name: String, _ watched: WatchedServer) throws {
    try WatchedServer.write(Array("<no".utf8), to: watched.inbox.appending("\(name).metadata"))
    try WatchedServer.write([1], to: watched.inbox.appending(name))
  }

  /// Puts a file whose metadata cannot be read, and waits until both sinks have its alert.
  private static func broken(
    _ name: String, _ watched: WatchedServer, _ work: WatcherAtWork
  ) async throws -> SentNotification {
    try write(name, watched)
    var notice: SentNotification?
    try await work.until("the alert about \(name)") {
      notice = try work.notifications().first { $0.fileName == "\(name).metadata" }
      return notice != nil
    }
    return try #require(notice)
  }
}
