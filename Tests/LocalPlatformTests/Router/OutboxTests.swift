import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import LocalPlatform

@Suite(.timeLimit(.minutes(25))) struct OutboxTests {
  /// Runs `body` with a router of the demo's plan and without any server.
  private func withRouter(
    settle: Duration = .seconds(60), _ body: (inout Router, PlatformFolders) async throws -> Void
  ) async throws {
    try await withScratchFolder { scratch in
      let folders = PlatformFolders(root: scratch)
      try folders.make(for: PlatformPlan.demo.systems.map(\.name))
      var room = try Router(.demo, folders: folders, settle: settle, logger: .silent)
      try await body(&room, folders)
    }
  }

  @Test("data without trigger and trigger without data stay where they are")
  func dataWithoutTriggerAndTriggerWithoutDataStayWhereTheyAre() async throws {
    try await withRouter { room, folders in
      let out = folders.outbox(of: "fagsystem")
      try out.appending("alene.csv").write("1")
      try out.appending("senere.csv.trigger").write(HandWrittenTrigger.direct("senere.csv", size: 1, to: "flis").text)
      #expect(try !room.work())
      #expect(try out.names() == ["alene.csv", "senere.csv.trigger"])
      try out.appending("senere.csv").write("1")
      #expect(try room.work())
      #expect(try out.names() == ["alene.csv"])
      #expect(try folders.inbox(of: "flis").names() == ["senere.csv", "senere.csv.metadata"])
    }
  }

  @Test("waits for a trigger that is still being written")
  func aTriggerInTheWritingIsWaitedFor() async throws {
    try await withRouter { room, folders in
      let out = folders.outbox(of: "fagsystem")
      let text = HandWrittenTrigger.direct("a.csv", size: 1, to: "flis").text
      try out.appending("a.csv").write("1")
      for length in [0, 1, 200, text.utf8.count - 20] {
        try out.appending("a.csv.trigger").write(Array(text.utf8.prefix(length)))
        #expect(try !room.work())
      }
      try out.appending("a.csv.trigger").write(text)
      #expect(try room.work())
      #expect(try folders.inbox(of: "flis").names() == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test("a trigger that stays unfinished is refused")
  func aTriggerThatStaysUnfinishedIsRefused() async throws {
    try await withRouter(settle: .milliseconds(100)) { room, folders in
      let out = folders.outbox(of: "fagsystem")
      try out.appending("a.csv").write("1")
      try out.appending("a.csv.trigger").write("<Trigger>")
      #expect(try !room.work())
      try await Task.sleep(for: .milliseconds(150))
      #expect(try room.work())
      #expect(try out.names() == [])
      let receipt = try TechnicalReceipt(
        reading: folders.inbox(of: "fagsystem").appending("a.csv.sftpreceipt").bytes())
      guard case .errors(let errors) = receipt.outcome else {
        Issue.record("no refusal")
        return
      }
      #expect(errors.map(\.code) == [9001])
    }
  }

  @Test("tolerates hostile names and files")
  func hostileNamesAndFilesHarmNobody() async throws {
    try await withRouter(settle: .zero) { room, folders in
      let out = folders.outbox(of: "fagsystem")
      let trigger = HandWrittenTrigger.direct("god.csv", size: 1, to: "flis").text
      // Names that no delivery may have: Latin-1 bytes, a newline, a hyphen first, a suffix as name, 255 bytes.
      let names: [[UInt8]] = [
        [0x62, 0xE6, 0x72], Array("to\nlinjer".utf8), Array("-rf".utf8), Array("x.metadata".utf8),
        Array(repeating: 0x61, count: 247), Array(".skjult".utf8),
      ]
      for name in names { try Self.write(trigger, to: out, name: name + Array(".trigger".utf8)) }
      let before = try FolderListing.names(in: out).count
      // Files that are none: a folder, a pipe, and a link that points out of the platform.
      mkdir(out.appending("mappe.trigger").string, 0o755)
      try out.appending("mappe").write("1")
      mkfifo(out.appending("rør.trigger").string, 0o644)
      try out.appending("rør").write("1")
      symlink("/etc/hostname", out.appending("peger").string)
      try out.appending("peger.trigger").write(HandWrittenTrigger.direct("peger", size: 1, to: "flis").text)
      try out.appending("god.csv").write("1")
      try out.appending("god.csv.trigger").write(trigger)
      for _ in 0..<3 { _ = try room.work() }

      #expect(try FolderListing.names(in: out).count == before)
      #expect(try folders.inbox(of: "flis").names() == ["god.csv", "god.csv.metadata"])
      #expect(
        try folders.inbox(of: "fagsystem").names() == [
          "god.csv.sftpreceipt", "mappe.sftpreceipt", "peger.sftpreceipt", "rør.sftpreceipt",
        ])
      #expect(FilePath("/etc/hostname").exists)
      #expect(try folders.work.names() == [])
    }
  }

  private static func write(_ text: String, to folder: FilePath, name: [UInt8]) throws {
    let path = Array(folder.string.utf8) + [UInt8(ascii: "/")] + name + [0]
    let descriptor = creat(path.map(CChar.init(bitPattern:)), 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    _ = try FileDescriptor(rawValue: descriptor).writeAll(text.utf8)
  }
}
