import Foundation
import PlatformFixture
import Testing

/// Three machines with one journal on a server at the same time, as senders and as receivers. All are on this machine, each
/// with folders and files of its own.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct SeveralMachinesCommandTests {
  /// `machine CLIENT NAME` keeps `filsluse run` of a machine going as systemd does, `put` drops a file at each sender,
  /// `sql CLIENT STATEMENT` asks the server as its superuser, and `count CLIENT STATE` counts a journal's lines.
  private func setUp(_ server: PostgreSQLServer, _ schema: String) -> String {
    """
    names="one other third"; n=0
    (umask 077; echo '\(PostgreSQLServer.password)' > pw)
    sed -i 's/^    municipality: "0101"$/&\\n    outgoing: { folder: ud, settled-for: 200ms }/' $c/fagsystem/filsluse.yaml
    sed -i 's/^    poll: 1m$/    poll: 300ms/' $c/*/filsluse.yaml
    for client in fagsystem flis; do
      for m in $names; do
        f=$c/$client/$m.yaml; s=\(schema)_$client
        grep -v '^journal:\\|^inbox:' $c/$client/filsluse.yaml | sed "s/folder: ud,/folder: ud-$m,/" > $f
        p="host=\(server.socket)&port=\(server.port)&options=-csearch_path%3D$s&application_name=${s}_$m"
        echo "journal: { postgresql: \\"postgresql://filsluse@/filsluse?$p\\", password-file: $PWD/pw, local-files: $m, machines: several }" >> $f
        echo "inbox: inbox-$m" >> $f; mkdir -p $c/fagsystem/ud-$m
      done
    done
    psql=$(ls /usr/lib/postgresql/*/bin/psql | sort -V | tail -1)
    sql() {
      $psql -h \(server.socket) -p \(server.port) -U postgres -d filsluse -qAtc "SET search_path = \(schema)_$1; $2"
    }
    machine() {
      while [ ! -e stop ]; do
        "$0" run --config $c/$1/$2.yaml 2>> $1-$2.log & echo $! > $1-$2.pid; wait $!
        sleep 0.3
      done
    }
    put() { for m in $names; do n=$((n + 1)); echo $n > draft; mv draft $c/fagsystem/ud-$m/f$n.csv; done; }
    count() { "$0" journal list --state $2 --csv --config $c/$1/one.yaml 2>> listing | tail -n +2 | wc -l; }
    """
  }

  /// The faults of one machine, each while files are under way: a kill, the loss of its sessions with the server, and a
  /// pause for longer than it may be silent, after which it goes on where it stood.
  private func faults(_ schema: String) -> String {
    """
    kill_it() { kill -9 $(cat $1-$2.pid); }
    lose() {
      sql $1 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = '\(schema)_$1_$2'" >> cuts
    }
    pause() {
      p=$(cat $1-$2.pid); kill -STOP $p; lose $1 $2
      sql $1 "UPDATE machine SET seen_at = 1 WHERE name = '$(cat $c/$1/$2.machine)' AND seen_at > 0"
      put; sleep 2; kill -CONT $p
    }
    """
  }

  @Test("however each of three machines is killed, cut off and paused, every file arrives once")
  func everyFileArrivesOnce() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "several_" + UUID().uuidString.prefix(8).lowercased()
    for client in ["fagsystem", "flis"] {
      try await server.sql("CREATE SCHEMA \(schema)_\(client) AUTHORIZATION filsluse", in: "filsluse")
    }
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        \(setUp(server, schema))
        \(faults(schema))
        machines=""
        for client in fagsystem flis; do
          for m in $names; do machine $client $m & machines="$machines $!"; done
          for m in $names; do until_so "grep -q 'info: ready' $client-$m.log"; done
        done
        for fault in kill_it pause lose pause kill_it pause lose; do
          for m in $names; do
            put; sleep 0.5; $fault fagsystem $m; put; $fault flis $m
          done
        done
        put
        until_so '[ $(count fagsystem accepted) = $n ]'; until_so '[ $(count flis removed) = $n ]'
        touch stop; for p in *.pid; do kill -TERM $(cat $p); done 2> ended; wait $machines
        echo "lost $((n - $(count fagsystem accepted))), distributed twice $(($(grep -c distributed log) - n))"
        files=$(find $c/flis/inbox-* -name '*.csv')
        echo "missing $((n - $(cat $files | sort -u | wc -l))), doubled $(($(echo "$files" | wc -l) - n))"
        for client in fagsystem flis; do
          "$0" journal verify --config $c/$client/one.yaml > verified; echo "verify $?"
          echo "machines $(sql $client 'SELECT count(*) FROM machine')"
        done
        """)
    let expected = """
      lost 0, distributed twice 0
      missing 0, doubled 0
      verify 0
      machines 3
      verify 0
      machines 3

      """
    #expect(outcome.output == expected, "\(outcome)")
  }
}
