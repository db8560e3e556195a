import ExchangeSettings
import Testing

@Suite struct ProblemTests {
  @Test("finds every problem in one pass in the order of the file")
  func findsEveryProblemInOnePassInTheOrderOfTheFile() {
    let text = """
      jurnal: j.sqlite
      accounts:
        fagsystem:
          hots: 127.0.0.1
          port: 70000
          user: [a]
          key: keys/a
          host-keys: ["MD5:aa:bb"]
          known-hosts: hosts
          authority: 1234567
          it-system: 0D8A7A5C-1111-4222-8333-444455556666
      routes:
        r:
          account: fagsytem
          kind: explizit
          infref: SortimentOverfor_1
      watch:
        - { account: fagsystem, infref: SF7002 }
        - { account: fagsystem, infref: SortimentOverfør_1, pick-up-within: 4 hours }
      """
    #expect(
      SettingsText.codes(in: text) == [
        "1:1 unknown-key jurnal",
        "4:5 unknown-key accounts.fagsystem.hots",
        "4:5 missing-key accounts.fagsystem.host",
        "5:11 bad-value accounts.fagsystem.port",
        "6:11 wrong-type accounts.fagsystem.user",
        "8:16 conflict accounts.fagsystem.host-keys",
        "10:16 bad-value accounts.fagsystem.authority",
        "11:16 bad-value accounts.fagsystem.it-system",
        "14:14 unknown-reference routes.r.account",
        "15:11 bad-value routes.r.kind",
        "18:5 missing-key watch[0].pick-up-within",
        "19:71 bad-value watch[1].pick-up-within",
      ])
  }

  @Test("says the place, what was found, what is expected, and the remedy")
  func saysPlaceFindingExpectationAndRemedy() {
    let text = SettingsText.account + "routes:\n  r: { account: fagsytem, kind: direct, recipients: [a] }\n"
    #expect(
      SettingsText.problems(in: text) == [
        "10:17: error: routes.r.account: found \"fagsytem\", expected one of the accounts \"fagsystem\"; "
          + "did you mean “fagsystem”?"
      ])
    #expect(
      SettingsText.problems(in: SettingsText.account + "wach: []\n") == [
        "9:1: error: wach: unknown key, expected one of journal, keep, inbox, language, accounts, routes, routes-file, changed-specification, arrivals, infrefs, watch, alert; "
          + "did you mean “watch”?"
      ])
  }

  @Test("says the place in which an InfRef cannot stand, never a trigger's")
  func namesThePlaceOfAnInfRef() {
    let sender = "sender-it-systems: [0d8a7a5c-1111-4222-8333-444455558888]"
    let problems = SettingsText.problems(
      in: SettingsText.account + """
        routes:
          r: { account: fagsystem, infref: SF7002, kind: implicit, recipient-authority: 19435075 }
        arrivals:
          a: { account: fagsystem, infref: FakturaInformationAfsend_1, \(sender) }
        watch:
          rules:
            - { account: fagsystem, infref: SortimentOverfør-1, pick-up-within: 4h }
            - { account: fagsystem, infref: SF7002, pick-up-within: 4h, business-answer-by: 06:00, answer: SF7002 }

        """)
    #expect(problems.contains { $0.contains("found \"SF7002\" in a route: ") && $0.contains("in a route stands one") })
    #expect(problems.contains { $0.contains("in an arrival: ") && $0.contains("it cannot stand in an arrival") })
    #expect(problems.contains { $0.contains("in a watch rule: ") && $0.contains("write SortimentOverfør_1") })
    #expect(problems.contains { $0.contains("found \"SF7002\" in an arrival: ") }, "a business answer arrives")
    #expect(!problems.contains { $0.contains("trigger") }, "\(problems)")
  }

  @Test(
    "an address in a path's place is refused, and a password in it is not shown",
    arguments: [
      "postgresql://filsluse:hemmelig@db.example.dk/filsluse?sslmode=verify-full", "postgres:///filsluse",
      "file:///var/lib/filsluse/journal.sqlite", "sqlite+wal://hemmelig", "HTTPS://db.example.dk/hemmelig",
    ])
  func refusesAddressesForPaths(address: String) {
    let key = "inbox: \"\(address)\"\n"
    let scheme = address.prefix { $0 != ":" }
    let expected = """
      1:8: error: inbox: found an address (\(scheme)://…), expected a path on this machine; \
      write the path of a file or folder; no database server and no other machine can be named here
      """
    #expect(SettingsText.problems(in: key + SettingsText.account) == [expected])
    #expect(
      SettingsText.codes(in: "inbox: \(address)\nwatch: { database: \"\(address)\" }\n" + SettingsText.account)
        == ["1:8 bad-value inbox", "2:20 bad-value watch.database"])
  }

  @Test(
    "an address of another kind than PostgreSQL's, or with a password in it, is refused as the journal's, and not shown",
    arguments: [
      ("file:///var/lib/hemmelig", "expected a path, or the address"), ("mysql://hemmelig@db/j", "(mysql://…)"),
      ("postgresql://filsluse:hemmelig@db.example.dk/j", "with a password in it"),
      ("postgresql://filsluse:hem/hemmelig@db.example.dk/j", "with a password in it"),
      ("postgres://db.example.dk/j?sslmode=verify-full&password=hemmelig", "with a password in it"),
      ("postgresql://db.example.dk/j hemmelig", "with a blank in it"),
      (" postgresql://hemmelig@db.example.dk/j", "with a blank in it"),
      ("POSTGRESQL://hemmelig@db.example.dk/j", "in small letters"),
      ("postgresql:/hemmelig@db/x", "no address of a PostgreSQL database"),
      ("postgresql:hemmelig@db/x", "no address of a PostgreSQL database"),
      ("Postgresql//hemmelig@db/x", "no address of a PostgreSQL database"),
      ("a b://hemmelig", "no address of a PostgreSQL database"), ("://hemmelig", "with ./ before a name"),
      ("dbname=hemmelig", "postgresql://USER@HOST/DATABASE"), ("service = hemmelig", "postgresql://USER@HOST/DATABASE"),
      (" host=db.example.dk password=hemmelig", "postgresql://USER@HOST/DATABASE"),
    ])
  func refusesAddressesOfJournals(address: String, words: String) {
    for text in ["journal: \"\(address)\"\n", "journal: { postgresql: \"\(address)\" }\n"] {
      let problems = SettingsText.problems(in: text + SettingsText.account)
      #expect(problems.count == 1)
      #expect(problems.allSatisfy { !$0.contains("hemmelig") })
    }
    let problems = SettingsText.problems(in: "journal: \"\(address)\"\n" + SettingsText.account)
    #expect(problems.first?.contains(words) == true)
  }

  @Test("a journal on a server needs an address, and its mapping knows no other keys")
  func refusesJournalsWithoutAddress() {
    let cases = [
      ("{ password-file: p }", "missing-key journal.postgresql"),
      ("{ postgresql: \"postgresql:///j\", host: h }", "unknown-key journal.host"),
      ("{ postgresql: j.sqlite }", "bad-value journal.postgresql"), ("[a, b]", "wrong-type journal"),
      ("{ postgresql: \"postgresql:///j\", machines: two }", "bad-value journal.machines"),
      ("{ postgresql: \"postgresql:///j\", outgoing-folders: both }", "bad-value journal.outgoing-folders"),
    ]
    for (value, expected) in cases {
      let codes = SettingsText.codes(in: "journal: \(value)\n" + SettingsText.account)
      #expect(codes.count == 1 && codes.allSatisfy { $0.hasSuffix(" \(expected)") }, "\(codes)")
    }
  }

  @Test(
    "a file whose name only looks like an address is a path",
    arguments: [
      "./postgresql://db", "./1a://b", "/a b://c", "../://", "./dbname=filsluse", "./postgres.sqlite", "/run/a=b",
      "a-b=c", "=", "my.postgres", "Journal.sqlite",
    ])
  func readsOddNamesAsPaths(path: String) {
    #expect(SettingsText.codes(in: "journal: \"\(path)\"\n" + SettingsText.account) == [])
    #expect(SettingsText.codes(in: "watch: { database: \"\(path)\" }\n" + SettingsText.account) == [])
  }

  @Test(
    "what looks like an address is not taken as the name of the watcher's database, and is not shown",
    arguments: [
      " postgresql://hemmelig@db/x", "postgresql:/hemmelig@db/x", "postgres", "dbname=hemmelig", "a b://hemmelig",
    ])
  func refusesAddressesOfWatchers(address: String) {
    let problems = SettingsText.problems(in: "watch: { database: \"\(address)\" }\n" + SettingsText.account)
    #expect(problems.count == 1)
    #expect(problems.allSatisfy { !$0.contains("hemmelig") && $0.contains("with ./ before a name") })
  }

  @Test("finds doubled keys and goes on")
  func findsDoubledKeysAndGoesOn() {
    let text = """
      accounts:
        a:
          host: h
          user: a
          port: 22
          key: k
          "port": 23
          known-hosts: k
          port: 24
        a:
          hots: h
      journal: j
      journal: j
      """
    #expect(
      SettingsText.codes(in: text) == [
        "7:5 doubled-key accounts.a.port", "9:5 doubled-key accounts.a.port", "10:3 doubled-key accounts.a",
        "13:1 doubled-key journal",
      ])
    #expect(SettingsText.codes(in: "accounts: { a: 1, a: 2 }") == ["1:13 doubled-key a"])
  }

  @Test(
    "refuses account values",
    arguments: [
      ("host: sftp://h", "host"), ("host: h:22", "host"), ("host: me@h", "host"), ("host: \"a b\"", "host"),
      ("host: ", "host"), ("host: ~", "host"), ("host: {a: b}", "host"), ("port: 0", "port"), ("port: 22.0", "port"),
      ("port: +22", "port"), ("port: 0x16", "port"), ("user: \"a b\"", "user"), ("key: \"\"", "key"),
      ("key: ~other/key", "key"),
      ("folders: IN", "folders"), ("folders: { in: A, out: A }", "folders"), ("folders: { in: ../A }", "folders.in"),
      ("folders: { in: A/ }", "folders.in"), ("suffixes: { trigger: trigger }", "suffixes.trigger"),
      ("suffixes: { trigger: .x, metadata: .y.x }", "suffixes"), ("passphrase: {}", "passphrase"),
      ("passphrase: { file: a, environment: b }", "passphrase"), ("authority: urn:oio:cvr-nr:12345678", "authority"),
      ("authority: 1234567８", "authority"), ("it-system: 0d8a7a5c11114222833344445555666", "it-system"),
      ("host-keys: []", "host-keys"), ("host-keys: [SHA256:abc]", "host-keys[0]"),
      ("host-keys: [\"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"]", "host-keys[0]"),
    ])
  func refusesAccountValues(line: String, keyPath: String) {
    var keys = ["host": "h", "user": "u", "key": "k", "host-keys": "[\"\(SettingsText.fingerprint)\"]"]
    keys[String(line.prefix { $0 != ":" })] = nil
    let text = "accounts:\n  a:\n" + keys.map { "    \($0): \($1)\n" }.sorted().joined() + "    \(line)\n"
    let codes = SettingsText.codes(in: text)
    #expect(codes.count == 1)
    #expect(codes.first?.hasSuffix(" accounts.a.\(keyPath)") == true, "\(codes)")
  }

  @Test(
    "refuses routes",
    arguments: [
      ("kind: implicit, infref: SortimentOverfør_1, recipient-authority: 87654321", "kind"),
      ("kind: implicit, infref: FagsystemdefineredeDataRefGDPR1203_1, recipient-authority: 87654321", "kind"),
      ("kind: explicit, infref: SortimentOverfør_1, recipient-authority: 87654321", "recipient-it-system"),
      ("kind: direct, recipients: [a], infref: SortimentOverfør_1", "infref"),
      ("kind: direct", "recipients"), ("kind: direct, recipients: ROUTING_V1_0_0", "recipients"),
      ("kind: implicit, infref: X_1, recipient-authority: 87654321, recipients: [a]", "recipients"),
      ("kind: implicit, infref: SF7002, recipient-authority: 87654321", "infref"),
      ("kind: implicit, infref: X_1, recipient-authority: 87654321, municipality: 1010", "municipality"),
      ("kind: implicit, infref: X_1, recipient-authority: 87654321, municipality: [0101]", "municipality"),
      ("kind: direct, recipients: [a], not-municipalities: [Vejene]", "not-municipalities[0]"),
      ("kind: direct, recipients: [a], not-municipalities: [Vejen, '0400 kr']", "not-municipalities[1]"),
      ("kind: direct, recipients: [a], not-municipalities: [0400 0751]", "not-municipalities[0]"),
      ("kind: direct, recipients: [a], not-municipalities: []", "not-municipalities"),
      ("kind: implicit, infref: X_1", "recipient-authority"), ("recipients: [a]", "kind"),
    ])
  func refusesRoutes(keys: String, keyPath: String) {
    let text = SettingsText.account + "infrefs: X_1\nroutes:\n  r: { account: fagsystem, \(keys) }\n"
    let codes = SettingsText.codes(in: text)
    #expect(codes.count == 1, "\(codes)")
    #expect(codes.first?.hasSuffix(" routes.r.\(keyPath)") == true, "\(codes)")
  }

  @Test("asks for the sender where the account names none")
  func asksForTheSenderWhereTheAccountNamesNone() {
    let text = """
      accounts: { a: { host: h, user: u, key: k, known-hosts: f } }
      infrefs: [X_1]
      routes: { r: { account: a, kind: implicit, infref: X_1, recipient-authority: 87654321 } }
      """
    #expect(
      SettingsText.codes(in: text) == [
        "3:14 missing-key routes.r.sender-it-system", "3:14 missing-key routes.r.sender-authority",
      ])
  }

  @Test("never repeats a passphrase or ACPR number")
  func neverRepeatsAPassphraseOrACPRNumber() {
    let text = """
      accounts:
        a: { host: h, user: u, key: k, known-hosts: f, passphrase: hemmeligt }
      routes:
        r: { account: "010190-1234", kind: direct, recipients: [a] }
      """
    let problems = SettingsText.problems(in: text).joined()
    #expect(!problems.contains("hemmeligt"))
    #expect(!problems.contains("010190"))
  }

  @Test("needs at least one account")
  func needsAtLeastOneAccount() {
    #expect(SettingsText.codes(in: "journal: j") == ["1:1 missing-key accounts"])
    #expect(SettingsText.codes(in: "accounts: {}") == ["1:11 missing-key accounts"])
    #expect(SettingsText.codes(in: "accounts: []") == ["1:11 wrong-type accounts"])
    #expect(SettingsText.codes(in: "accounts:") == ["1:10 wrong-type accounts"])
    #expect(SettingsText.codes(in: "text") == ["1:1 wrong-type "])
  }
}
