import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// The options of commands that add to the record: the time, the person, a remark, and a dry run.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The day on which it happened; by default today in Denmark.", "Dagen, det skete; som standard i dag i Danmark.",
      valueName: "yyyy-mm-dd"))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "The person or party who did it; by default the user.",
      "Personen eller parten, der gjorde det; som standard brugeren.", valueName: "name"))
  var by: String?

  @Option(help: ArgumentHelp("A remark for the record.", "En bemærkning til optegnelsen.", valueName: "text"))
  var note: String?

  @Flag(help: ArgumentHelp("Only show what would be recorded.", "Vis kun, hvad der ville blive optegnet."))
  var dryRun = false

  /// Returns the record's calendar day, in Denmark.
  static func day(at moment: Timestamp = .now) -> CivilDay { WallClock.denmark.reading(at: moment).day }

  func validate() throws {
    if let on {
      guard let day = CivilDay(on) else {
        throw ValidationError(
          "“\(on)” is no day", "„\(on)“ er ingen dag", remedy: LocalizedText("write 2026-03-01", "skriv 2026-03-01"))
      }
      guard day <= Self.day() else {
        throw ValidationError(
          "\(day) has not come yet in Denmark", "\(day) er ikke kommet endnu i Danmark",
          remedy: LocalizedText("name the day on which it happened", "angiv den dag, det skete"))
      }
    }
    for (option, text) in [("--by", by), ("--note", note)] {
      guard let text, text.allSatisfy(\.isWhitespace) else { continue }
      throw ValidationError("\(option) is empty", "\(option) er tom")
    }
  }

  /// Events as entries with day, name and remark.
  func entries(_ events: [RecordedEvent]) -> [RecordedEntry] {
    let person = by ?? RunningUser.name()
    let day = on.flatMap { CivilDay($0) } ?? Self.day()
    return events.map { RecordedEntry($0, on: day, by: person, note: note) }
  }

  /// Reports that nothing is recorded.
  func sayDryRun(in language: ReportLanguage) {
    let words = LocalizedText("nothing is recorded: this is a dry run", "intet er optegnet: det er en prøve")
    Output.note("filsluse: \(words[language])")
  }
}

/// The options that choose routes of the register.
struct RouteSelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The route; may be repeated.", "Ruten; kan gentages."), completion: Proposals.routes)
  var route: [String] = []

  @Option(
    help: ArgumentHelp(
      "All routes of a municipality, by code or name; may be repeated.",
      "Alle en kommunes ruter, ved kode eller navn; kan gentages.", valueName: "0751"))
  var municipality: [String] = []

  @Option(
    help: ArgumentHelp(
      "Of a municipality's routes only those of this InfRef.", "Af en kommunes ruter kun dem med denne InfRef."))
  var infref: String?

  func validate() throws {
    guard !route.isEmpty || !municipality.isEmpty else {
      throw ValidationError(
        remedy: LocalizedText(
          "name the routes: --route NAME, or --municipality CODE",
          "nævn ruterne: --route NAVN eller --municipality KODE"))
    }
    guard infref == nil || !municipality.isEmpty else {
      throw ValidationError(
        "--infref narrows --municipality", "--infref indsnævrer --municipality",
        remedy: LocalizedText("name a municipality, or leave it out", "nævn en kommune, eller udelad den"))
    }
  }

  /// The chosen routes, in the order of the list, each once.
  ///
  /// - Throws: `CommandFailure` for a name that no route has, and a municipality without a route.
  func routes(of register: RouteRegister) throws -> [RegisteredRoute] {
    var chosen: Set<String> = []
    for name in route {
      try register.check(route: name)
      chosen.insert(name)
    }
    for text in municipality {
      let known = try RoutesList.municipality(text)
      let names = register.routes.filter { route in
        route.municipality == known && (infref == nil || route.infRef?.name == infref)
      }.map(\.name)
      guard !names.isEmpty else {
        let (of, med) = (infref.map { " of \($0)" } ?? "", infref.map { " med \($0)" } ?? "")
        let list = Printable.text(register.source.string)
        throw CommandFailure(
          .badData, "\(list) has no route\(Printable.text(of)) for \(known.title)",
          "\(list) har ingen rute\(Printable.text(med)) til \(known.title)",
          remedy: LocalizedText("filsluse routes list", "filsluse routes list"))
      }
      chosen.formUnion(names)
    }
    return register.routes.filter { chosen.contains($0.name) }
  }
}
