import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(4))) struct JournalCommandTests {
  private static let exchange = """
    cd "$FOLDER" && printf 'a;b\\n' > 'sag 0101901234.csv' && c=platform/clients/fagsystem/filsluse.yaml
    timeout 100 "$0" platform --directory platform > card 2> log & platform=$!
    for i in $(seq 300); do [ -s card ] && break; sleep 0.1; done
    "$0" send 'sag 0101901234.csv' --route flis-0101 --config $c > sent; echo "send $?"
    "$0" receive --config platform/clients/flis/filsluse.yaml > received; echo "receive $?"
    kill -TERM $platform; wait $platform
    "$0" journal list --config $c; "$0" journal list --state refused --config $c | wc -l
    "$0" journal show D1 --config $c; "$0" journal export --config $c
    "$0" journal export --unmasked --json --config platform/clients/flis/filsluse.yaml
    "$0" journal check --config $c; "$0" journal backup copy.sqlite --config $c; echo "backup $?"
    "$0" journal backup copy.sqlite --config $c; echo "again $?"; "$0" journal show D9 --config $c; echo "none $?"
    stat -c 'mode %a' copy.sqlite; "$0" cancel 1 --config $c; echo "cancel $?"
    """

  @Test func whatWasDoneCanBeLookedUpAndExported() async throws {
    try await withScratchFolder("journal") { folder in
      let outcome = try await BuiltCommand.shell("FOLDER='\(folder)'\n\(Self.exchange)", seconds: 150)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      func has(_ text: String) -> Bool { lines.contains { $0.contains(text) } }
      #expect(has("send 0") && has("receive 0"), "\(outcome)")
      #expect(lines.contains { $0.hasPrefix("D1  ") && $0.contains("accepted") && $0.contains("sag **********.csv") })
      #expect(lines.contains("1"), "only the header for a state that nothing is in")
      for state in ["staged", "uploading", "uploaded", "armed", "triggered", "accepted  SUCCESS"] {
        #expect(lines.contains { $0.hasSuffix("Z  \(state)") }, "\(state)")
      }
      #expect(has("id;account;began;changed;state;name;route or sender;infref"))
      #expect(has(";99000101;"))
      #expect(has("\"name\" : \"sag 0101901234.csv\""))
      #expect(has("journal.sqlite is sound"))
      #expect(has("backup 0") && has("again 74") && has("none 65") && has("mode 600") && has("cancel 65"), "\(outcome)")
    }
  }
}
