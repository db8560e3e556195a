import Foundation
import PlatformFixture
import Testing

/// The watch of two machines with one journal on a server, by the built command. Both are on this machine, each with
/// files of its own.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct StandbyWatchTests {
  @Test(
    "filsluse alerts acknowledges and silences on the machine that stands by, and says when the other does not answer",
    arguments: ["one", "several"])
  func actsOnStandby(machines: String) async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "acts_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    let parameters = "host=\(server.socket)&port=\(server.port)&options=-csearch_path%3D\(schema)"
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        (umask 077; echo '\(PostgreSQLServer.password)' > pw)
        for m in one other; do
          grep -v '^journal:\\|^  database:' $c/flis/filsluse.yaml > $c/flis/$m.yaml
          sed -i "s|^watch:|&\\n  database: $PWD/$m.sqlite|; s|^  look-every: 1m$|  look-every: 5s|" $c/flis/$m.yaml
          a="postgresql://filsluse@/filsluse?\(parameters)"
          echo "journal: { postgresql: \\"$a\\", password-file: $PWD/pw, local-files: $PWD/$m, machines: \(machines) }" >> $c/flis/$m.yaml
        done
        cat > alerts.py <<'EOF'
        import json, sys
        print(*(a[sys.argv[1]] for a in json.load(sys.stdin) if a["kind"] != "watch-gap"), sep="\\n")
        EOF
        shown() { "$0" alerts list --config $c/flis/$1.yaml --json 2>> listing | python3 alerts.py $2; }
        on() { m=$1; shift; "$0" alerts "$@" --config $c/flis/$m.yaml; }
        "$0" receive --config $c/flis/one.yaml > received-nothing 2>&1; echo "receive $?"
        "$0" watch --config $c/flis/one.yaml 2> one.log & one=$!
        until_so 'grep -q "this machine leads the watch" one.log'
        "$0" watch --config $c/flis/other.yaml 2> other.log & other=$!
        in=platform/systems/flis/IN; echo x > $in/f.csv; echo '<no' > $in/f.csv.metadata
        until_so '[ "$(shown one state)" = firing ]'; until_so '[ "$(shown other state)" = firing ]'
        number=$(shown other alert)
        on other ack $number --by prøve --why set > acked 2>&1; echo "ack $?"
        shown one acknowledgedBy; shown other acknowledgedBy
        on other ack $number --by anden > again 2>&1; echo "again $?"; grep -c prøve again
        on other silence --alert $number --for 1h --why flytning --by prøve > silenced 2>&1; echo "silence $?"
        shown one isSilenced; shown other isSilenced
        s=$(on one silences --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["silence"])')
        on other unsilence $s --by anden > ended 2>&1; echo "unsilence $?"; on one silences --json 2>> listing | grep -c flytning
        on other unack $number --by anden > undone 2>&1; echo "unack $?"
        shown one state; shown other state
        # While the machine that leads stands still, nobody does it; once it goes on, or another one leads, it is done.
        kill -STOP $one
        on other ack $number --by prøve > unanswered 2>&1; status=$?
        # On a busy machine this one may have taken the lead meanwhile.
        grep -q "has not answered" unanswered && [ $status = 74 ] || [ $status = 0 ]; echo "unanswered $?"
        kill -CONT $one
        until_so '[ "$(shown other state)" = acknowledged ]'; until_so '[ "$(shown one state)" = acknowledged ]'
        kill -TERM $one $other; wait $one; echo "watch $?"; wait $other; echo "watch $?"
        """)
    #expect(
      outcome.output.split(separator: "\n") == [
        "receive 0", "ack 0", "prøve", "prøve", "again 65", "1", "silence 0", "True", "True", "unsilence 0", "0",
        "unack 0", "firing", "firing", "unanswered 0", "watch 0", "watch 0",
      ], "\(outcome)")
  }
}
