import PlatformFixture
import SystemPackage
import Testing

/// `send` and `receive` killed again and again at moments drawn from fixed seeds, with the platform kept alive.
@Suite(.serialized, .timeLimit(.minutes(25))) struct KilledCommandTests {
  @Test("everything arrives once and whole", arguments: [1, 20_261_121])
  func everythingArrivesOnceAndWhole(seed: Int) async throws {
    let line = """
      RANDOM=\(seed); mkdir files
      for i in $(seq 10); do
        { [ $i = 1 ] || echo "file $i"; head -c $((RANDOM * (i % 4) * 20)) /dev/zero | tr '\\0' "$i"; } > files/æ$i.bin
      done
      send() { exec "$0" send files/*.bin --route flis-0101 --config $c/fagsystem/filsluse.yaml --json; }
      receive() { exec "$0" receive --config $c/flis/filsluse.yaml --json; }
      killed=0
      for round in $(seq 7); do
        (send) > sent$round 2>> errors & sending=$!
        (receive) > received$round 2>> errors & receiving=$!
        sleep 0.$((100 + RANDOM % 500)); kill -9 $sending 2>> errors
        sleep 0.$((100 + RANDOM % 300)); kill -9 $receiving 2>> errors
        wait $sending 2>> errors; [ $? = 137 ] && killed=$((killed + 1))
        wait $receiving 2>> errors
      done
      (send) > sent 2>> errors; echo "sent $?"
      (receive) > received 2>> errors; echo "received $?"
      echo "accepted $(grep -c '"state" : "accepted"' sent)"
      for file in files/*; do cmp $file $c/flis/inbox/flis/${file#files/} >&2 || echo "differs: $file"; done
      echo "inbox $(ls $c/flis/inbox/flis | wc -l), unfinished $(ls $c/flis/inbox/flis/.unfinished | wc -l)"
      echo "distributed $(grep -c 'distributed' log)"
      echo "left $(ls platform/systems/fagsystem/OUT platform/systems/flis/IN | grep -c bin)"
      echo "killed $killed" >&2
      """
    let outcome = try await BuiltCommand.shell(besidePlatform: line)
    #expect(
      outcome.output == """
        sent 0
        received 0
        accepted 10
        inbox 20, unfinished 0
        distributed 10
        left 0

        """, "\(outcome)")
  }

  /// The note of how much has come is written every 64 MiB. A second name keeps the number of the file, which a fetch
  /// from the first byte would not use again.
  @Test("receive that is killed goes on with a long file where it was")
  func aLongFileGoesOn() async throws {
    let line = """
      head -c 130000000 /dev/urandom > stor.bin
      "$0" send stor.bin --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent; echo "sent $?"
      sed -i 's|^    port:.*$|&\\n    bandwidth: [{ limit: 15MB/s }]|' $c/flis/filsluse.yaml
      unfinished=$c/flis/inbox/flis/.unfinished
      "$0" receive --config $c/flis/filsluse.yaml > first 2>> errors & receiving=$!
      until_so '[ -s $(echo $unfinished/*.begun) ]'
      kill -9 $receiving; wait $receiving 2>> errors; echo "first $?"
      read -r noted rest < $(echo $unfinished/*.begun); [ "$noted" -ge 30000000 ] && echo "noted"
      ln $unfinished/*.part kept
      "$0" receive --config $c/flis/filsluse.yaml > second 2>> errors; echo "second $?"
      cmp stor.bin $c/flis/inbox/flis/stor.bin && [ kept -ef $c/flis/inbox/flis/stor.bin ] && echo "gone on with"
      echo "unfinished $(ls $unfinished | wc -l)"
      """
    let outcome = try await BuiltCommand.shell(besidePlatform: line)
    #expect(
      outcome.output == """
        sent 0
        first 137
        noted
        second 0
        gone on with
        unfinished 0

        """, "\(outcome)")
  }
}
