import ExchangeSettings
import FileExchange
import FilsluseSystem
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// A journal that comes, breaks and is mended while the watcher is at work.
@Suite(.timeLimit(.minutes(8))) struct WatcherJournalTests {
  @Test func itIsTakenUpWhenItAppearsAndLetGoWhenItIsDamaged() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      watched.settings.watch.lookEvery = .milliseconds(500)
      watched.settings.journal = watched.state.appending("journal.sqlite")
      let (path, stage) = (watched.settings.journal, watched)
      try await WatcherAtWork.with(stage.settings, in: stage.state) { work in
        try await work.until("looks without a journal") { work.looks("a").count > 1 }
        #expect(!FileManager.default.fileExists(atPath: path.string), "who only watches makes no journal")
        try WatchedServer.write(Array("no database, whatever its name may say of it".utf8), to: path)
        let broken = try await work.alert(.journalUnreadable, "a")
        #expect(broken.severity == "critical" && broken.detail?.contains("journal.sqlite") == true)
        // The inbox is judged all the same, and nothing is over as long as not everything is known.
        try WatchedServer.write(Array("<no".utf8), to: stage.inbox.appending("f.csv.metadata"))
        try WatchedServer.write([1], to: stage.inbox.appending("f.csv"))
        let unreadable = try await work.alert(.metadataUnreadable, "a")
        try FileManager.default.removeItem(atPath: path.string)
        try await work.end(of: broken)
        try stage.remove("f.csv")
        try await work.end(of: unreadable)
        // Somebody begins to exchange.
        try await Journal.open(path).close()
        let looks = work.looks("a").count
        try await work.until("looks with a journal") { work.looks("a").count > looks + 2 }
        #expect(try work.told().count == 4)
      }
      // Nobody holds it any more, so that it can be restored.
      let backup = stage.state.appending("backup.sqlite")
      let journal = try await Journal.open(path)
      try await journal.backUp(to: backup)
      try await journal.close()
      _ = try await Journal.restore(path, from: backup)
    }
  }
}
