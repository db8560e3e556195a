import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The local folder, and the protection of its files.
@Suite(.timeLimit(.minutes(25))) struct InboxFolderTests {
  private func arrival(
    _ name: String, size: UInt64 = 1, uuid: String = "abcdef01-2345-4000-8000-000000000001", metadata: [UInt8] = []
  ) -> Arrival {
    Arrival(
      id: 1,
      .init(
        account: "account", fileTransferUUID: uuid, wireName: JournalledName(kept: name), size: size, infRef: nil,
        sender: "s",
        metadata: metadata, seenAt: .now),
      state: .fetching, changedAt: .now)
  }

  private func mode(_ path: FilePath) -> mode_t {
    var status = stat()
    return lstat(path.string, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test("only the owner may read the inbox and what is put into it")
  func everythingThatIsMadeIsItsOwnersAlone() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv")
      _ = await test.exchange.collect("account")
      #expect(mode(test.exchange.settings.inbox) == 0o700 && mode(test.inbox) == 0o700)
      #expect(mode(test.inbox.appending(".unfinished")) == 0o700)
      for name in ["a.csv", "a.csv.metadata"] { #expect(mode(test.inbox.appending(name)) == 0o600) }
    }
  }

  @Test("refuses a folder that everybody may write into")
  func aFolderThatEverybodyMayWriteIntoIsNotUsed() async throws {
    try await withScratchFolder { folder in
      let inbox = folder.appending("inbox")
      #expect(mkdir(inbox.string, 0o700) == 0 && chmod(inbox.string, 0o777) == 0)
      await #expect { _ = try await InboxFolder.open(inbox) } throws: {
        ($0 as? ExchangeError)?.remedy.description.contains("chmod o-w") == true
      }
    }
  }

  @Test("a link in place of a folder is not followed", arguments: ["inbox", "inbox/.unfinished"])
  func aLinkInPlaceOfAFolderIsNotFollowed(name: String) async throws {
    try await withScratchFolder { folder async throws in
      let elsewhere = folder.appending("elsewhere")
      #expect(mkdir(elsewhere.string, 0o700) == 0)
      if name != "inbox" { #expect(mkdir(folder.appending("inbox").string, 0o700) == 0) }
      #expect(symlink(elsewhere.string, folder.pushing(FilePath(name)).string) == 0)
      await #expect(throws: ExchangeError.self) { _ = try await InboxFolder.open(folder.appending("inbox")) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.string).isEmpty)
    }
  }

  @Test("keeps the note of what came until a newer one is whole")
  func notesOfWhatCame() async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      let long = arrival("stor.csv", size: 8)
      let file = try await inbox.begin(long).file
      let content = Array("abcdefgh".utf8)
      try file.write(content, at: 0)
      let (first, second) = (
        FetchedBeginning(bytes: 4, modified: 7, sha256: SHA256.digest(of: Array(content.prefix(4)))),
        FetchedBeginning(bytes: 6, modified: 7, sha256: SHA256.digest(of: Array(content.prefix(6))))
      )
      try await inbox.note(first, of: long)
      let newer = inbox.unfinished.path.appending(inbox.newerNoteName(of: long))
      // Nothing can be written in the place of a folder.
      #expect(mkdir(newer.string, 0o700) == 0)
      await #expect(throws: ExchangeError.self) { try await inbox.note(second, of: long) }
      #expect(rmdir(newer.string) == 0)
      // As it is left by a process that is killed while it writes.
      try Data("6 7".utf8).write(to: URL(filePath: newer.string))
      let resumed = try await inbox.begin(long)
      #expect(resumed.beginning == first)
      try resumed.file.write(Array(content.dropFirst(4)), at: 4)
      try await inbox.note(second, of: long)
      #expect(try await inbox.begin(long).beginning == second)
      try Data("8 7".utf8).write(to: URL(filePath: newer.string))
      try await inbox.drop(long)
      #expect(try FileManager.default.contentsOfDirectory(atPath: inbox.unfinished.path.string).isEmpty)
    }
  }

  @Test("all that wait for a folder's sync get its outcome, good or bad", arguments: [false, true])
  func allThatWaitForASyncGetItsOutcome(isReplaced: Bool) async throws {
    try await withScratchFolder { scratch in
      let path = scratch.appending("folder")
      let sync = FolderSync(of: try LocalFolder(creating: path))
      for _ in 0..<2 {
        if isReplaced {
          #expect(
            rename(path.string, scratch.appending(UUID().uuidString).string) == 0 && mkdir(path.string, 0o700) == 0)
        }
        let codes = await withTaskGroup(of: ExchangeError.Code?.self) { group in
          for _ in 0..<100 {
            group.addTask {
              do throws(ExchangeError) {
                try await sync.synchronize()
                return nil
              } catch {
                return error.code
              }
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == [ExchangeError.Code?](repeating: isReplaced ? .folderGone : nil, count: 100))
      }
    }
  }

  @Test("room is kept before a byte came")
  func roomIsKeptBeforeAByteCame() async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      let file = try await inbox.begin(arrival("a.csv", size: 4 << 20)).file
      var status = stat()
      #expect(fstat(file.fileDescriptor, &status) == 0)
      #expect(status.st_size == 0)
      // A file system that cannot keep room says so, and is not counted on.
      #expect(status.st_blocks == 0 || Int(status.st_blocks) * 512 >= 4 << 20)
      try await inbox.drop(arrival("a.csv"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.pushing("inbox/.unfinished").string).isEmpty)
    }
  }

  /// A loss of power may keep the data's rename and lose the metadata's before it.
  @Test(
    "metadata whose rename was lost in a power failure is placed again, unless the data was taken",
    arguments: ["back in its subfolder", "nowhere", "taken with the data", "placed"])
  func metadataThatWasLostWithThePower(place: String) async throws {
    try await withScratchFolder { path in
      let inbox = try await InboxFolder.open(path.appending("inbox"))
      let arrival = arrival("a.csv", metadata: Array("<metadata/>".utf8))
      let file = try await inbox.begin(arrival).file
      try file.write([1], at: 0)
      #expect(try await inbox.place(arrival, as: "a.csv") == .placed)
      let folder = path.appending("inbox")
      let (data, metadata) = (folder.appending("a.csv"), folder.appending("a.csv.metadata"))
      let subfolder = folder.pushing(FilePath(".unfinished/\(inbox.temporaryName(of: arrival)).metadata"))
      switch place {
      case "back in its subfolder": #expect(rename(metadata.string, subfolder.string) == 0)
      case "nowhere": #expect(unlink(metadata.string) == 0)
      case "taken with the data": #expect(unlink(metadata.string) == 0 && unlink(data.string) == 0)
      default: break
      }
      // The journal does not say yet that it was placed.
      #expect(try await inbox.place(arrival, as: "a.csv") == .placed)
      let isTaken = place == "taken with the data"
      #expect(
        FileManager.default.contents(atPath: metadata.string).map { [UInt8]($0) } == (isTaken ? nil : arrival.metadata))
      #expect(FileManager.default.fileExists(atPath: data.string) == !isTaken)
      try await inbox.forget(arrival)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending(".unfinished").string).isEmpty)
    }
  }

  /// Each fits alone; the disk is as good as full for the second, although nothing has been written yet.
  @Test("two at a time never reserve the same room")
  func twoAtATimeNeverCountOnTheSameRoom() async throws {
    try await withScratchFolder { path in
      let folder = try LocalFolder(creating: path)
      let size = UInt64(256 << 20)
      let free = try folder.freeBytes()
      try #require(free > 2 * size, "the test needs a disk with room")
      let room = DiskRoom(sparing: free - size - size / 2)
      let files = try ["1", "2"].map { try LocalFile($0, in: folder, flags: O_RDWR | O_CREAT | O_EXCL) }
      try room.reserve(size, for: "1.csv", in: files[0], of: folder)
      var status = stat()
      #expect(fstat(files[0].fileDescriptor, &status) == 0)
      // A file system that reserves no room has nothing to check.
      guard status.st_blocks > 0 else { return }
      #expect(throws: ExchangeError.self) { try room.reserve(size, for: "2.csv", in: files[1], of: folder) }
      try folder.remove("1")
      #expect(ftruncate(files[0].fileDescriptor, 0) == 0)
      try room.reserve(size, for: "2.csv", in: files[1], of: folder)
    }
  }

  @Test("a file that fits on no disk leaves no part behind", arguments: [UInt64(1) << 50, UInt64(Int64.max), .max])
  func whatFitsOnNoDiskLeavesNothingBehind(size: UInt64) async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      await #expect { _ = try await inbox.begin(arrival("a.csv", size: size)) } throws: {
        let error = $0 as? ExchangeError
        // The reserve is named: the disk seems to have enough.
        return error?.code == .diskFull
          && error?.message.contains("of which 8 388 608 are kept free for others") == true
          && error?.inDanish.contains("a.csv: den fylder \(size.grouped) byte, og disken har ") == true
          && error?.inDanish.contains(" tilbage, hvoraf 8 388 608 holdes fri til andre") == true
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.pushing("inbox/.unfinished").string).isEmpty)
    }
  }

  /// With a short ending on the wire a name may be longer than leaves room for ours.
  @Test("a name that leaves no room for its metadata is cut")
  func aNameThatLeavesNoRoomForItsMetadataIsCut() async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      let arrival = arrival(String(repeating: "ø", count: 124) + ".csv")
      #expect(arrival.wireName.bytes.count == 252)
      let name = try await inbox.freeName(for: arrival)
      #expect(name.utf8.count + ".metadata".utf8.count <= 255)
      #expect(name.hasSuffix("~abcdef01.csv") && name.hasPrefix("øøø"))
      _ = try await inbox.begin(arrival)
      #expect(try await inbox.place(arrival, as: name) == .placed)
    }
  }

  @Test("names that collide are all kept")
  func namesThatCollideAreAllKept() async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      var names: Set<String> = []
      for _ in 1...4 {
        let name = try await inbox.freeName(for: arrival("a.csv"))
        #expect(names.insert(name).inserted)
        try Data().write(to: URL(filePath: folder.pushing("inbox").appending(name).string))
      }
      #expect(names.contains("a.csv") && names.contains("a~abcdef01.csv"))
    }
  }

  /// The part after the last dot may be nearly the whole name.
  @Test("a name with a long ending that comes again is placed", arguments: ["a.", "", "ø.", ".", "a.b."])
  func aNameWithALongEndingThatComesAgainIsPlaced(start: String)
    async throws
  {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      let name = start + String(repeating: "x", count: 243 - start.utf8.count)
      for uuid in ["00000000-0000-4000-8000-000000000001", "00000001-0000-4000-8000-000000000002"] {
        let arrival = arrival(name, uuid: uuid)
        let file = try await inbox.begin(arrival).file
        try file.write([0x78], at: 0)
        #expect(try await inbox.place(arrival, as: try await inbox.freeName(for: arrival)) == .placed)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending("inbox").string)
      #expect(names.count { $0.hasPrefix(start + "xxx") } == 4, "\(names)")
    }
  }

  @Test(
    "puts the mark of a repeated name before its ending",
    arguments: [
      ("a.csv", "a~1.csv"), ("a", "a~1"), (".a", ".a~1"), ("a.", "a~1."), ("", "~1"), ("aaaaaaaaaa", "aaaaaaaa~1"),
      ("aaaaaa.csv", "aaaa~1.csv"), ("øøøøøø", "øøøø~1"),
    ]) func aMarkStandsBeforeTheEnding(name: String, marked: String)
  {
    #expect(name.marked("~1", atMost: 10) == marked)
  }

  /// A restored journal may give the number of one transfer to another.
  @Test("a temporary file belongs to a transfer, not to a number")
  func partsBelongToATransfer() async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      let (one, other) = (arrival("a.csv"), arrival("a.csv", uuid: "../../b"))
      _ = try await inbox.begin(one)
      #expect(try await inbox.place(one, as: "a.csv") == .placed)
      #expect(try await inbox.place(one, as: "a.csv") == .placed, "it was placed before")
      #expect(
        try await inbox.place(other, as: "b.csv") == .lost, "nothing of it is here, whatever lies there of another")
      _ = try await inbox.begin(other)
      #expect(try await inbox.place(other, as: "a.csv") == .nameTaken)
      #expect(try await inbox.place(other, as: "b.csv") == .placed)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["inbox"])
    }
  }

  /// A person may clear the folder of unfinished files.
  @Test("a temporary file that is gone before its rename is reported as lost")
  func whatIsGoneBeforeItsRenameWasBegunIsLost() async throws {
    try await withScratchFolder { folder in
      let inbox = try await InboxFolder.open(folder.appending("inbox"))
      let arrival = arrival("a.csv")
      _ = try await inbox.begin(arrival)
      let subfolder = folder.pushing("inbox/.unfinished")
      for name in try FileManager.default.contentsOfDirectory(atPath: subfolder.string) where name.hasSuffix(".part") {
        try FileManager.default.removeItem(atPath: subfolder.appending(name).string)
      }
      #expect(try await inbox.place(arrival, as: "a.csv") == .lost)
    }
  }

  @Test("a path from here on means the same to a program elsewhere")
  func aPathFromHereOnMeansTheSameToAProgramElsewhere() {
    #expect(FilePath("inbox/a").absolute.string == FileManager.default.currentDirectoryPath + "/inbox/a")
    #expect(FilePath("/srv/inbox").absolute == "/srv/inbox")
  }
}
