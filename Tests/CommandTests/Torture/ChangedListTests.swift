import PlatformFixture
import SystemPackage
import Testing

/// The list of routes while commands change it, traced by strace(1).
@Suite(.timeLimit(.minutes(25)), .enabled("needs strace") { await Strace.isPermitted() })
struct ChangedListTests {
  private static let setUp = """
    set -u; export LC_ALL=C.UTF-8
    "$0" init --trial > /dev/null 2>&1; cp routes.csv before.csv
    printf 'template;municipality;authority\\nflis;0492;28856075\\n' > table.csv
    """

  @Test("a changed list is on the disk before it takes the old one's name, and its name before the command ends")
  func orderOfSteps() async throws {
    try await withScratchFolder("list") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp)
        strace --follow-forks -qq --decode-fds=path --string-limit=200 --seccomp-bpf --output=calls -e signal=none \\
          -e trace=fsync,fdatasync,rename,renameat,renameat2 "$0" routes import table.csv > /dev/null 2> said || cat said >&2
        cat calls
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let calls = SystemCalls(outcome.output)
      let content = try calls.number(of: "fsync(", ".part>) = 0")
      let rename = try calls.number(of: "rename", ".part\"", "\"routes.csv\"")
      let name = try calls.number(of: "fsync(", "\(folder.lastComponent?.string ?? "")>) = 0", after: rename)
      #expect(content < rename)
      #expect(rename < name)
    }
  }

  @Test("imports nothing from a table that changes whenever it is read, and leaves the old list")
  func changingTable() async throws {
    try await withScratchFolder("list") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; \(Self.setUp); touch on
        while [ -e on ]; do touch table.csv; sleep 0.01; done & writer=$!
        # Each read of the table takes a tenth of a second, in which it is written to.
        strace --follow-forks -qq --output=calls -P "$PWD/table.csv" -e signal=none -e trace=read \\
          -e inject=read:delay_exit=100000 "$0" routes import table.csv > /dev/null 2> said; echo "import $?"
        rm on; wait $writer
        grep -c '^table.csv: error: .* \\[changed-while-read\\]' said; cmp before.csv routes.csv && echo "as before"
        ls -A | grep -c '[.]part'
        "$0" routes import table.csv > /dev/null 2>&1; echo "import $?"; tail -1 routes.csv
        """)
      #expect(
        outcome.output == "import 65\n1\nas before\n0\nimport 0\n;flis;;;0492;28856075;\n", "\(outcome)")
    }
  }
}
