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

  @Test("goes on when a changed plan lacks the sender of a file in hand, or names a key that cannot be used")
  func aSenderThatIsGone() async throws {
    try await withScratchFolder("platform") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; until_so() { for i in $(seq 2400); do eval "$1" && return; sleep 0.1; done; echo "never: $1"; }
        cat > plan.yaml <<END
        systems:
          anden: { it-system: 0d8a7a5c-1111-4222-8333-444455556667, authority: "55133018" }
          fagsystem: { it-system: 0d8a7a5c-1111-4222-8333-444455556666, authority: "55133018" }
          flis: { it-system: 0d8a7a5c-1111-4222-8333-444455557777, authority: "64942212" }
        routes:
          anden-0751: { infref: FagsystemdefineredeDataRefGDPR1203_1, from: anden, to: flis, authority: "55133018" }
          flis-0751: { infref: FagsystemdefineredeDataRefGDPR1203_1, from: fagsystem, to: flis, authority: "55133018" }
        END
        timeout \(BuiltCommand.patience) "$0" platform --plan plan.yaml --directory p > card 2> log & platform=$!
        until_so '[ -s card ]'
        echo a > x.csv; "$0" send x.csv --route anden-0751 --config p/clients/anden/filsluse.yaml > sent; echo "send $?"
        echo bb > x.csv; "$0" send x.csv --route anden-0751 --no-wait --config p/clients/anden/filsluse.yaml >> sent
        until_so 'grep -q "is held back" log'
        cp plan.yaml whole.yaml; cp p/clients/flis/filsluse.yaml p/clients/flis/former.yaml; echo nonsense > broken; chmod 600 broken
        sed '/^  anden/d; s|^  flis: {|& key: broken,|' whole.yaml > plan.yaml.new; mv plan.yaml.new plan.yaml
        until_so 'grep -q "the platform goes on by the former one" log'
        sed '/^  anden/d' whole.yaml > plan.yaml.new; mv plan.yaml.new plan.yaml
        until_so 'grep -q "anden is no longer in the plan" log'; until_so 'grep -q "gone: anden-0751" log'
        "$0" receive --config p/clients/flis/former.yaml > received 2>> log; echo "receive $?"
        until_so '[ "$(cat p/systems/flis/IN/x.csv)" = bb ]'
        kill -0 $platform && echo alive; kill -TERM $platform; wait $platform; cat log >&2
        """)
      #expect(outcome.output == "send 0\nreceive 0\nalive\n", "\(outcome)")
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
