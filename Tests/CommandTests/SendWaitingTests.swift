import Testing

/// The messages of `filsluse send` while it waits for receipts, and the platform's about a name that is in use.
@Suite(.timeLimit(.minutes(25))) struct SendWaitingTests {
  /// The first file is never fetched, so the platform holds the second one of its name back, taken and without receipt.
  @Test("says that a file is taken and has no receipt, and the platform says why")
  func takenWithoutReceipt() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml
        echo 1 > a.csv; "$0" send a.csv --route flis-0101 --config $s > first; echo "first $?"
        echo 2 > a.csv; "$0" send a.csv --route flis-0101 --report-every 200ms --config $s > second 2> errors & sender=$!
        until_so 'grep -q "a.csv (D2): taken by the platform, no receipt yet, since 20.*the same command goes on" errors'
        until_so 'grep -q "a.csv of fagsystem is held back: a.csv still lies in IN of flis" log'
        "$0" receive --config $c/flis/filsluse.yaml > received
        wait $sender; echo "second $?"; grep -c waiting second
        until_so 'grep -q "a.csv of fagsystem goes on: its name is free" log'
        """)
    #expect(outcome.output == "first 0\nsecond 0\n0\n", "\(outcome)")
  }

  /// A platform that is stopped takes nothing; its server goes on.
  @Test(
    "says that a file is still in OUT, and for how long it waits; not in its JSON, and not when it does not wait; and that an interrupted one goes on"
  )
  func stillInOut() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml
        kill -STOP $(pgrep -P $platform)
        for i in 1 2 3 4 5 6 7; do echo $i > f$i.csv; done
        "$0" send f1.csv --no-wait --report-every 200ms --route flis-0101 --config $s > quiet 2>&1; echo "no wait $?"
        timeout -s INT 5 "$0" send f1.csv --route flis-0101 --config $s 2> cut; grep -c '^filsluse: interrupted; nothing is lost, and the same command goes on' cut
        "$0" send f?.csv --route flis-0101 --report-every 200ms --json --config $s > result 2> errors & sender=$!
        until_so 'grep -Eq "f[0-9].csv .D[0-9].* and 2 more: still in OUT, not taken by the platform, since 20.*it waits (9m|10m).* more at most" errors'
        kill -CONT $(pgrep -P $platform); wait $sender; echo "send $?"
        python3 -c 'import json; print(len(json.load(open("result"))))'; grep -c waiting quiet
        """)
    #expect(outcome.output == "no wait 0\n1\nsend 0\n7\n0\n", "\(outcome)")
  }
}
