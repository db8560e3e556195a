import FilsluseBase
import Foundation
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// The programs of Samples/Programs, Samples/SendExtract and Samples/ReceiveInbox, run against a platform with a real
/// SSH server.
@Suite(.timeLimit(.minutes(25))) struct ExampleProgramTests {
  /// Runs a program to its end.
  private static func run(
    _ name: String, _ arguments: [String], in folder: FilePath
  ) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.run(arguments, program: name, in: folder)
  }

  /// Runs a body beside the demo's platform, in a folder that holds a data file for Copenhagen.
  private static func withPlatform(
    _ body: @escaping @Sendable (LocalPlatform, FilePath) async throws -> Void
  ) async throws {
    try await withScratchFolder("examples") { folder in
      var logger = Logger(label: "platform")
      logger.logLevel = .critical
      try TestFiles.write("a;b\n", to: folder.appending("udtræk_0101.csv"))
      try await withLocalPlatform(at: folder.appending("platform"), plan: .demo, logger: logger) { platform in
        try await body(platform, folder)
      }
    }
  }

  @Test("delivers a file, watches it, lists it, collects it with a closure, and reads its metadata")
  func deliversAndCollects() async throws {
    try await Self.withPlatform { platform, folder in
      let settings = platform.settingsFile(of: "flis").string
      let sent = try await Self.run(
        "DeliverFile", [platform.settingsFile(of: "fagsystem").string, "flis-0101", "udtræk_0101.csv"], in: folder)
      #expect(sent.status == 0 && sent.output == "udtræk_0101.csv is accepted: SUCCESS\n", "\(sent)")

      let watched = try await Self.run("WatchInbox", [settings], in: folder)
      #expect(watched.status == 0 && watched.output == "flis has nothing to tell\n", "\(watched)")

      let user = try #require(platform.user(of: "flis"))
      let listed = try await Self.run(
        "ListFolder",
        [
          platform.host, "\(platform.port)", user.name, user.keyFile.string, platform.hostKeyFingerprint.description,
          "IN",
        ], in: folder)
      #expect(listed.status == 0 && listed.output.contains("udtræk_0101.csv 4\n"), "\(listed)")

      try FileManager.default.createDirectory(
        atPath: folder.appending("archive").string, withIntermediateDirectories: false)
      let collected = try await Self.run("CollectFiles", [settings, "flis", "archive"], in: folder)
      #expect(collected.status == 0 && collected.output.hasSuffix(" udtræk_0101.csv 4 fagsystem\n"), "\(collected)")
      let archived = try FileManager.default.contentsOfDirectory(atPath: folder.appending("archive").string)
      #expect(archived == ["1-udtræk_0101.csv"])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: platform.inFolder(of: "flis").string).isEmpty)

      let inbox = FilePath(settings).removingLastComponent().appending("inbox").appending("flis")
      let read = try await Self.run(
        "ReadMetadata", [inbox.appending("udtræk_0101.csv.metadata").string], in: folder)
      let uuid = collected.output.prefix { $0 != " " }
      #expect(read.status == 0 && read.output.hasPrefix("transfer \(uuid)\nfile udtræk_0101.csv 4\n"), "\(read)")
      #expect(read.output.contains("infref \(PlatformPlan.demoExtracts)\n"))
      let refused = try await Self.run("ReadMetadata", ["udtræk_0101.csv"], in: folder)
      #expect(refused.status == 65 && !refused.output.isEmpty, "\(refused)")
    }
  }

  @Test("writes a trigger that the platform accepts")
  func writesATriggerThatThePlatformAccepts() async throws {
    try await Self.withPlatform { platform, folder in
      let written = try await Self.run("WriteTrigger", ["udtræk_0101.csv"], in: folder)
      #expect(written.status == 0 && written.output == "udtræk_0101.csv.trigger\n", "\(written)")
      let out = platform.outFolder(of: "fagsystem")
      for name in ["udtræk_0101.csv", "udtræk_0101.csv.trigger"] {
        try FileManager.default.moveItem(
          atPath: folder.appending(name).string, toPath: out.appending(name).string)
      }
      let metadata = platform.inFolder(of: "flis").appending("udtræk_0101.csv.metadata")
      while !FileManager.default.fileExists(atPath: metadata.string) { try await Task.sleep(for: .milliseconds(20)) }
      let read = try await Self.run("ReadMetadata", [metadata.string], in: folder)
      #expect(read.output.contains("sender fagsystem\n"), "\(read)")
    }
  }

  @Test("sends an extract in one file for each municipality, once, and takes the files over when the archive is there")
  func sendsAnExtractAndReceivesIt() async throws {
    try await Self.withPlatform { platform, folder in
      try TestFiles.write("kommune;antal\n0751;2\n0101;1\n0751;3\n", to: folder.appending("extract.csv"))
      try TestFiles.write("kommune;antal\n0101;1\n;2\n", to: folder.appending("wrong.csv"))
      let parts = folder.appending("parts")
      try FileManager.default.createDirectory(atPath: parts.string, withIntermediateDirectories: false)
      let sender = platform.settingsFile(of: "fagsystem").string

      let wrong = try await Self.run("SampleSendExtract", [sender, "flis", "wrong.csv", "parts"], in: folder)
      #expect(wrong.status == 65 && wrong.output.contains("wrong.csv, line 3: "), "\(wrong)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: parts.string).isEmpty)
      for _ in 1...2 {
        let sent = try await Self.run("SampleSendExtract", [sender, "flis", "extract.csv", "parts"], in: folder)
        #expect(
          sent.status == 0
            && sent.output == "extract_0101.csv is accepted: SUCCESS\nextract_0751.csv is accepted: SUCCESS\n",
          "\(sent)")
      }

      let receiver = [platform.settingsFile(of: "flis").string, "flis", "archive"]
      let early = try await Self.run("SampleReceiveInbox", receiver, in: folder)
      #expect(early.status == 75 && early.output.contains("not now: there is no folder archive"), "\(early)")
      let archive = folder.appending("archive")
      try FileManager.default.createDirectory(atPath: archive.string, withIntermediateDirectories: false)
      let received = try await Self.run("SampleReceiveInbox", receiver, in: folder)
      #expect(received.status == 0, "\(received)")
      #expect(
        received.output.split(separator: "\n").sorted() == [
          "extract_0101.csv from fagsystem is taken over", "extract_0751.csv from fagsystem is taken over",
        ], "\(received)")

      let kept = try FileManager.default.contentsOfDirectory(atPath: archive.string).sorted()
      let contents = try kept.map { name in
        try String(contentsOfFile: archive.appending(name).string, encoding: .utf8)
      }
      #expect(contents.sorted() == ["kommune;antal\n0101;1\n", "kommune;antal\n0751;2\n0751;3\n"], "\(kept)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: platform.inFolder(of: "flis").string).isEmpty)
    }
  }

  @Test("checks names, and sends a file through a platform of its own")
  func checksNamesAndTriesAPlatform() async throws {
    try await withScratchFolder("examples") { folder in
      try TestFiles.write("a;b\n", to: folder.appending("udtræk_0101.csv"))
      let tried = try await Self.run("TryPlatform", ["platform", "udtræk_0101.csv"], in: folder)
      #expect(tried.status == 0, "\(tried)")
      #expect(tried.output.contains("udtræk_0101.csv is accepted\n"), "\(tried)")
      #expect(tried.output.contains("udtræk_0101.csv came from fagsystem and lies at \(folder)"), "\(tried)")

      let settings = "platform/clients/fagsystem/filsluse.yaml"
      let good = try await Self.run(
        "CheckNames", [settings, PlatformPlan.demoExtracts.name, "udtræk_0101.csv"], in: folder)
      #expect(good.status == 0 && good.output.hasSuffix("\nudtræk_0101.csv can be sent\n"), "\(good)")
      let wrong = try await Self.run("CheckNames", [settings, "GDPR1203", "a.csv.trigger"], in: folder)
      #expect(wrong.status == 65 && wrong.output.contains("error: "), "\(wrong)")
      try TestFiles.write("accounts: 7\n", to: folder.appending("wrong.yaml"))
      let unread = try await Self.run("CheckNames", ["wrong.yaml", "a", "b"], in: folder)
      #expect(unread.status == 78 && unread.output.contains("wrong.yaml:1"), "\(unread)")
    }
  }
}
