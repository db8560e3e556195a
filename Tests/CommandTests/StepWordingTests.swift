import ArgumentParser
import FilsluseBase
import Testing

@testable import filsluse

/// The command lines that remedies name.
@Suite struct StepWordingTests {
  /// Every step that a remedy can name.
  private static let steps: [Remedy.Step] = [
    .send, .sendAgain, .nameOnWire, .stateMunicipality("0751"), .receive, .run, .reload, .retry("D7"), .retry("A7"),
    .cancel("D7"), .giveUp("D7"), .listProblems, .closeProblem("A7"), .listJournal, .showJournal("D7"), .checkJournal,
    .restoreJournal(from: nil), .restoreJournal(from: "copy.sqlite"), .acceptLoss, .backUpJournal, .nameSettings,
  ]

  /// The same sum, so that a step which is added must be added above as well.
  private static func isListed(_ step: Remedy.Step) -> Bool {
    switch step {
    case .send, .sendAgain, .nameOnWire, .stateMunicipality, .receive, .run, .reload, .retry, .cancel, .giveUp,
      .listProblems, .closeProblem, .listJournal, .showJournal, .checkJournal, .restoreJournal, .acceptLoss,
      .backUpJournal, .nameSettings:
      true
    }
  }

  @Test("are command lines that the command accepts", arguments: steps)
  func commandLines(step: Remedy.Step) throws {
    #expect(Self.isListed(step))
    let words = step.commandLine.split(separator: " ").map(String.init)
    guard words.first == "filsluse" else { return }
    var arguments = Array(words.dropFirst())
    // A file and its route are the reader's to add.
    if arguments.first == "send" { arguments += ["a.csv", "--route", "flis"] }
    #expect(throws: Never.self, "\(step.commandLine)") { _ = try Filsluse.parseAsRoot(arguments) }
  }

  @Test("options are options of the commands that they are for")
  func options() throws {
    #expect(throws: Never.self) {
      _ = try Filsluse.parseAsRoot(["send", "a.csv", "--route", "flis", Remedy.Step.nameOnWire.commandLine, "b.csv"])
      _ = try Filsluse.parseAsRoot(["status", Remedy.Step.nameSettings.commandLine, "filsluse.yaml"])
      let statement = Remedy.Step.stateMunicipality("0751").commandLine.split(separator: ",")[0].split(separator: " ")
      _ = try Filsluse.parseAsRoot(["send", "a.csv", "--route", "flis"] + statement.dropFirst().map(String.init))
    }
  }
}
