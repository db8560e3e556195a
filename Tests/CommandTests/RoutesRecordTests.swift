import FilsluseBase
import Testing

@testable import filsluse

/// `filsluse routes record` and what is common to it and `routes done`.
@Suite(.timeLimit(.minutes(25))) struct RoutesRecordTests {
  private static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"
  private static let vendor = "0d8a7a5c-1111-4222-8333-444455556666"

  /// Runs lines of shell beside a list of two routes, of which the second one needs two approvals.
  private static func shell(_ lines: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      """
      set -u; unset SUDO_USER; export LC_ALL=C.UTF-8 LOGNAME=Driften; d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
      echo 'accounts: { fagsystem: { host: h, user: u, key: k, known-hosts: f, it-system: \(vendor) } }' > filsluse.yaml
      echo 'routes-file: routes.csv' >> filsluse.yaml; echo 'version 1' > specification.txt
      cat > routes.csv <<END
      name;template;account;infref;municipality;sender-authority;recipient-authority;recipient-it-system;specification
      @flis;;fagsystem;\(infRef);;;;0d8a7a5c-1111-4222-8333-444455557777;specification.txt
      ;flis;;;0101;64942212;64942212;;
      ;flis;;;0751;12345674;55133018;;
      END
      \(lines)
      """)
  }

  @Test("records state, declaration, agreements and orders, with which the routes are created and confirmed")
  func walk() async throws {
    let outcome = try await Self.shell(
      """
      I=\(Self.infRef); r() { "$0" routes record "$@" 2>> said; }; day='--by Anna --on'
      r infref $I assigned --owner \(Self.vendor) $day 2026-03-01; r declaration $I $day 2026-03-02
      grep -c "specification=$(sha256sum specification.txt | cut -d' ' -f1) on=2026-03-02 by=Anna" routes.record
      r agreement --municipality Aarhus --authority 12345674 $day 2026-03-03
      r order ordered --municipality 0751 $day 2026-03-04; grep -c 'before the service agreement was approved by 55133018' said
      r agreement --route flis-0751 --authority 55133018 $day 2026-03-04; r agreement --route flis-0101 $day 2026-03-04
      r order confirmed --municipality 751 --municipality 0101 $day 2026-03-20; r order ordered --monitoring --route flis-0101 $day 2026-03-20
      r infref $I created $day 2026-03-21 --note 'mail from kdi'; tail -1 routes.record | cut -d' ' -f2-
      "$0" routes list --state confirmed --infref $I 2> /dev/null | grep -c ' created '
      """)
    let digest = SHA256.digest(of: Array("version 1\n".utf8)).hex
    #expect(
      outcome.output == """
        \(Self.infRef): assigned for the IT-system \(Self.vendor) on 2026-03-01 by Anna
        \(Self.infRef): declaration 1203 sent for the specification \(digest) on 2026-03-02 by Anna
        1
        flis-0751: service agreement approved for 12345674 on 2026-03-03 by Anna
        flis-0751: still to be approved by 55133018
        flis-0751: route ordered on 2026-03-04 by Anna
        1
        flis-0751: service agreement approved for 55133018 on 2026-03-04 by Anna
        flis-0101: service agreement approved for 64942212 on 2026-03-04 by Anna
        flis-0101: route confirmed on 2026-03-20 by Anna
        flis-0751: route confirmed on 2026-03-20 by Anna
        flis-0101: pickup monitoring ordered on 2026-03-20 by Anna
        \(Self.infRef): created on 2026-03-21 by Anna
        infref name=\(Self.infRef) state=created on=2026-03-21 by=Anna note="mail from kdi"
        2

        """, "\(outcome)")
  }

  @Test("masks numbers that look like CPR numbers in names and remarks that the record has")
  func masked() async throws {
    let outcome = try await Self.shell(
      """
      n='010203-1234'; said="--by Anna_$n --note ringet_$n --on 2026-03-21"
      { "$0" routes record infref \(Self.infRef) created $said; "$0" routes record infref \(Self.infRef) created $said --json
        "$0" routes done SF1630:10 --route flis-0101 $said; "$0" routes ready; "$0" routes ready --json; } > shown 2>&1
      grep -c "$n" routes.record; grep -c 'Anna_\\*' shown > masked; [ "$(cat masked)" -gt 0 ] && echo masked; grep -c "$n" shown
      """)
    #expect(outcome.output.split(separator: "\n").last == "0" && outcome.output.contains("masked"), "\(outcome)")
  }

  @Test("shows in Danish or as JSON what a dry run would record, and records nothing; an approval is recorded once")
  func dryRun() async throws {
    let outcome = try await Self.shell(
      """
      "$0" routes record order ended --route flis-0101 --on 2026-03-01 --dry-run --language da; ls routes.record 2> /dev/null
      "$0" routes record order ended --route flis-0101 --on 2026-03-01 --dry-run --json 2> /dev/null | grep -c '"state" *: *"ended"'
      "$0" routes done SF1630:10 --route flis-0101 --dry-run 2> /dev/null | head -1; ls routes.record 2> /dev/null
      for i in 1 2; do "$0" routes record agreement --route flis-0101 --on 2026-03-01 > /dev/null 2>&1; done; grep -c agreement routes.record
      """)
    #expect(
      outcome.output == """
        flis-0101: rute opsagt den 2026-03-01 af Driften
        1
        flis-0101: SF1630:10: done
        1

        """, "\(outcome)")
    #expect(outcome.errors.contains("intet er optegnet"), "\(outcome)")
  }

  @Test("records the person who called sudo, not the user that sudo runs the command as")
  func sudo() async throws {
    let outcome = try await Self.shell(
      """
      export SUDO_USER=anna LOGNAME=root USER=root
      "$0" routes record order ordered --route flis-0101 --on 2026-03-01 > said 2>&1; grep -c 'by=anna' routes.record
      "$0" routes done SF1630:10 --route flis-0101 > said 2>&1; grep -c 'by=anna' routes.record
      """)
    #expect(outcome.output == "1\n2\n", "\(outcome)")
  }

  @Test("says that a running service goes by a record when it reads its settings again, where something is recorded")
  func runningService() async throws {
    let outcome = try await Self.shell(
      """
      "$0" routes record order ended --route flis-0101 --dry-run 2>&1 | grep -c 'systemctl reload'
      "$0" routes record order ended --route flis-0101 --language da 2>&1 | grep -c 'en kørende tjeneste .*systemctl reload filsluse'
      """)
    #expect(outcome.output == "0\n1\n", "\(outcome)")
  }

  @Test("withdraws an approval that was recorded by mistake, and wants a new one for another recipient")
  func withdrawnApproval() async throws {
    let outcome = try await Self.shell(
      """
      a() { "$0" routes record agreement --route flis-0101 --on 2026-03-01 "$@" 2> said; echo "$?"; }
      a --withdraw; grep -c 'no approval by 64942212' said; a; a --withdraw
      tail -1 routes.record | grep -c 'authority=64942212 state=withdrawn infref=.* recipient=0d8a7a5c-1111-4222-8333-444455557777'
      a > out; sed -i 's/444455557777/444455558888/' routes.csv; a | head -1; grep -c '^[^#]' routes.record
      """)
    #expect(
      outcome.output == """
        65
        1
        flis-0101: service agreement approved for 64942212 on 2026-03-01 by Driften
        0
        flis-0101: approval of the service agreement by 64942212 withdrawn on 2026-03-01 by Driften
        flis-0101: still to be approved by 64942212
        0
        1
        flis-0101: service agreement approved for 64942212 on 2026-03-01 by Driften
        4

        """, "\(outcome)")
  }

  @Test("takes no state of an InfRef back by a renewal, and with --take-back says that it does")
  func takenBack() async throws {
    let outcome = try await Self.shell(
      """
      I=\(Self.infRef); r() { "$0" routes record "$@" > /dev/null 2> said; echo "$?"; }
      r infref $I created; r infref $I declared; grep -c "filsluse routes record declaration $I; .*--take-back$" said
      r infref $I declared --language da; grep -c "$I er oprettet, og erklæret ville tage det tilbage" said
      r declaration $I; "$0" routes list --state created 2> said | tail -n +2 | wc -l
      r infref $I declared --take-back; grep -c 'was created and is declared from now on' said
      "$0" routes list --state created 2> said | tail -n +2 | wc -l
      """)
    #expect(outcome.output == "0\n65\n1\n65\n1\n0\n2\n0\n1\n0\n", "\(outcome)")
  }

  @Test("records the state of an InfRef for the environment of its routes, which is named where there are two")
  func environmentOfState() async throws {
    let outcome = try await Self.shell(
      """
      I=\(Self.infRef); r() { "$0" routes record "$@" > /dev/null 2> said; echo "$?"; }
      cat > filsluse.yaml <<END
      accounts:
        fagsystem: { host: sftp.serviceplatformen.dk, user: u, key: k, known-hosts: f, it-system: \(Self.vendor) }
        try: { host: sftpexttest.serviceplatformen.dk, user: t, key: t, known-hosts: f, it-system: 0d8a7a5c-1111-4222-8333-444455559999 }
      routes-file: routes.csv
      END
      cat > routes.csv <<END
      name;account;infref;authority;recipient-it-system
      prod;fagsystem;$I;64942212;0d8a7a5c-1111-4222-8333-444455557777
      END
      r infref $I assigned; grep -c 'state=assigned environment=production' routes.record
      echo "test;try;$I;64942212;0d8a7a5c-1111-4222-8333-444455558888" >> routes.csv
      r infref $I created; grep -c 'name one: --environment external-test or production' said
      r infref $I created --environment test; r infref $I created --environment external-test
      "$0" routes list --state created 2> said | tail -n +2 | cut -d' ' -f1
      "$0" routes list --state assigned 2> said | tail -n +2 | cut -d' ' -f1
      """)
    #expect(outcome.output == "0\n1\n64\n1\n64\n0\ntest\nprod\n", "\(outcome)")
  }

  @Test(
    "refuses what it cannot record, and records nothing",
    arguments: [
      ("infref \(Self.infRef) made", 64, "write requested, assigned, declared, created"),
      ("infref FagsystemdefineredeDataRefGPDR1203_1 assigned", 65, "GDPR"),
      ("infref SortimentOverfør_1 assigned", 65, "is no InfRef of SF1630"),
      ("infref \(Self.infRef) assigned --owner 1", 65, "--owner 1 is no UUID"),
      ("declaration \(Self.infRef) --number 1204", 65, "the declaration is number 1204"),
      ("declaration \(Self.infRef) --specification nowhere", 66, "nowhere cannot be read"),
      ("agreement --municipality 0751", 64, "--authority: 12345674, 55133018"),
      ("agreement --route flis-0101 --authority 12345674", 65, "12345674 does not approve flis-0101"),
      ("order confirmed", 64, "--route NAME, or --municipality CODE"),
      ("order confirmed --route flsi-0101", 65, "did you mean “flis-0101”?"),
      ("order confirmed --municipality 0492", 65, "has no route for 0492"),
      ("order confirmed --route flis-0101 --on 2999-01-01", 64, "has not come yet"),
    ] as [(String, Int32, String)])
  func refusals(arguments: String, status: Int32, message: String) async throws {
    let outcome = try await Self.shell(
      "\"$0\" routes record \(arguments); s=$?; [ -e routes.record ] && cat routes.record; exit $s")
    #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.errors.contains(message), "\(outcome)")
  }

  @Test("offers the states to the shell's completion, and describes the commands in their help")
  func completionAndHelp() async throws {
    let outcome = try await Self.shell(
      """
      "$0" --generate-completion-script bash | grep -cE "ordered.*confirmed.*ended'$"
      "$0" routes record --help | grep -oE '^  (infref|declaration|agreement|order) '
      LC_ALL=da_DK.UTF-8 "$0" routes record order --help | grep -c 'Trinnet: ordered'
      "$0" routes record order --language da --help | grep -c 'Trinnet: ordered'
      "$0" routes record order ordered --language da 2>&1 | grep -c 'nævn ruterne'
      """)
    #expect(outcome.output == "1\n  infref \n  declaration \n  agreement \n  order \n1\n1\n1\n", "\(outcome)")
  }

  @Test("counts days as they are in Denmark: the hours around midnight belong to its day and not to Greenwich's")
  func danishDay() throws {
    for (moment, day) in [
      ("2026-06-30T21:59:59.000Z", "2026-06-30"), ("2026-06-30T22:00:00.000Z", "2026-07-01"),
      ("2026-12-31T22:59:59.000Z", "2026-12-31"), ("2026-12-31T23:00:00.000Z", "2027-01-01"),
    ] {
      let counted = RecordingOptions.day(at: try #require(Timestamp(moment)))
      #expect(counted.description == day)
    }
  }

  @Test("records a task without a route where it is done once for all that have it, and says what it counts for")
  func withoutRoute() async throws {
    let outcome = try await Self.shell(
      """
      "$0" routes done SF1630:30 --by Anna --on 2026-03-02 2> said | head -1; grep -c 'counts for 2 routes' said
      "$0" routes ready flis-0751 | grep -c '2026-03-02 by Anna'
      "$0" routes done SF1630:70 --by Anna --on 2026-03-02 2>&1; echo $?
      """)
    #expect(
      outcome.output == """
        flis-0101: SF1630:30: done
        1
        1
        filsluse: SF1630:70 is done per authority, 2 times by this list; name a route of each that it was done for: --route flis-0101, --route flis-0751
        64

        """, "\(outcome)")
  }
}
