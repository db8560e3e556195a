import Glibc
import Testing

/// `filsluse routes` and what `send` does with the register.
@Suite(.timeLimit(.minutes(25))) struct RoutesCommandTests {
  private static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"

  /// Runs lines of shell in a folder with settings and a list of two routes.
  private func shell(_ lines: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      """
      set -u; export LC_ALL=C.UTF-8; d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
      cat > filsluse.yaml <<END
      accounts:
        fagsystem:
          host: 127.0.0.1
          port: 1
          user: fagsystem
          key: key
          host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
          it-system: 0d8a7a5c-1111-4222-8333-444455556666
          environment: production
      routes-file: routes.csv
      END
      cat > routes.csv <<END
      # our routes
      name;template;account;infref;municipality;authority;recipient-it-system
      @flis;;fagsystem;\(Self.infRef);;;0d8a7a5c-1111-4222-8333-444455557777
      ;flis;;;0101;64942212;
      ;flis;;;0751;55133018;
      END
      printf '%s\\n' '2026-03-02T09:14:05.000Z infref name=\(Self.infRef) state=assigned on=2026-03-01 by=Anna' > routes.record
      \(lines)
      """)
  }

  @Test("adds a municipality by one line, and shows only the routes that are asked for")
  func newAndList() async throws {
    let outcome = try await shell(
      """
      "$0" routes new template=flis municipality=Ærø authority=28856075 > /dev/null 2>&1; echo "new $?"; tail -1 routes.csv
      "$0" routes list --municipality 492 | cut -d' ' -f1; "$0" routes list --state created | wc -l
      "$0" routes new template=flis municipality=0100 authority=28856075 > /dev/null 2>&1; echo "wrong $?"; wc -l < routes.csv
      # Another spelling changes the line and not the route: that is refused unless it is asked for, with line and cell.
      cp routes.csv before.csv; "$0" routes new template=flis municipality=0492 authority=28856075 > /dev/null 2> said; echo "there $?"
      grep -c 'routes new: error: line 6 of routes.csv has "flis-0492" already, and would change: municipality Ærø → 0492; .* filsluse routes new --replace COLUMN=VALUE \\[' said
      "$0" routes new template=flis municipality=0492 authority=28856075 --language da 2>&1 | grep -c 'routes new: fejl: linje 6 i routes.csv har allerede "flis-0492" og ville blive ændret: municipality Ærø → 0492; '
      cmp routes.csv before.csv && echo same
      "$0" routes new --replace template=flis municipality=0492 authority=28856075 2>&1 | grep -c 'routes.csv:6: municipality Ærø → 0492$'
      "$0" routes new template=flis municipality=0492 authority=28856075 2>&1 | grep -c 'routes.csv: line 6 has it already, and nothing is changed: flis-0492'
      "$0" routes new template=flis municipality=0461 authority=35209115 2>&1 | grep -c 'routes.csv: 1 line added, line 7: flis-0461; send a file by it: filsluse send FILE --route flis-0461$'
      """)
    #expect(
      outcome.output == """
        new 0
        ;flis;;;Ærø;28856075;
        ROUTE
        flis-0492
        1
        wrong 65
        6
        there 65
        1
        1
        same
        1
        1
        1

        """, "\(outcome)")
  }

  @Test("lists the routes that can be read, then the mistakes of the others, and sends nothing by such a list")
  func listWithAMistake() async throws {
    let outcome = try await shell(
      """
      sed -i 's/0101/0100/' routes.csv; "$0" routes list > said 2> told; echo "list $?"
      tail -n +2 said | cut -d' ' -f1; grep -c '^routes.csv:4:.*error: ' told
      "$0" routes list --infref Ukendt_1 2> told | wc -l; grep -c '^routes.csv:4:.*error: ' told
      "$0" routes list --json 2> told | python3 -c 'import json, sys; print([r["name"] for r in json.load(sys.stdin)])'
      grep -c 'routes.csv:4:' told; echo a > udtræk_0751.csv
      "$0" send udtræk_0751.csv --route flis-0751 > said 2> told; echo "send $?"; grep -c '^routes.csv:4:.*error: ' told
      # Without one readable route, and with a record that cannot be read, the list is refused as before.
      sed -i '/0751/d' routes.csv; "$0" routes list 2> told; echo "none $?"; grep -c '^routes.csv:4:.*error: ' told
      sed -i 's/0100/0101/' routes.csv; echo nonsense >> routes.record; "$0" routes list 2> told; echo "record $?"
      grep -c '^routes.record:2:.*error: ' told
      """)
    #expect(
      outcome.output == """
        list 78
        flis-0751
        1
        1
        1
        ['flis-0751']
        1
        send 78
        1
        none 78
        1
        record 78
        1

        """, "\(outcome)")
  }

  @Test("finds routes by the receiver that their template names, by its system, and by the template")
  func receiverOfTemplate() async throws {
    let outcome = try await shell(
      """
      sed -i '/^;/d' routes.csv
      printf '%s\\n' '@ny;;fagsystem;\(Self.infRef);;;' '@ny/lager;;;;;;0d8a7a5c-1111-4222-8333-444455558888' \
        '@ny/arkiv;;;;;;0d8a7a5c-1111-4222-8333-444455559999' ';ny;;;0101;64942212;' ';flis;;;0751;55133018;' >> routes.csv
      for r in arkiv 0d8a7a5c-1111-4222-8333-444455558888 ny flis arkiiv; do
        echo "$r:" $("$0" routes list --receiver $r 2> said | tail -n +2 | cut -d' ' -f1)
      done
      grep -oF 'did you mean “arkiv”?' said | head -1
      """)
    #expect(
      outcome.output == """
        arkiv: arkiv-0101
        0d8a7a5c-1111-4222-8333-444455558888: lager-0101
        ny: lager-0101 arkiv-0101
        flis: flis-0751
        arkiiv:
        did you mean “arkiv”?

        """, "\(outcome)")
  }

  @Test("speaks the language of the settings, also where it refuses a name that no route has")
  func languageOfTheSettings() async throws {
    let outcome = try await shell(
      """
      echo 'language: da' >> filsluse.yaml
      for c in 'ready flis-9999' 'done SF1630:10 --route flis-9999' 'record order ordered --route flis-9999' \
        'list --infref Ukendt_1' 'list --receiver ingen' 'list --receiver ingen --language en'; do
        "$0" routes $c 2>&1 | tail -1 | cut -d';' -f1
      done
      "$0" routes check 2>&1 > /dev/null | grep -c '2 ruter: '
      sed -i 's/0101/0100/' routes.csv
      "$0" status --language da 2>&1 | grep 'routes.csv:4:' | grep 'fejl: .*en af de 98 kommuner' | grep -vc -e engelsk -e 'one of'
      """)
    #expect(
      outcome.output == """
        filsluse: der er ingen rute „flis-9999“
        filsluse: der er ingen rute „flis-9999“
        filsluse: der er ingen rute „flis-9999“
        filsluse: ingen rute har InfRef „Ukendt_1“
        filsluse: ingen rute går til „ingen“
        filsluse: no route goes to “ingen”
        1
        1

        """, "\(outcome)")
  }

  @Test("refuses another municipality's CVR number, and names the words and the names that were meant")
  func newLinesAreChecked() async throws {
    let outcome = try await shell(
      """
      cp routes.csv before.csv
      "$0" routes new template=flis municipality=0461 authority=55133018 > /dev/null 2> said; echo "other $?"
      grep -c 'routes new: error: .*0751 Aarhus has in line 5 of routes.csv; .* \\[municipality-authority\\]' said
      grep -c 'correct "flis-0751" first: filsluse routes new --replace template=flis municipality=0751 authority=CVR' said
      printf 'template;municipality;authority\\nflis;0461;55133018\\n' > table.csv
      "$0" routes import table.csv > /dev/null 2>&1; echo "import $?"; cmp before.csv routes.csv && echo "as before"
      "$0" routes new template=flis municipality=Aalbrog authority=29189420 --language da 2>&1 |
        grep -c 'routes new municipality=Aalbrog: fejl: municipality: .*; mente du „Aalborg“?'
      "$0" routes new template=flis municipalty=751 2>&1 | grep -c 'routes new municipalty=751: error: .*; did you mean “municipality”?'
      "$0" routes new municipality=Aalbrog template=flis authority=29189420 2>&1 |
        grep -c 'routes new municipality=Aalbrog: error: municipality: '
      "$0" routes list --municipality Aalbrog 2>&1 | grep -c 'did you mean “Aalborg”?'
      sed -i 's/^@flis/# @flis/' routes.csv
      "$0" routes new template=flis municipality=0461 authority=35209115 2>&1 | grep -c 'line 3 of the list has it as a comment'
      """)
    #expect(
      outcome.output == """
        other 65
        1
        1
        import 65
        as before
        1
        1
        1
        1
        3

        """, "\(outcome)")
  }

  @Test("refuses a second route from and to the same, by import, new and their dry runs, and leaves the list")
  func doubledRoutes() async throws {
    let outcome = try await shell(
      """
      cp routes.csv before.csv; printf 'name;template;municipality;authority\\nb;flis;0751;55133018\\n' > table.csv
      for c in 'import table.csv' 'import table.csv --dry-run' 'new name=b template=flis municipality=0751 authority=55133018'; do
        "$0" routes $c > out 2> said; echo "$?" $(grep -c 'doubled-route' said) $(wc -c < out)
      done
      grep -c 'written with' said; cmp before.csv routes.csv && echo "as before"
      """)
    #expect(outcome.output == "65 1 0\n65 1 0\n65 1 0\n0\nas before\n", "\(outcome)")
  }

  @Test("lists the routes of a region, and says what a list with another recipient and without a route means")
  func regionAndDifference() async throws {
    let outcome = try await shell(
      """
      "$0" routes list --region hovedstaden | tail -n +2 | cut -d' ' -f1; "$0" routes list --region Nordpolen > /dev/null 2>&1; echo "region $?"
      sed -e '/0751/d' -e 's/444455557777/444455558888/' routes.csv > after.csv
      "$0" routes diff routes.csv after.csv; "$0" routes diff routes.csv routes.csv --language da
      """)
    #expect(
      outcome.output == """
        flis-0101
        region 64
        ~ flis-0101: recipient-it-system 0d8a7a5c-1111-4222-8333-444455557777 → 0d8a7a5c-1111-4222-8333-444455558888: files go from or to another system: a new service agreement and a new route order
        - flis-0751: its files are refused from now on; end the route at the HelpDesk, as it is invoiced until then

        """, "\(outcome)")
    #expect(outcome.errors.contains("filsluse: ingen forskel"), "\(outcome)")
  }

  @Test("asks on a terminal for what differs from line to line, and refuses an answer that is none")
  func asking() async throws {
    let outcome = try await shell(
      """
      printf '\\n2190\\n0219\\n12\\n29189366\\n' | script -qec "'$0' routes new" /dev/null > asked; echo "new $?"; tail -1 routes.csv
      grep -c 'there is no such municipality' asked; grep -c '8 digits' asked
      "$0" routes new < /dev/null 2>&1 | grep -c 'COLUMN=VALUE'
      """)
    #expect(
      outcome.output == """
        new 0
        ;flis;;;0219;29189366;
        1
        1
        1

        """, "\(outcome)")
  }

  @Test(
    "asks without a template for direction, kind, and the addresses that these need, and adds no column of a default")
  func askingWithoutTemplate() async throws {
    let outcome = try await shell(
      """
      sed -i -e '/^@flis/d' -e '/^;/d' routes.csv; ask() { script -qec "'$0' routes new" /dev/null > asked; echo "new $?"; }
      printf 'r\\n\\nud\\n\\n\\n\(Self.infRef)\\n0d8a7a5c-1111-4222-8333-444455557777\\n0101\\n64942212\\n' | ask
      tail -1 routes.csv; grep -c 'direction: out (we send' asked
      printf 'd\\n\\n\\ndirect\\nnabo\\n\\n' | ask; tail -1 routes.csv
      printf 'i\\n\\nin\\n\\nFagsystemdefineredeDataRefGDPR1204_1\\n0d8a7a5c-1111-4222-8333-444455558888\\n\\n64942212\\n' | ask
      tail -1 routes.csv
      """)
    #expect(
      outcome.output == """
        new 0
        r;;fagsystem;\(Self.infRef);0101;64942212;0d8a7a5c-1111-4222-8333-444455557777
        2
        new 0
        d;;fagsystem;;;;;direct;nabo
        new 0
        i;;fagsystem;FagsystemdefineredeDataRefGDPR1204_1;;64942212;;;;in;0d8a7a5c-1111-4222-8333-444455558888

        """, "\(outcome)")
  }

  @Test("refuses a new route without a value, and warns on standard error of an imported table in windows-1252")
  func emptyAndEncoded() async throws {
    let outcome = try await shell(
      """
      "$0" routes new name= > /dev/null 2>&1; echo "empty $?"
      printf 'template;municipality;authority\\nflis;\\306r\\370;28856075\\n' > windows.csv
      "$0" routes import windows.csv > /dev/null 2> said; echo "import $?"; tail -1 routes.csv
      grep -c '^filsluse: windows.csv: .*windows-1252 (1)' said
      """)
    #expect(
      outcome.output == """
        empty 64
        import 0
        ;flis;;;Ærø;28856075;
        1

        """, "\(outcome)")
  }

  @Test("checks the register in every format, with the finding's code and place")
  func check() async throws {
    let outcome = try await shell(
      """
      "$0" routes check 2> /dev/null; echo "good $?"; "$0" routes check --json 2> /dev/null
      "$0" routes export --json | grep -c '"municipality" : "0751"'
      sed -i s/state=assigned/state=requested/ routes.record
      for f in table json sarif junit; do
        "$0" routes check --format $f 2> /dev/null > out; echo "$f $?" $(grep -c inf-ref-not-assigned out)
        [ $f = table ] && grep -c 'assigned: filsluse routes record infref \(Self.infRef) assigned \\[' out
      done
      "$0" routes check --config filsluse.yaml 2> /dev/null | grep -c 'assigned --config filsluse.yaml \\['
      # In a trial nothing is assigned, and a good line is good.
      cp filsluse.yaml other.yaml; sed -i /environment:/d filsluse.yaml; "$0" routes check > out 2> said; echo $?
      grep -c 'warning: .*inf-ref-not-assigned' out; mv other.yaml filsluse.yaml
      "$0" routes check --language da 2> /dev/null | grep -c 'routes.csv:3:18: fejl:'
      sed -i 's/64942212/6494221X/' routes.csv; "$0" routes check 2> said | grep -o 'invalid-cvr'; grep -c '1 route can be read, .*: 1 error' said
      "$0" routes list 2>&1 | grep -c 'routes.csv:4:14'
      """)
    #expect(
      outcome.output == """
        good 0
        [

        ]
        1
        table 65 1
        1
        json 65 1
        sarif 65 2
        junit 65 2
        1
        0
        1
        1
        invalid-cvr
        1
        1

        """, "\(outcome)")
  }

  @Test("checks a list of 100,000 good lines to its end, and counts them")
  func manyLines() async throws {
    let outcome = try await shell(
      """
      awk 'BEGIN { for (i = 1; i <= 100000; i++) printf "r%d;flis;;;0101;64942212;0d8a7a5c-1111-4222-8333-%012d\\n", i, i }' > lines
      sed -i '/^;/d' routes.csv; cat lines >> routes.csv
      "$0" routes check 2>&1; echo "check $?"
      """)
    #expect(outcome.output == "filsluse: 100000 routes: 0 errors, 0 warnings\ncheck 0\n", "\(outcome)")
  }

  @Test("refuses a list and a table beyond the limit of size, and a list beyond the limit of routes")
  func beyondTheLimits() async throws {
    let outcome = try await shell(
      """
      cp routes.csv before.csv; truncate -s $(((64 << 20) + 1)) large.csv
      "$0" routes import large.csv 2> said; echo "import $?"
      grep -c '^large.csv: error: found more than 64 MiB, .* \\[too-large\\]$' said; cmp before.csv routes.csv && echo "as before"
      mv large.csv routes.csv; "$0" routes check 2> /dev/null > found; echo "size $?"
      grep -c '^routes.csv: error: found more than 64 MiB, .* \\[too-large\\]$' found
      # 98 lines of a template with 2,101 receivers are more than 200,000 routes.
      awk '{ print } /^@flis;/ { for (i = 1; i <= 2101; i++) printf "@flis/r%d;;;;;;\\n", i }' before.csv | sed '/^;/d' > routes.csv
      for i in $(seq 98); do echo "{receiver}-$i;flis;;;0101;64942212;"; done >> routes.csv
      "$0" routes check 2> /dev/null > found; echo "number $?"
      grep -c '^routes.csv: error: found more than 200000 routes, .* \\[too-large\\]$' found
      """)
    #expect(
      outcome.output == "import 65\n1\nas before\nsize 65\n1\nnumber 65\n1\n", "\(outcome)")
  }

  @Test("shows the problems of settings that cannot be read as findings of the document, in every format")
  func checkOfFaultySettings() async throws {
    let outcome = try await shell(
      """
      echo 'rutes-file: x' >> filsluse.yaml
      for f in table json sarif junit; do
        "$0" routes check --format $f > $f 2> said; echo "$f $?"; grep -c rutes-file said
      done
      grep -c "filsluse.yaml:11:1: error: .*rutes-file.*; .* \\[unknown-key\\]$" table
      python3 - <<'END'
      import json, xml.etree.ElementTree
      found = [f for f in json.load(open("json")) if f["code"] == "unknown-key"]
      print([(f["file"][-13:], f["line"], f["severity"], f["remedy"] != "") for f in found])
      found = [r for r in json.load(open("sarif"))["runs"][0]["results"] if r["ruleId"] == "unknown-key"]
      print([(r["level"], r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in found])
      cases = [c for c in xml.etree.ElementTree.parse("junit").iter("testcase") if c.find("failure").get("type") == "unknown-key"]
      print([(c.get("line"), c.get("file")[-13:]) for c in cases])
      END
      # A file that is no YAML, and none at all: there is no list to read then.
      echo '[' > filsluse.yaml; "$0" routes check --format sarif 2> said | grep -c '"ruleId" : "syntax"'; wc -c < said
      "$0" routes check --config nowhere.yaml --json 2> said > found; echo "none $?"; grep -c '"code" : "unreadable"' found
      "$0" routes check --config nowhere.yaml --language da 2> said | grep -c 'nowhere.yaml: fejl: '
      """)
    #expect(
      outcome.output == """
        table 78
        0
        json 78
        0
        sarif 78
        0
        junit 78
        0
        1
        [('filsluse.yaml', 11, 'error', True)]
        [('error', 11)]
        [('11', 'filsluse.yaml')]
        1
        0
        none 78
        1
        1

        """, "\(outcome)")
  }

  @Test(
    "keeps owner, group and permissions of a list that root changes, and leaves a list where it cannot keep them",
    .enabled(if: geteuid() == 0, "only root can be two users"))
  func ownerOfTheList() async throws {
    let outcome = try await shell(
      """
      chown 65534:65533 routes.csv; chmod 640 routes.csv; rm routes.record
      "$0" routes new template=flis municipality=0492 authority=28856075 > /dev/null 2>&1; echo "root $?"; stat -c '%u:%g %a' routes.csv
      "$0" routes done SF1630:10 --route flis-0492 --by Anna > /dev/null 2>&1; stat -c '%u:%g' routes.record
      # What a link leads to may be another's, and is not given away.
      rm routes.record; touch elsewhere; ln -s elsewhere routes.record
      "$0" routes done SF1630:10 --route flis-0492 --by Anna > /dev/null 2>&1; stat -c '%u:%g' elsewhere; rm routes.record elsewhere
      chown 0:0 routes.csv; chmod 644 routes.csv; chown 65534 .
      setpriv --reuid=65534 --regid=65534 --clear-groups "$0" routes new template=flis municipality=0219 authority=29189366 > /dev/null 2> said
      echo "other $?"; grep -c 'user 0 and group 0' said; tail -1 routes.csv; ls -A | grep -c '[.]part'
      """)
    #expect(
      outcome.output == """
        root 0
        65534:65533 640
        65534:65533
        0:0
        other 65
        1
        ;flis;;;0492;28856075;
        0

        """, "\(outcome)")
  }

  @Test("refuses a file by a route whose line names another recipient than the one it was ordered for")
  func changedAfterTheOrder() async throws {
    let outcome = try await shell(
      """
      r() { "$0" routes record "$@" --by Anna > /dev/null 2>&1; }
      r infref \(Self.infRef) created; r agreement --route flis-0101; r order ordered --route flis-0101; r order confirmed --route flis-0101
      grep -c 'environment=production .*recipient=0d8a7a5c-1111-4222-8333-444455557777 authority=64942212' routes.record
      sed -i 's/444455557777/444455558888/' routes.csv; echo x > a.csv
      "$0" send a.csv --route flis-0101 --no-wait > /dev/null 2> err; echo "sent $?"; grep -c 'other values than the list has now: recipient-it-system' err
      "$0" routes check 2> /dev/null | grep -o changed-since-order
      r order ordered --route flis-0101; r order confirmed --route flis-0101; "$0" routes check 2> /dev/null | grep -c changed-since-order
      """)
    #expect(outcome.output == "2\nsent 65\n1\nchanged-since-order\n0\n", "\(outcome)")
  }

  @Test(
    "refuses a file in production before its InfRef is created, unless a person gives a reason, which the journal keeps"
  )
  func sending() async throws {
    let outcome = try await shell(
      """
      echo x > a.csv; "$0" send a.csv --route flis-0101 > /dev/null 2> err; echo "refused $?"; grep -c 'is assigned, and only a created' err
      "$0" send a.csv --route flis-0101 --override ' ' > /dev/null 2>&1; echo "blank $?"
      # The same by a list, whose routes are checked before anything is sent.
      printf 'file;route\na.csv;flis-0101\n' > list.csv
      "$0" send --batch list.csv > /dev/null 2> err; echo "list $?"; grep -c 'is assigned, and only a created' err
      timeout 5 "$0" send --batch list.csv --no-wait --override 'agreed with Anna' > /dev/null 2>&1
      "$0" journal show D1 | grep -o 'override .*sent by flis-0101 although .*reason: agreed with Anna' | cut -c1-8
      """)
    #expect(outcome.output == "refused 65\n1\nblank 64\nlist 65\n1\noverride\n", "\(outcome)")
  }
}
