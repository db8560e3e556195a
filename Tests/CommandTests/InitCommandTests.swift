import FoundationEssentials
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import filsluse

/// `filsluse init`, and the way from an empty folder to a first file on the local platform.
@Suite(.timeLimit(.minutes(25))) struct InitCommandTests {
  private static let setUp = """
    set -u; export LC_ALL=C.UTF-8
    until_so() { for i in $(seq 2400); do eval "$1" && return; sleep 0.1; done; echo "never: $1"; }
    options="--user fagsystem --it-system 0d8a7a5c-1111-4222-8333-444455556666 --authority 55133018 --key-type ed25519"
    fingerprint=SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    """

  /// The README's lines for a first trial.
  private static func readmeLines() throws -> [String] {
    let text = try String(contentsOfFile: TestFiles.repository.appending("README.md").string, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let block = lines.drop { $0 != "    filsluse init --trial" }.prefix { $0.hasPrefix("    ") }
    return block.map { String($0.dropFirst(4)) }
  }

  @Test(
    "leads by the README's four lines from an empty folder to a file delivered and collected by one's own route, whatever settings FILSLUSE_CONFIG names"
  )
  func fourCommands() async throws {
    let lines = try Self.readmeLines()
    #expect(lines.count == 4)
    let printed = lines.dropFirst().map { "-e '  \($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); PATH="$(dirname "$0"):$PATH"; export FILSLUSE_CONFIG=/nowhere/real.yaml
        {
        \(lines.joined(separator: "\n"))
        } > said 2> told; echo "last $?"; platform=$!
        head -3 said; grep -c ^accepted said; grep -c ^collected said; cat trial/clients/flis/inbox/flis/udtræk_0751.csv
        # Every line of the README but the first is one that init prints, and the platform prints the same send and receive.
        grep -cxF \(printed) told
        grep -c "^  filsluse receive --config .*/trial/clients/flis/filsluse.yaml" said
        # One municipality more is one line, one command verifies it, and the running platform takes it up by itself.
        filsluse routes new template=flis municipality=0461 authority=35209115 --config filsluse.yaml > /dev/null 2>&1; echo "new $?"
        filsluse routes check --config filsluse.yaml > found 2>&1; echo "check $?"; grep -c 'warning: .*which 2 routes use.*nothing is to be done in a trial' found; wc -l < found
        echo 'c;d' > udtræk_0461.csv
        filsluse send udtræk_0461.csv --route flis-0461 --config filsluse.yaml > sent; echo "send $?"
        until_so 'grep -q "the plan has changed.*; new: flis-0461$" told'
        filsluse receive --config trial/clients/flis/filsluse.yaml > received 2> where; echo "receive $?"
        cat trial/clients/flis/inbox/flis/udtræk_0461.csv; grep -c '1 file in .*trial/clients/flis/inbox/flis' where
        # A list that cannot be read is told, and the platform goes on.
        cp routes.csv good; echo x >> routes.csv; until_so 'grep -q "the platform goes on by the former one" told'; cp good routes.csv
        filsluse init 2> next; grep -c '^  filsluse platform --plan filsluse.yaml' next; grep -c 'one municipality more: .* municipality=0851 ' next
        kill $platform; wait $platform; stat -c %a keys keys/fagsystem
        [ -e .filsluse-init.json ] || echo ended
        """)
      #expect(
        outcome.output == """
          last 0
          routes.csv
          filsluse.yaml
          udtræk_0751.csv
          1
          1
          a;b
          3
          1
          new 0
          check 0
          1
          2
          send 0
          receive 0
          c;d
          1
          1
          1
          700
          600
          ended

          """, "\(outcome)")
    }
  }

  @Test("a refusal names one way out wherever it is shown, which works once the running platform's plan has the route")
  func refusedByThePlan() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); PATH="$(dirname "$0"):$PATH"; export FILSLUSE_CONFIG=filsluse.yaml
        filsluse init --trial > /dev/null 2>&1; filsluse routes platform -o plan.yaml 2> next; echo "plan $?"
        grep -c 'send udtræk_0751.csv --route flis-0751 --config filsluse.yaml$' next; grep -c 'the running platform takes up each change' next
        filsluse platform --plan plan.yaml --directory trial > card 2> log & platform=$!; until_so '[ -s card ]'
        filsluse routes new template=flis municipality=0461 authority=35209115 > /dev/null 2>&1; echo 'c;d' > udtræk_0461.csv
        for i in 1 2; do
          filsluse send udtræk_0461.csv --route flis-0461 > /dev/null 2> told; echo "send $?"
          grep -cE 'refused it( before)?: 9018 .*; when that is mended: filsluse retry D1$' told; grep -c -e --again told
        done
        filsluse status | grep -c 'when that is mended: filsluse retry D1'
        filsluse routes platform -o plan.yaml --force 2> /dev/null; until_so 'grep -q "the plan has changed.*; new: flis-0461$" log'
        filsluse retry D1 | grep -c 'D2 is accepted'; kill $platform; wait $platform
        """)
      #expect(
        outcome.output == """
          plan 0
          1
          1
          send 76
          1
          0
          send 76
          1
          0
          1
          1

          """, "\(outcome)")
    }
  }

  @Test("takes a trial as the answer to the first question, and asks for nothing more, nor takes a server's name")
  func trialAsAnswer() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); c="$0"
        printf 'trial\n' | script -qec "'$c' init --directory asked --language da" /dev/null > said; echo "asked $?"; ls -A asked
        grep -c 'en prøve: ingen server kontaktes' said; grep -c 'filsluse send asked/udtræk_0751.csv --route flis-0751 --config asked/filsluse.yaml' said
        grep -c 'known-hosts: trial/known_hosts' asked/filsluse.yaml
        "$c" init --trial --host external-test 2> /dev/null; echo "host $?"
        "$c" init --trial --fingerprint $fingerprint 2> /dev/null; echo "fingerprint $?"
        "$c" init --trial --directory named --user 'Borger' 2> /dev/null; echo "user $?"; ls -A named
        "$c" init --trial --directory named --user Borger --json 2> /dev/null | python3 -c 'import json, sys; print(json.load(sys.stdin)["error"]["code"])'
        "$c" init --trial --directory machine --json 2> /dev/null | python3 -c 'import json, sys; r = json.load(sys.stdin); print(r["settings"], r["isTrial"], len(r["next"]), r["texts"], r["checks"])'
        "$c" init --trial --directory named --user borger --receiver lager --municipality Odense=35209115 > /dev/null 2> told; echo "named $?"
        grep -c 'send named/udtræk_0461.csv --route lager-0461 --config named/filsluse.yaml' told; grep -c 'platform --plan named/filsluse.yaml --directory named/trial &$' told
        # A plan that is made in another folder says the folder of the platform whose host key the settings name.
        "$c" routes platform -o plan.yaml --config named/filsluse.yaml 2> next; grep -c 'platform --plan plan.yaml --directory named/trial &$' next
        grep -c 'receive --config named/trial/clients/lager/filsluse.yaml$' next; grep -c 'send .* --config named/filsluse.yaml$' next
        # A data file that is there stays as it is; a missing one is made anew. That it is a trial is no answer that is lost.
        echo x > named/udtræk_0461.csv; "$c" init --trial --directory named 2> told; cat named/udtræk_0461.csv
        rm named/udtræk_0461.csv; "$c" init --trial --directory named 2> /dev/null; grep -c 'not used' told
        "$c" init --trial --directory named --receiver andet 2>&1 > /dev/null | grep -c 'the answers of this command are not used'
        """)
      #expect(
        outcome.output == """
          asked 0
          filsluse.yaml
          keys
          routes.csv
          udtræk_0751.csv
          1
          1
          1
          host 64
          fingerprint 64
          user 64
          usage
          machine/filsluse.yaml True 3 [] []
          named 0
          1
          1
          1
          1
          1
          x
          named/udtræk_0461.csv
          0
          1

          """, "\(outcome)")
    }
  }

  @Test("in a trial sending and collecting wait for the platform's start, and say how it is started")
  func waitsForThePlatform() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); c="$0"; "$c" init --trial > /dev/null 2>&1
        "$c" send udtræk_0751.csv --route flis-0751 --config filsluse.yaml > sent 2> told & send=$!
        "$c" receive --config filsluse.yaml > received 2> also & receive=$!
        until_so '[ $(grep -c "waiting for the local platform; .*start it: filsluse platform --plan filsluse.yaml --directory trial &$" told also | grep -c :1) = 2 ]'
        "$c" platform --plan filsluse.yaml --directory trial > card 2> log & platform=$!
        wait $send; echo "send $?"; wait $receive; echo "receive $?"; grep -c ^accepted sent; cat told also | grep -c warning
        kill $platform; wait $platform
        "$c" check --config filsluse.yaml --language da > /dev/null 2> told; echo "check $?"; grep -c 'start den: filsluse platform --plan filsluse.yaml --directory trial &$' told
        "$c" send udtræk_0751.csv --route flis-0751 --config filsluse.yaml --json 2>&1 | grep -q 'of this trial does not answer' && echo said
        """)
      #expect(
        outcome.output == """
          send 0
          receive 0
          1
          0
          check 69
          1
          said

          """, "\(outcome)")
    }
  }

  @Test("in a trial retry and cancel wait for the platform too, and settings that it wrote say how it is started")
  func startOfTheWritingPlatform() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); c="$0"; "$c" init --trial > /dev/null 2>&1; flis=trial/clients/flis/filsluse.yaml
        "$c" platform --plan filsluse.yaml --directory trial > card 2> log & platform=$!; until_so '[ -s card ]'
        "$c" send udtræk_0751.csv --route flis-0751 --config filsluse.yaml > sent 2>&1; echo "send $?"
        kill $platform; wait $platform
        "$c" retry D1 --config filsluse.yaml > retry 2>&1 & retry=$!; "$c" cancel D1 --config filsluse.yaml > cancel 2>&1 & cancel=$!
        "$c" receive --config $flis > received 2> told & receive=$!
        until_so '[ $(cat retry cancel | grep -c "waiting for the local platform; .* --plan filsluse.yaml --directory trial &$") = 2 ]'
        start="start it: filsluse platform --plan $PWD/filsluse.yaml --directory $PWD/trial &$"
        until_so 'grep -q "waiting for the local platform; .*$start" told'
        "$c" platform --plan filsluse.yaml --directory trial > card2 2> log & platform=$!
        wait $retry $cancel; wait $receive; echo "receive $?"; grep -c ^collected received; cat retry cancel told | grep -c 'does not answer'
        kill $platform; wait $platform
        "$c" check --config $flis > /dev/null 2> told; echo "check $?"; grep -c "$start" told
        # A server elsewhere is none of the platform's.
        sed -i 's/127[.]0[.]0[.]1/localhost/' $flis; "$c" check --config $flis 2>&1 | grep -c 'start it'
        """)
      #expect(
        outcome.output == """
          send 0
          receive 0
          1
          0
          check 69
          1
          0

          """, "\(outcome)")
    }
  }

  @Test("routes ready says of a trial, and of no real environment, that nothing is needed there")
  func readyInATrial() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); "$0" init --trial > /dev/null 2>&1
        ready() { "$0" routes ready "$@" --config filsluse.yaml 2>&1 > /dev/null; }
        ready > told; echo "ready $?"; grep -c 'a trial on the local platform, where nothing of this is needed' told
        ready flis-0751 --language da | grep -c 'dette er en prøve på den lokale platform, hvor intet af dette er nødvendigt'
        sed -i 's/^  fagsystem:$/&\\n    environment: external-test/' filsluse.yaml; ready > told; echo "test $?"; grep -c 'nothing of this is needed' told
        """)
      #expect(outcome.output == "ready 1\n1\n1\ntest 1\n0\n", "\(outcome)")
    }
  }

  @Test("says that a trial's new route is not ordered, and only warns of another municipality's CVR number there")
  func newRouteOfTrial() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; "$0" init --trial > /dev/null 2>&1
        "$0" routes new template=flis municipality=0461 authority=35209115 2> /dev/null |
          grep -c '+ flis-0461: nothing is ordered in a trial; on the real platform: '
        "$0" routes new template=flis municipality=0851 authority=35209115 > /dev/null 2> said; echo "other $?"
        grep -c 'routes new: warning: .*0851 Aalborg has .* which 0461 Odense has in line .*made-up numbers are fine in a trial' said
        "$0" routes check > found 2>&1; echo "check $?"; grep -c 'warning: .*\\[municipality-authority\\]' found
        """)
      #expect(outcome.output == "1\nother 0\n1\ncheck 0\n1\n", "\(outcome)")
    }
  }

  @Test("sets up an account by options alone, says the next step, and leaves what is there")
  func options() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        "$0" init --host external-test $options --fingerprint $fingerprint --infref FagsystemdefineredeDataRefGDPR1203_1 \\
          --recipient-it-system 0d8a7a5c-1111-4222-8333-444455557777 --municipality Aarhus=55133018 --without-check 2> told; echo "init $?"
        grep -c 'next: filsluse platform --plan filsluse.yaml ' told; "$0" routes platform -o plan.yaml 2> /dev/null; echo "plan $?"
        "$0" routes platform --json | python3 -c 'import json, sys; p = json.load(sys.stdin); print(p["routes"], "infref: " in p["plan"])'
        stat -c %a keys keys/fagsystem; grep -c udfyldes texts/3-rute-0751.txt; grep -c port: plan.yaml
        "$0" init --without-check > again 2>&1; echo "again $?"; cat again
        "$0" init --without-check --user other 2>&1 | grep -c 'answers of this command are not used'
        """)
      #expect(
        outcome.output == """
          texts/2-ssh-noegle-administrationsmodul.txt
          texts/3-rute-0751.txt
          texts/4-overvaagning-helpdesk.txt
          routes.csv
          filsluse.yaml
          init 0
          1
          plan 0
          1 True
          700
          600
          2
          0
          again 0
          filsluse: filsluse.yaml is there already and stays as it is
          1

          """, "\(outcome)")
    }
  }

  @Test("says what is to be filled in later, and names all of it with file and line where a plan needs it")
  func later() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        "$0" init --user fagsystem --key-type ed25519 --municipality Aarhus=55133018 --fingerprint $fingerprint --without-check > /dev/null 2> told
        echo "init $?"; grep -c 'still to be filled in: it-system: in filsluse.yaml, the InfRef in routes.csv, the receiving' told
        "$0" routes platform -o plan.yaml 2> told; echo "plan $?"; grep -c 'filsluse.yaml:9: the account fagsystem has no it-system' told
        grep -c 'routes.csv:3,4: there is no route: fill in InfRef and the UUID' told; grep -c 'filsluse init --trial' told
        sed -i 's/;INFREF;/;FagsystemdefineredeDataRefGDPR1203_1;/' routes.csv
        "$0" routes platform 2>&1 | grep -c 'there is no route: fill in the UUID of the receiving system, and take the #'
        """)
      #expect(outcome.output == "init 0\n1\nplan 78\n1\n1\n1\n1\n", "\(outcome)")
    }
  }

  @Test("writes the settings where the server cannot be reached, and goes on with its host keys when it can")
  func unreachable() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); c="$0"
        "$c" platform --directory trial > card 2> log & platform=$!; until_so '[ -s card ]'; port=$(cat trial/port)
        kill $platform; wait $platform
        "$c" init --directory late --host 127.0.0.1 --port $port $options --key "$PWD/trial/server/keys/fagsystem" > /dev/null 2> told; echo "init $?"
        "$c" init --directory given --host 127.0.0.1 --port $port $options --key "$PWD/trial/server/keys/fagsystem" > /dev/null 2>&1; echo "given $?"
        tail -1 told | grep -c 'host keys of 127.0.0.1, .*late/known_hosts holds them.*the same command goes on'
        grep -c 'known-hosts: known_hosts' late/filsluse.yaml; echo '# mine' >> late/filsluse.yaml
        "$c" platform --directory trial > card2 2> log & platform=$!; until_so '[ -s card2 ]'
        printf 'yes\n' | script -qec "'$c' init --directory late" /dev/null > said; echo "again $?"
        grep -c 'late/filsluse.yaml: changed since, and stays' said; grep -c 'ok .*login' said; tail -1 late/filsluse.yaml; ls -A late
        "$c" check --config late/filsluse.yaml > /dev/null; echo "check $?"
        # The same by fingerprint, where the settings were filled in meanwhile: another one is refused.
        echo '# mine' >> given/filsluse.yaml
        again() { "$c" init --directory given --without-check --fingerprint "$1" > /dev/null 2> told; echo "$?"; }
        again $fingerprint; grep -c 'shows no host key with a fingerprint that was given' told; ls given | grep -c known_hosts
        again "$(grep -o 'SHA256:[^ ]*' card2)"; tail -1 given/filsluse.yaml; wc -l < given/known_hosts
        kill $platform; wait $platform
        """)
      #expect(
        outcome.output == """
          init 69
          given 69
          1
          1
          again 0
          1
          1
          # mine
          filsluse.yaml
          known_hosts
          routes.csv
          texts
          check 0
          77
          1
          0
          0
          # mine
          1

          """, "\(outcome)")
    }
  }

  @Test("asks on a terminal, goes on where it was stopped, and trusts no host key that no person has compared")
  func dialogue() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); c="$0"
        "$c" platform --directory trial > card 2> log & platform=$!; until_so '[ -s card ]'
        port=$(cat trial/port); shown=$(grep -o 'SHA256:[^ ]*' card)
        # A pipe is no terminal: the host key is shown, and trusted only by its fingerprint.
        "$c" init --directory piped --host 127.0.0.1 --port $port $options --without-check > /dev/null 2> err; echo "piped $?"
        grep -c "$shown" err; ls piped; [ -e piped/filsluse.yaml ] || echo no settings
        "$c" init --directory piped --host 127.0.0.1 --port $port $options --fingerprint "$shown" --without-check > /dev/null 2>&1; echo "given $?"
        "$c" init --directory piped --language da 2> /dev/null | grep -cE '^(konto fagsystem,|RESULTAT +EMNE +FUNDET)'
        "$c" init --directory wrong --host h --user 'a b' --authority 1 2>&1 | grep -c -e '--user: ' -e '--authority: '; [ -e wrong/filsluse.yaml ] || echo none
        asked() { script -qec "'$c' init --directory asked --port $port" /dev/null; echo "asked $?"; }
        printf '127.0.0.1\\nfag system\\nfagsystem\\n' | asked > first; tail -1 first; grep -c 'without blanks' first
        # The rest: no UUID, no CVR number, the platform's key, no routes yet, no contact; then the host key.
        printf '\\n\\n%s\\n\\n\\n\\n\\n\\nyes\\n' "$PWD/trial/server/keys/fagsystem" | asked > second; tail -1 second
        grep -c 'The SFTP user' second; grep -c 'ok .*login' second; ls -A asked
        grep -c "$shown" asked/filsluse.yaml; "$c" check --config asked/filsluse.yaml > /dev/null; echo "check $?"
        kill -TERM $platform; wait $platform
        """)
      #expect(
        outcome.output == """
          piped 77
          1
          keys
          routes.csv
          texts
          no settings
          given 0
          2
          2
          none
          asked 75
          1
          asked 0
          0
          1
          filsluse.yaml
          routes.csv
          texts
          1
          check 0

          """, "\(outcome)")
    }
  }

  @Test("refuses answers that would order another key, server or route than the settings name, and keeps what is there")
  func refusals() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        set_up() { "$0" init --without-check $options "$@" > out 2> err; echo $?; }
        set_up --host h:22; set_up --host h --fingerprint AAAA; set_up --host h --port 0; set_up --host h --infref SortimentOverfør_1
        ls -A
        mkdir keys; echo 'ssh-ed25519 AAAA' > keys/fagsystem.pub
        set_up --host h --fingerprint $fingerprint; grep -c 'its private key is not' err; cat keys/fagsystem.pub
        ssh-keygen -q -t ed25519 -N '' -f other; cp other keys/fagsystem
        set_up --host h --fingerprint $fingerprint; grep -c 'of another key' err
        cp other.pub keys/fagsystem.pub
        # No server is there to show its host key. What nobody has changed follows the answers; what somebody has, stays.
        set_up --host 127.0.0.1 --port 1; set_up --host 127.0.0.1 --port 1 --contact Driften; grep -c Driften texts/4-*
        echo note >> texts/4-overvaagning-helpdesk.txt
        set_up --host 127.0.0.1 --port 1 --contact Anna; grep -c 'texts/4-overvaagning-helpdesk.txt: what is there was changed by hand' err
        set_up --host 127.0.0.1 --port 1 --contact Driften; grep -c 'texts/4-overvaagning-helpdesk.txt: changed since' err
        tail -1 texts/4-*; set_up --fingerprint $fingerprint; grep -c known-hosts filsluse.yaml; [ -e .filsluse-init.json ] || echo ended
        """)
      #expect(
        outcome.output == """
          64
          64
          64
          64
          err
          out
          65
          1
          ssh-ed25519 AAAA
          65
          1
          69
          69
          2
          65
          1
          69
          1
          note
          0
          0
          ended

          """, "\(outcome)")
    }
  }

  @Test(
    "lets only the service's user read the key, and makes its folder for the journal, where root sets up its settings",
    .enabled(if: geteuid() == 0 && getpwnam("www-data") != nil, "only root can give files away"))
  func serviceUser() async throws {
    let outcome = try await Self.asRoot(
      """
      init --data-directory data --language da
      stat -c '%n %U:%G %a' etc/filsluse.yaml etc/routes.csv etc/keys etc/keys/fagsystem data
      grep -c '^journal: .*/data/journal.sqlite' etc/filsluse.yaml
      grep -cE ' (the|is|are|and|from|to) ' said; grep -c '4-overvaagning-helpdesk.txt: fra modtageren' said
      """)
    #expect(
      outcome.output == """
        init 0
        etc/filsluse.yaml root:www-data 640
        etc/routes.csv root:www-data 640
        etc/keys root:www-data 750
        etc/keys/fagsystem www-data:www-data 600
        data www-data:www-data 700
        1
        0
        1

        """, "\(outcome)")
  }

  @Test("refuses a key or a UUID that the named settings of the other environment use, before it writes settings")
  func keyOfOtherEnvironment() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        first=0d8a7a5c-1111-4222-8333-444455556666; second=0d8a7a5c-1111-4222-8333-444455559999
        set_up() {
          "$0" init --without-check --user fagsystem --authority 55133018 --key-type ed25519 --fingerprint $fingerprint "$@" > out 2> err
          [ $? = 65 ] && echo refused
        }
        made() { [ -e $1/filsluse.yaml ]; echo "$1 $?"; }
        set_up --directory a --host external-test --it-system $first; made a
        set_up --directory b --host production --it-system $first --other-settings a/filsluse.yaml; made b
        grep -c 'a/filsluse.yaml: the IT-system .* is used in external test by .* and in production by ' err
        set_up --directory c --host production --it-system $second --key "$PWD/a/keys/fagsystem" --other-settings a/filsluse.yaml; made c
        grep -c 'a/filsluse.yaml: the key SHA256:' err
        set_up --directory d --host production --it-system $second --other-settings a/filsluse.yaml; made d
        """)
      #expect(
        outcome.output == "a 0\nrefused\nb 1\n1\nrefused\nc 1\n1\nd 0\n", "\(outcome)")
    }
  }

  @Test("takes no value of a trial into a real set-up, nor of external test into production, nor the other way round")
  func otherServer() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); c="$0"; export LANG=C
        said() { "$c" init "$@" --without-check > out 2> err; echo "$1 $?"; }
        # A link in the place of the settings stops a trial after its first file.
        mkdir a; ln -s nowhere a/filsluse.yaml; said --directory=a --trial; said --directory=a --host production --user x
        grep -c 'a set-up with trial was begun here' err; rm a/filsluse.yaml; said --directory=a; grep -c 'trial that was begun here goes on' err
        said --directory=a --host production --user x; grep -c 'are those of a trial' err; grep -c 'host: "127.0.0.1"' a/filsluse.yaml
        # The real servers are not asked: a port of this machine stands in for them.
        said --directory=b --host 127.0.0.1 --port 1 $options; cp b/filsluse.yaml b/routes.csv .; said --directory=b --trial
        grep -c "are no trial's" err; cmp b/filsluse.yaml filsluse.yaml; cmp b/routes.csv routes.csv
        said --directory=b --host localhost --fingerprint $fingerprint; grep -c 'give --user' err
        said --directory=b --host localhost --user other --key-type ed25519 --fingerprint $fingerprint
        grep -cE 'port:|it-system: 0d8a|keys/fagsystem' b/filsluse.yaml; grep -c 'authority: "55133018"' b/filsluse.yaml
        # An environment's set-up that stopped at its key.
        mkdir -p c; printf '{"answers": {"host": "external-test", "user": "x"}, "files": {}}' > c/.filsluse-init.json
        said --directory=c --host sftp.serviceplatformen.dk --fingerprint $fingerprint; grep -c 'a key and UUIDs of its own' err; ls c
        said --directory=c --host sftpexttest.serviceplatformen.dk --key-type ed25519 --fingerprint $fingerprint
        """)
      #expect(
        outcome.output == """
          --directory=a 74
          --directory=a 65
          1
          --directory=a 0
          1
          --directory=a 65
          1
          1
          --directory=b 69
          --directory=b 65
          1
          --directory=b 64
          1
          --directory=b 0
          0
          1
          --directory=c 65
          1
          --directory=c 0

          """, "\(outcome)")
    }
  }

  @Test("goes on to the same set-up wherever it was killed, with each key, text and line once")
  func killed() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); faults="$(dirname "$0")/libfilsluse-faults.so"
        real="$options --host external-test --fingerprint $fingerprint --without-check --municipality Aarhus=55133018
          --infref FagsystemdefineredeDataRefGDPR1203_1 --recipient-it-system 0d8a7a5c-1111-4222-8333-444455557777"
        env LD_PRELOAD="$faults" FILSLUSE_FAULT_LOG="$PWD/calls" "$0" init --directory whole $real > /dev/null 2>&1
        count=$(wc -l < calls); [ $count -ge 50 ] || echo "only $count calls"
        # Drafts that a kill leaves are hidden. A public half that was not written is taken from the private one.
        files() { (cd $1; find . -type f ! -name '.filsluse-*.part' ! -name '*.pub' | sort); }
        for i in $(seq 10); do
          env LD_PRELOAD="$faults" FILSLUSE_FAULT_KILL=$((count * i / 11 + 1)) "$0" init --directory set$i $real > /dev/null 2>&1
          [ $? = 137 ] || echo "$i: not killed"
          "$0" init --directory set$i $real > /dev/null 2> said || { echo "$i: $?"; cat said; }
          [ "$(files set$i)" = "$(files whole)" ] || files set$i
          for f in filsluse.yaml routes.csv texts/3-rute-0751.txt texts/4-overvaagning-helpdesk.txt; do cmp whole/$f set$i/$f; done
          public=$(ssh-keygen -y -f set$i/keys/fagsystem | cut -d' ' -f1,2)
          [ "$(grep -cF "$public" set$i/texts/2-*)" = 1 ] && [ "$(grep -c ssh-ed25519 set$i/texts/2-*)" = 1 ] || echo "$i: key"
          "$0" routes check --config set$i/filsluse.yaml > /dev/null 2>&1 || echo "$i: list"
        done; echo done
        """)
      #expect(outcome.output == "done\n", "\(outcome)")
    }
  }

  @Test("gives the same files for the same answers in another language")
  func otherLanguage() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        "$0" init --host 127.0.0.1 --port 1 $options --without-check > /dev/null 2>&1; echo "english $?"; cp filsluse.yaml first
        echo '# mine' >> routes.csv
        LC_ALL=da_DK.UTF-8 "$0" init --without-check > /dev/null 2> said; echo "danish $?"; cmp first filsluse.yaml
        grep -c 'routes.csv: ændret siden' said
        """)
      #expect(outcome.output == "english 69\ndanish 69\n1\n", "\(outcome)")
    }
  }

  /// Runs lines of shell in a new folder that every user can get through. `init` sets up the folder etc of www-data
  /// there.
  private static func asRoot(_ lines: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      """
      \(setUp); d=$(mktemp -d /tmp/filsluse-init-XXXXXX); trap 'rm -rf "$d"' EXIT; chmod 711 "$d"; cd "$d"
      export TMPDIR="$d"; mkdir -m 750 etc; chgrp www-data etc
      init() { "$0" init --directory etc --host external-test $options --fingerprint $fingerprint --without-check "$@" > /dev/null 2> said; echo "init $?"; }
      \(lines)
      """)
  }

  @Test(
    "leaves no key that root alone can read where it is stopped beside one, and refuses one that the service cannot read",
    .enabled(if: geteuid() == 0 && getpwnam("www-data") != nil, "only root can give files away"))
  func stoppedBesideTheKey() async throws {
    let outcome = try await Self.asRoot(
      """
      mkdir bin; printf '#!/bin/sh\n%s "$@" && kill -9 $PPID\n' "$(command -v ssh-keygen)" > bin/ssh-keygen; chmod 755 bin/ssh-keygen
      PATH="$d/bin:$PATH" init --data-directory data; stat -c '%n %U %a' etc/keys/.[a-z]*; ls etc/keys
      init --data-directory data; ls -A etc/keys; stat -c '%n %U:%G %a' etc/keys/*
      chown root: etc/keys/fagsystem; rm etc/filsluse.yaml
      init --data-directory data; grep -c 'chown www-data: .*etc/keys/fagsystem' said; stat -c %U etc/keys/fagsystem
      chown www-data: etc/keys/fagsystem; init --data-directory data
      """)
    #expect(
      outcome.output == """
        init 137
        etc/keys/.filsluse-key root 700
        init 0
        fagsystem
        fagsystem.pub
        etc/keys/fagsystem www-data:www-data 600
        etc/keys/fagsystem.pub root:www-data 640
        init 74
        1
        root
        init 0

        """, "\(outcome)")
  }

  @Test(
    "leaves no folder that root alone can get into where it is stopped while it makes one, and refuses one that is there",
    .enabled(if: geteuid() == 0 && getpwnam("www-data") != nil, "only root can give files away"))
  func stoppedBesideTheFolder() async throws {
    let outcome = try await Self.asRoot(
      """
      mkdir -m 700 etc/.keys.filsluse; init --data-directory data; stat -c '%n %U:%G %a' etc/keys; ls -A etc | grep -c '^.keys'
      rm -r etc/keys etc/texts etc/filsluse.yaml; mkdir -m 700 etc/keys
      init --data-directory data; grep -c 'www-data cannot read etc/keys/fagsystem; .* let that user through the folders above it' said
      chgrp www-data etc/keys; chmod 750 etc/keys; init --data-directory data
      """)
    #expect(
      outcome.output == """
        init 0
        etc/keys root:www-data 750
        0
        init 74
        1
        init 0

        """, "\(outcome)")
  }

  @Test(
    "refuses a folder for the journal that is another's or that others can write to, and a home that is the system's",
    .enabled(if: geteuid() == 0 && getpwnam("www-data") != nil, "only root can give files away"))
  func faultyDataFolder() async throws {
    let outcome = try await Self.asRoot(
      """
      mkdir -m 700 data; init --data-directory data; grep -c "chown www-data: $d/data && chmod 700 $d/data" said; ls -A etc
      chown www-data: data; chmod 777 data; init --data-directory data; grep -c 'others than its owner can write to' said
      touch file; init --data-directory file --language da; grep -c 'er ikke en mappe; angiv en mappe' said
      mkdir -m 700 'a b'; init --data-directory 'a b'; grep -c "chown www-data: '$d/a b' && chmod 700 '$d/a b'" said
      # The home of the user daemon is /usr/sbin.
      chgrp daemon etc; init --language da; grep -c 'tilhører root .*fx /var/lib/daemon' said; grep -c chown said; ls -A etc
      chgrp www-data etc; chmod 700 data; init --data-directory data
      """)
    #expect(
      outcome.output == """
        init 74
        1
        init 74
        1
        init 74
        1
        init 74
        1
        init 74
        1
        0
        init 0

        """, "\(outcome)")
  }

  @Test(
    "takes no home for the journal that is the root folder or no whole path, and makes none in the root folder",
    arguments: ["/", "", "nowhere", "/nonexistent", "/nonexistent/at/all"])
  func noHome(home: String) {
    #expect(DataFolderFault.of(FilePath(home), service: 65534, isHome: true) == .noHome)
  }

  @Test("makes a home that is not there yet, and refuses a file and a link that leads nowhere in its place")
  func missingHome() async throws {
    try await withScratchFolder("init") { folder in
      let home = folder.appending("home")
      #expect(DataFolderFault.of(home, service: 65534, isHome: true) == nil)
      #expect(symlink("nowhere", home.string) == 0)
      #expect(DataFolderFault.of(home, service: 65534, isHome: true) == .noFolder)
    }
  }

  @Test(
    "gives the service a new file and nothing that a link leads to",
    .enabled(if: geteuid() == 0 && getpwnam("www-data") != nil, "only root can give files away"))
  func linkInTheFolder() async throws {
    let found = try #require(getpwnam("www-data")?.pointee)
    let (user, group) = (found.pw_uid, found.pw_gid)
    func owner(of file: FilePath) throws -> uid_t {
      var status = stat()
      guard stat(file.string, &status) == 0 else { throw Errno(rawValue: errno) }
      return status.st_uid
    }
    try await withScratchFolder("init") { folder in
      let (file, link) = (folder.appending("file"), folder.appending("link"))
      let opened = try FileDescriptor.open(file, .writeOnly, options: .create, permissions: .ownerReadWrite)
      try opened.close()
      #expect(symlink(file.string, link.string) == 0)
      #expect(chown(folder.string, user, group) == 0)
      let service = try #require(ServiceUser(of: folder))
      #expect(throws: Errno.tooManySymbolicLinkLevels) { try service.give(link, mode: 0o600) }
      #expect(try owner(of: file) == 0)
      try service.give(file, mode: 0o600)
      #expect(try owner(of: file) == user)
    }
  }
}
