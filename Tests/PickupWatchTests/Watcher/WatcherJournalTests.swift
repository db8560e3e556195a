import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
@testable import PickupWatch

/// A journal that appears, breaks and is repaired while the watcher is at work.
@Suite(.timeLimit(.minutes(25))) struct WatcherJournalTests {
  @Test("it is taken up when it appears and let go when it is damaged")
  func itIsTakenUpWhenItAppearsAndLetGoWhenItIsDamaged() async throws {
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
        // The inbox is judged all the same, and no alert ends while something is unknown.
        try WatchedServer.write(Array("<no".utf8), to: stage.inbox.appending("f.csv.metadata"))
        try WatchedServer.write([1], to: stage.inbox.appending("f.csv"))
        let unreadable = try await work.alert(.metadataUnreadable, "a")
        try FileManager.default.removeItem(atPath: path.string)
        try await work.end(of: broken)
        try stage.remove("f.csv")
        try await work.end(of: unreadable)
        // An exchange starts, and makes its journal.
        try await Journal.open(path).close()
        let looks = work.looks("a").count
        try await work.until("looks with a journal") { work.looks("a").count > looks + 2 }
        #expect(try work.notifications().count == 4)
      }
      // No process holds it any more, so that it can be restored.
      let backup = stage.state.appending("backup.sqlite")
      let journal = try await Journal.open(path)
      try await journal.backUp(to: backup)
      try await journal.close()
      _ = try await Journal.restore(path, from: backup)
    }
  }

  @Test("a journal that is replaced by an older copy is let go of and alerted on, until it is restored")
  func anOlderCopyIsAlertedOn() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      watched.settings.watch.lookEvery = .milliseconds(500)
      watched.settings.journal = watched.state.appending("journal.sqlite")
      let (path, stage) = (watched.settings.journal, watched)
      let older = stage.state.appending("older.sqlite")
      let journal = try await Journal.open(path)
      try await journal.backUp(to: older)
      try await journal.write { transaction in
        try transaction.addEntry(about: .journal, state: "test", detail: "came later", facts: nil, at: .now)
      }
      try await journal.close()
      try await WatcherAtWork.with(stage.settings, in: stage.state) { work in
        try await work.until("looks with the journal") { work.looks("a").count > 1 }
        try FileManager.default.copyItem(atPath: older.string, toPath: path.string + ".put")
        guard rename(path.string + ".put", path.string) == 0 else { throw Errno(rawValue: errno) }
        let replaced = try await work.alert(.journalUnreadable, "a")
        #expect(replaced.severity == "critical", "\(replaced)")
        let names = try FileManager.default.contentsOfDirectory(atPath: stage.state.string)
        #expect(names.contains { $0.hasPrefix("journal.sqlite.saved-") }, "\(names)")
        // The watcher has let go of it.
        try await work.until("restores it") { (try? await Journal.restore(path, from: older)) != nil }
        try await work.end(of: replaced)
      }
    }
  }
}
