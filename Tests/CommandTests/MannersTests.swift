import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import SystemPackage
import Testing

@testable import filsluse

/// The answers to slips, and what a command says and leaves unsaid.
@Suite("Manners", .timeLimit(.minutes(25))) struct MannersTests {
  @Test("a word that is no command is refused wherever it stands, and the one that was meant is named")
  func subcommands() throws {
    for (arguments, meant) in [
      (["jurnal"], "journal"), (["help", "jurnal"], "journal"), (["--help", "jurnal"], "journal"),
      (["journal", "lst"], "list"), (["journal", "lst", "--help"], "list"), (["help", "alerts", "silense"], "silence"),
    ] {
      let message = try #require(Self.refusal(arguments), "\(arguments)")
      #expect(message.contains("did you mean “\(meant)”?"), "\(message)")
    }
    #expect(try #require(Self.refusal(["nothing-like-it"])).contains("; there are init, send, receive, "))
    for arguments in [
      [], ["--help"], ["help"], ["help", "journal"], ["journal", "list", "nope"], ["send", "jurnal"],
      ["journal", "--help"],
      ["--generate-completion-script", "zsh"], ["---completion", "journal", "lst"], ["journal"],
    ] {
      #expect(Self.refusal(arguments) == nil, "\(arguments)")
    }
  }

  private static func refusal(_ arguments: [String]) -> String? {
    do throws(CommandFailure) {
      try Subcommands.check(arguments, of: Filsluse.self)
      return nil
    } catch {
      return error.status == .usage ? error.message : "another status"
    }
  }

  @Test("an account that the settings do not have is refused with the one that was meant")
  func accounts() throws {
    let settings = ExchangeSettings(
      source: "filsluse.yaml",
      accounts: [Account(name: "fagsystem", host: "h", user: "u", key: "k", hostKeys: .pinned([]))])
    #expect(throws: Never.self) { try settings.check(account: nil) }
    #expect(throws: Never.self) { try settings.check(account: "fagsystem") }
    let refusal = #expect(throws: CommandFailure.self) { try settings.check(account: "fagsystm") }
    #expect(refusal?.status == .configuration)
    #expect(refusal?.remedy?.contains("did you mean “fagsystem”?") == true)
  }

  @Test("every command states its name: the parser would make it of the type's name at each start, which is slow")
  func names() {
    func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
      [command] + command.configuration.subcommands.flatMap(all)
    }
    for command in all(Filsluse.self) { #expect(command.configuration.commandName != nil, "\(command)") }
  }

  @Test("every command that ends by itself has --json")
  func json() {
    func leaves(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
      let below = command.configuration.subcommands
      return below.isEmpty ? [command] : below.flatMap(leaves)
    }
    let all = leaves(Filsluse.self)
    #expect(all.count > 45)
    for command in all where command._commandName != "run" {
      let help = Filsluse.helpMessage(for: command, includeHidden: false)
      #expect(help.contains("--json"), "\(command._commandName)")
    }
  }

  @Test("the help of journal list explains every state")
  func states() {
    let help = Filsluse.helpMessage(for: JournalList.self, includeHidden: false, columns: 200)
    for name in SubjectState.names { #expect(help.contains("\(name): "), "\(name)") }
  }

  @Test("one is singular: a byte, a file, a line")
  func plurals() {
    #expect([0, 1, 2].map { $0.counted("byte", "bytes") } == ["0 bytes", "1 byte", "2 bytes"])
    #expect(LineWriter.loss(1).hasPrefix("1 line is missing here"))
    #expect(LineWriter.loss(12).hasPrefix("12 lines are missing here"))
    #expect(Readable.size(1) == "1 byte" && Readable.size(0) == "0 bytes")
  }

  @Test("--quiet leaves the result to the exit status, and never the errors and the JSON; no output is coloured")
  func quiet() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      "$0" explain 75 --quiet; echo "quiet $?"; "$0" explain 75 --quiet --json | grep -c '"code" : "75"'
      "$0" explain nothing-such --quiet; echo "none $?"
      "$0" journal list --rout y; echo "option $?"; "$0" journal lst --help; echo "command $?"
      """)
    #expect(outcome.output == "quiet 0\n1\nnone 65\noption 64\ncommand 64\n", "\(outcome)")
    #expect(outcome.errors.contains("no code is called “nothing-such”"), "\(outcome)")
    #expect(outcome.errors.contains("Did you mean “--route”?"), "\(outcome)")
    #expect(outcome.errors.contains("journal has no command “lst”; did you mean “list”?"), "\(outcome)")
    #expect(!(outcome.output + outcome.errors).contains("\u{1B}["), "\(outcome)")
  }

  @Test("the progress of a transfer has share, bar, rate, time left and name, as much as fits into the terminal")
  func progress() {
    var progress = TransferProgress(verb: "sent", files: 4, bytes: 8_000_000)
    #expect(progress.text(after: .seconds(1), within: nil) == "sent 0 %, 0 of 4 files, 0.0 MB of 8.0 MB, 0.0 MB/s")
    (progress.doneFiles, progress.doneBytes, progress.name) = (1, 2_000_000, "udtræk_0101.csv")
    let figures = "25 %, 1 of 4 files, 2.0 MB of 8.0 MB, 1.0 MB/s, 6s left"
    let barred = "sent [#####---------------] \(figures)"
    for (width, expected) in [
      (120, "\(barred): udtræk_0101.csv"), (96, "\(barred): udtræk_010…"), (90, barred),
      (79, "sent [####------------] \(figures)"), (69, "sent [#-----] \(figures)"),
      (60, "sent [###------------] 25 %, 1 of 4 files, 1.0 MB/s, 6s left"),
      (40, "sent [###-----------] 25 %, 1 of 4 files"),
      (20, "sent [##------] 25 %"), (17, "sent 25 %, 1 of …"), (1, "…"), (0, ""),
    ] {
      #expect(progress.text(after: .seconds(2), within: width) == expected)
    }
    #expect(progress.text(after: .seconds(2), within: nil) == "sent \(figures): udtræk_0101.csv")
    progress.name = "sag 0101901234.csv"
    #expect(progress.text(after: .seconds(2), within: 120).hasSuffix(": sag **********.csv"))
    (progress.doneFiles, progress.doneBytes) = (4, 9_000_000)
    #expect(progress.share == 1 && progress.remaining(after: .seconds(2)) == nil)
    // Long figures too leave room for a bar on a terminal of 80 columns.
    (progress.files, progress.bytes) = (98_000, 9_999_999_000_000)
    (progress.doneFiles, progress.doneBytes) = (45_000, 4_999_999_000_000)
    let long = progress.text(after: .seconds(10_000), within: 79)
    let bar = "sent [#########-----------] 49 %, 45000 of 98000 files, 500.0 MB/s"
    #expect(long.hasPrefix(bar) && Table.width(long) <= 79, "\(long)")
    #expect(TransferProgress(verb: "fetched", files: nil, bytes: nil).share == nil)
  }

  @Test("an inbox without files shows no progress on a terminal")
  func noProgress() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        script -qec "'$0' receive --config $c/flis/filsluse.yaml" /dev/null > said; grep -c '0.0 MB' said; [ -s said ] && echo said
        """)
    #expect(outcome.output == "0\nsaid\n", "\(outcome)")
  }

  @Test("on a terminal the last line of progress stays, and each later line takes the place of a passing one")
  func lastProgress() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        printf 'a;b\\n' > brev.csv
        script -qec "'$0' send brev.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml" /dev/null > said
        grep -c 'U+00' said
        tr '\\r' '\\n' < said | sed 's/^\\x1b\\[K//' > lines
        grep -q '^sent .*100 %, 1 of 1 file.*: brev.csv$' lines && echo progress
        grep -q '^accepted .*brev.csv' lines && echo result
        """)
    #expect(outcome.output == "0\nprogress\nresult\n", "\(outcome)")
  }

  @Test("a table is narrowed to the terminal, and what does not fit goes on below")
  func narrowTables() {
    let rows = [["ID", "NAME", "WHAT"], ["D1", "brev.csv", "the platform refused the file with 9018"]]
    let narrow = TableColumns(of: rows, within: 40)
    #expect(narrow.text(rows[1]) == "D1  brev.csv  the platform refused the\n              file with 9018")
    for limit in [nil, 53, 10] {
      let wide = TableColumns(of: rows, within: limit)
      #expect(wide.text(rows[1]) == "D1  brev.csv  the platform refused the file with 9018", "\(limit ?? 0)")
    }
    let word = String(repeating: "a", count: 20)
    #expect(TableColumns(of: [["ABC"], [word]], within: 8).text([word]) == "aaaaaaaa\naaaaaaaa\naaaa")
  }

  @Test("on a terminal tables are as wide as it is, and as they are with --wide or elsewhere")
  func terminalWidth() async throws {
    let program = """
      import fcntl, os, pty, struct, sys, termios
      def widest(*options):
          child, terminal = pty.fork()
          if child == 0:
              fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
              os.execv(sys.argv[1], [sys.argv[1], "explain", "--kind", "exit", *options])
          text = b""
          while True:
              try: part = os.read(terminal, 65536)
              except OSError: break
              if not part: break
              text += part
          os.waitpid(child, 0)
          return max(len(line.rstrip("\\r")) for line in text.decode().split("\\n"))
      print(widest() <= 60, widest("--wide") > 60)
      """
    let outcome = try await BuiltCommand.shell(
      """
      python3 - "$0" <<'PROGRAM'
      \(program)
      PROGRAM
      "$0" explain --kind exit | awk 'length > 60 { found = 1 } END { print found }'
      """)
    #expect(outcome.output == "True True\n1\n", "\(outcome)")
  }

  @Test("bash completes files, routes, accounts, states and numbers by the settings that the command line names")
  func completion() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; printf 'a;b\\n' > brev.csv
        "$0" send brev.csv --route flis-0101 --config $s > sent; echo "send $?"
        PATH=$(dirname "$0"):$PATH; source <("$0" --generate-completion-script bash)
        complete_words() {
          COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=(); COMP_POINT=${#COMP_LINE}
          _filsluse filsluse "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
          echo "${COMPREPLY[*]}"
        }
        complete_words filsluse send --config $s --route flis-01
        complete_words filsluse receive --config $s --account ""
        complete_words filsluse journal list --config $s --state accep
        complete_words filsluse journal show --config $s ""
        complete_words filsluse cancel --config=$s D
        complete_words filsluse send brev
        complete_words filsluse receive --config none.yaml --account ""
        """)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try #require(lines.count >= 8, "\(outcome)")
    #expect(lines[0] == "send 0" && lines[1].split(separator: " ").contains("flis-0101"), "\(outcome)")
    #expect(lines[2] == "fagsystem" && lines[3] == "accepted", "\(outcome)")
    #expect(lines[4].split(separator: " ").contains("D1") && lines[5] == "D1", "\(outcome)")
    #expect(lines[6].split(separator: " ").contains("brev.csv") && lines[7].isEmpty, "\(outcome)")
  }

  /// Types lines into a shell at a terminal, each when what the one before it does is in the file `got`.
  private static let terminal = #"""
    import os, pty, select, sys, time
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(sys.argv[1], sys.argv[1:])
    def wait(isDone):
        said, end = b"", time.time() + 120
        while time.time() < end and not isDone(said):
            if select.select([terminal], [], [], 0.1)[0]:
                try: said += os.read(terminal, 65536)
                except OSError: return
    def lines(): return len(open("got").readlines()) if os.path.exists("got") else 0
    for number, line in enumerate(sys.stdin.read().split("\n")[:-1]):
        os.write(terminal, line.encode().replace(b"<TAB>", b"\t") + b"\r")
        wait(lambda said: lines() > number)
    os.close(terminal)
    os.waitpid(child, 0)
    """#

  /// Runs a shell at a terminal beside a platform with one delivery, and gives the lines of the file `got`.
  private static func typed(into shell: String, _ lines: String, with script: String) async throws -> [String] {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; printf 'a;b\\n' > brev.csv
        "$0" send brev.csv --route flis-0101 --config $s > sent
        PATH=$(dirname "$0"):$PATH; \(script)
        cat > terminal.py <<'PROGRAM'
        \(terminal)
        PROGRAM
        python3 terminal.py \(shell) > said <<'LINES'
        \(lines)
        LINES
        cat got
        """)
    return outcome.output.split(separator: "\n").map(String.init)
  }

  private static let settings = "--config platform/clients/fagsystem/filsluse.yaml"

  @Test(
    "zsh completes files, routes, accounts, states and numbers by the settings that the command line names",
    .enabled(if: access("/usr/bin/zsh", X_OK) == 0, "no zsh here"))
  func completionInZsh() async throws {
    let words = [
      ("send \(Self.settings) --route flis-010", "send \(Self.settings) --route flis-0101"),
      ("receive \(Self.settings) --account fag", "receive \(Self.settings) --account fagsystem"),
      ("journal list \(Self.settings) --state accep", "journal list \(Self.settings) --state accepted"),
      ("journal show \(Self.settings) D", "journal show \(Self.settings) D1"), ("send bre", "send brev.csv"),
    ]
    // A line is begun, completed and run: `filsluse` is a function that writes its words down.
    let lines = (["source ./zshrc; echo ready > got"] + words.map { "filsluse \($0.0)<TAB>" }).joined(separator: "\n")
    let got = try await Self.typed(
      into: "zsh -f -i", lines,
      with: """
        "$0" --generate-completion-script zsh > _filsluse; cat > zshrc <<'END'
        autoload -Uz compinit; compinit -u -D; fpath=($PWD $fpath); autoload -Uz _filsluse; compdef _filsluse filsluse
        filsluse() { if [[ $1 == ---completion ]]; then command filsluse "$@"; else print -r -- "$@" >> got; fi }
        END
        """)
    #expect(got == ["ready"] + words.map(\.1))
  }

  @Test(
    "fish completes files, routes, accounts, states and numbers by the settings that the command line names",
    .enabled(if: access("/usr/bin/fish", X_OK) == 0, "no fish here"))
  func completionInFish() async throws {
    let words = [
      ("send \(Self.settings) --route flis-010", "flis-0101"), ("receive \(Self.settings) --account ", "fagsystem"),
      ("journal list \(Self.settings) --state accep", "accepted"), ("journal show \(Self.settings) D", "D1"),
      ("send bre", "brev.csv"),
    ]
    let lines = (["source ./filsluse.fish; echo ready > got"] + words.map { "proposed \"filsluse \($0.0)\"" })
      .joined(separator: "\n")
    let got = try await Self.typed(
      into: "fish --no-config -i", lines,
      with: """
        { "$0" --generate-completion-script fish
          echo 'function proposed; complete -C "$argv" | string replace -r "\\t.*" "" | string join " " >> got; end'
        } > filsluse.fish
        """)
    #expect(got == ["ready"] + words.map(\.1))
  }
}
