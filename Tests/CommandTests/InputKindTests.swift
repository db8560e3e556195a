import PlatformFixture
import SystemPackage
import Testing

/// Inputs that are no plain files: a pipe, a device, a folder. No command waits for one.
@Suite(.timeLimit(.minutes(25))) struct InputKindTests {
  private static func shell(_ lines: String) async throws -> BuiltCommand.Outcome {
    try await withScratchFolder("input") { folder in
      try TestFiles.write(TestFiles.trigger(), to: folder.appending("t.xml"))
      return try await BuiltCommand.shell(
        """
        cd '\(folder)'; cp '\(TestFiles.repository.appending("Samples/filsluse.yaml"))' filsluse.yaml; mkfifo pipe; mkdir folder
        said() { "$@" > out 2> errors; echo "$? $(grep -c 'no plain file; name a plain file' errors)"; }
        \(lines)
        """)
    }
  }

  @Test("inspect refuses a pipe, a device and a folder, says what to do, and shows the others")
  func inspect() async throws {
    let outcome = try await Self.shell(
      """
      for f in pipe folder /dev/zero /dev/null; do said "$0" inspect "$f"; done
      said "$0" inspect <(cat t.xml); grep -c 'or - for standard input' errors
      said "$0" inspect pipe t.xml; grep -c '^file:' out
      said "$0" inspect - < t.xml; said "$0" inspect none; ln -s t.xml link; said "$0" inspect link
      """)
    #expect(outcome.output == String(repeating: "65 1\n", count: 5) + "1\n65 1\n1\n0 0\n66 0\n0 0\n", "\(outcome)")
  }

  @Test("send --batch refuses them, and takes a list from standard input")
  func batch() async throws {
    let outcome = try await Self.shell(
      """
      for f in pipe folder /dev/zero; do said "$0" send --batch "$f"; done; said "$0" send --batch <(echo file)
      printf 'file;route\\nnone.csv;flis-0101\\n' | "$0" send --batch - 2> errors; echo $?; grep -c '<stdin>:2: error:' errors
      """)
    #expect(outcome.output == String(repeating: "65 1\n", count: 4) + "65\n1\n", "\(outcome)")
  }

  @Test("So do the audit, the check of InfRefs, and the settings")
  func others() async throws {
    let outcome = try await Self.shell(
      """
      "$0" infref audit pipe t.xml > out 2> errors; echo "audit $?"; grep -c 'pipe is neither a file nor a folder' errors
      cp t.xml folder; mkfifo folder/pipe; "$0" infref audit folder > out 2> errors; echo "inside $?"; grep -c 'pipe is not judged' errors
      said "$0" infref check --from pipe; said "$0" trigger --file pipe --route flis-0101
      "$0" journal list --config pipe 2> errors; echo "settings $?"
      "$0" send pipe --route flis-0101 > out 2> errors; echo "send $?"
      sed 's|^journal:.*|journal: j.sqlite|' filsluse.yaml > j.yaml
      for f in pipe folder /dev/zero; do "$0" journal restore $f --config j.yaml > out 2>> errors; echo "restore $?"; done
      """)
    #expect(
      outcome.output == "audit 65\n1\ninside 65\n1\n65 1\n65 0\nsettings 78\nsend 74\n"
        + String(repeating: "restore 74\n", count: 3), "\(outcome)")
  }

  @Test("An empty, relative or missing HOME is reported where a path begins with it, and not used")
  func home() async throws {
    let outcome = try await Self.shell(
      """
      sed 's|^journal:.*|journal: ~/j.sqlite|' filsluse.yaml > home.yaml
      for h in HOME= HOME=relative -uHOME; do
        env "$h" "$0" journal list --config home.yaml > out 2> errors; echo "$? $(grep -o 'HOME is .*; set HOME' errors)"
      done
      HOME=$PWD "$0" journal list --config home.yaml > out 2> errors; echo "$? $(ls j.sqlite)"
      HOME= "$0" trigger --file t.xml --route flis-0101 > out; echo $?
      """)
    #expect(
      outcome.output == """
        78 HOME is empty; set HOME
        78 HOME is no whole path; set HOME
        78 HOME is not set; set HOME
        0 j.sqlite
        0

        """, "\(outcome)")
  }
}
