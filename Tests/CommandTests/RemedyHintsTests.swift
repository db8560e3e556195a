import ArgumentParser
import FileExchange
import FilsluseBase
import Testing

@testable import filsluse

/// The command lines that remedies name.
@Suite struct RemedyHintsTests {
  /// Every step that a remedy can name.
  private static let steps: [Remedy.Step] = [
    .send, .sendAgain, .nameOnWire, .stateMunicipality("0751"), .overrideRefusal, .receive, .run, .reload,
    .retry("D7"), .retry("A7"), .takeOverByHand("A7"),
    .retry(nil), .cancel("D7"), .giveUp("D7"), .listProblems, .closeProblem("A7"), .closeProblem(nil), .listJournal,
    .showJournal("D7"), .checkJournal, .restoreJournal(from: nil), .restoreJournal(from: "copy.sqlite"), .acceptLoss,
    .reconcileJournal, .backUpJournal, .nameSettings, .makeSettings, .scanHostKeys,
    .watchOnce, .explainWatch, .listAlerts, .acknowledge(17), .acknowledge(nil), .testAlerts,
    .recordInfRef("FagsystemdefineredeDataRefGDPR1203_1"), .recordOrder(route: "flis-0751"),
    .recordTask("SF1590_D:TF106", route: "flis-0751"), .recordTask("SF1590_D:TF106", route: nil),
    .takeBackTask("SF1590_D:TF126-A", route: "flis-0751"),
    .recordAgreement(route: "flis-0751", authority: "55133018"), .recordMonitoring(route: "ind-0751"),
    .recordCreatedInfRef("FagsystemdefineredeDataRefGDPR1203_1"), .recordConfirmedOrder(route: "flis-0751"),
    .recordDeclaration(infRef: "FagsystemdefineredeDataRefGDPR1203_1", specification: "spec/data.pdf"),
    .addRoute, .replaceRoute, .correctAuthority(line: ["template=flis", "municipality=0751"], authority: nil),
    .correctAuthority(line: ["name=flis-0751"], authority: "55133018"),
  ]

  /// The same sum, so that a step which is added must be added above as well.
  private static func isListed(_ step: Remedy.Step) -> Bool {
    switch step {
    case .send, .sendAgain, .nameOnWire, .stateMunicipality, .overrideRefusal, .receive, .run, .reload, .retry,
      .takeOverByHand, .cancel,
      .giveUp, .listProblems, .listMoreProblems, .closeProblem, .listJournal, .showJournal, .checkJournal,
      .restoreJournal,
      .acceptLoss, .reconcileJournal, .backUpJournal, .nameSettings, .makeSettings, .scanHostKeys, .watchOnce,
      .explainWatch,
      .listAlerts,
      .acknowledge, .testAlerts,
      .recordInfRef, .recordCreatedInfRef, .recordDeclaration, .recordTask, .takeBackTask, .recordAgreement,
      .recordOrder,
      .recordConfirmedOrder, .recordMonitoring, .addRoute, .replaceRoute, .correctAuthority:
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
    // So is a number that the sentence leaves open.
    switch step {
    case .retry(nil): arguments += ["D7"]
    case .closeProblem(nil): arguments += ["D7", "--because", "x"]
    case .acknowledge(nil): arguments += ["17"]
    default: break
    }
    #expect(throws: Never.self, "\(step.commandLine)") { _ = try Filsluse.parseAsRoot(arguments) }
    #expect(step.words.da.split(separator: " ").count >= words.count, "the same command line in Danish")
  }

  @Test("a line for the record names the settings file that the process was given")
  func settings() throws {
    let step = Remedy.Step.recordTask("SF1590_D:TF106", route: "flis-0751")
    #expect(step.words(settings: nil).en == step.commandLine)
    let line = step.words(settings: "a b.yaml").en
    #expect(line == "\(step.commandLine) --config 'a b.yaml'" && step.words(settings: "a b.yaml").da == line)
    #expect(throws: Never.self) {
      let words = step.words(settings: "x.yaml").en.split(separator: " ").map(String.init)
      _ = try Filsluse.parseAsRoot(Array(words.dropFirst()))
    }
    #expect(Remedy.Step.retry("D7").words(settings: "a.yaml").en == "filsluse retry D7")
    for line in ["check --config a.yaml", "check --config=a.yaml", "check --config = a.yaml"] {
      #expect(SettingsSearch.option(in: line.split(separator: " ").map(String.init)) == "a.yaml")
    }
    #expect(SettingsSearch.option(in: ["check", "--config"]) == nil)
  }

  @Test("options are options of the commands that they are for")
  func options() throws {
    #expect(throws: Never.self) {
      _ = try Filsluse.parseAsRoot(["send", "a.csv", "--route", "flis", Remedy.Step.nameOnWire.commandLine, "b.csv"])
      _ = try Filsluse.parseAsRoot(["status", Remedy.Step.nameSettings.commandLine, "filsluse.yaml"])
      _ = try Filsluse.parseAsRoot(["status", "--most", "40"])
      let statement = Remedy.Step.stateMunicipality("0751").commandLine.split(separator: ",")[0].split(separator: " ")
      _ = try Filsluse.parseAsRoot(["send", "a.csv", "--route", "flis"] + statement.dropFirst().map(String.init))
    }
  }

  @Test("stand in the remedies for open problems, in both languages")
  func problems() {
    func worded(_ kind: OpenProblem.Kind) -> [String] {
      [kind.remedy.da.text(by: { $0.words }) { $0.da }, kind.remedy.en.text(by: { $0.words }) { $0.en }]
    }
    #expect(
      worded(.setAside) == [
        "Ret det, som detaljerne nævner, og kør filsluse retry med dens nummer.",
        "Mend what the details say, and run filsluse retry with its number.",
      ])
    #expect(
      worded(.missing) == [
        "Gør leveringen færdig med filsluse retry, eller afslut den med filsluse cancel.",
        "Finish the delivery with filsluse retry, or end it with filsluse cancel.",
      ])
    #expect(
      worded(.journalDamaged) == [
        "Læg journalen eller en sikkerhedskopi tilbage; filsluse journal check viser, hvad der mangler.",
        "Put the journal or a backup back; filsluse journal check shows what is missing.",
      ])
    #expect(
      worded(.removedUnfinished) == [
        "Sæt kontoen eller mappen ind i indstillingerne igen, eller luk punktet med filsluse status --close.",
        "Name the account or folder in the settings again, or close it with filsluse status --close.",
      ])
    #expect(
      OpenProblem.Kind.inboxNotCollected.remedy.da.inDanish
        == "Se efter, om den ubemandede drift kører, og hvad dens log siger.")
    for kind in OpenProblem.Kind.allCases { #expect(kind.remedy.da.steps == kind.remedy.en.steps, "\(kind)") }
  }
}
