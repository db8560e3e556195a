import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct PlatformCommandTests {
  /// The README's first exchange by hand, in one shell.
  private static let exchange = """
    printf 'a;b\\n' > udtræk_0101.csv
    "$0" send udtræk_0101.csv --route flis-0101 --config platform/clients/fagsystem/filsluse.yaml; echo "send $?"
    "$0" watch --once --config platform/clients/flis/filsluse.yaml; echo "watch $?"
    "$0" receive --config platform/clients/flis/filsluse.yaml; echo "receive $?"
    """

  @Test("runs until it is stopped")
  func runsUntilItIsAskedToEnd() async throws {
    try await withScratchFolder("platform") { folder in
      let outcome = try await BuiltCommand.shell(besidePlatform: Self.exchange, in: folder)
      #expect(outcome.output.contains("send 0"), "\(outcome)")
      #expect(outcome.output.contains("watch 0"), "\(outcome)")
      #expect(outcome.output.contains("receive 0"), "\(outcome)")
      #expect(outcome.status == 0, "\(outcome)")
      let card = try String(contentsOfFile: folder.appending("card").string, encoding: .utf8)
      #expect(card.contains("host:      127.0.0.1"))
      #expect(card.contains("platform/clients/fk-kla/filsluse.yaml"))
      #expect(card.contains("test series"))
      #expect(try Self.processes(mentioning: folder).isEmpty, "nothing of the platform is left")
    }
  }

  @Test("refuses a folder that another platform uses")
  func refusesAFolderThatAnotherPlatformUses() async throws {
    try await withScratchFolder("platform") { folder in
      let line = """
        cd '\(folder)'
        timeout \(BuiltCommand.patience) "$0" platform --directory p --json > card & first=$!
        until [ -s card ] || ! kill -0 $first; do sleep 0.1; done
        timeout 200 "$0" platform --directory p; echo "second $?"
        timeout 200 "$0" platform --directory p --language da; echo "third $?"
        kill -INT $first; wait $first
        """
      let outcome = try await BuiltCommand.shell(line)
      #expect(outcome.output == "second 75\nthird 75\n", "\(outcome)")
      #expect(outcome.errors.contains("another process runs a platform in this folder"), "\(outcome)")
      #expect(outcome.errors.contains("en anden proces kører en platform i denne mappe"), "\(outcome)")
    }
  }

  /// Command lines of running processes that name the folder.
  private static func processes(mentioning folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { $0.allSatisfy(\.isNumber) }.compactMap { id in
      // A process may end while we look.
      guard let line = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8) else { return nil }
      return line.contains(folder.string) ? line.replacing("\0", with: " ") : nil
    }
  }
}
