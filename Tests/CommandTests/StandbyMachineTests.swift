import Foundation
import PlatformFixture
import SystemPackage
import Testing

/// Two machines with one journal on a server: one works, the other stands by. Both are on this machine, each with files
/// of its own, and share the outgoing folder.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct StandbyMachineTests {
  /// `machine NAME` keeps `filsluse run` of a machine going as systemd does, `holder` says which one has the journal,
  /// `put` drops five files, and `sql STATEMENT` asks the server as its superuser.
  private func setUp(_ server: PostgreSQLServer, _ schema: String) -> String {
    let parameters = "host=\(server.socket)&port=\(server.port)&options=-csearch_path%3D\(schema)"
    return """
      f=$c/fagsystem/filsluse.yaml; ud=$c/fagsystem/ud; mkdir $ud; n=0
      (umask 077; echo '\(PostgreSQLServer.password)' > pw)
      sed -i 's/^    municipality: "0101"$/&\\n    outgoing: { folder: ud, settled-for: 200ms }/' $f
      sed -i 's/^    poll: 1m$/    poll: 300ms/' $f
      for m in one other; do
        grep -v '^journal:' $f > $c/fagsystem/$m.yaml
        a="postgresql://filsluse@/filsluse?\(parameters)&application_name=\(schema)"
        echo "journal: { postgresql: \\"$a\\", password-file: $PWD/pw, local-files: $m }" >> $c/fagsystem/$m.yaml
      done
      psql=$(ls /usr/lib/postgresql/*/bin/psql | sort -V | tail -1)
      sql() {
        $psql -h \(server.socket) -p \(server.port) -U postgres -d filsluse -qAtc "SET search_path = \(schema); $1"
      }
      machine() {
        while [ ! -e stop ]; do
          "$0" run --config $c/fagsystem/$1.yaml 2>> $1.log & echo $! > $1.pid; wait $!
          sleep 0.3
        done
      }
      holder() {
        m=$(sql "SELECT name FROM machine WHERE is_alone = 1")
        [ "$m" = "$(cat $c/fagsystem/one.machine)" ] && echo one || echo other
      }
      put() { for i in 1 2 3 4 5; do n=$((n + 1)); echo $n > draft; mv draft $ud/f$n.csv; done; }
      cut_off() { sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '\(schema)'"; }
      accepted() { "$0" journal list --state accepted --csv --config $c/fagsystem/one.yaml 2>> listing | tail -n +2 | wc -l; }
      """
  }

  /// The faults, each while files are being sent: a kill, the loss of all sessions with the server, and a pause of the
  /// machine that has the journal for longer than it may be silent, after which it goes on where it stood. The server
  /// is made to forget the machine that pauses, but not the one that stands still, whose sessions stay too.
  private static let faults = """
    kill_it() { kill -9 $(cat $(holder).pid); }
    lose() { cut_off >> cuts; }
    pause() {
      h=$(holder); p=$(cat $h.pid); kill -STOP $p; cut_off >> cuts; sql "UPDATE machine SET seen_at = 1 WHERE seen_at > 0"
      until_so '[ $(holder) != $h ]'; put; sleep 1; kill -CONT $p; pauses=$((pauses + 1))
    }
    stand_still() {
      h=$(holder); p=$(cat $h.pid); kill -STOP $p
      until_so '[ $(holder) != $h ]'; put; sleep 1; kill -CONT $p; pauses=$((pauses + 1))
    }
    """

  @Test("however the machines are killed, cut off and paused, every file arrives once")
  func everyFileArrivesOnce() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "standby_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        \(setUp(server, schema))
        \(Self.faults)
        pauses=0; machine one & one=$!; until_so 'grep -q "info: ready" one.log'; machine other & other=$!
        for fault in kill_it lose pause kill_it pause lose pause kill_it lose pause stand_still; do
          put; sleep 1; $fault; sleep 1
        done
        put; touch stop; kill -TERM $(cat one.pid) $(cat other.pid) 2> ended; wait $one $other
        # What a former machine had taken from the folder is found by the next start.
        rm stop; machine one & one=$!
        until_so '[ $(accepted) = $n ]'; until_so '[ $(grep -c distributed log) -ge $n ]'
        touch stop; kill -TERM $(cat one.pid); wait $one
        echo "put $n, accepted $(accepted), distributed $(grep -c distributed log), pauses $pauses"
        "$0" receive --config $c/flis/filsluse.yaml > received; echo "receive $?"
        echo "arrived $(find $c/flis/inbox -name '*.csv' | wc -l) $(find $c/flis/inbox -name '*.csv' -exec cat {} + | sort -u | wc -l)"
        "$0" journal verify --config $c/fagsystem/one.yaml > verified; echo "verify $?"
        echo "taken over $(( $(sql 'SELECT sum(epoch) - 2 FROM machine') >= $pauses ))"
        grep -q 'has taken it over\\|has taken the journal over' one.log other.log && echo "told to stop"
        """)
    let expected = """
      put 85, accepted 85, distributed 85, pauses 5
      receive 0
      arrived 85 85
      verify 0
      taken over 1
      told to stop

      """
    #expect(outcome.output == expected, "\(outcome)")
  }
}
