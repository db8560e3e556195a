import Foundation
import PlatformFixture
import SystemPackage
import Testing

/// The built command with its journal on a PostgreSQL server.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct ServerJournalCommandTests {
  /// An address without a password, of a new schema.
  private func address() async throws -> String {
    let server = try await SharedPostgreSQL.shared.server()
    let schema = "command_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    return
      "postgresql://filsluse@/filsluse?host=\(server.socket)&port=\(server.port)&options=-csearch_path%3D\(schema)"
  }

  @Test("a journal moves to a server and back; a second machine is refused while the first one runs")
  func movesToAServer() async throws {
    let address = try await address()
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        f=$c/fagsystem/filsluse.yaml; for i in 1 2 3; do printf 'a;%s\\n' $i > fil$i.csv; done
        (umask 077; echo '\(PostgreSQLServer.password)' > pw)
        "$0" send fil1.csv --route flis-0101 --config $f > sent; echo "send $?"
        "$0" journal copy --from $c/fagsystem/journal.sqlite --to '\(address)' --password-file pw > copied
        echo "copy $? $(grep -c 'verified on both sides' copied)"
        for m in one other; do
          grep -v '^journal:' $f > $c/fagsystem/$m.yaml
          echo "journal: { postgresql: \\"\(address)\\", password-file: $PWD/pw, local-files: $m }" >> $c/fagsystem/$m.yaml
        done
        s=$c/fagsystem/one.yaml; o=$c/fagsystem/other.yaml
        "$0" send fil1.csv --route flis-0101 --config $s > known; echo "known $?"
        "$0" send fil2.csv --route flis-0101 --config $s > sent; echo "send $?"
        "$0" journal list --state accepted --config $s | grep -c '^D'
        "$0" journal verify --config $s > verified; echo "verify $?"
        "$0" journal check --config $s > checked; echo "check $?"
        "$0" journal find fil2 --config $s | grep -c '^D2'
        "$0" status --config $s > status; echo "status $?"
        "$0" journal backup copy.sqlite --config $s 2> backup || echo "backup $(grep -c pg_dump backup)"
        "$0" run --config $s 2> errors & run=$!; until_so 'grep -q "info: ready" errors'
        "$0" send fil3.csv --route flis-0101 --config $o 2> refused || echo "other $(grep -c 'one machine at a time' refused)"
        "$0" journal list --config $o > listed; echo "list $? $(grep -c '^D' listed)"
        "$0" send fil3.csv --route flis-0101 --config $s > sent; echo "beside $?"
        kill -TERM $run; wait $run; echo "run $?"
        "$0" send fil3.csv --route flis-0101 --config $o > known; echo "over $?"
        "$0" journal reconcile --config $o > same; echo "reconcile $? $(grep -c 'has every entry' same)"
        "$0" journal reconcile --done D1 --config $o 2> usage; echo "usage $?"
        "$0" journal copy --from '\(address)' --to back.sqlite --password-file pw > back; echo "back $?"
        grep -v '^journal:' $f > $c/fagsystem/back.yaml; echo "journal: $PWD/back.sqlite" >> $c/fagsystem/back.yaml
        "$0" journal list --config $c/fagsystem/back.yaml | grep -c '^D'
        "$0" journal verify --config $c/fagsystem/back.yaml > verified; echo "verify $?"
        echo "shown $(cat sent copied known verified checked status backup errors refused back | grep -c '\(PostgreSQLServer.password)')"
        """)
    let expected = """
      send 0
      copy 0 1
      known 0
      send 0
      2
      verify 0
      check 0
      1
      status 0
      backup 1
      other 1
      list 0 2
      beside 0
      run 0
      over 0
      reconcile 0 1
      usage 64
      back 0
      3
      verify 0
      shown 0

      """
    #expect(outcome.output == expected, "\(outcome)")
  }

  @Test(
    "an address with a password, or of another kind of database, is refused on the command line, and not shown",
    arguments: [
      ("postgresql://filsluse:hemmelig@db.example.dk/j", "with a password in it"),
      ("PostgreSQL://filsluse:hemmelig@db.example.dk/j", "no address of a PostgreSQL database"),
      ("host=db.example.dk password=hemmelig", "with ./ before a name that is meant so"),
      ("postgresql:/hemmelig@db/x", "no address of a PostgreSQL database"),
      (" postgresql://hemmelig@db/x", "with a blank in it"),
    ])
  func refusesPasswords(address: String, words: String) async throws {
    for (from, to) in [(address, "j.sqlite"), ("j.sqlite", address)] {
      let outcome = try await BuiltCommand.run(["journal", "copy", "--from", from, "--to", to])
      #expect(outcome.status == 64, "\(outcome)")
      #expect(outcome.errors.contains(words), "\(outcome)")
      #expect(!(outcome.errors + outcome.output).contains("hemmelig"))
    }
  }

  @Test("an address with an option that libpq does not know is refused in a sentence")
  func refusesUnknownOptions() async throws {
    let address = "postgresql://filsluse@/filsluse?bogus=1"
    let outcome = try await BuiltCommand.run(["journal", "copy", "--from", address, "--to", "./j.sqlite"])
    #expect(outcome.status != 0, "\(outcome)")
    #expect(outcome.errors.contains("open the journal: the address of the database cannot be read"), "\(outcome)")
  }

  @Test("a server that is away is said so, with the database and without a password")
  func serverIsAway() async throws {
    try await withScratchFolder { folder in
      let settings = """
        journal: "postgresql://filsluse@/filsluse?host=\(folder)"
        accounts:
          a: { host: 127.0.0.1, user: a, key: k, known-hosts: k }

        """
      let file = folder.appending("filsluse.yaml")
      try settings.write(toFile: file.string, atomically: true, encoding: .utf8)
      let outcome = try await BuiltCommand.run(["journal", "list", "--config", file.string])
      #expect(outcome.status != 0 && outcome.errors.contains("postgresql://filsluse@"), "\(outcome)")
    }
  }
}
