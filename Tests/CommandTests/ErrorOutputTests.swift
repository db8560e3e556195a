import FilsluseSFTP
import FoundationEssentials
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import filsluse

/// Errors in JSON: with `--json` standard output is one document, the result or the error in its place.
@Suite(.timeLimit(.minutes(25))) struct ErrorOutputTests {
  private struct Output: Decodable {
    let error: Failure
  }

  private struct Failure: Decodable {
    let code: String
    let category: String
    let operation: String
    let path: String?
    let message: String
    let remedy: String?
    let tryAgain: Bool
    let exitStatus: Int32
  }

  private static func failure(_ arguments: [String]) async throws -> Failure {
    let outcome = try await BuiltCommand.run(arguments)
    let failure = try JSONDecoder().decode(Output.self, from: Data(outcome.output.utf8)).error
    #expect(outcome.status == failure.exitStatus, "\(outcome)")
    #expect(!outcome.errors.isEmpty, "a person reads the same on standard error")
    #expect(FailureCategory(rawValue: failure.category) != nil, "\(failure)")
    return failure
  }

  @Test(
    "wrong usage is JSON where --json stands on the command line",
    arguments: [
      (["jurnal", "--json"], "filsluse", "did you mean “journal”?"),
      (["journal", "lst", "--json"], "journal", "did you mean “list”?"),
      (
        ["journal", "list", "--json", "--rout", "y"], "journal list", "Unknown option “--rout”. Did you mean “--route”?"
      ),
      (["send", "--json"], "send", "name files or a list (--batch)"),
      (["retry", "x9", "--json"], "retry", "“x9” is no number of a delivery or arrival; write D12 or A7"),
      (["retry", "D9", "--by-hand", "--json"], "retry", "D9 is a delivery, and --by-hand is for arrivals"),
      (["explain", "--kind", "exti", "--json"], "explain", "Did you mean “exit”? Please provide one of"),
      (["status", "--help", "--language=dk", "--json"], "status", "Did you mean “da”? Please provide one of “da” and"),
      (["check", "--language", "dk", "--json"], "check", "Did you mean “da”? Please provide one of “da” and “en”."),
    ])
  func wrongUsage(arguments: [String], operation: String, message: String) async throws {
    let failure = try await Self.failure(arguments)
    #expect(failure.code == "usage" && failure.exitStatus == 64 && !failure.tryAgain, "\(failure)")
    #expect(failure.category == "request" && failure.operation == operation, "\(failure)")
    #expect(failure.message.contains(message) && !failure.message.contains("Usage: filsluse inspect"), "\(failure)")
  }

  @Test(
    "wrong usage has a remedy of its own, or else the help of the command",
    arguments: [
      (["retry", "x9", "--json"], "write D12 or A7"),
      (["retry", "x9", "--json", "--language", "da"], "skriv D12 eller A7"),
      (
        ["retry", "A9", "--left-by", "m", "--reason", "r", "--json"],
        "give the numbers, or --left-by with a machine alone"
      ),
      (["send", "--json"], "name files or a list (--batch)"),
      (["status", "--most", "0", "--json"], "filsluse status --help shows the usage"),
      (["inspect", "--json", "--language", "da"], "filsluse inspect --help viser brugen"),
      (["check", "--language", "dk", "--json"], "Did you mean “da”? Please provide one of “da” and “en”."),
      (["status", "--help", "--language=dk", "--json"], "Did you mean “da”? Please provide one of “da” and “en”."),
      (["journal", "list", "--json", "--rout", "y"], "Did you mean “--route”?"),
      (["journal", "lst", "--json"], "filsluse journal --help shows what each does"),
    ])
  func usageRemedies(arguments: [String], remedy: String) async throws {
    let failure = try await Self.failure(arguments)
    #expect(failure.remedy == remedy, "\(failure)")
    #expect(failure.message.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 }, "\(failure)")
  }

  @Test("an error that ends a command has its code, place, remedy and exit status")
  func endingErrors() async throws {
    try await withScratchFolder { folder in
      let missing = folder.appending("none.yaml").string
      let settings = try await Self.failure(["send", "a", "--route", "r", "--json", "--config", missing])
      #expect(settings.code == "unreadable" && settings.path == missing && settings.exitStatus == 78, "\(settings)")
      #expect(settings.category == "request", "\(settings)")
      let refused = try await Self.failure(["known-hosts", "scan", "127.0.0.1", "--port", "1", "--json"])
      #expect(refused.code == "connection-refused" && refused.category == "passing", "\(refused)")
      #expect(refused.tryAgain && refused.exitStatus == 69 && refused.remedy != nil, "\(refused)")
      let document = try await Self.failure([
        "trigger", "--file", folder.appending("x").string, "--route", "r", "--json",
      ])
      #expect(document.code == "input-missing" && document.operation == "trigger", "\(document)")
      let unknown = try await Self.failure(["explain", "nothing-such", "--json"])
      #expect(
        unknown.code == "unknown-code" && unknown.exitStatus == 65 && unknown.operation == "explain", "\(unknown)")
      #expect(!unknown.message.hasPrefix("filsluse:"), "\(unknown)")
      #expect(unknown.remedy?.contains("filsluse explain lists") == true, "\(unknown)")
      let odd = folder.appending("a; b").string
      try #require(mkdir(odd, 0o700) == 0)
      let semicolon = try await Self.failure(["trigger", "--file", odd, "--route", "r", "--json"])
      #expect(semicolon.message == "\(odd) is no plain file; name the data file itself", "\(semicolon)")
      #expect(semicolon.remedy == "name the data file itself", "\(semicolon)")
      let integration = try await Self.failure(["integration", "explain", "SF0000", "--json"])
      #expect(integration.code == "unknown-integration" && integration.category == "request", "\(integration)")
    }
  }

  @Test("a message and its remedy stay apart where the message quotes a semicolon")
  func semicolonInMessage() {
    let failure = CommandFailure(.refused, "the server says “no; go away”", remedy: "ask its owner")
    #expect(failure.explanation == "filsluse: the server says “no; go away”; ask its owner")
    let reported = failure.reported(by: "send")
    #expect(reported.message == "the server says “no; go away”; ask its owner" && reported.remedy == "ask its owner")
    let unknown = CommandFailure(.refused, "the server says “no; go away”").reported(by: "send")
    #expect(unknown.remedy == nil)
  }

  @Test("a refused key, another host key and a lost line have codes of their own, and each of many numbers its error")
  func distinctCodes() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        d=$c/flis; s=$d/filsluse.yaml
        python3 -c '
        import socket
        s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); print(s.getsockname()[1], flush=True)
        while True: s.accept()[0].close()
        ' > port & listener=$!
        until_so '[ -s port ]'
        ssh-keygen -q -t ed25519 -N '' -f wrong
        sed "s|^    key: .*|    key: $PWD/wrong|" $s > $d/key.yaml
        sed 's|SHA256:[A-Za-z0-9+/]*|SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|' $s > $d/host.yaml
        sed "s/^    port: .*/    port: $(cat port)/" $s > $d/line.yaml
        for kind in line host key; do
          "$0" receive --json --config $d/$kind.yaml > report; echo "$kind $?"
          python3 -c 'import json; e = json.load(open("report"))[0]["problems"][0]; print(e["code"], e["category"], e["exitStatus"], e["tryAgain"])'
        done
        kill $listener
        "$0" retry D8 A9 --json --config $s > retried; echo "retry $?"
        python3 -c 'import json; print(*[l["number"] + " " + l["error"]["code"] for l in json.load(open("retried"))], sep=", ")'
        "$0" cancel 7 --json --config $s > cancelled; echo "cancel $?"
        python3 -c 'import json; print(json.load(open("cancelled"))[0]["error"]["code"])'
        """)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 10, "\(outcome)")
    #expect(lines[0] == "line 75" || lines[0] == "line 69", "\(outcome)")
    let lost = lines[1].split(separator: " ").map(String.init)
    #expect(["connection-lost", "connection-closed"].contains(lost[0]), "\(outcome)")
    #expect(lost[1] == "passing" && lost[3] == "True", "\(outcome)")
    #expect(lines[2] == "host 77" && lines[3] == "host-key-mismatch account 77 False", "\(outcome)")
    #expect(lines[4] == "key 77" && lines[5] == "authentication-failed account 77 False", "\(outcome)")
    #expect(lines[6] == "retry 65" && lines[7] == "D8 unknown-delivery, A9 unknown-arrival", "\(outcome)")
    #expect(lines[8] == "cancel 65" && lines[9] == "unknown-delivery", "\(outcome)")
  }

  @Test("every exit status has a code of its own and a category")
  func codes() {
    let codes = ExitStatus.all.filter { $0 != .done }.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes.contains("usage") && codes.contains("configuration"))
  }
}
