import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

/// The built command on disks that are full or cannot be written: it says so, and nothing is lost.
@Suite(.timeLimit(.minutes(25)), .enabled("needs a mount namespace") { await MountNamespace.isPermitted() })
struct LocalDiskTests {
  /// Runs lines of shell beside a platform: first `before`, then `mounted` where it may mount what it likes.
  ///
  /// `send` sends everything in `files`, `receive` collects it, `check` checks the sender's journal.
  private func withPlatform(_ before: String, mounted: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        export B="$0" c=$PWD/platform/clients
        send() { "$B" send files/* --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent; }
        receive() { "$B" receive --config $c/flis/filsluse.yaml > received; }
        check() { "$B" journal check --config $c/fagsystem/filsluse.yaml > checked; }
        export -f send receive check
        mkdir files
        \(before)
        unshare --map-root-user --mount bash -c '\(mounted)'
        echo "distributed $(grep -c distributed log)"
        """)
  }

  @Test("a file without room on the disk waits, and the others come")
  func whatFindsNoRoomWaitsAndTheRestComes() async throws {
    let outcome = try await withPlatform(
      "head -c 1000000 /dev/urandom > files/little.bin; head -c 5000000 /dev/urandom > files/much.bin; send",
      mounted: """
        mkdir -p $c/flis/inbox; mount -t tmpfs -o size=10m none $c/flis/inbox
        receive; echo "full $?"
        (cd $c/flis/inbox/flis && echo *); (cd platform/systems/flis/IN && echo *)
        mount -o remount,size=64m $c/flis/inbox
        receive; echo "roomy $?"
        for name in little.bin much.bin; do cmp files/$name $c/flis/inbox/flis/$name; done
        echo "left $(ls platform/systems/flis/IN $c/flis/inbox/flis/.unfinished | grep -c bin)"
        """)
    #expect(
      outcome.output == """
        full 74
        little.bin little.bin.metadata
        much.bin much.bin.metadata
        roomy 0
        left 0
        distributed 2

        """, "\(outcome)")
    #expect(outcome.errors.contains("much.bin: it needs 5 000 000 bytes, and the disk has "), "\(outcome)")
    #expect(outcome.errors.contains(" left, of which 8 388 608 are kept free for others"), "\(outcome)")
  }

  @Test("an inbox that cannot be written leaves everything in IN")
  func anInboxThatCannotBeWrittenLeavesEverythingInIN() async throws {
    let outcome = try await withPlatform(
      "echo hej > files/a.csv; echo dav > files/b.csv; send; mkdir -p $c/flis/inbox/flis",
      mounted: """
        mount --bind $c/flis/inbox $c/flis/inbox; mount -o remount,ro,bind $c/flis/inbox
        receive; echo "read-only $?"
        (cd platform/systems/flis/IN && echo *)
        mount -o remount,rw,bind $c/flis/inbox
        receive; echo "writable $?"
        (cd $c/flis/inbox/flis && echo *); cat $c/flis/inbox/flis/[ab].csv
        """)
    #expect(
      outcome.output == """
        read-only 74
        a.csv a.csv.metadata b.csv b.csv.metadata
        writable 0
        a.csv a.csv.metadata b.csv b.csv.metadata
        hej
        dav
        distributed 2

        """, "\(outcome)")
    #expect(outcome.errors.contains("Read-only file system"), "\(outcome)")
  }

  @Test("a full disk under the journal stops before the step that cannot be written")
  func aFullDiskUnderTheJournalStopsBeforeTheStepThatCannotBeWritten() async throws {
    let outcome = try await withPlatform(
      """
      for i in $(seq 100); do echo $i > files/f$i; done
      mkdir journal; sed -i "s|^journal:.*|journal: $PWD/journal/journal.sqlite|" $c/fagsystem/filsluse.yaml
      """,
      mounted: """
        mount -t tmpfs -o size=520k none journal
        send; echo "full $?"
        send; echo "still full $?"
        check; echo "check $?"
        mount -o remount,size=64m journal
        send; echo "roomy $?"
        echo "accepted $(grep -c ^accepted sent)"
        check; echo "check $?"
        """)
    #expect(
      outcome.output == """
        full 74
        still full 74
        check 0
        roomy 0
        accepted 100
        check 0
        distributed 100

        """, "\(outcome)")
    #expect(outcome.errors.contains("make room on the disk and try again"), "\(outcome)")
  }
}

/// The right of a process to a mount namespace of its own: root has it, and others where the kernel permits it.
enum MountNamespace {
  static func isPermitted() async -> Bool {
    await Program(
      arguments: ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
      timeout: .seconds(60)
    ).run().isSuccess
  }
}
