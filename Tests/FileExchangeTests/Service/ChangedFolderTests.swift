import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Watched folders, their subfolders, and inboxes that change while an exchange is at work.
@Suite(.timeLimit(.minutes(25))) struct ChangedFolderTests {
  private static func moveAway(_ path: FilePath) {
    #expect(rename(path.string, "\(path)-væk") == 0)
  }

  private static func putBack(_ path: FilePath) {
    #expect(rename("\(path)-væk", path.string) == 0)
  }

  private static func isAlerted(_ running: RunningExchange, _ path: FilePath) -> Bool {
    running.attentions.contains { $0.kind == .folderGone && $0.message.contains(path.string) }
  }

  private static func isOver(_ running: RunningExchange, _ kind: OpenProblem.Kind) -> Bool {
    running.resolved.contains { $0.kind == kind }
  }

  @Test("watches a folder that was removed and made again, and reports it")
  func madeAnew() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("a.csv")
      try await eventually { running.names(running.sent) == ["a.csv"] }
      try FileManager.default.removeItem(atPath: running.folder.string)
      #expect(mkdir(running.folder.string, 0o700) == 0)
      try await eventually { Self.isAlerted(running, running.folder) && Self.isOver(running, .folderGone) }
      try running.put("b.csv")
      try await eventually { running.names(running.sent) == ["b.csv"] }
    }
  }

  @Test("alerts about a folder that another one replaced, although it is in use again at once")
  func replacedAtOnce() async throws {
    try await RunningExchange.with({ settings in
      let told = settings.source.removingLastComponent().appending("told")
      settings.alert = AlertCommand(command: ["/bin/sh", "-c", "cat >> \"$0\"", told.string])
    }) { running in
      try await eventually { running.names(running.folder).contains(".taken") }
      let other = FilePath("\(running.folder)-anden")
      #expect(mkdir(other.string, 0o700) == 0)
      Self.moveAway(running.folder)
      #expect(rename(other.string, running.folder.string) == 0)
      try await eventually("told of, and of its end") {
        let told = (try? running.test.read(running.test.folder.appending("told"))) ?? Data()
        let lines = String(decoding: told, as: UTF8.self).split(separator: "\n").filter { $0.contains("folder-gone") }
        return lines.map { $0.contains("\"resolved\":true") } == [false, true]
      }
    }
  }

  @Test("does not make a watched folder that is gone, reports it, and goes on when it is back")
  func movedAway() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("a.csv")
      try await eventually { running.names(running.sent) == ["a.csv"] }
      Self.moveAway(running.folder)
      try await eventually { Self.isAlerted(running, running.folder) }
      try await Task.sleep(for: .milliseconds(300))
      #expect(!FileManager.default.fileExists(atPath: running.folder.string))
      #expect(!Self.isOver(running, .folderGone))
      Self.putBack(running.folder)
      try await eventually { Self.isOver(running, .folderGone) }
      try running.put("b.csv")
      try await eventually { running.names(running.sent) == ["a.csv", "b.csv"] }
    }
  }

  @Test(
    "replaces a missing .taken folder; one that is a link, or writable by everybody, is reported and not used",
    arguments: ["removed", "link", "open"])
  func takenReplaced(kind: String) async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      // A `.taken` that is replaced during the start of the run keeps the run from starting.
      try running.put("0.csv")
      try await eventually { running.names(running.sent) == ["0.csv"] && running.names(running.taken).isEmpty }
      let elsewhere = running.test.folder.appending("elsewhere")
      #expect(mkdir(elsewhere.string, 0o700) == 0)
      switch kind {
      case "link":
        #expect(rmdir(running.taken.string) == 0 && symlink(elsewhere.string, running.taken.string) == 0)
      case "open": #expect(chmod(running.taken.string, 0o777) == 0)
      default: #expect(rmdir(running.taken.string) == 0)
      }
      try await eventually { Self.isAlerted(running, running.folder) }
      try running.put("a.csv")
      if kind != "removed" {
        try await Task.sleep(for: .milliseconds(400))
        #expect(running.names(running.folder).contains("a.csv") && running.names(elsewhere).isEmpty)
        #expect(kind == "link" ? unlink(running.taken.string) == 0 : chmod(running.taken.string, 0o700) == 0)
      }
      try await eventually { running.names(running.sent) == ["0.csv", "a.csv"] && Self.isOver(running, .folderGone) }
    }
  }

  @Test("reports taken files that went with their folder, gives none up, and sends them when they are back")
  func takenFilesGone() async throws {
    try await RunningExchange.with({ settings in
      // Nothing can be sent at first.
      settings.accounts[0].folders.out = "OUT/mangler"
    }) { running in
      for name in ["a.csv", "b.csv"] { try running.put(name) }
      try await eventually { running.takenNames() == ["a.csv", "b.csv"] }
      Self.moveAway(running.taken)
      try await eventually {
        Set(running.attentions.filter { $0.kind == .missing }.map(\.message)).count >= 2
      }
      #expect(try await running.test.journal.deliveries().allSatisfy { !$0.state.isFinished })
      #expect(rmdir(running.taken.string) == 0)
      Self.putBack(running.taken)
      #expect(mkdir(running.test.outbox.appending("mangler").string, 0o700) == 0)
      let out = running.test.outbox.appending("mangler")
      try await eventually { Set(running.names(out)).isSuperset(of: ["a.csv.trigger", "b.csv.trigger"]) }
      try await eventually { running.resolved.filter { $0.kind == .missing }.count >= 2 }
    }
  }

  @Test(
    "takes nothing from a folder without rights, reports it, and goes on when it has them",
    .enabled(if: geteuid() != 0, "root may write where nobody else may"), arguments: [mode_t(0o000), 0o500])
  func withoutRights(mode: mode_t) async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("a.csv")
      #expect(chmod(running.folder.string, mode) == 0)
      try await eventually { Self.isAlerted(running, running.folder) }
      #expect(chmod(running.folder.string, 0o700) == 0)
      try await eventually { running.names(running.sent) == ["a.csv"] && Self.isOver(running, .folderGone) }
    }
  }

  @Test("retries a file that cannot be set aside with back-off, makes no folder for it, and reports it once")
  func cannotBeSetAside() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let (aside, elsewhere) = (running.folder.appending("set-aside"), running.test.folder.appending("elsewhere"))
      #expect(mkdir(elsewhere.string, 0o700) == 0)
      // Once a file was sent, the folder is open and its subfolders are checked.
      try running.put("anden.csv")
      try await eventually { running.names(running.sent) == ["anden.csv"] }
      #expect(symlink(elsewhere.string, aside.string) == 0)
      try running.put("-x.csv")
      try running.put("god.csv")
      try await eventually { running.names(running.sent) == ["anden.csv", "god.csv"] }
      try await eventually { running.attentions.contains { $0.kind == .fileRefused } }
      try await Task.sleep(for: .seconds(2))
      #expect(running.attentions.count { $0.kind == .fileRefused } == 1)
      #expect(running.names(elsewhere).isEmpty && running.names(running.folder).contains("-x.csv"))
      #expect(unlink(aside.string) == 0)
      try await eventually { Self.isOver(running, .fileRefused) }
      #expect(running.names(aside).count == 1)
      #expect(running.names(aside.appending(running.names(aside).first ?? "")) == ["-x.csv", "reason.txt"])
    }
  }

  @Test("resolves an earlier process's alert about a file that could not be set aside and was removed since")
  func removedBetweenRuns() async throws {
    try await TestExchange.with(RunningExchange.settings) { test in
      let first = RunningExchange(test: test)
      let file = first.folder.appending("-x.csv")
      try FileManager.default.createDirectory(atPath: first.folder.string, withIntermediateDirectories: true)
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      try await first.whileRunning {
        // Once a file was sent, the folder is open and its subfolders are checked.
        try first.put("anden.csv")
        try await eventually { first.names(first.sent) == ["anden.csv"] }
        #expect(symlink("/nowhere", first.folder.appending("set-aside").string) == 0)
        try first.put("-x.csv")
        try await eventually { first.attentions.contains { $0.kind == .fileRefused } }
      }
      #expect(unlink(file.string) == 0 && unlink(first.folder.appending("set-aside").string) == 0)
      let second = RunningExchange(test: try await test.reopened())
      try await second.whileRunning {
        try await eventually { Self.isOver(second, .fileRefused) }
        #expect(second.attentions.isEmpty)
      }
    }
  }

  @Test(
    "puts an accepted file into sent that was away with its folder when its receipt came, soon after it is put back")
  func acceptedWhileAway() async throws {
    try await RunningExchange.with(review: .seconds(600)) { running in
      try running.put("a.csv")
      try await eventually { try running.test.names(in: running.test.outbox).contains("a.csv.trigger") }
      Self.moveAway(running.folder)
      #expect(mkdir(running.folder.string, 0o700) == 0)
      try await eventually { running.attentions.contains { $0.kind == .folderGone } }
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { try await running.test.journal.deliveries().allSatisfy { $0.state == .accepted } }
      // Longer than the first look at the folder that was opened again.
      try await Task.sleep(for: .seconds(2))
      let away = FilePath("\(running.folder)-væk")
      for name in running.names(away.appending(".taken")) {
        let old = away.appending(".taken").appending(name)
        #expect(rename(old.string, running.taken.appending(name).string) == 0)
      }
      try await eventually { running.names(running.sent) == ["a.csv"] && running.takenNames().isEmpty }
      #expect(try await running.test.journal.deliveries().count == 1)
    }
  }

  @Test("reports an accepted file that cannot be put into sent, and puts it there soon after it can")
  func sentReplaced() async throws {
    try await RunningExchange.with(review: .seconds(600)) { running in
      let (sent, elsewhere) = (running.folder.appending("sent"), running.test.folder.appending("elsewhere"))
      #expect(mkdir(elsewhere.string, 0o700) == 0)
      // Once a file's trigger is out, the folder is open and its subfolders are checked.
      try running.put("anden.csv")
      try await eventually { try running.test.names(in: running.test.outbox).contains("anden.csv.trigger") }
      #expect(symlink(elsewhere.string, sent.string) == 0)
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("a.csv")
      try await eventually { running.attentions.contains { $0.kind == .fileRefused && $0.message.contains("a.csv") } }
      #expect(running.names(elsewhere).isEmpty && running.takenNames() == ["a.csv", "anden.csv"])
      try await eventually { try await running.test.journal.deliveries().allSatisfy { $0.state == .accepted } }
      #expect(unlink(sent.string) == 0)
      try await eventually {
        running.names(running.sent) == ["a.csv", "anden.csv"] && Self.isOver(running, .fileRefused)
      }
      #expect(try await running.test.journal.deliveries().count == 2)
    }
  }

  @Test("reports a link in the watched folder once, and says when it is gone")
  func strangers() async throws {
    try await RunningExchange.with { running in
      let link = running.folder.appending("link.csv")
      #expect(symlink("/etc/passwd", link.string) == 0)
      try await eventually { running.attentions.contains { $0.kind == .notPlain && $0.message.contains("link.csv") } }
      #expect(unlink(link.string) == 0)
      try await eventually { Self.isOver(running, .notPlain) }
      #expect(running.attentions.count { $0.kind == .notPlain } == 1)
    }
  }

  @Test("a file set aside because its name is no text stays a problem until it is taken out")
  func nameIsNoText() async throws {
    try await RunningExchange.with { running in
      let name = Array("tilf".utf8) + [0xE6] + Array("lde.csv".utf8)
      let file = open(
        (Array(running.folder.string.utf8) + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY,
        0o600)
      #expect(file >= 0 && close(file) == 0)
      let aside = running.folder.appending("set-aside")
      try await eventually { running.attentions.map(\.kind) == [.setAside] }
      // Some checks later it is still there.
      try await Task.sleep(for: .seconds(3))
      #expect(running.resolved.isEmpty, "\(running.resolved)")
      let subfolder = aside.appending(try #require(running.names(aside).first))
      let path = Array(subfolder.string.utf8) + [0x2F] + name + [0]
      #expect(unlink(path.map { CChar(bitPattern: $0) }) == 0)
      try await eventually { running.resolved.map(\.kind) == [.setAside] }
    }
  }

  @Test("counts hidden names among those for unfinished files, but for its own")
  func hiddenNames() async throws {
    try await withScratchFolder { path in
      let folder = try OpenedWatchedFolder(opening: WatchedFolder(path: path, settledFor: .zero), route: "r")
      for name in [".skjult", "b.csv.part", "c.csv", ".filsluse-1.part"] {
        try Data("x".utf8).write(to: URL(filePath: path.appending(name).string))
      }
      var settled = SettledFiles(period: .zero)
      let look = try folder.look(settled: &settled, suffixes: .default, limit: 10, at: .now)
      #expect(Set(look.temporary) == [Array(".skjult".utf8), Array("b.csv.part".utf8)])
      #expect(look.whole == ["c.csv"] && look.isComplete)
    }
  }

  @Test(
    "alerts once about a file without a ready-marker and a marker without a file, until they are together",
    arguments: ["a.csv", "a.csv.ready"])
  func withoutMarker(name: String) async throws {
    try await RunningExchange.with(
      { $0.routes[0].outgoing?.readyMarker = ".ready" }, unfinished: .milliseconds(300)
    ) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put(name)
      try await eventually { running.attentions.map(\.kind) == [.unfinishedName] }
      #expect(running.attentions[0].message.contains("ready-marker"))
      try running.put(name == "a.csv" ? "a.csv.ready" : "a.csv")
      try await eventually { running.names(running.sent) == ["a.csv"] }
      try await eventually { running.resolved.map(\.kind) == [.unfinishedName] }
      #expect(running.attentions.count == 1)
    }
  }

  @Test(
    "alerts once about a file that keeps a hidden or unfinished name, and when it is gone",
    arguments: [Array(".skjult".utf8), Array("b.csv.part".utf8), Array(".hemmelig-".utf8) + [0xE6]])
  func forgottenNames(name: [UInt8]) async throws {
    try await RunningExchange.with(unfinished: .milliseconds(300)) { running in
      let path = Array(running.folder.string.utf8) + [UInt8(ascii: "/")] + name + [0]
      let bytes = path.map { CChar(bitPattern: $0) }
      let file = open(bytes, O_CREAT | O_WRONLY, 0o600)
      #expect(file >= 0 && close(file) == 0)
      #expect(mkdir(running.folder.appending(".mappe").string, 0o700) == 0)
      try await eventually { running.attentions.map(\.kind) == [.unfinishedName] }
      try await Task.sleep(for: .seconds(1))
      #expect(running.attentions.count == 1 && running.resolved.isEmpty, "\(running.attentions) \(running.resolved)")
      #expect(unlink(bytes) == 0)
      try await eventually { running.resolved.map(\.kind) == [.unfinishedName] }
    }
  }

  @Test("collects into an inbox that was made again, never into the removed one, and reports it")
  func inboxMadeAnew() async throws {
    try await RunningExchange.with { running in
      try running.test.arrive("a.csv")
      try await eventually { running.names(running.test.inbox).contains("a.csv") }
      try FileManager.default.removeItem(atPath: running.test.inbox.string)
      try running.test.arrive("b.csv")
      try await eventually { Self.isAlerted(running, running.test.inbox) }
      #expect(!FileManager.default.fileExists(atPath: running.test.inbox.string))
      #expect(mkdir(running.test.inbox.string, 0o700) == 0)
      try await eventually { running.names(running.test.inbox).contains("b.csv") && Self.isOver(running, .folderGone) }
    }
  }

  @Test("reports an inbox that has another folder in its place at once, and collects into that one")
  func inboxReplaced() async throws {
    try await RunningExchange.with { running in
      try running.test.arrive("a.csv")
      try await eventually { running.names(running.test.inbox).contains("a.csv") }
      let new = running.test.folder.appending("ny")
      #expect(mkdir(new.string, 0o700) == 0)
      Self.moveAway(running.test.inbox)
      #expect(rename(new.string, running.test.inbox.string) == 0)
      try await eventually { Self.isAlerted(running, running.test.inbox) && Self.isOver(running, .folderGone) }
      try running.test.arrive("b.csv")
      try await eventually { running.names(running.test.inbox).contains("b.csv") }
    }
  }

  @Test("fetches a file again whose inbox was replaced before the file was placed")
  func replacedWhileFetching() async throws {
    try await withScratchFolder { path in
      let arrival = Arrival(
        id: 1,
        .init(
          account: "account", fileTransferUUID: "abcdef01-2345-4000-8000-000000000001", wireName: "a.csv", size: 1,
          infRef: nil, sender: "s", metadata: [], seenAt: .now),
        state: .fetching, changedAt: .now)
      let place = path.appending("inbox")
      let inbox = try await InboxFolder.open(place)
      try await inbox.begin(arrival).file.write([1], at: 0)
      #expect(rename(place.string, "\(place)-old") == 0 && mkdir(place.string, 0o700) == 0)
      let error = await #expect(throws: ExchangeError.self) { try await inbox.place(arrival, as: "a.csv") }
      #expect(error?.code == .folderGone && error?.category == .local)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place)-old") == [".unfinished"])
      #expect(try await InboxFolder.open(place).place(arrival, as: "a.csv") == .lost)
    }
  }
}
