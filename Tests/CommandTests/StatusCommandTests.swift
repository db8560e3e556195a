import FoundationEssentials
import Testing

@Suite(.timeLimit(.minutes(25))) struct StatusCommandTests {
  /// The local platform refuses a file whose route has no order there.
  private static let script = """
    c=platform/clients/fagsystem/filsluse.yaml
    "$0" status --config $c > nothing; echo "nothing $?"; cat nothing
    sed 's/^  lis-0751:/  uordnet:/; s/7c9e6679/7c9e6670/' $c > platform/clients/fagsystem/other.yaml
    o=platform/clients/fagsystem/other.yaml; printf 'a;b\\n' > 'udtræk_0751_0101901234.csv'
    sed -i '/^  uordnet:/,$ s/recipient-authority: .*/recipient-authority: "99009999"/' $o
    "$0" send udtræk_0751_0101901234.csv --route uordnet --config $o > sent 2> why; echo "send $?"
    "$0" status --config $c; echo "something $?"
    "$0" status --json --config $c > status.json; echo "json $?"; grep -c '"refused" : 1' status.json
    "$0" status --close D1 --config $c; echo "without a reason $?"
    "$0" status --close D9 --because dealt --config $c; echo "unknown $?"
    "$0" status --close D1 --because 'the municipality got it by letter' --config $c; echo "close $?"
    "$0" status --config $c; echo "after $?"
    """

  @Test("shows a refused delivery with its remedy until a person closes it, and says so by its exit status")
  func showsAndCloses() async throws {
    let outcome = try await BuiltCommand.shell(besidePlatform: Self.script)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    func has(_ text: String) -> Bool { lines.contains { $0.contains(text) } }
    #expect(has("nothing 0") && has("send 76"), "\(outcome)")
    #expect(
      lines.contains {
        $0.hasPrefix("refused") && $0.contains("D1") && $0.contains("udtræk_0751_**********.csv")
          && $0.contains("filsluse retry D1")
      }, "\(outcome)")
    #expect(has("something 1") && has("json 1") && lines.contains("1"), "\(outcome)")
    #expect(has("without a reason 64") && has("unknown 65"), "\(outcome)")
    #expect(has("D1: refused closed") && has("close 0") && has("after 0"), "\(outcome)")
    #expect(outcome.errors.contains("1 thing waits for a person"), "\(outcome)")
    #expect(outcome.errors.contains("nothing waits for a person"), "\(outcome)")
  }

  @Test("shows a watched folder whose route is not cleared for sending, before files come, until it is")
  func showsWhatIsNotCleared() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; echo x > a.csv; "$0" send a.csv --route flis-0101 --config $s > sent; echo "send $?"
        sed -i '/^  flis-0751:$/,/municipality/ s/^    municipality: .*$/&\\n    outgoing: { folder: ud }/' $s
        "$0" status --config $s > said 2> told; echo "unknown $?"; grep -c 'NOT CLEARED' said
        cp $s other.yaml; echo 'name;template;account;infref;municipality;authority' > $c/fagsystem/routes.csv
        sed -i -e 's/^  fagsystem:$/&\\n    environment: production/' -e 's/^routes:$/routes-file: routes.csv\\n&/' $s
        "$0" status --config $s > said 2> told; echo "production $?"
        grep -c '^flis-0751 *fagsystem .*/ud *the route is not in the register' said; tail -1 told
        "$0" status --config $s --language da 2> /dev/null | grep -c 'ruten står ikke i registret'
        "$0" status --config $s --json 2> told | python3 -c 'import json, sys; print([r["route"] for r in json.load(sys.stdin)["notCleared"]])'
        cp other.yaml $s; "$0" status --config $s > said 2> told; echo "mended $?"
        """)
    #expect(
      outcome.output == """
        send 0
        unknown 0
        0
        production 1
        1
        nothing waits for a person; 1 watched folder is not cleared for sending
        1
        ['flis-0751']
        mended 0

        """, "\(outcome)")
  }

  @Test("shows a delivery that waits for its next command, with that command, and ends with 0")
  func showsWhatIsUnderWay() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      set -u; export LC_ALL=C.UTF-8; d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"; unset FILSLUSE_CONFIG
      cat > filsluse.yaml <<END
      accounts:
        fagsystem:
          host: 127.0.0.1
          port: 1
          user: fagsystem
          key: key
          host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
      routes:
        direkte: { account: fagsystem, kind: direct, recipients: [modtager] }
      END
      echo x > a.csv; timeout 20 "$0" send a.csv --route direkte --no-wait > /dev/null 2>&1
      "$0" status > shown 2> said; echo "status $?"; cat said
      grep -c '^D1 .* staged .* a.csv .*filsluse retry D1 goes on with it, and so does sending the file again' shown
      "$0" status --language da 2> said | grep -c '^D1 .* forberedt .* a.csv .*filsluse retry D1 fortsætter den'; cat said
      "$0" status --json 2> /dev/null | grep -c '"next" : "filsluse retry D1'
      """)
    #expect(
      outcome.output == """
        status 0
        nothing waits for a person; 1 delivery under way
        1
        1
        intet venter på en person; 1 levering undervejs
        1

        """, "\(outcome)")
  }
}
