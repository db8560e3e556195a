import Testing

/// `filsluse run` when SIGHUP asks it to read its settings again: the built command beside the local platform.
@Suite(.serialized, .timeLimit(.minutes(25))) struct ReloadTests {
  /// Runs a line of shell beside a platform: `$s` are the settings of a sender whose route flis-0101 watches `ud`, `$r`
  /// those of a receiver; `start` runs the sender and waits until it is ready, `taken_up N` waits until settings were
  /// taken up N times, `stop` ends it. `watches ROUTE FOLDER` adds a watched folder to a route.
  private func withPlatform(_ line: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml r=$c/flis/filsluse.yaml
        watches() { sed -i "s/^    municipality: \\"$1\\"\\$/&\\n    outgoing: { folder: $2, settled-for: 200ms }/" $s; }
        watches 0101 ud
        sed -i 's/^    poll: 1m$/    poll: 300ms/' $c/*/filsluse.yaml
        start() { "$0" run --config $s 2> errors & run=$!; until_so '[ $(grep -c "info: ready" errors) = 1 ]'; }
        taken_up() { until_so "[ \\$(grep -c 'info: ready' errors) -ge $(($1 + 1)) ]"; }
        put() { echo "$2" > draft; mv draft "$c/fagsystem/$1"; }
        stop() { kill -TERM $run; wait $run; echo "run $?"; }
        \(line)
        """)
  }

  @Test("takes up a new route and gives up a removed one while the others go on")
  func routesComeAndGo() async throws {
    let outcome = try await withPlatform(
      """
      start; put ud/a.csv a; until_so 'ls $c/fagsystem/ud/sent/*/a.csv > found 2> /dev/null'
      watches 0147 ud2; kill -HUP $run; kill -HUP $run; taken_up 1
      until_so '[ -d $c/fagsystem/ud2/.taken ]'
      put ud2/b.csv b; put ud/c.csv c
      until_so 'ls $c/fagsystem/ud2/sent/*/b.csv > found 2> /dev/null'
      until_so 'ls $c/fagsystem/ud/sent/*/c.csv > found 2> /dev/null'
      until_so '! grep -q "taking up" errors || [ $(grep -c "taking up" errors) = $(($(grep -c "info: ready" errors) - 1)) ]'
      before=$(grep -c "info: ready" errors)
      sed -i '/folder: ud2/d' $s; kill -HUP $run; taken_up $before
      put ud2/d.csv d; put ud/e.csv e
      until_so 'ls $c/fagsystem/ud/sent/*/e.csv > found 2> /dev/null'
      ls $c/fagsystem/ud2/*.csv
      stop; echo "connected $(grep -c 'connected to' errors)"; echo "distributed $(grep -c distributed log)"
      """)
    #expect(
      outcome.output == """
        platform/clients/fagsystem/ud2/d.csv
        run 0
        connected 1
        distributed 4

        """, "\(outcome)")
  }

  /// The settings of the receiver are taken into the sender's, and out again.
  @Test("takes up a new account and gives up a removed one, whose arrivals stay, while the others go on")
  func accountsComeAndGo() async throws {
    let outcome = try await withPlatform(
      """
      cat > both.py <<'EOF'
      import re, sys
      sender, receiver = open(sys.argv[1]).read(), open(sys.argv[2]).read()
      def section(name): return re.search(rf"^{name}:\\n((?:[ #].*\\n|\\n)*)", receiver, re.M)[1]
      arrivals = re.sub(r"\\A(.*\\n)", r"\\1    hook: { run: [./missing], timeout: 1m }\\n", section("arrivals"))
      print(sender.replace("routes:\\n", section("accounts") + "routes:\\n", 1) + "arrivals:\\n" + arrivals)
      EOF
      start; cp $s alone; python3 both.py $s $r > both; cp both $s; kill -HUP $run; taken_up 1
      put ud/a.csv a; until_so '[ -e $c/fagsystem/inbox/flis/a.csv ]'
      until_so 'grep -q "is handed over when the program can be started" errors'
      cp alone $s; kill -HUP $run; taken_up 2
      until_so 'grep -q "flis: the account is gone from the settings, and 1 of its .* unfinished: A1" errors'
      put ud/b.csv b; until_so 'ls $c/fagsystem/ud/sent/*/b.csv > found 2> /dev/null'; ls platform/systems/flis/IN
      printf '#!/bin/sh\necho x >> ran\n' > $c/fagsystem/missing; chmod +x $c/fagsystem/missing
      cp both $s; kill -HUP $run; taken_up 3
      until_so '[ -z "$(ls platform/systems/flis/IN)" ]'
      stop; cat $(find . -name ran) | wc -l; grep -c 'fagsystem: connected to' errors
      """)
    #expect(
      outcome.output == "a.csv\na.csv.metadata\nb.csv\nb.csv.metadata\nrun 0\n2\n1\n", "\(outcome)")
  }

  /// The platform is stopped while the file is taken, so that its delivery is open when its route goes.
  @Test("leaves the open deliveries of a removed route where they are, reports them, and goes on when it is back")
  func aRemovedRoutesFilesStay() async throws {
    let outcome = try await withPlatform(
      """
      cp $s without; sed -i '/folder: ud,/d' without
      sed -i "s|^routes:|alert: { run: [/bin/sh, -c, 'cat >> \\"\\$0\\"', $PWD/told] }\\n&|" $s without
      port=$(sed -n 's/^    port: //p' $s); sed -i 's/^    port: .*/    port: 1/' $s without
      start; put ud/a.csv a; until_so '[ $(ls $c/fagsystem/ud/.taken | wc -l) = 1 ]'
      until_so '"$0" journal list --config $s | grep -q staged'
      cp $s with; cp without $s; kill -HUP $run; taken_up 1
      until_so 'grep -q removed-unfinished told'
      ls $c/fagsystem/ud/.taken | cut -c 12-; "$0" journal list --config $s | grep -c staged
      cp with $s; kill -HUP $run; taken_up 2
      sed -i "s/^    port: 1/    port: $port/" $s; kill -HUP $run; taken_up 3
      until_so 'ls $c/fagsystem/ud/sent/*/a.csv > found 2> /dev/null'
      stop; echo "distributed $(grep -c distributed log)"; grep -c "settings have changed" errors
      """)
    #expect(outcome.output == "a.csv\n1\nrun 0\ndistributed 1\n1\n", "\(outcome)")
  }

  @Test(
    "keeps the old settings, with a word and the place, where the new are wrong or would need a restart",
    arguments: [
      ("echo 'nonsense: [' >> $s", "filsluse.yaml:[0-9]*:[0-9]*"),
      ("sed -i 's/^    kind: explicit$/    kind: expliit/' $s", "filsluse.yaml:[0-9]*:[0-9]*"),
      ("rm $s", "filsluse.yaml"),
      ("printf 'name;kommune\\n' > $c/fagsystem/routes.csv; echo 'routes-file: routes.csv' >> $s", "routes.csv:1:6"),
      ("sed -i 's/^journal: .*/journal: other.sqlite/' $s", "journal: is .*other.sqlite.*restart filsluse run"),
      ("sed -i 's/^inbox: .*/inbox: elsewhere/' $s", "inbox: is .*elsewhere.*restart filsluse run"),
      ("touch $c/fagsystem/file; watches 0147 file", "kept as they were.*open folder.*file"),
    ])
  func wrongSettingsAreRefused(change: String, words: String) async throws {
    let outcome = try await withPlatform(
      """
      start; cp $s good; \(change)
      kill -HUP $run; until_so 'grep -q "settings are kept as they were" errors'
      put ud/a.csv a; until_so 'ls $c/fagsystem/ud/sent/*/a.csv > found 2> /dev/null'
      tr '\\n' ' ' < errors > line; grep -q '\(words)' line && echo said
      cp good $s; kill -HUP $run; until_so 'tail -n 1 errors | grep -q ready'
      stop
      """)
    #expect(outcome.output == "said\nrun 0\n", "\(outcome)")
  }

  /// The account changes while the program runs: its loops start again, and the program is neither ended nor run twice.
  @Test(
    "lets a program under way run to its end, once, in spite of any change by the reload",
    arguments: [
      "true", "sed -i 's/^    poll: 300ms$/    poll: 400ms/' $r",
      "sed -i 's/^    receipt-within: 10m$/    receipt-within: 9m/; s/tries: 3/tries: 4/' $r",
    ])
  func aProgramUnderWayRunsOnce(change: String) async throws {
    let outcome = try await withPlatform(
      """
      printf '#!/bin/sh\\necho began >> %s/ran; until [ -e %s/go ]; do sleep 0.1; done; echo ended >> %s/ran\\n' \
        $PWD $PWD $PWD > $c/flis/take-over
      chmod +x $c/flis/take-over
      sed -i '/^arrivals:/{n;s|$|\\n    hook: { run: [./take-over], tries: 3, timeout: 10m }|}' $r
      s=$r; start
      echo x > a.csv; "$0" send a.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent
      until_so '[ -e ran ]'
      \(change); kill -HUP $run; taken_up 1
      echo y > b.csv; "$0" send b.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent
      until_so '[ $(grep -c began ran) = 2 ]'
      touch go; until_so '[ -z "$(ls platform/systems/flis/IN)" ]'
      stop; sort ran | uniq -c | tr -s ' '; "$0" journal show A1 --config $r | grep -c handed-over
      """)
    #expect(outcome.output == "run 0\n 2 began\n 2 ended\n1\n", "\(outcome)")
  }

  /// A file that takes some seconds at the account's speed.
  @Test(
    "a transfer under way arrives whole and once, whether or not its account is changed",
    arguments: [
      ("watches 0147 ud2", "1"), ("sed -i 's/^    poll: 300ms$/    poll: 400ms/' $s", "2"),
      ("sed -i 's/folder: ud, settled-for: 200ms/folder: ud, settled-for: 300ms/' $s", "1"),
      ("sed -i '/folder: ud,/d' $s", "1"),
    ])
  func aTransferUnderWay(change: String, connections: String) async throws {
    let outcome = try await withPlatform(
      """
      sed -i 's|^    poll: 300ms$|&\\n    bandwidth: [{ limit: 400kB/s }]|' $s; cp $s good
      start; head -c 2000000 /dev/urandom > original; cp original draft; mv draft $c/fagsystem/ud/a.csv
      until_so '[ -s platform/systems/fagsystem/OUT/a.csv ]'
      \(change); kill -HUP $run; taken_up 1
      until_so 'grep -q distributed log'
      cp good $s; kill -HUP $run; taken_up 2
      until_so 'ls $c/fagsystem/ud/sent/*/a.csv > found 2> /dev/null'
      cmp original platform/systems/flis/IN/a.csv && echo same
      kill -TERM $run; wait $run; echo "run $?"
      [ $(grep -c 'connected to' errors) -ge \(connections) ] && echo connected
      "$0" journal list --config $s | grep -c a.csv; grep -c distributed log
      """)
    #expect(outcome.output == "same\nrun 0\nconnected\n1\n1\n", "\(outcome)")
  }

  @Test("does not end for a SIGHUP while it starts or ends")
  func aReloadAtTheStartAndTheEnd() async throws {
    let outcome = try await withPlatform(
      """
      trap '' HUP; "$0" run --config $s 2> errors & run=$!
      for i in $(seq 20); do kill -HUP $run; sleep 0.02; done
      until_so 'grep -q "info: ready" errors'
      put ud/a.csv a; until_so 'ls $c/fagsystem/ud/sent/*/a.csv > found 2> /dev/null'
      kill -TERM $run; for i in $(seq 5); do kill -HUP $run 2> gone; done
      wait $run; echo "run $?"
      """)
    #expect(outcome.output == "run 0\n", "\(outcome)")
  }

  /// SIGHUP is the lowest bit of the signals that are ignored, or caught.
  @Test("does not end for a SIGHUP that comes before the service listens for it", arguments: ["run", "watch"])
  func anEarlyReload(command: String) async throws {
    let outcome = try await withPlatform(
      """
      for i in 1 2 3; do
        "$0" \(command) --config $r 2> errors & run=$!
        until_so 'grep -Eq "^Sig(Ign|Cgt):.*[13579bdf]$" /proc/$run/status'
        kill -HUP $run; until_so 'grep -Eq "info: (ready|watching)" errors'
        kill -TERM $run; wait $run; echo "ended $?"
      done
      """)
    #expect(outcome.output == "ended 0\nended 0\nended 0\n", "\(outcome)")
  }

  /// The key is missing at the start, and another account's is refused: both are tried again on the reload.
  @Test("retries a stopped account on SIGHUP, and reports once that it is stopped, and once that it works")
  func aStoppedAccountIsTriedAgain() async throws {
    let outcome = try await withPlatform(
      """
      ssh-keygen -q -t ed25519 -N '' -f wrong
      key=$(sed -n 's/^    key: //p' $s); cp "$key" right; cp wrong "$c/fagsystem/key"; chmod 600 "$c/fagsystem/key"
      sed -i "s|^    key: .*|    key: key|; s|^routes:|alert: { run: [/bin/sh, -c, 'cat >> \\"\\$0\\"', $PWD/told] }\\n&|" $s
      start; until_so 'grep -q account-stopped told'
      put ud/a.csv a; until_so '[ $(ls $c/fagsystem/ud/.taken | wc -l) = 1 ]'
      kill -HUP $run; taken_up 1; until_so '[ $(grep -c "the account is stopped, and tried again" errors) -ge 2 ]'
      cp right "$c/fagsystem/key"; kill -HUP $run
      until_so 'ls $c/fagsystem/ud/sent/*/a.csv > found 2> /dev/null'
      stop; grep -c '"resolved":false' told; grep -c '"resolved":true' told
      """)
    #expect(outcome.output == "run 0\n1\n1\n", "\(outcome)")
  }
}
