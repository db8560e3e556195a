import PlatformFixture
import Testing

@testable import filsluse

@Suite(.timeLimit(.minutes(25))) struct UsageTests {
  @Test(
    "ends with 64 when called wrongly",
    arguments: [
      ["nope"], ["inspect"], ["inspect", "a", "--as", "b"], ["infref", "check"], ["infref", "check", "--nope", "x"],
      ["infref", "check", "x", "--form"], ["infref", "explain"], ["trigger"], ["trigger", "--file", "a"],
      ["trigger", "--file", "a", "--infref", "b", "--sender", "c"], ["infref", "audit"], ["--nope"],
    ])
  func endsWith64WhenCalledWrongly(arguments: [String]) async throws {
    let outcome = try await BuiltCommand.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Usage: filsluse"))
  }

  @Test(
    "names an unknown option before what its command misses",
    arguments: [
      (["send", "a.csv", "--rute", "x"], "Unknown option “--rute”. Did you mean “--route”?"),
      (["send", "--rute", "x", "--language", "da"], "Ukendt tilvalg „--rute“. Mente du „--route“?"),
      (["journal", "find", "x", "--limit", "0", "--nope"], "Unknown option “--nope”"),
      (
        ["routes", "new", "--municipality", "0461"],
        "Unknown option “--municipality”. Did you mean “municipality=0461”?"
      ),
      (
        ["routes", "new", "--municipality=0461", "--language", "da"],
        "Ukendt tilvalg „--municipality“. Mente du „municipality=0461“?"
      ),
      (["routes", "new", "--templat", "flis"], "Unknown option “--templat”. Did you mean “template=flis”?"),
      (["routes", "new", "--authority"], "Unknown option “--authority”. Did you mean “authority=VALUE”?"),
      (["routes", "new", "--dryrun"], "Unknown option “--dryrun”. Did you mean “--dry-run”?"),
      (["routes", "import", "--file", "a.csv"], "Unknown option “--file”. Did you mean “a.csv”, without “--file”?"),
      (["send", "--file", "a.csv", "--route", "x"], "Did you mean “a.csv”, without “--file”?"),
      (
        ["send", "--file", "a.csv", "--route", "x", "--language", "da"], "Mente du „a.csv“, uden „--file“?"
      ),
      (["routes", "record", "order", "confirmd"], "did you mean “confirmed”? write ordered, confirmed, ended"),
      (["--languag", "da"], "Unknown option “--languag”. Did you mean “--language”?"),
      (["send"], "Error: name files or a list (--batch)\n"),
      (["send", "a.csv", "--batch", "b.csv"], "Error: name files or a list (--batch), not both\n"),
    ])
  func namesUnknownOptionsFirst(arguments: [String], message: String) async throws {
    let outcome = try await BuiltCommand.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message), "\(outcome)")
  }

  @Test("takes the numbers of deliveries and arrivals with a small letter too")
  func smallLetters() throws {
    #expect(try EntryNumber.parse("d12") == .delivery(12) && EntryNumber.parse("a7") == .arrival(7))
    #expect(try EntryNumber.parse("12") == .delivery(12) && EntryNumber.parse("A7").text == "A7")
    for text in ["x9", "da7", "d", "a-7", "d0"] {
      #expect(throws: (any Error).self, "\(text)") { try EntryNumber.parse(text) }
    }
  }

  @Test("reads a host with its port")
  func hostAndPort() throws {
    for (text, host, port) in [
      ("127.0.0.1", "127.0.0.1", nil), ("127.0.0.1:40881", "127.0.0.1", 40881),
      ("[127.0.0.1]:40881", "127.0.0.1", 40881),
      ("::1", "::1", nil), ("[::1]", "::1", nil), ("[::1]:22", "::1", 22), ("sftp.example:22", "sftp.example", 22),
    ] as [(String, String, UInt16?)] {
      let read = try HostAndPort.parse(text)
      #expect(read.host == host && read.port == port, "\(text)")
    }
    for text in ["host:", "host:x", "host:70000", "[::1]22", "[::1]:0"] {
      #expect(throws: (any Error).self, "\(text)") { try HostAndPort.parse(text) }
    }
  }

  @Test("shows the usage of the command that refuses its words")
  func showsItsOwnUsage() async throws {
    let outcome = try await BuiltCommand.run(["routes", "new", "Aarhus"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("Usage: filsluse routes new [<values> ...]"), "\(outcome)")
    #expect(outcome.errors.contains("See “filsluse routes new --help”"), "\(outcome)")
  }

  @Test(
    "takes the language before a command and beside help",
    arguments: [
      ["--language", "da"], ["help", "send", "--language", "da"], ["--language=da", "help", "send"],
      ["routes", "--language", "da"], ["--language", "da", "send", "--help"],
    ])
  func takesTheLanguage(arguments: [String]) async throws {
    let outcome = try await BuiltCommand.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("OVERBLIK: "), "\(outcome)")
  }

  @Test("shows help on standard output")
  func showsHelpOnStandardOutput() async throws {
    for arguments in [[], ["--help"], ["help"]] {
      let outcome = try await BuiltCommand.run(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.hasPrefix("OVERVIEW: Exchange files with trigger files over SFTP"))
      // However its lines are broken.
      let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("76 refused by the platform's receipt"))
    }
    let version = try await BuiltCommand.run(["--version"]).output
    #expect(version.contains(/^0\.2\.0 \((commit [0-9a-f]{12}|built without a commit), libssh2 1\.[0-9.]+\)\n$/))
  }

  @Test("shows a subcommand's help")
  func showsASubcommandsHelp() async throws {
    let outcome = try await BuiltCommand.run(["inspect", "--help"])
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        OVERVIEW: Show triggers, metadata and receipts readably, or say what is wrong
        with them and where.

        Two questions are kept apart: is the document right by the schema, and could
        the trigger be sent? A document that is right ends with 0, and what keeps it
        from being sent is a warning; with --for-sending it ends with 65, as does a
        document that is no trigger. In JSON these are valid and canBeSent, which is
        null for what is no trigger. A document in a mail, a quotation or an escaped
        copy is read out of it, and said so.

        USAGE: filsluse inspect <files> ... [--as <as>] [--for-sending] [--config <file>] [--language <language>] [--json] [--quiet] [--wide]

        ARGUMENTS:
          <files>                 The documents, whatever their names; - for standard
                                  input.

        OPTIONS:
          --as <as>               What every document has to be; by default its root
                                  element tells. (values: trigger, metadata, receipt,
                                  business-receipt, business-response)
          --for-sending           End with 65 for a document that could not be sent.
          --config <file>         The settings file whose infrefs are taken as they
                                  stand.
          --language <language>   The language of what is said; by default language: of
                                  the settings, or that of LC_ALL, LC_MESSAGES or LANG.
                                  (values: da, en)
          --json                  Write the result as JSON, and errors too.
          --quiet                 Write only what went wrong, and JSON if asked for.
          --wide                  Write tables as wide as they are, and not as the
                                  terminal is.
          --version               Show the version.
          -h, --help              Show help information.


        """)
  }

  @Test("ends with 74 when its output cannot be written")
  func endsWith74WhenItsOutputCannotBeWritten() async throws {
    let outcome = try await BuiltCommand.shell("$0 infref check SortimentOverfør_1 >/dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.errors == "filsluse: standard output cannot be written: No space left on device\n")
  }

  @Test("survives a reader that goes away")
  func survivesAReaderThatGoesAway() async throws {
    let outcome = try await BuiltCommand.shell("$0 --help | true; echo ${PIPESTATUS[0]}")
    #expect(outcome.output == "0\n")
    #expect(outcome.errors.isEmpty)
  }
}
