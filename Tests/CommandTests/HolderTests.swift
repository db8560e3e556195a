import PlatformFixture
import SystemPackage
import Testing

/// Several processes at work on one account: what one holds no other touches, and what a killed one held is taken over.
@Suite(.timeLimit(.minutes(25))) struct HolderTests {
  /// Settings by which a process is slow, and `until_state STATE SETTINGS`, which waits for the large file.
  private static let slowness = """
    slow() { sed 's,^    poll: .*,&\\n    bandwidth:\\n      - { limit: 20kB/s },' $1/filsluse.yaml > $1/slow.yaml; }
    slow $c/fagsystem; slow $c/flis
    until_state() { until_so "\\"$0\\" journal list --state $1 --config $2 | grep -q stor"; }

    """

  /// A holder that is only slow (here it is stopped altogether) keeps what it holds; one that is killed keeps nothing.
  @Test("takes over at once the claims of a killed process")
  func whatAKilledHolderHeldIsTakenOverAtOnce() async throws {
    let line =
      Self.slowness + """
        head -c 3000000 /dev/urandom > stor.bin
        send="send stor.bin --route flis-0101 --json --config $c/fagsystem"
        "$0" $send/slow.yaml > sent0 2> errors0 & holder=$!
        until_state uploading $c/fagsystem/filsluse.yaml; kill -STOP $holder
        "$0" $send/filsluse.yaml > sent1 2> errors1; echo "sending elsewhere $?"; grep -c 'another process' errors1
        kill -KILL $holder; "$0" $send/filsluse.yaml > sent2 2> errors2; echo "sending taken over $?"

        "$0" receive --config $c/flis/slow.yaml > received0 2> errors3 & holder=$!
        until_state fetching $c/flis/filsluse.yaml; kill -STOP $holder
        printf klein > lille.bin
        "$0" send lille.bin --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent3; echo "another $?"
        "$0" receive --config $c/flis/filsluse.yaml > received1 2> errors4; echo "receiving beside $?"
        echo inbox $(ls $c/flis/inbox/flis)
        kill -KILL $holder; "$0" receive --config $c/flis/filsluse.yaml > received2 2> errors5; echo "receiving taken over $?"
        cmp stor.bin $c/flis/inbox/flis/stor.bin && echo same
        echo "distributed $(grep -c distributed log), deliveries $("$0" journal list --csv --config $c/fagsystem/filsluse.yaml | grep -c '^D')"
        for system in fagsystem flis; do "$0" journal check --config $c/$system/filsluse.yaml > /dev/null; echo "$system $?"; done
        """
    let outcome = try await BuiltCommand.shell(besidePlatform: line)
    #expect(
      outcome.output == """
        sending elsewhere 75
        1
        sending taken over 0
        another 0
        receiving beside 0
        inbox lille.bin lille.bin.metadata
        receiving taken over 0
        same
        distributed 2, deliveries 2
        fagsystem 0
        flis 0

        """, "\(outcome)")
  }

  /// Three processes on one inbox: the receiver's program is run once for each transfer, and each file is there once.
  @Test("no two processes ever handle the same file")
  func noTwoProcessesEverHandleTheSameFile() async throws {
    let line = """
      mkdir files; for i in $(seq 60); do echo "fil $i" > files/f$i.csv; done
      "$0" send files/*.csv --route flis-0101 --json --config $c/fagsystem/filsluse.yaml > sent 2> errors; echo "sent $?"
      printf '#!/bin/sh\\necho $FILSLUSE_FILE_TRANSFER_UUID >> "%s/taken"\\n' "$PWD" > take-over; chmod +x take-over
      sed "0,/^    infref: /s,^    infref: .*,&\\n    hook: { run: [$PWD/take-over] }," $c/flis/filsluse.yaml > $c/flis/hook.yaml
      workers=; for i in 1 2 3; do
        "$0" receive --config $c/flis/hook.yaml > received$i 2> errors$i & workers="$workers $!"
      done
      for worker in $workers; do wait $worker; echo "worker $?"; done
      "$0" receive --config $c/flis/hook.yaml > received4; echo "last $?"
      echo "taken $(wc -l < taken), different $(sort -u taken | wc -l)"
      echo "inbox $(ls $c/flis/inbox/flis | wc -l), IN $(ls platform/systems/flis/IN | wc -l)"
      for i in $(seq 60); do cmp files/f$i.csv $c/flis/inbox/flis/f$i.csv >&2 || echo "differs: $i"; done
      "$0" journal list --csv --state removed --config $c/flis/filsluse.yaml | grep -c '^A'
      "$0" journal check --config $c/flis/filsluse.yaml > /dev/null; echo "check $?"
      """
    let outcome = try await BuiltCommand.shell(besidePlatform: line)
    #expect(
      outcome.output == """
        sent 0
        worker 0
        worker 0
        worker 0
        last 0
        taken 60, different 60
        inbox 120, IN 0
        60
        check 0

        """, "\(outcome)")
  }

  @Test("ten processes at once may begin a journal")
  func tenProcessesMayBeginAJournal() async throws {
    let line = """
      cd "$FOLDER"
      printf 'accounts: {a: {host: h, user: u, key: k, host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}}' > filsluse.yaml
      workers=; for i in $(seq 10); do
        "$0" journal check --config filsluse.yaml >> out 2>> errors & workers="$workers $!"
      done
      for worker in $workers; do wait $worker || echo "failed $?"; done
      grep -c 'is sound' out; cat errors
      """
    try await withScratchFolder("opening") { folder in
      let outcome = try await BuiltCommand.shell("FOLDER='\(folder)'\n\(line)")
      #expect(outcome.output == "10\n", "\(outcome)")
    }
  }
}
