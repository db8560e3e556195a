import PlatformFixture
import Testing

@Suite(.timeLimit(.minutes(3))) struct UsageTests {
  @Test(arguments: [
    ["nope"], ["inspect"], ["inspect", "a", "b"], ["infref", "check"], ["infref", "check", "--nope", "x"], ["--nope"],
  ])
  func endsWith64WhenCalledWrongly(arguments: [String]) async throws {
    let outcome = try await BuiltCommand.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Usage: filsluse"))
  }

  @Test func showsHelpOnStandardOutput() async throws {
    for arguments in [[], ["--help"], ["help"]] {
      let outcome = try await BuiltCommand.run(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.hasPrefix("OVERVIEW: Exchange files with trigger files over SFTP"))
      #expect(outcome.output.contains("76 refused by the platform's receipt"))
    }
    #expect(try await BuiltCommand.run(["--version"]).output == "0.1.0\n")
  }

  @Test func showsASubcommandsHelp() async throws {
    let outcome = try await BuiltCommand.run(["inspect", "--help"])
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        OVERVIEW: Show a trigger, metadata or receipt readably, or say what is wrong
        with it and where.

        USAGE: filsluse inspect <file> [--json]

        ARGUMENTS:
          <file>                  The document: a .trigger, .metadata or .sftpreceipt
                                  file, whatever its name.

        OPTIONS:
          --json                  Write the result as JSON.
          --version               Show the version.
          -h, --help              Show help information.


        """)
  }

  @Test func endsWith74WhenItsOutputCannotBeWritten() async throws {
    let outcome = try await BuiltCommand.shell("$0 infref check SortimentOverfør_1 >/dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.errors == "filsluse: standard output cannot be written: No space left on device\n")
  }

  @Test func survivesAReaderThatGoesAway() async throws {
    let outcome = try await BuiltCommand.shell("$0 --help | true; echo ${PIPESTATUS[0]}")
    #expect(outcome.output == "0\n")
    #expect(outcome.errors.isEmpty)
  }
}
