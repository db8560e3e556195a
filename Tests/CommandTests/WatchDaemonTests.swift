import Foundation
import Testing

/// `filsluse watch` as a service: the built command beside the local platform.
@Suite(.serialized, .timeLimit(.minutes(25))) struct WatchDaemonTests {
  /// Runs a line of shell beside a platform; `$s` is the settings file of a receiver that is watched every 5 seconds,
  /// `$in` its IN, `received` the input of its alerts' program. `told TEXT` counts the notifications that contain a
  /// text, and `alerts FIELD` prints a field of each alert that is listed: both without the gaps in the watching that a
  /// busy machine causes where looks follow each other so closely.
  private func withPlatform(_ line: String, seconds: Int = BuiltCommand.patience) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/flis/filsluse.yaml; in=$PWD/platform/systems/flis/IN; touch received
        told() { grep -v '"kind":"watch-gap"' received | grep -c "$1"; }
        cat > alerts.py <<'EOF'
        import json, sys
        print(*(a[sys.argv[1]] for a in json.load(sys.stdin) if a["kind"] != "watch-gap"), sep="\\n")
        EOF
        alerts() { "$0" alerts list --config $s --json $2 | python3 alerts.py $1; }
        sed -i "s|^  look-every: 1m$|  look-every: 5s|; s|^    group-above: 10$|    group-above: 500\\n    sinks: [{ command: [/bin/sh, -c, 'cat >> \\"\\$0\\"', $PWD/received] }]|" $s
        \(line)
        """, seconds: seconds)
  }

  /// By systemd's protocol, over a real datagram socket: it is ready, it takes up settings, it lives, it ends.
  @Test("reports its state to the service manager")
  func itTellsTheServiceManagerHowItIsDoing() async throws {
    let outcome = try await withPlatform(
      """
      cat > manager.py <<'EOF'
      import os, socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind("\\0" + sys.argv[1]); s.settimeout(300)
      print("bound", flush=True)
      last = ""
      while True:
          for line in s.recv(4096).decode().split("\\n"):
              if line.startswith("STATUS"): continue
              word = line.split("=")[0] if line.startswith("MONOTONIC") else line
              if word != last: print(word, flush=True)
              last = word
              if line == "STOPPING=1": sys.exit()
      EOF
      name="filsluse-watch-$$"; python3 manager.py "$name" > told & manager=$!
      until_so '[ -s told ]'
      NOTIFY_SOCKET="@$name" WATCHDOG_USEC=60000000 "$0" watch --config $s --log-format json 2> log-of-watch & watch=$!
      until_so 'grep -q WATCHDOG told'
      cp $s good; echo 'nonsense: [' >> $s; kill -HUP $watch
      until_so 'grep -q "settings are kept as they were" log-of-watch'
      until_so '[ $(grep -c READY told) = 2 ]'; until_so '[ $(grep -c WATCHDOG told) = 2 ]'
      cp good $s; kill -HUP $watch
      until_so '[ $(grep -c READY told) = 3 ]'
      until_so '[ $(grep -c WATCHDOG told) = 3 ]'
      kill -TERM $watch; wait $watch; echo "watch $?"; wait $manager; cat told
      python3 -c 'import json, sys; print(len([json.loads(l) for l in open("log-of-watch")]) > 3)'
      """)
    #expect(
      outcome.output.split(separator: "\n") == [
        "watch 0", "bound", "READY=1", "WATCHDOG=1", "RELOADING=1", "MONOTONIC_USEC", "READY=1", "WATCHDOG=1",
        "RELOADING=1", "MONOTONIC_USEC", "READY=1", "WATCHDOG=1",
        "STOPPING=1", "True",
      ], "\(outcome)")
  }

  /// A server that takes connections and says nothing: a look into it lasts half a minute, and gets five seconds more
  /// when the end is asked for once. Up to three times, as other tests share the machine.
  @Test("ends within seconds, and at once on a second signal")
  func itEndsWithinSecondsAndAtOnceWhenAskedTwice() async throws {
    let outcome = try await withPlatform(
      """
      cat > silent.py <<'EOF'
      import socket, time
      s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(9); print(s.getsockname()[1], flush=True); time.sleep(600)
      EOF
      python3 silent.py > port & silent=$!
      until_so '[ -s port ]'
      sed -i "s/^    port: .*/    port: $(cat port)/" $s
      for signals in 1 2; do
        [ $signals = 1 ] && most=25000 || most=4900
        for attempt in 1 2 3; do
          "$0" watch --config $s 2> log-of-watch & watch=$!
          until_so 'ss -tnp 2> /dev/null | grep -q "pid=$watch," || [ -n "$(ls -l /proc/$watch/fd | grep socket)" ]'
          sleep 1; began=$(date +%s%N); kill -TERM $watch
          [ $signals = 2 ] && { until_so 'grep -q stopping log-of-watch'; kill -TERM $watch; }
          wait $watch; status=$?; took=$((($(date +%s%N) - began) / 1000000)); echo "took $took" >&2
          [ $status = 0 ] && [ $took -ge $most ] || break
        done
        echo "status $status"; [ $took -lt $most ] && echo "in time"
      done
      kill $silent
      """)
    #expect(outcome.output == "status 0\nin time\nstatus 0\nin time\n", "\(outcome)")
  }

  @Test("the console shows and acknowledges alerts")
  func thePageShowsAndAcknowledgesWhatTheDaemonKnows() async throws {
    let outcome = try await withPlatform(
      """
      echo data > $in/skadet.csv; echo '<no' > $in/skadet.csv.metadata
      "$0" watch --config $s --http 127.0.0.1:0 2> log-of-watch & watch=$!
      until_so 'grep -q "page is served" log-of-watch'
      at=$(grep -o '127.0.0.1:[0-9]*' log-of-watch | head -1)
      until_so 'grep -q metadata-unreadable received'
      ask() { curl -s -m 200 -o body -w '%{http_code}\\n' "$@"; }
      ask http://$at/healthz; ask http://$at/readyz; ask http://$at/
      curl -s http://$at/alerts > list
      number=$(grep -o 'href="/alert/[0-9]*"' list | grep -o '[0-9]*' | head -1)
      ask http://$at/alert/$number; cp body page
      grep -c 'skadet.csv' page | sed 's/[1-9][0-9]*/shown/'
      hidden() { grep -o 'name="'$1'" value="[^"]*"' page | head -1 | cut -d'"' -f4; }
      ask -H "Origin: http://$at" --data-urlencode "alert=$number" --data-urlencode "ticket=$(hidden ticket)" \\
        --data-urlencode "key=$(hidden key)" --data-urlencode "by=prøve" http://$at/acknowledge
      alerts state
      # By the command while the daemon runs: the page knows it.
      echo x > $in/anden.csv; echo '<no' > $in/anden.csv.metadata
      until_so '[ $(told fired) = 2 ]'
      "$0" alerts ack --config $s $(alerts alert | grep -vx $number) --by prøve > acked 2>&1 || cat acked
      curl -s http://$at/api/status.json | grep -o '"state":"acknowledged"' | wc -l
      rm $in/*; until_so '[ $(told resolved) = 2 ]'
      kill -TERM $watch; wait $watch; echo "watch $?"; grep -c 'console: is not set' log-of-watch
      """)
    #expect(
      outcome.output.split(separator: "\n") == [
        "200", "200", "200", "200", "shown", "303", "acknowledged", "2", "watch 0", "1",
      ], "\(outcome)")
  }

  @Test("alerts to problems that another command left in the journal, and resolves the alerts with them")
  func openProblems() async throws {
    let outcome = try await withPlatform(
      """
      "$0" watch --config $s 2> log-of-watch & watch=$!
      ssh-keygen -q -t ed25519 -N '' -f other-key
      sed "s|^\\( *key: \\).*|\\1$PWD/other-key|" $s > $c/flis/wrong.yaml
      "$0" receive --config $c/flis/wrong.yaml > received-nothing 2>&1; echo "receive $?"
      until_so '[ $(told account-stopped) = 1 ]'
      "$0" status --config $s > status 2>&1; echo "status $?"
      alerts kind; alerts state
      "$0" alerts ack --config $s $(alerts alert) --by prøve > acked 2>&1 || cat acked
      alerts state
      "$0" receive --config $s > received-nothing 2>&1; echo "receive $?"
      until_so '[ $(told account-stopped) = 2 ]'
      told '"ending":"Kontoen virker igen'
      kill -TERM $watch; wait $watch; echo "watch $?"
      """)
    #expect(
      outcome.output.split(separator: "\n") == [
        "receive 77", "status 1", "account-stopped", "firing", "acknowledged", "receive 0", "1", "watch 0",
      ], "\(outcome)")
  }

  /// Killed again and again at moments drawn from a seed, while broken files come and go. `FILSLUSE_WATCH_KILLS=100`
  /// lets it take its time.
  @Test("no alert is lost at any kill, and repetitions keep their id")
  func whateverKillsItNoAlertIsLostAndRepeatsAreTheSame() async throws {
    let kills = Int(ProcessInfo.processInfo.environment["FILSLUSE_WATCH_KILLS"] ?? "") ?? 10
    let outcome = try await withPlatform(
      """
      RANDOM=20261121
      # The program takes its time after it has the notice, so that many a kill comes before its end is noted.
      sed -i 's|cat >> "[$]0"|&; sleep 0.5|' $s
      for round in $(seq \(kills)); do
        "$0" watch --config $s 2>> log-of-watch & watch=$!
        echo x > "$in/f$round.csv"; echo '<no' > "$in/f$round.csv.metadata"
        old=$((round - 3)); [ $((old % 2)) = 0 ] && rm -f $in/f$old.csv $in/f$old.csv.metadata
        sleep $((RANDOM % 3)).$((RANDOM % 10)); kill -9 $watch; wait $watch 2>> errors
      done 2>> errors
      # What a killed one started may still be writing.
      sleep 1
      "$0" watch --config $s 2>> log-of-watch & watch=$!
      left=$(ls $in | grep -c 'csv$')
      open() { alerts state | grep -c firing; }
      until_so '[ $(open) = $left ]'
      ls $in | grep 'csv$' > lasting
      rm $in/f*
      until_so '[ $(open) = 0 ]'
      notices() { grep -v '"kind":"watch-gap"' received | grep -o '"id":"[^"]*"' | sort -u | wc -l; }
      over() { alerts state --all | grep -c resolved; }
      until_so '[ $(notices) = $((2 * $(over))) ]'
      kill -TERM $watch; wait $watch; echo "watch $?"
      cat > check.py <<'EOF'
      import json
      notices, repeats, episodes = {}, 0, {}
      for line in open("received", encoding="utf-8"):
          notice = json.loads(line)
          if notice["kind"] == "watch-gap": continue
          if notice["id"] in notices:
              repeats += 1
              assert notices[notice["id"]] == notice, "the same id tells two things"
          notices[notice["id"]] = notice
      for notice in notices.values(): episodes.setdefault(notice["episode"], []).append(notice)
      for episode in episodes.values():
          reasons = [n["reason"] for n in sorted(episode, key=lambda n: n["number"])]
          numbers = sorted(n["number"] for n in episode)
          assert reasons == ["fired", "resolved"] and numbers == [1, 2], (reasons, numbers)
      lasting = set(open("lasting").read().split())
      told = [e[0]["fileName"].removesuffix(".metadata") for e in episodes.values()]
      for name in lasting: assert told.count(name) == 1, (name, told.count(name))
      print("lost 0")
      import sys
      print(f"\(kills) kills: {len(episodes)} alerts, {len(notices)} notices, {repeats} told again", file=sys.stderr)
      EOF
      python3 check.py
      """, seconds: 400 + kills * 5)
    print(outcome.errors.split(separator: "\n").last { $0.contains("kills:") } ?? "")
    #expect(outcome.output == "watch 0\nlost 0\n", "\(outcome)")
  }
}
