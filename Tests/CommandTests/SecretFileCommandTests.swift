import PlatformFixture
import SystemPackage
import Testing

/// Files with secrets that others can read are refused; those that systemd hands over are not.
@Suite(.timeLimit(.minutes(25))) struct SecretFileCommandTests {
  @Test("A passphrase file that others can read is refused before anything is connected to")
  func passphrase() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; echo hemmelig-tekst > $c/fagsystem/pass
        sed -i 's|^    key: .*|&\\n    passphrase: { file: pass }|' $s
        for m in 644 640 604 660; do
          chmod $m $c/fagsystem/pass; "$0" receive --config $s > out 2> errors
          echo "$? $(grep -c 'pass: others than its owner can read it; chmod 600 it' errors) $(grep -c hemmelig errors)"
        done
        chmod 600 $c/fagsystem/pass; "$0" receive --config $s > out 2> errors; echo "own $?"
        mkdir pipe; mkfifo pipe/pass; mv pipe/pass $c/fagsystem/pass
        "$0" receive --config $s > out 2> errors; echo "pipe $? $(grep -c 'it is a pipe' errors)"
        """)
    #expect(outcome.output == String(repeating: "78 1 0\n", count: 4) + "own 0\npipe 78 1\n", "\(outcome)")
  }

  @Test("The status page's token keeps the rule of keys, with systemd's credentials excepted")
  func token() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/flis/filsluse.yaml; mkdir cred; printf 'correct-horse-battery-staple' > cred/token
        watch() { "$@" "$0" watch --config $s --http 127.0.0.1:0 --http-token "$PWD/cred/token" 2> log-of-watch & }
        for m in 644 640 440; do
          chmod $m cred/token; watch env; wait $!; echo "$? $(grep -c 'others than its owner can read it' log-of-watch)"
        done
        [ $(id -u) = 0 ] || exit 0
        watch env CREDENTIALS_DIRECTORY="$PWD/cred"; w=$!
        until_so 'grep -q "127.0.0.1:" log-of-watch'; kill -TERM $w; wait $w; echo "credential $?"
        chmod 444 cred/token; watch env CREDENTIALS_DIRECTORY="$PWD/cred"; wait $!; echo "$?"
        chmod 440 cred/token; watch env CREDENTIALS_DIRECTORY="$PWD/other"; wait $!; echo "$?"
        """)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let refused = lines.first.map { String($0.prefix { $0 != " " }) } ?? ""
    #expect(refused != "0" && !refused.isEmpty)
    #expect(lines.prefix(3).allSatisfy { $0 == "\(refused) 1" }, "\(outcome)")
    #expect(lines.count == 3 || lines.dropFirst(3) == ["credential 0", refused, refused], "\(outcome)")
  }
}
