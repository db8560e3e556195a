import ExchangeSettings
import FileExchange
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

@Suite(.timeLimit(.minutes(25))) struct StateFileTests {
  /// SQLite's locks belong to the process: closing any other descriptor of the file loses them all, and then another
  /// process that closes the file unlinks the log that is still being written to.
  @Test("another process that closes the file leaves its log in place")
  func anotherProcessThatClosesTheFileLeavesItsLogInPlace() async throws {
    try await withScratchFolder("state") { folder in
      let path = folder.appending("watch.sqlite")
      let alerts = try await WatchDatabase.open(path)
      let other = try await WatchDatabase.open(path)
      _ = try await alerts.take(look("one", 1), settings: .init(), sinks: [])
      // A connection of another process, opened and closed properly; if it can, it acts as the last one.
      let script = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); print(d.execute(sys.argv[2]).fetchone()[0])"
      func others() async -> String {
        await Program(
          arguments: ["python3", "-c", script + "; d.close()", path.string, "SELECT count(*) FROM alert"],
          timeout: .seconds(120)
        ).run().output.text
      }
      #expect(await others() == "1\n")
      #expect(FileManager.default.fileExists(atPath: path.string + "-wal"))
      _ = try await alerts.take(look("two", 2), settings: .init(), sinks: [])
      #expect(await others() == "2\n", "what was written since is in a file that nobody can find")
      try await alerts.close()
      try await other.close()
    }
  }

  @Test("alerts when the database is moved or replaced under a watcher, and when it is back", arguments: [false, true])
  func displacedUnderAWatcher(isReplaced: Bool) async throws {
    try await WatcherAtWork.overServer(lookEvery: .milliseconds(500)) { work, watched in
      try await work.until("looks") { work.looks("a").count > 1 }
      let path = watched.settings.watch.database
      try #require(rename(path.string, "\(path)-away") == 0)
      if isReplaced { try WatchedServer.write(Array("another file".utf8), to: path) }
      let alert = try await work.alert(.observationsUnusable, "a")
      #expect(alert.severity == "critical" && alert.detail?.contains("watch.sqlite") == true)
      try await work.until("trouble on the page") {
        await work.watcher.statusSource.status().storeTrouble?.text.contains("watch.sqlite") == true
      }
      try #require(rename("\(path)-away", path.string) == 0)
      try await work.end(of: alert)
      try await work.until("no trouble") { await work.watcher.statusSource.status().storeTrouble == nil }
    }
  }

  @Test("makes the lock again that is removed under a watcher, so that no second one begins")
  func removedLock() async throws {
    try await WatcherAtWork.overServer(lookEvery: .milliseconds(500)) { work, watched in
      try await work.until("looks") { work.looks("a").count > 1 }
      let path = watched.settings.watch.database
      #expect(unlink("\(path).lock") == 0)
      try await work.until("a second watcher is refused") {
        guard FileManager.default.fileExists(atPath: "\(path).lock") else { return false }
        do throws(ExchangeError) {
          _ = try WatchLock(on: path)
          return false
        } catch {
          return error.description.contains("another watcher is at work")
        }
      }
    }
  }

  private func look(_ account: String, _ minute: Int64) -> AlertLook {
    let finding = Finding(kind: .pickUpLate, severity: .critical, account: account, subject: "s")
    return AlertLook(
      account: account, at: Timestamp(secondsSince1970: 1_800_000_000 + minute * 60), findings: [finding])
  }
}
