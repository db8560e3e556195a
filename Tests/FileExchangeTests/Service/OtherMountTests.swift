import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Folders with a part on another file system, into which nothing can be renamed.
@Suite(.timeLimit(.minutes(25))) struct OtherMountTests {
  private static let memory = FilePath("/dev/shm")
  private static let hasMemory: Bool = {
    let places = [memory, FilePath(NSTemporaryDirectory())].map { try? FileIdentity(of: $0)?.device }
    return access(memory.string, W_OK) == 0 && places[0] != places[1]
  }()

  private static let mayMount: Bool = {
    guard geteuid() == 0 else { return false }
    let folder = NSTemporaryDirectory() + "/filsluse-mount-\(getpid())"
    defer { rmdir(folder) }
    return mkdir(folder, 0o700) == 0 && mount("none", folder, "tmpfs", 0, "size=64k") == 0 && umount2(folder, 0) == 0
  }()

  /// A folder on the disk and one in memory.
  private static func withTwoDisks(_ body: (_ here: LocalFolder, _ there: LocalFolder) throws -> Void) async throws {
    try await withScratchFolder { path in
      let other = memory.appending("filsluse-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(atPath: other.string) }
      try body(try LocalFolder(creating: path), try LocalFolder(creating: other))
    }
  }

  private static func names(_ folder: LocalFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path.string).sorted()
  }

  private static func write(_ text: String, _ name: String, in folder: LocalFolder) throws {
    try Data(text.utf8).write(to: URL(filePath: folder.path.appending(name).string))
  }

  private let name = Array("a.csv".utf8)

  @Test("moves a file to another file system with its content, rights and time", .enabled(if: hasMemory))
  func moves() async throws {
    try await Self.withTwoDisks { here, there in
      let large = String(repeating: "æøå\n", count: 400_000)
      try Self.write(large, "a.csv", in: here)
      let path = here.path.appending("a.csv").string
      #expect(chmod(path, 0o640) == 0)
      let before = try #require(try here.entry(name)).status
      #expect(!here.isOnMount(of: there) && here.isOnMount(of: here))
      #expect(try here.relocate(name, to: there, as: name))
      #expect(try Self.names(here).isEmpty && Self.names(there) == ["a.csv"])
      let after = try #require(try there.entry(name)).status
      #expect(after.size == before.size && after.modifiedNanoseconds == before.modifiedNanoseconds)
      #expect(try String(contentsOfFile: there.path.appending("a.csv").string, encoding: .utf8) == large)
      #expect(try !here.relocate(name, to: there, as: name))
    }
  }

  @Test(
    "takes no other file's place there, and finishes a move that was killed after the copy", .enabled(if: hasMemory))
  func killed() async throws {
    try await Self.withTwoDisks { here, there in
      try Self.write("ny", "a.csv", in: here)
      try Self.write("gl", "a.csv", in: there)
      #expect(try !here.relocate(name, to: there, as: name))
      #expect(try Self.names(here) == ["a.csv"] && Self.names(there) == ["a.csv"])
      // The same content and time is the copy of a move that was not finished.
      try Self.write("ny", "a.csv", in: there)
      var status = stat()
      #expect(stat(here.path.appending("a.csv").string, &status) == 0)
      #expect(utimensat(AT_FDCWD, there.path.appending("a.csv").string, [status.st_atim, status.st_mtim], 0) == 0)
      #expect(try here.relocate(name, to: there, as: name))
      #expect(try Self.names(here).isEmpty && Self.names(there) == ["a.csv"])
    }
  }

  @Test("leaves the file and no half of a copy when the other disk is full", .enabled(if: mayMount))
  func fullDisk() async throws {
    try await Self.withMount(bytes: 64 << 10) { here, there in
      try Self.write(String(repeating: "x", count: 200 << 10), "a.csv", in: here)
      let error = #expect(throws: ExchangeError.self) { try here.relocate(name, to: there, as: name) }
      #expect(error?.remedy.description.contains("make room") == true)
      #expect(try Self.names(here).contains("a.csv") && Self.names(there).isEmpty)
    }
  }

  /// A folder, and in it the folder `sent`, which is a disk of its own.
  private static func withMount(
    bytes: Int, _ body: @escaping @Sendable (_ here: LocalFolder, _ there: LocalFolder) async throws -> Void
  ) async throws {
    try await withScratchFolder { path in
      let sent = path.appending("sent").string
      #expect(mkdir(sent, 0o700) == 0 && mount("none", sent, "tmpfs", 0, "mode=700,size=\(bytes)") == 0)
      defer { umount2(sent, Int32(MNT_DETACH)) }
      try await body(try LocalFolder(creating: path), try LocalFolder(creating: path.appending("sent")))
    }
  }

  @Test(
    "puts accepted files into sent on another mount, and sends none twice", .enabled(if: mayMount), arguments: ["sent"])
  func sentElsewhere(subfolder: String) async throws {
    try await RunningExchange.with(prepare: { running in
      let path = running.folder.appending(subfolder).string
      #expect(mkdir(path, 0o700) == 0 && mount("none", path, "tmpfs", 0, "mode=700,size=1m") == 0)
    }) { running in
      defer { umount2(running.folder.appending(subfolder).string, Int32(MNT_DETACH)) }
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      for name in ["a.csv", "b.csv"] { try running.put(name, name) }
      try await eventually { running.names(running.sent) == ["a.csv", "b.csv"] && running.takenNames().isEmpty }
      #expect(try await running.test.journal.deliveries().map(\.state) == [.accepted, .accepted])
      #expect(try running.test.read(running.sent.appending("b.csv")) == Data("b.csv".utf8))
    }
  }

  @Test("refuses a .taken on another mount, and names both places", .enabled(if: mayMount))
  func takenElsewhere() async throws {
    try await withScratchFolder { path in
      let taken = path.appending(".taken").string
      #expect(mkdir(taken, 0o700) == 0 && mount("none", taken, "tmpfs", 0, "mode=700,size=64k") == 0)
      defer { umount2(taken, Int32(MNT_DETACH)) }
      let error = #expect(throws: ExchangeError.self) {
        try OpenedWatchedFolder(opening: WatchedFolder(path: path), route: "r")
      }
      #expect(error?.path == taken && error?.message.contains(path.string) == true)
    }
  }

  @Test("looks into a disk that is mounted over the watched folder, and reports it", .enabled(if: mayMount))
  func mountedOver() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("a.csv")
      try await eventually { running.names(running.sent) == ["a.csv"] }
      let folder = running.folder.string
      #expect(mount("none", folder, "tmpfs", 0, "mode=700,size=1m") == 0)
      defer { umount2(folder, Int32(MNT_DETACH)) }
      try await eventually { running.attentions.contains { $0.kind == .folderGone && $0.message.contains(folder) } }
      try running.test.write(Data("b".utf8), to: running.folder.appending("b.csv"))
      try await eventually { running.names(running.sent) == ["b.csv"] }
      // Unmounted, the first is there again.
      #expect(umount2(folder, Int32(MNT_DETACH)) == 0)
      try await eventually { running.names(running.sent) == ["a.csv"] }
      try running.put("c.csv")
      try await eventually { running.names(running.sent) == ["a.csv", "c.csv"] }
    }
  }

  @Test(
    "takes nothing from a folder that is read-only now, reports it, and goes on when it is not", .enabled(if: mayMount)
  )
  func readOnly() async throws {
    try await RunningExchange.with(prepare: { running in
      #expect(mount("none", running.folder.string, "tmpfs", 0, "mode=700,size=1m") == 0)
    }) { running in
      let folder = running.folder.string
      defer { umount2(folder, Int32(MNT_DETACH)) }
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.test.write(Data("a".utf8), to: running.folder.appending("a.csv"))
      try await eventually { running.names(running.sent) == ["a.csv"] }
      try running.test.write(Data("b".utf8), to: running.folder.appending("b.csv.tmp"))
      #expect(rename("\(folder)/b.csv.tmp", "\(folder)/b.csv") == 0)
      let readOnly = UInt(MS_REMOUNT | MS_RDONLY)
      #expect(mount("none", folder, "tmpfs", readOnly, "") == 0)
      try await eventually { running.attentions.contains { $0.kind == .folderGone && $0.message.contains(folder) } }
      #expect(mount("none", folder, "tmpfs", UInt(MS_REMOUNT), "") == 0)
      try await eventually { running.names(running.sent) == ["a.csv", "b.csv"] }
      try await eventually { running.resolved.contains { $0.kind == .folderGone } }
    }
  }
}
