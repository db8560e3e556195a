import PlatformFixture
import SystemPackage
import Testing

/// The built command over a journal that is removed, moved or replaced by an older copy of itself.
@Suite(.serialized, .timeLimit(.minutes(25))) struct ReplacedJournalCommandTests {
  /// Does `replace` to the journal `$j` of `filsluse run`, which is handing over thirty files and has an older copy of
  /// the journal, runs `receive` beside it, and then does `mend`.
  private func replaceUnderRun(_ replace: String, mend: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        f=$c/flis/filsluse.yaml; j=$c/flis/journal.sqlite
        cat > take-over <<END
        #!/bin/sh
        trap 'echo "\\$FILSLUSE_NAME" >> $PWD/ended; exit 1' TERM
        echo "\\$FILSLUSE_NAME" >> $PWD/hooked; sleep 0.3 & wait \\$!
        END
        chmod +x take-over; touch ended
        printf '#!/bin/sh\\ncat >> %s/told\\n' "$PWD" > tell; chmod +x tell
        sed -i "/^arrivals:/,/^watch:/s|^    infref:.*|&\\n    hook: { run: [$PWD/take-over] }|" $f
        echo "alert: { run: [$PWD/tell] }" >> $f
        echo først > første.csv; "$0" send første.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent
        "$0" receive --config $f > received; echo "first $?"
        "$0" journal backup older.sqlite --config $f > backup
        for i in $(seq 30); do echo "indhold $i" > f$i.csv; done
        "$0" send f*.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml >> sent; echo "sent $?"
        "$0" run --config $f 2> ran & run=$!
        until_so '[ $(wc -l < hooked) -ge 5 ]'
        \(replace)
        "$0" receive --config $f > beside 2> besides; beside=$?
        wait $run; echo "run $?"
        [ $beside = 74 ] && echo "receive refused"
        grep -c '"kind":"journal-replaced"' told
        grep -q 'while this process had it open' ran && echo "run says why"
        "$0" receive --config $f > again 2> agains; echo "before it is mended $?"
        \(mend)
        # Files whose program was ended when everything stopped, four at most, are given to it once more.
        sort hooked | uniq -d > doubled; sort -u ended > again-by-right
        [ -z "$(comm -23 doubled again-by-right)" ] && [ $(wc -l < doubled) -le 4 ] &&
          [ $(sort hooked | uniq -c | sort -n | tail -1 | awk '{print $1}') -le 2 ] && echo "nothing else is doubled"
        cat besides agains >&2
        """)
  }

  private static let stopped = """
    first 0
    sent 0
    run 74
    receive refused
    1
    run says why
    before it is mended 74

    """

  /// After the loss of the journal, only the copy that `run` has saved has the answers of the programs.
  @Test(
    "an older copy under filsluse run, with receive beside: only what a program was ended with is given to it again",
    arguments: [
      ("mv $j away.sqlite; mv $j-wal away.sqlite-wal", "away.sqlite"), ("mv $j away.sqlite", "away.sqlite"),
      ("rm -f $j $j-wal $j-shm", "older.sqlite"),
    ])
  func anOlderCopyUnderRun(moveAway: String, backup: String) async throws {
    let outcome = try await replaceUnderRun(
      "\(moveAway); cp older.sqlite $j",
      mend: """
        "$0" journal restore \(backup) --config $f > restored; echo "restore $?"
        "$0" receive --config $f > finished 2>> agains; echo "receive $?"
        echo "handed over $(sort -u hooked | wc -l)"
        "$0" journal check --config $f > check; echo "check $?"
        """)
    #expect(
      outcome.output == Self.stopped + "restore 0\nreceive 0\nhanded over 31\ncheck 0\nnothing else is doubled\n",
      "\(outcome)")
  }

  /// The newest file is gone then: the entries missing from the older copy are lost, and nothing is done before a
  /// person has accepted that.
  @Test("an older copy over the open file in place: everything stops until a person accepts the loss")
  func anOlderCopyInPlaceUnderRun() async throws {
    let outcome = try await replaceUnderRun(
      "cp older.sqlite $j",
      mend: """
        "$0" journal restore older.sqlite --config $f > restored 2>> agains; echo "restore $?"
        "$0" receive --config $f > finished 2>> agains; echo "receive $?"
        "$0" journal restore older.sqlite --accept-loss --config $f > restored 2>> agains; echo "accepted $?"
        "$0" journal check --config $f > check; echo "check $?"
        """)
    #expect(
      outcome.output == Self.stopped + "restore 74\nreceive 74\naccepted 0\ncheck 0\nnothing else is doubled\n",
      "\(outcome)")
  }

  @Test("an older copy put back by cp before the start: refused, and through restore nothing is sent twice")
  func anOlderCopyBeforeTheStart() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        f=$c/fagsystem/filsluse.yaml; j=$c/fagsystem/journal.sqlite
        for i in $(seq 10); do echo "indhold $i" > f$i.csv; done
        "$0" send f1.csv --route flis-0101 --config $f > sent
        cp $j older.sqlite; [ -s $j-wal ] || echo "closed in good order"
        "$0" send f*.csv --route flis-0101 --config $f > sent; echo "sent $?"
        cp $j newest.sqlite; cp older.sqlite $j
        "$0" send f*.csv --route flis-0101 --config $f > again 2> refusal; echo "again $?"
        grep -c 'filsluse journal restore' refusal
        "$0" receive --config $f > received 2>> refusal; echo "receive $?"
        "$0" run --config $f 2>> refusal; echo "run $?"
        "$0" journal restore older.sqlite --config $f > restored 2>> refusal; echo "with the same copy $?"
        "$0" journal restore newest.sqlite --config $f > restored; echo "restore $?"
        "$0" send f*.csv --route flis-0101 --config $f > once; echo "once more $?"
        echo "distributed $(grep -c distributed log)"
        cp older.sqlite $j; "$0" journal list --config $f 2> notice | grep -c accepted; grep -c 'older copy' notice
        "$0" journal verify --config $f | grep -c 'older copy'
        rm $j.mark; "$0" receive --config $f > received 2> notice; grep -c 'no high-water mark' notice
        """)
    #expect(
      outcome.output == """
        closed in good order
        sent 0
        again 74
        1
        receive 74
        run 74
        with the same copy 74
        restore 0
        once more 0
        distributed 10
        1
        1
        1
        1

        """, "\(outcome)")
  }

  @Test("a journal removed under a send: no trigger goes out any more, and exit status and message say why")
  func removedUnderASend() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        f=$c/fagsystem/filsluse.yaml; j=$c/fagsystem/journal.sqlite
        echo x > a.csv; "$0" send a.csv --route flis-0101 --config $f > sent; echo "first $?"
        sed -i 's|^    user: .*|&\\n    bandwidth: [{ limit: 500kB/s }]|' $f
        head -c 3000000 /dev/zero > b.csv
        "$0" send b.csv --route flis-0101 --config $f > sent 2> errors & sending=$!
        until_so '[ $(stat -c %s platform/systems/fagsystem/OUT/b.csv 2> none || echo 0) -gt 100000 ]'
        rm $j; wait $sending; echo "send $?"
        grep -c 'removed or moved while this process had it open' errors sent | tr '\\n' ' '
        echo; ls platform/systems/fagsystem/OUT | grep -c trigger
        echo "distributed $(grep -c distributed log)"
        "$0" send a.csv --route flis-0101 --config $f 2>> errors; echo "again $?"
        cat errors sent >&2
        """)
    #expect(outcome.output.hasPrefix("first 0\nsend 74\n"), "\(outcome)")
    #expect(outcome.output.hasSuffix("\n0\ndistributed 1\nagain 74\n"), "\(outcome)")
    #expect(outcome.errors.contains("removed or moved while this process had it open"), "\(outcome)")
  }

  @Test("whatever a kill leaves of the mark, a good journal is not refused")
  func aKilledSendNeedsNoMark() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        f=$c/fagsystem/filsluse.yaml; j=$c/fagsystem/journal.sqlite
        for i in $(seq 6); do
          echo "indhold $i" > f$i.csv
          "$0" send f$i.csv --route flis-0101 --config $f --no-wait > sent 2>> errors & sending=$!
          sleep 0.$((i * 2)); kill -9 $sending 2>> errors; wait $sending 2>> errors
          # A mark that is torn, empty, or half of a new one that was never finished.
          case $i in
            1) head -c 40 $j.mark > half 2>> errors; cp half $j.mark;;
            2) : > $j.mark;;
            3) echo half > $j.mark.new;;
            4) rm -f $j.mark;;
          esac
        done
        "$0" send f*.csv --route flis-0101 --config $f > sent 2>> errors; echo "sent $?"
        echo "distributed $(grep -c distributed log)"
        grep -c 'this is an older copy' errors
        "$0" journal check --config $f > check; echo "check $?"
        """)
    #expect(outcome.output == "sent 0\ndistributed 6\n0\ncheck 0\n", "\(outcome)")
  }

  /// Does `replace` to the journal `$j` of `filsluse run`, which has an older copy of it, while ten files of a watched
  /// folder are sent over a slow line; then a person restores that copy, and `run` goes on.
  private func replaceUnderWatchedFolder(_ replace: String, restore: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        f=$c/fagsystem/filsluse.yaml; j=$c/fagsystem/journal.sqlite
        printf '#!/bin/sh\\ncat >> %s/told\n' "$PWD" > tell; chmod +x tell
        sed -i 's/^    municipality: "0101"$/&\\n    outgoing: { folder: ud, settled-for: 200ms }/' $f
        echo "alert: { run: [$PWD/tell] }" >> $f
        echo først > første.csv; "$0" send første.csv --route flis-0147 --config $f > sent
        "$0" journal backup older.sqlite --config $f > backup
        mkdir -p $c/fagsystem/ud; for i in $(seq 10); do echo "indhold $i" > $c/fagsystem/ud/f$i.csv; done
        # Its files are taken from OUT, and no receipt comes as long as the platform stands still.
        "$0" run --config $f 2> ran & run=$!
        until_so '[ $(grep -c distributed log) -ge 4 ]'
        \(replace)
        wait $run; echo "run $?"
        "$0" run --config $f 2>> ran; echo "before it is mended $?"
        \(restore)
        "$0" run --config $f 2>> ran & run=$!
        until_so '[ -z "$(ls $c/fagsystem/ud/.taken)" ]'
        kill -TERM $run; wait $run; echo "run $?"
        echo "doubled $(grep -o 'f[0-9]*.csv.*distributed' log | cut -d. -f1 | sort | uniq -d | wc -l)"
        cat ran >&2; find $c/fagsystem/ud -type f | sort >&2; cat log >&2; cat told >&2
        """)
  }

  @Test("an older copy renamed over the journal under a watched folder: what run saved is restored, nothing is doubled")
  func anOlderCopyUnderAWatchedFolder() async throws {
    let outcome = try await replaceUnderWatchedFolder(
      "cp older.sqlite $j.put; mv $j.put $j",
      restore: """
        "$0" journal restore older.sqlite --accept-loss --config $f > restored; echo "restore $?"
        grep -c 'a copy that was saved' restored
        """)
    #expect(
      outcome.output == "run 74\nbefore it is mended 74\nrestore 0\n1\nrun 0\ndoubled 0\n", "\(outcome)")
    #expect(outcome.errors.contains("all that it held is saved in"))
  }

  @Test("after a loss that a person accepted, files taken in that time are set aside with a word, not sent again")
  func takenFilesAfterALoss() async throws {
    let outcome = try await replaceUnderWatchedFolder(
      "kill -9 $run; cp older.sqlite $j.put; rm -f $j-wal $j-shm; mv $j.put $j",
      restore: """
        taken=$(ls $c/fagsystem/ud/.taken | wc -l); [ $taken -gt 0 ] && echo "files are taken"
        "$0" journal restore older.sqlite --config $f > restored 2>> ran; echo "restore $?"
        "$0" journal restore older.sqlite --accept-loss --config $f > restored 2>> ran; echo "accepted $?"
        """)
    #expect(
      outcome.output.hasPrefix(
        "run 137\nbefore it is mended 74\nfiles are taken\nrestore 74\naccepted 0\nrun 0\ndoubled 0\n"),
      "\(outcome)")
    #expect(outcome.errors.contains("whether the file was sent then is not known"), "\(outcome)")
    #expect(outcome.errors.contains("\"kind\":\"set-aside\""), "\(outcome)")
  }
}
