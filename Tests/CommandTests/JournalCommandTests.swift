import FoundationEssentials
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct JournalCommandTests {
  private static let exchange = """
    printf 'a;b\\n' > 'sag 0101901234.csv'; c=platform/clients/fagsystem/filsluse.yaml
    "$0" send 'sag 0101901234.csv' --route flis-0101 --config $c > sent; echo "send $?"
    "$0" receive --config platform/clients/flis/filsluse.yaml > received; echo "receive $?"
    "$0" journal list --config $c; "$0" journal list --state refused --config $c | wc -l
    "$0" journal show D1 --config $c; "$0" journal export --config $c
    "$0" journal find 0101901234 --show-names --by anna --config $c; echo "find $?"
    "$0" journal find nowhere --config $c; echo "nothing $?"; "$0" journal show journal --config $c
    r=platform/clients/flis/filsluse.yaml
    "$0" journal export --unmasked --json --config $r; "$0" journal list --unmasked --by bo --config $r > list
    "$0" journal show A1 --unmasked --config $r > shown; "$0" journal list --config $r > masked
    "$0" journal show journal --config $r | grep -o 'names-shown .*, by .*--unmasked'; "$0" journal verify --config $r
    "$0" journal check --config $c; "$0" journal backup copy.sqlite --config $c; echo "backup $?"
    "$0" journal backup copy.sqlite --config $c; echo "again $?"; "$0" journal show D9 --config $c; echo "none $?"
    stat -c 'mode %a' copy.sqlite; "$0" cancel 1 --config $c; echo "cancel $?"
    today=$(TZ=Europe/Copenhagen date +%F)
    "$0" journal list --day $today --config $c | wc -l; "$0" journal list --day 2020-01-01 --config $c | wc -l
    "$0" journal list --csv --route flis-0101 --config $c | tail -1; "$0" journal show D1 --csv --config $c | head -2
    sed 's/flis-0101/flis-0102/' $c > platform/clients/fagsystem/other.yaml
    "$0" journal list --route flis-0101 --config platform/clients/fagsystem/other.yaml; echo "former $?"
    for name in "account fagsystm" "route flis-0999" "infref Udtraek_1" "state refuse"; do
      "$0" journal list --$name --config $c; echo "list ${name% *} $?"
      "$0" journal export --$name --config $c; echo "export ${name% *} $?"
    done
    "$0" journal list --json --state refused --config $c; "$0" journal show D1 --json --unmasked --config $c | grep wire
    anchor=$("$0" journal anchor --config $c); echo "anchor ${anchor%%:*}"
    "$0" journal verify --anchor $anchor --config $c; echo "verify $?"
    "$0" journal verify --anchor 3:$(printf %064d 7) --config $c; echo "wrong $?"
    "$0" journal forget --config $c; echo "kept $?"
    (cat $c; echo 'keep: 30d') > platform/clients/fagsystem/keep.yaml
    "$0" journal forget --config platform/clients/fagsystem/keep.yaml; echo "forget $?"
    "$0" journal backup later.sqlite --config $c > later; j=$(dirname $c)/journal.sqlite; rm -f $j-*; printf 'damaged' | dd of=$j conv=notrunc 2> dd
    "$0" journal list --config $c; echo "damaged $?"
    "$0" journal restore later.sqlite --config $c; echo "restore $?"
    "$0" journal check --config $c; "$0" journal show D1 --config $c | grep state:
    rm $j; "$0" journal list --config $c; echo "gone $?"
    """

  @Test(
    "the local path of a delivery and of an arrival is absolute wherever it is shown, and what is not there is an error"
  )
  func localPaths() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        printf 'a;b\\n' > brev.csv
        s=platform/clients/fagsystem/filsluse.yaml r=platform/clients/flis/filsluse.yaml
        "$0" send brev.csv --route flis-0101 --config $s > sent; "$0" receive --config $r > received
        "$0" journal show D1 --config $s --json > D1; "$0" journal show A1 --config $r --json > A1
        "$0" journal export --config $s --json > Ds; "$0" journal export --config $r --json > As
        cat > paths.py <<'END'
        import json, os
        shown = [json.load(open(f))["trail"]["localPath"] for f in ("D1", "A1")]
        listed = [json.load(open(f))[0]["localPath"] for f in ("Ds", "As")]
        print(shown == listed, all(os.path.isabs(p) and os.path.basename(p).startswith("brev") for p in shown))
        END
        python3 paths.py; "$0" journal find zzz --config $s --json > none; echo "find $?"
        "$0" journal show d9 --config $s --json > unknown; echo "show $?"
        python3 -c 'import json; print(*[json.load(open(f))["error"]["code"] for f in ("none", "unknown")])'
        """)
    #expect(
      outcome.output == "True True\nfind 65\nshow 65\nnothing-found unknown-number\n", "\(outcome)")
  }

  @Test("the journal can be searched and exported")
  func whatWasDoneCanBeLookedUpAndExported() async throws {
    let outcome = try await BuiltCommand.shell(besidePlatform: Self.exchange)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    func has(_ text: String) -> Bool { lines.contains { $0.contains(text) } }
    #expect(has("send 0") && has("receive 0"), "\(outcome)")
    #expect(lines.contains { $0.hasPrefix("D1  ") && $0.contains("accepted") && $0.contains("sag **********.csv") })
    #expect(lines.contains("1"), "only the header for a state that nothing is in")
    for state in ["staged", "uploading", "armed", "triggered", "accepted  SUCCESS"] {
      #expect(lines.contains { $0.hasPrefix("20") && $0.hasSuffix(":00  \(state)") }, "\(state)")
    }
    let meaning = "  The platform's receipt says that the file was distributed."
    #expect(lines.contains { $0.hasPrefix("which means:") && $0.hasSuffix(meaning) }, "\(outcome)")
    #expect(lines.contains { $0.hasPrefix("local path: ") && $0.hasSuffix("sag **********.csv") }, "\(outcome)")
    #expect(
      lines.contains { $0.hasPrefix("D1  20") && $0.contains("sag 0101901234.csv") } && has("find 0")
        && has("nothing 65"),
      "\(outcome)")
    #expect(has("  names-shown  to anna (uid \(getuid())), who looked for “**********”: D1"), "\(outcome)")
    let user = "(uid \(getuid())), by journal"
    #expect(lines.count { $0.hasPrefix("names-shown  to ") && $0.contains(user) } == 3, "\(outcome)")
    #expect(has("names-shown  to bo \(user) list --unmasked"), "\(outcome)")
    #expect(has("id;account;began;changed;state;name;route or sender;infref"))
    #expect(has(";99000101;"))
    #expect(has("\"name\" : \"sag 0101901234.csv\""))
    #expect(has("journal.sqlite is sound"))
    #expect(
      lines.count { $0 == "2" } == 1 && lines.count { $0 == "1" } == 2, "the day's list and two empty ones: \(lines)")
    #expect(lines.contains { $0.hasPrefix("D1;20") && $0.contains(";accepted;sag **********.csv;flis-0101;") })
    #expect(has("at;state;detail") && has(";staged;"))
    #expect(lines.contains("[]"))
    #expect(has("former 0"), "a route that has left the settings is still in the journal")
    for name in ["account", "route", "infref", "state"] {
      #expect(has("list \(name) 65") && has("export \(name) 65"), "\(name): \(outcome)")
    }
    #expect(outcome.errors.contains("there is no account “fagsystm”; did you mean “fagsystem”?"), "\(outcome)")
    #expect(
      lines.contains { $0.hasPrefix("anchor ") && Int($0.dropFirst(7)) != nil } && has("as it was written, up to ")
        && has("verify 0"), "\(outcome)")
    #expect(has("entry 3 has another hash") && has("wrong 74"), "\(outcome)")
    #expect(has("kept 78") && has("0 that ended more than 30d ago are forgotten") && has("forget 0"), "\(outcome)")
    #expect(has("damaged 74") && outcome.errors.contains("file is not a database"), "\(outcome)")
    #expect(has("is the backup now") && has("its former file lies at") && has("restore 0"), "\(outcome)")
    #expect(outcome.errors.contains("could not be read to its end"), "\(outcome)")
    #expect(has("gone 74") && outcome.errors.contains("there was a journal here"), "\(outcome)")
    #expect(has("backup 0") && has("again 74") && has("none 65") && has("mode 600") && has("cancel 65"), "\(outcome)")
  }
}
