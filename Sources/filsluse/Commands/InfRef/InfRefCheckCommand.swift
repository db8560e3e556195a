import ArgumentParser
import TriggerFiles

/// `filsluse infref check`: shows the faults of names, and their correct spelling.
struct InfRefCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: LocalizedText(
      "Say whether names can stand as InfRef in a trigger, or another place, and if not, why.",
      "Sig, om navne kan stå som InfRef i en trigger eller et andet sted, og hvis ikke, hvorfor."
    ).shown,
    discussion: LocalizedText(
      """
      A list has one name a line. With --column it is CSV with a header, with --form any text in which names follow \
      InfRef= or InfRef:, as on the order forms.
      """,
      """
      En liste har et navn på hver linje. Med --column er den CSV med en overskrift, med --form enhver tekst, hvor navne følger \
      efter InfRef= eller InfRef:, som på bestillingsformularerne.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp("The names, exactly as they would be written.", "Navnene, nøjagtigt som de ville blive skrevet.")
  )
  var names: [String] = []

  @Option(
    help: ArgumentHelp(
      "Read names from a file, or from standard input (-).", "Læs navne fra en fil eller fra standardinput (-).",
      valueName: "file"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Read them from this column of a CSV file.", "Læs dem fra denne kolonne i en CSV-fil.", valueName: "name"))
  var column: String?

  @Flag(help: ArgumentHelp("Read them from a form's text.", "Læs dem fra en formulars tekst."))
  var form = false

  @Option(
    help: ArgumentHelp(
      "What ends with 65: an error, or a warning already.",
      "Hvad der slutter med 65: en fejl eller allerede en advarsel."))
  var failOn: FailOn = .error

  @Option(
    help: ArgumentHelp(
      """
      The kind of place that the names stand in: \(InfRefPlace.allCases.map(\.rawValue).joined(separator: ", ")); by \
      default a trigger, with --form an order form's text.
      """,
      """
      Det slags sted, som navnene står på: \(InfRefPlace.allCases.map(\.rawValue).joined(separator: ", ")); som \
      standard en trigger, med --form en bestillingsformulars tekst.
      """, valueName: "place"),
    transform: placeNamed)
  var place: InfRefPlace?

  private static func placeNamed(_ text: String) throws -> InfRefPlace {
    guard let place = InfRefPlace(rawValue: text) else {
      let known = InfRefPlace.allCases.map(\.rawValue).joined(separator: ", ")
      let meant = NearestName.to(text, among: InfRefPlace.allCases.map(\.rawValue)).map { NearestName.question($0) }
      let question = meant.map { "\($0.shown) " } ?? ""
      throw ValidationError(
        "“\(text)” is no kind of place", "„\(text)“ er ikke en slags sted",
        remedy: LocalizedText("\(question)write one of \(known)", "\(question)skriv en af \(known)"))
    }
    return place
  }

  @OptionGroup var register: RegisterOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !names.isEmpty || from != nil else {
      throw ValidationError(
        remedy: LocalizedText(
          "name something to check, or a list: --from FILE", "angiv et navn eller en liste: --from FIL"))
    }
    guard from != nil || (column == nil && !form) else {
      throw ValidationError(
        "--column and --form say how to read a list", "--column og --form siger, hvordan en liste læses",
        remedy: LocalizedText("name it by --from FILE", "angiv den med --from FIL"))
    }
    guard column == nil || !form else {
      throw ValidationError(
        "a list is either CSV (--column) or a form, not both", "en liste er enten CSV (--column) eller en formular")
    }
  }

  func run() async throws {
    let register = try register.load()
    let listed = try from.map { try InfRefSource($0).names(column: column, isForm: form) } ?? []
    let all = names.map { ListedName(name: $0, file: nil, line: nil) } + listed
    let place = place ?? (form ? .orderForm : .trigger)
    let reports = all.map { InfRefReport($0, register: register, place: place) }
    if output.json {
      try Output.print(json: reports)
    } else {
      for report in reports { Output.print(report.text(in: language.chosen)) }
    }
    let isBad = reports.contains { !$0.valid || (failOn == .warning && !$0.findings.isEmpty) }
    if isBad { throw CommandFailure(.badData) }
  }
}

/// The report about one name.
private struct InfRefReport: Encodable {
  let name: String
  let file: String?
  let line: Int?
  let place: InfRefPlace
  let valid: Bool
  let kind: String?
  let version: String?
  let findings: [InfRefFinding]

  init(_ listed: ListedName, register: Set<String>, place: InfRefPlace) {
    name = listed.name
    file = listed.file
    line = listed.line
    self.place = place
    findings = InfRef.check(name, register: register, place: place, form: listed.form)
    let infRef = try? InfRef(name, register: register)
    valid = !findings.contains { $0.severity == .error }
    kind = infRef?.kind.shortName
    version = infRef?.kind.version
  }

  func text(in language: ReportLanguage) -> String {
    let place = file.map { "\(Printable.text($0)):\(line ?? 0): " } ?? ""
    let shown = Printable.text(name)
    guard !findings.isEmpty else { return "\(place)\(shown): \(language == .danish ? "god" : "good")" }
    return findings.map { "\(place)\(shown): \($0.sentence(in: language))" }.joined(separator: "\n")
  }
}

extension InfRef.Kind {
  /// The kind in a word.
  var shortName: String {
    switch self {
    case .sortiment: "sortiment"
    case .fagsystemdefineredeData: "fagsystemdefineredeData"
    case .other: "declared"
    }
  }

  var version: String? {
    switch self {
    case .sortiment(let version), .fagsystemdefineredeData(_, let version): version
    case .other: nil
    }
  }
}
