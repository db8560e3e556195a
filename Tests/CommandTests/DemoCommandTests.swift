import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

/// The main job from end to end, with the built command.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DemoCommandTests {
  @Test("the demo comes out and its documents pass xmllint")
  func theDemoComesOutAndItsDocumentsPassXmllint() async throws {
    try await withScratchFolder("demo") { folder in
      let demo = try await BuiltCommand.run(
        ["demo", "--directory", folder.string, "--large-megabytes", "20"])
      #expect(demo.status == 0, "\(demo)")
      #expect(
        demo.output.contains("100 accepted by receipt, 100 arrived exactly once, 100 the same byte for byte"))
      let schema = TestFiles.repository.appending("Samples/schema/trigger-files.xsd")
      let validated = try await BuiltCommand.shell(
        "find '\(folder)/documents' -type f -print0 | xargs -0 xmllint --noout --nonet --schema '\(schema)'")
      #expect(validated.status == 0, "\(validated.errors.prefix(2000))")
      #expect(validated.errors.split(separator: "\n").filter { $0.hasSuffix(" validates") }.count == 300)
      #expect(try Self.processes(naming: folder).isEmpty)
    }
  }

  /// Killed again and again in the middle of its work, then left alone: everything arrives, and arrives once.
  @Test("a demo that is killed is finished by the next")
  func aDemoThatIsKilledIsFinishedByTheNext() async throws {
    try await withScratchFolder("demo") { folder in
      let demo = "\"$0\" demo --directory '\(folder)' --large-megabytes 60"
      for milliseconds in [900, 1400, 1900, 1200, 1600, 2200] {
        let killed = try await BuiltCommand.shell(
          "\(demo) >/dev/null 2>&1 & sleep \(Double(milliseconds) / 1000); kill -9 $!; wait $!; echo $?")
        #expect(killed.output == "137\n" || killed.output == "0\n", "\(killed)")
      }
      try await Self.expectNoProcess(naming: folder)
      let last = try await BuiltCommand.shell(demo)
      #expect(last.status == 0, "\(last)")
      #expect(last.output.contains("100 arrived exactly once, 100 the same byte for byte"))
      try await Self.expectNoProcess(naming: folder)
    }
  }

  /// 300 MB each way, with the peak memory of the process.
  @Test("a large file takes little memory")
  func aLargeFileTakesLittleMemory() async throws {
    let line = """
      peak() { "$@" >/dev/null 2>errors & p=$!; most=0
        while v=$(awk '/VmHWM/ {print $2}' /proc/$p/status 2>/dev/null) && [ -n "$v" ]; do most=$v; sleep 0.05; done
        wait $p; echo "$? $most"; }
      head -c 300000000 /dev/urandom > stor.bin
      peak "$0" send stor.bin --route flis-0101 --config $c/fagsystem/filsluse.yaml
      peak "$0" receive --config $c/flis/filsluse.yaml
      cmp stor.bin $c/flis/inbox/flis/stor.bin && echo same; cat errors >&2
      """
    let outcome = try await BuiltCommand.shell(besidePlatform: line)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    try #require(lines.count == 3, "\(outcome)")
    #expect(lines[2] == ["same"], "\(outcome)")
    for line in lines.prefix(2) {
      #expect(line.first == "0", "\(outcome)")
      let peak = try #require(line.last.flatMap { Int($0) })
      #expect(peak > 1000 && peak < 64 * 1024, "\(peak) KiB")
    }
  }

  /// The supervisor of a killed platform takes a moment to end what is left.
  private static func expectNoProcess(naming folder: FilePath) async throws {
    for _ in 1...600 {
      if try processes(naming: folder).isEmpty { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try processes(naming: folder).isEmpty)
  }

  /// The processes, this one apart, whose command line names the folder.
  private static func processes(naming folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap { id in
      guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return nil }
      let text = String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
      return text.contains(folder.string) ? "\(id) \(text)" : nil
    }
  }
}
