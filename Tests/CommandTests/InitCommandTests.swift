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

  @Test("leads in five commands from an empty folder to a file delivered and collected by the user's own route")
  func fiveCommands() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        "$0" init --host external-test $options --fingerprint $fingerprint --infref FagsystemdefineredeDataRefGDPR1203_1 \\
          --recipient-it-system 0d8a7a5c-1111-4222-8333-444455557777 --municipality Aarhus=55133018 --without-check; echo "init $?"
        "$0" routes platform -o plan.yaml 2> /dev/null; echo "plan $?"
        "$0" routes platform --json | python3 -c 'import json, sys; p = json.load(sys.stdin); print(p["routes"], "infref: " in p["plan"])'
        "$0" platform --plan plan.yaml --directory trial > card 2> log & platform=$!; until_so '[ -s card ]'
        echo 'a;b' > udtræk_0751.csv
        "$0" send udtræk_0751.csv --route flis-0751 --config trial/clients/fagsystem/filsluse.yaml > sent; echo "send $?"
        "$0" receive --config trial/clients/flis/filsluse.yaml > received; echo "receive $?"
        cat trial/clients/flis/inbox/flis/udtræk_0751.csv; grep -c InfRef.FagsystemdefineredeDataRefGDPR1203_1 trial/clients/flis/inbox/flis/*.metadata
        stat -c %a keys keys/fagsystem; grep -c udfyldes texts/3-rute-0751.txt
        "$0" init --without-check > again 2>&1; echo "again $?"; cat again
        kill -TERM $platform; wait $platform
        """)
      #expect(
        outcome.output == """
          texts/2-ssh-noegle-administrationsmodul.txt
          texts/3-rute-0751.txt
          texts/4-overvaagning-helpdesk.txt
          routes.csv
          filsluse.yaml
          init 0
          plan 0
          1 True
          send 0
          receive 0
          a;b
          1
          700
          600
          2
          again 0
          filsluse: filsluse.yaml is there already and stays as it is

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
        # No server is there to show its host key: the texts are written, the settings are not.
        set_up --host 127.0.0.1 --port 1; [ -e filsluse.yaml ] || echo none
        set_up --host 127.0.0.1 --port 1 --contact Driften; grep -c 'texts/4-overvaagning-helpdesk.txt.* made from other answers' err
        rm -r texts; set_up --host 127.0.0.1 --port 1 --contact Driften --fingerprint $fingerprint; grep -c Driften texts/4-*
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
          none
          65
          1
          0
          2

          """, "\(outcome)")
    }
  }

  @Test(
    "lets only the service's user read the key, and makes its folder for the journal, where root sets up its settings",
    .enabled(if: geteuid() == 0 && getpwnam("www-data") != nil, "only root can give files away"))
  func serviceUser() async throws {
    try await withScratchFolder("init") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); mkdir -m 750 etc; chgrp www-data etc
        "$0" init --directory etc --host external-test $options --fingerprint $fingerprint --data-directory data --without-check \\
          --language da > /dev/null 2> said; echo "init $?"
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
  }

  /// Runs lines of shell in a new folder that every user can get through. `init` sets up the folder etc of www-data there.
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
      PATH="$d/bin:$PATH" init --data-directory data; ls -A etc/keys
      init --data-directory data; stat -c '%n %U:%G %a' etc/keys/*
      chown root: etc/keys/fagsystem; rm etc/filsluse.yaml
      init --data-directory data; grep -c 'chown www-data: .*etc/keys/fagsystem' said; stat -c %U etc/keys/fagsystem
      chown www-data: etc/keys/fagsystem; init --data-directory data
      """)
    #expect(
      outcome.output == """
        init 137
        init 0
        etc/keys/fagsystem www-data:www-data 600
        etc/keys/fagsystem.pub root:www-data 640
        init 74
        1
        root
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
      touch file; init --data-directory file --language da; grep -c 'er ingen mappe; angiv en mappe' said
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
