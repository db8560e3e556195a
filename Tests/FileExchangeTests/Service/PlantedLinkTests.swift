import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
import TriggerFiles

/// Links planted in folders from which files are sent: none of them is followed.
@Suite(.timeLimit(.minutes(25))) struct PlantedLinkTests {
  private static let item = TakenFile(mark: "0000000000", name: "plantet.csv")

  /// Puts something under the name of a taken file, as an earlier process would have left it.
  private static func plant(_ running: RunningExchange, _ make: (_ secret: FilePath, _ place: FilePath) throws -> Void)
    throws
  {
    let secret = running.test.folder.appending("hemmelig")
    try running.test.write(Data("hemmelig".utf8), to: secret)
    #expect(mkdir(running.taken.string, 0o700) == 0)
    try make(secret, running.taken.appending(item.nameInTaken))
  }

  @Test(
    "A symbolic link or a pipe planted in .taken is not sent, stays, and raises an alert",
    arguments: ["link", "dangling", "pipe", "folder"])
  func planted(kind: String) async throws {
    try await RunningExchange.with(prepare: { running in
      try Self.plant(running) { secret, place in
        switch kind {
        case "link": #expect(symlink(secret.string, place.string) == 0)
        case "dangling": #expect(symlink("/nowhere/at/all", place.string) == 0)
        case "pipe": #expect(mkfifo(place.string, 0o600) == 0)
        default: #expect(mkdir(place.string, 0o700) == 0)
        }
      }
    }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("god.csv")
      try await eventually { running.names(running.sent) == ["god.csv"] }
      try await eventually { running.attentions.map(\.kind) == [.notPlain] }
      #expect(running.attentions[0].message.contains(Self.item.nameInTaken))
      #expect(running.takenNames() == ["plantet.csv"])
      #expect(try await running.test.journal.deliveries().map(\.wireName.string) == ["god.csv"])
    }
  }

  @Test("A file that somebody put into .taken is not sent, and alerts a person until it is gone")
  func notTaken() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { running.names(running.folder).contains(".taken") }
      let foreign = running.taken.appending("lagt her.csv")
      try running.test.write(Data("x".utf8), to: foreign)
      try await eventually { running.attentions.map(\.kind) == [.notPlain] }
      #expect(running.attentions[0].message.contains("lagt her.csv"))
      try running.put("god.csv")
      try await eventually { running.names(running.sent) == ["god.csv"] }
      #expect(running.names(running.taken) == ["lagt her.csv"])
      try running.test.remove(foreign)
      try await eventually { running.resolved.map(\.kind) == [.notPlain] }
      #expect(running.attentions.count == 1)
    }
  }

  @Test("A link that takes the place of a file already taken is not sent either")
  func swapped() async throws {
    try await withScratchFolder { path in
      let folder = try OpenedWatchedFolder(opening: WatchedFolder(path: path.appending("ud")), route: "r")
      let place = folder.path(of: Self.item)
      try Data("hemmelig".utf8).write(to: URL(filePath: path.appending("hemmelig").string))
      try Data("hemmelig".utf8).write(to: URL(filePath: place.string))
      let staged = try await StagedFile.read(place, in: folder.taken)
      #expect(unlink(place.string) == 0 && symlink(path.appending("hemmelig").string, place.string) == 0)
      let read = await #expect(throws: ExchangeError.self) { try await StagedFile.read(place, in: folder.taken) }
      let opened = await #expect(throws: ExchangeError.self) { try await staged.open() }
      #expect(read?.code == .notPlain && opened?.code == .notPlain)
      // By the folder's own descriptor: what the path leads to by now does not matter.
      #expect(unlink(place.string) == 0)
      try Data("god".utf8).write(to: URL(filePath: place.string))
      #expect(rename(path.appending("ud").string, path.appending("væk").string) == 0)
      #expect(symlink("/etc", path.appending("ud").string) == 0)
      #expect(try await StagedFile.read(place, in: folder.taken).status.size == 3)
    }
  }

  @Test("A file with a second name waits until it has one alone, and raises an alert")
  func secondName() async throws {
    try await RunningExchange.with(unfinished: .milliseconds(300)) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let other = running.test.folder.appending("andet navn")
      try running.test.write(Data("x".utf8), to: other)
      #expect(link(other.string, running.folder.appending("to.csv").string) == 0)
      try running.put("god.csv")
      try await eventually { running.names(running.sent) == ["god.csv"] }
      try await eventually { running.attentions.map(\.kind) == [.secondName] }
      #expect(running.names(running.folder).contains("to.csv"))
      #expect(unlink(other.string) == 0)
      try await eventually { running.names(running.sent) == ["god.csv", "to.csv"] }
      #expect(running.attentions.count == 1)
    }
  }

  @Test("The same with a file that got its second name after it was taken")
  func secondNameOfTaken() async throws {
    try await RunningExchange.with(
      unfinished: .zero,
      prepare: { running in
        try Self.plant(running) { secret, place in #expect(link(secret.string, place.string) == 0) }
      }
    ) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("god.csv")
      try await eventually { running.names(running.sent) == ["god.csv"] }
      try await eventually { running.attentions.map(\.kind) == [.secondName] }
      #expect(running.takenNames() == ["plantet.csv"])
      #expect(unlink(running.test.folder.appending("hemmelig").string) == 0)
      try await eventually { running.names(running.sent) == ["god.csv", "plantet.csv"] }
    }
  }

  @Test("The alert about a second name is over when the file is sent, before its receipt comes")
  func secondNameIsOverWhenSent() async throws {
    try await RunningExchange.with(
      unfinished: .zero,
      prepare: { running in
        try Self.plant(running) { secret, place in #expect(link(secret.string, place.string) == 0) }
      }
    ) { running in
      try await eventually { running.attentions.map(\.kind) == [.secondName] }
      #expect(unlink(running.test.folder.appending("hemmelig").string) == 0)
      try await eventually { running.resolved.map(\.kind) == [.secondName] }
      #expect(running.takenNames() == ["plantet.csv"])
      #expect(try running.test.names(in: running.test.outbox).contains("plantet.csv.trigger"))
    }
  }

  @Test(
    "A folder in which everybody may replace files is refused, a shared drop folder is not",
    arguments: [(mode_t(0o777), false), (0o1777, true), (0o775, true), (0o2770, true), (0o1773, true), (0o757, false)])
  func rights(mode: mode_t, isAccepted: Bool) async throws {
    try await withScratchFolder { path in
      #expect(chmod(path.string, mode) == 0)
      let opened = Result { () throws(ExchangeError) in
        try OpenedWatchedFolder(opening: WatchedFolder(path: path), route: "r").folder.isShared()
      }
      switch opened {
      case .success(let isShared): #expect(isAccepted && isShared)
      case .failure(let error):
        #expect(!isAccepted && error.code == .localFile && error.path == path.string)
        #expect(error.remedy.description.contains("chmod"))
      }
    }
  }

  @Test(
    "A subfolder that another user has made first is refused, with its place",
    arguments: [".taken", "sent", "refused", "set-aside"])
  func foreignSubfolder(name: String) async throws {
    try await withScratchFolder { path in
      let rules = WatchedFolder(path: path.appending("ud"))
      #expect(mkdir(rules.path.string, 0o755) == 0)
      let subfolder = rules.path.appending(name)
      #expect(mkdir(path.appending("andres").string, 0o755) == 0)
      #expect(symlink(path.appending("andres").string, subfolder.string) == 0)
      let link = #expect(throws: ExchangeError.self) { try OpenedWatchedFolder(opening: rules, route: "r") }
      #expect(link?.path == subfolder.string)
      #expect(link?.message.contains("symbolic link") == true)
      #expect(unlink(subfolder.string) == 0)
      #expect(mkdir(subfolder.string, 0o700) == 0 && chmod(subfolder.string, 0o777) == 0)
      #expect(throws: ExchangeError.self) { try OpenedWatchedFolder(opening: rules, route: "r") }
      #expect(chmod(subfolder.string, 0o700) == 0)
      _ = try OpenedWatchedFolder(opening: rules, route: "r")
      // Only root can give a folder away.
      if geteuid() == 0 {
        #expect(chown(subfolder.string, 65_534, 65_534) == 0)
        let foreign = #expect(throws: ExchangeError.self) { try OpenedWatchedFolder(opening: rules, route: "r") }
        #expect(foreign?.path == subfolder.string)
        #expect(foreign?.message.contains("another user (65534)") == true)
      }
    }
  }

  @Test("The inbox's own subfolders are refused in the same way", arguments: [".unfinished", ".answers"])
  func inboxSubfolders(name: String) async throws {
    try await withScratchFolder { path in
      let inbox = path.appending("inbox")
      let folder = try LocalFolder(creating: inbox)
      #expect(mkdir(path.appending("andres").string, 0o755) == 0)
      #expect(symlink(path.appending("andres").string, inbox.appending(name).string) == 0)
      let error = #expect(throws: ExchangeError.self) { try folder.ownSubfolder(name) }
      #expect(error?.path == inbox.appending(name).string)
      if name == ".unfinished" {
        await #expect(throws: ExchangeError.self) { try await InboxFolder.open(inbox) }
      }
    }
  }

  @Test("An inbox that cannot be used from the start is a problem until it can", arguments: ["link", "file", "open"])
  func unusableInbox(kind: String) async throws {
    try await RunningExchange.with(prepare: { running in
      let inbox = running.test.inbox
      _ = try LocalFolder(creating: inbox.removingLastComponent())
      switch kind {
      case "link": #expect(symlink(running.test.folder.string, inbox.string) == 0)
      case "file": try running.test.write(Data("x".utf8), to: inbox)
      default: #expect(mkdir(inbox.string, 0o700) == 0 && chmod(inbox.string, 0o777) == 0)
      }
    }) { running in
      try running.test.arrive("a.csv")
      try await eventually { running.attentions.map(\.kind) == [.folderGone] }
      if kind == "open" {
        #expect(chmod(running.test.inbox.string, 0o700) == 0)
      } else {
        #expect(unlink(running.test.inbox.string) == 0)
      }
      try await eventually { try running.test.names(in: running.test.incoming).isEmpty }
      try await eventually { running.resolved.map(\.kind) == [.folderGone] }
    }
  }

  @Test("An answer whose file was replaced by a link is not sent")
  func replacedAnswer() async throws {
    try await TestExchange.with { test in
      try test.write(Data("hemmelig".utf8), to: test.folder.appending("hemmelig"))
      let place = test.folder.appending("business-receipt-1.xml")
      #expect(symlink(test.folder.appending("hemmelig").string, place.string) == 0)
      var order = DeliveryOrder(file: place, route: "direct")
      order.content = SHA256.digest(of: Array("<svar/>".utf8))
      let reports = await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil))
      #expect(reports.map(\.error?.code) == [.fileChanged])
      #expect(try await test.journal.deliveries().isEmpty)
      #expect(try test.names(in: test.outbox).isEmpty)
      order.content = SHA256.digest(of: Array("hemmelig".utf8))
      #expect(
        await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).map(\.error?.code) == [
          nil
        ])
    }
  }

  @Test("A file put back into a watched folder follows no link that is in the way")
  func puttingBack() async throws {
    try await withScratchFolder { path in
      let rules = WatchedFolder(path: path.appending("ud"), readyMarker: ".ready")
      let folder = try OpenedWatchedFolder(opening: rules, route: "r")
      try Data("x".utf8).write(to: URL(filePath: folder.path(of: Self.item).string))
      guard case .done = try folder.setAside(Self.item, delivery: 7, reason: "fordi \u{202E}") else {
        Issue.record("it is not set aside")
        return
      }
      let subfolder = rules.path.appending("set-aside/D7")
      #expect(
        try String(contentsOfFile: subfolder.appending("reason.txt").string, encoding: .utf8)
          == "fordi ‹U+202E›\n\nfordi ‹U+202E›\n")
      #expect(symlink(path.appending("ny").string, rules.path.appending("plantet.csv.ready").string) == 0)
      let own = try folder.folder.ownSubfolder("set-aside").ownSubfolder("D7")
      try folder.putBack(Self.item, from: own)
      #expect(!FileManager.default.fileExists(atPath: path.appending("ny").string))
      #expect(try folder.folder.entry(Array("plantet.csv".utf8))?.isRegular == true)
    }
  }
}
