import Testing

/// The built command when standard error is not read, cannot be written, or has no reader any more.
@Suite(.serialized, .timeLimit(.minutes(25))) struct StandardErrorTests {
  private func withPlatform(_ line: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml
        sed -i 's/^    municipality: "0101"$/&\\n    outgoing: { folder: ud, settled-for: 200ms }/' $s
        sed -i 's/^    poll: 1m$/    poll: 300ms/' $c/*/filsluse.yaml
        put() { for i in $(seq $1); do echo "$i" > draft; mv draft "$c/fagsystem/ud/$2$i.csv"; done; }
        sent() { until_so "[ \\$(find $c/fagsystem/ud/sent -name '$2*' 2> /dev/null | wc -l) = $1 ]"; }
        \(line)
        """)
  }

  /// The pipe is full from the start.
  @Test("delivers, and ends on SIGTERM, while its standard error is not read; then says how much is missing")
  func aReaderWhoStopsHoldsUpNothing() async throws {
    let outcome = try await withPlatform(
      """
      mkfifo pipe; exec 7<> pipe
      head -c 65536 /dev/zero | tr '\\0' x >&7
      "$0" run --config $s 2>&7 & run=$!
      until_so '[ -d $c/fagsystem/ud ]'; put 100 a; sent 100 a
      kill -TERM $run; wait $run; echo "run $?"
      """)
    #expect(outcome.output == "run 0\n", "\(outcome)")
  }

  /// Each wrong file of settings makes an entry of many lines: together many times what a pipe and the queue hold.
  @Test("says how many lines are missing, before the next one that gets through", arguments: ["text", "json"])
  func missingLinesAreCounted(format: String) async throws {
    let outcome = try await withPlatform(
      """
      mkfifo pipe; exec 7<> pipe
      "$0" run --log-format \(format) --config $s 2>&7 & run=$!
      until_so '[ -d $c/fagsystem/ud ]'; put 1 first; sent 1 first; cp $s good
      for i in $(seq 400); do echo "nothing-of-this-name-stands-in-any-settings-$i: 1" >> $s; done
      for i in $(seq 150); do kill -HUP $run; sleep 0.1; done
      cp good $s; put 1 second; sent 1 second
      cat <&7 > errors & reader=$!
      until_so 'grep -q ready errors'; kill -HUP $run; put 1 last; sent 1 last
      kill -TERM $run; wait $run; echo "run $?"
      until_so 'grep -q stopping errors'; kill $reader
      grep -q 'lines are missing here' errors && echo counted
      [ \(format) = text ] || python3 -c 'import json; [json.loads(l) for l in open("errors")]' && echo whole
      """)
    #expect(outcome.output == "run 0\ncounted\nwhole\n", "\(outcome)")
  }

  @Test("goes on when the log's disk is full or its reader has ended", arguments: ["> /dev/full", "> >(exec true)"])
  func whatCannotBeWrittenHoldsUpNothing(target: String) async throws {
    let outcome = try await withPlatform(
      """
      "$0" run --config $s 2\(target) & run=$!
      until_so '[ -d $c/fagsystem/ud ]'; put 20 a; sent 20 a
      kill -TERM $run; wait $run; echo "run $?"
      """)
    #expect(outcome.output == "run 0\n", "\(outcome)")
  }

  @Test("a platform and a watch go on, too")
  func otherServices() async throws {
    let outcome = try await withPlatform(
      """
      mkfifo pipe; exec 7<> pipe; head -c 65536 /dev/zero | tr '\\0' x >&7
      sed -i 's/^  look-every: 1m$/  look-every: 5s/' $c/flis/filsluse.yaml
      "$0" watch --config $c/flis/filsluse.yaml --http 127.0.0.1:0 2>&7 & watch=$!
      "$0" platform --directory second > second-card 2>&7 & second=$!
      "$0" platform --directory third >&7 2>&7 & third=$!
      until_so '[ -s second-card ]'; until_so '[ -e third/clients/flis/filsluse.yaml ]'
      echo x > a.csv; "$0" send a.csv --route flis-0101 --config second/clients/fagsystem/filsluse.yaml > sent; echo "send $?"
      until_so '[ -s $c/flis/watch.sqlite ]'
      kill -TERM $watch; wait $watch; echo "watch $?"; kill -TERM $second; wait $second; echo "platform $?"
      kill -TERM $third; wait $third; echo "platform $?"
      """)
    #expect(outcome.output == "send 0\nwatch 0\nplatform 0\nplatform 0\n", "\(outcome)")
  }

  /// A person who pages through the errors of a command wants them all.
  @Test("a command that is no service waits for its reader, and loses no line")
  func oneShotCommandsAreReadWhole() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      t=$(mktemp -d); cd $t
      for i in $(seq 4000); do echo "no document $i" > "a-file-with-a-rather-long-name-so-that-the-errors-are-many-$i.xml"; done
      "$0" inspect *.xml 2>&1 > out | (sleep 2; cat > errors)
      grep -c 'a-file-with' errors; grep -c missing errors; rm -r $t
      """)
    let counts = outcome.output.split(separator: "\n").compactMap { Int($0) }
    #expect(counts.count == 2 && counts[0] >= 4000 && counts[1] == 0, "\(outcome)")
  }
}
