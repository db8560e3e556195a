import ExchangeSettings
import FileExchange
import FilsluseBase
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
    #expect(refusal?.message?.contains("did you mean “fagsystem”?") == true)
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
    #expect(outcome.errors.contains("Did you mean '--route'?"), "\(outcome)")
    #expect(outcome.errors.contains("journal has no command “lst”; did you mean “list”?"), "\(outcome)")
    #expect(!(outcome.output + outcome.errors).contains("\u{1B}["), "\(outcome)")
  }
}
