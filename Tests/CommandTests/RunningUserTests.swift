import Testing

@testable import filsluse

/// The person whom the record, the alerts and the journal name where no option does.
@Suite struct RunningUserTests {
  private func name(_ environment: [String: String]) -> String { RunningUser.name { environment[$0] } }

  @Test("names the person who called sudo before the user that the command runs as")
  func sudo() {
    #expect(name(["SUDO_USER": "anna", "LOGNAME": "root", "USER": "root"]) == "anna")
    #expect(name(["LOGNAME": "anna", "USER": "bo"]) == "anna")
    #expect(name(["USER": "bo"]) == "bo")
  }

  @Test("passes over a variable that is empty, has control characters or is endless")
  func unsound() {
    #expect(name(["SUDO_USER": "", "LOGNAME": "an\nna", "USER": "bo"]) == "bo")
    #expect(name(["SUDO_USER": String(repeating: "a", count: 501), "LOGNAME": "anna"]) == "anna")
  }

  @Test("asks the system's user database where no variable says it")
  func registered() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      name=$(id -un 2> /dev/null) && echo "$name" || echo "user $(id -u)"
      """)
    #expect(name([:]) + "\n" == outcome.output)
  }
}
