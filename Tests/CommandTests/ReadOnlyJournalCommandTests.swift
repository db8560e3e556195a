import Glibc
import PlatformFixture
import Testing

/// The commands that only read, over a journal that may not be written.
@Suite(.timeLimit(.minutes(25))) struct ReadOnlyJournalCommandTests {
  private static let look = """
    look() {
      $1 "$0" journal list --config $2 > listed 2>> errors; echo "list $? $(grep -c accepted listed)"
      $1 "$0" journal show D1 --config $2 > shown 2>> errors; echo "show $?"
      $1 "$0" journal verify --config $2 > verified 2>> errors; echo "verify $?"
      $1 "$0" journal export --config $2 > exported 2>> errors; echo "export $? $(wc -l < exported)"
      for other in 'journal check' 'journal anchor' status "journal backup $3"; do
        $1 "$0" $other --config $2 > other 2>> errors; echo "${other%% /*} $?"
      done
    }
    f=$c/fagsystem/filsluse.yaml
    for i in 1 2 3; do echo "indhold $i" > f$i.csv; done
    "$0" send f?.csv --route flis-0101 --config $f > sent; echo "sent $?"
    mkdir copy; cp $c/fagsystem/journal.sqlite copy/; sed "s|^journal:.*|journal: $PWD/copy/journal.sqlite|" $f > copy.yaml
    grep -q '^journal:' copy.yaml || echo "journal: $PWD/copy/journal.sqlite" >> copy.yaml
    chmod 444 copy/journal.sqlite; chmod 555 copy
    """

  private static let looked =
    "list 0 3\nshow 0\nverify 0\nexport 0 4\njournal check 0\njournal anchor 0\nstatus 0\njournal backup 0\n"

  @Test("a copy without the right to write")
  func withoutRights() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        \(Self.look)
        look '' copy.yaml $PWD/backup; ls -A copy; chmod 755 copy; cat errors >&2
        """)
    #expect(outcome.output == "sent 0\n\(Self.looked)journal.sqlite\n", "\(outcome)")
  }

  @Test(
    "shows no names unmasked, since it cannot keep who saw them", .enabled(if: geteuid() == 0, "needs another user"))
  func noNamesUnmasked() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        \(Self.look)
        chmod 755 copy . ..; chmod 644 copy/journal.sqlite
        for command in 'list --unmasked' 'export --unmasked' 'show D1 --unmasked' 'find f1 --show-names'; do
          setpriv --reuid=65534 --regid=65534 --clear-groups "$0" journal $command --config copy.yaml 2>> refused
          echo "${command%% *} $?"
        done
        grep -c 'names are shown only where the journal can keep who saw them' refused; cat refused >&2
        """)
    #expect(outcome.output == "sent 0\nlist 74\nexport 74\nshow 74\nfind 74\n4\n", "\(outcome)")
  }

  @Test("a copy on a read-only disk", .enabled("needs a mount of its own") { await Self.mayMount() })
  func onAReadOnlyDisk() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        \(Self.look)
        chmod 755 copy; chmod 644 copy/journal.sqlite; export B="$0"
        export -f look
        unshare -m bash -c 'mount --bind copy copy && mount -o remount,bind,ro copy && look "" copy.yaml $PWD/backup' "$0"
        ls -A copy; cat errors >&2
        """)
    #expect(outcome.output == "sent 0\n\(Self.looked)journal.sqlite\n", "\(outcome)")
  }

  @Test(
    "another user looks at the journal and changes nothing",
    .enabled(if: geteuid() == 0, "needs root to be another user"))
  func anotherUsersJournal() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        \(Self.look)
        chmod 755 copy . ..; chmod 644 copy/journal.sqlite; touch errors listed shown verified exported other
        mkdir -m 777 scratch drop; export TMPDIR=$PWD/scratch
        look 'setpriv --reuid=65534 --regid=65534 --clear-groups' copy.yaml $PWD/drop/backup
        ls -A copy scratch; cat errors >&2
        """)
    #expect(outcome.output == "sent 0\n\(Self.looked)copy:\njournal.sqlite\n\nscratch:\n", "\(outcome)")
  }

  private static func mayMount() async -> Bool {
    let outcome = try? await BuiltCommand.shell("unshare -m true", seconds: 20)
    return outcome?.status == 0
  }
}
