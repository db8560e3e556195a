import ArgumentParser
import SystemPackage
import TriggerFiles

/// `filsluse infref audit`: looks through folders for InfRefs before a night's run.
struct InfRefAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: LocalizedText(
      "Look through files and folders for misspelt InfRefs, and triggers whose routing does not fit theirs.",
      "Se filer og mapper igennem for forkert stavede InfRef og triggere, hvis routing ikke passer."
    ).shown,
    discussion: LocalizedText(
      """
      Triggers, metadata, settings, CSV, mails, text and logs are looked at alike, each name by the rules of the place
      that it stands in: a trigger, a route, an arrival, a watch rule, an order form's text, a declaration, a comment,
      or free text, where findings are warnings. Documents are judged as inspect does, and triggers by what keeps them
      from being sent too. What cannot be judged, as a PDF, is named and ends with 65; what cannot be read, with 66.
      Symbolic links inside folders are not followed. A name that no document knows is an error only with --config, or
      in settings that declare names.
      """,
      """
      Triggere, metadata, indstillinger, CSV, mails, tekst og logge undersøges ens, hvert navn efter reglerne for det sted, hvor
      det står: en trigger, en rute, en modtagelse, en overvågningsregel, en bestillingsformulars tekst, en erklæring, en
      kommentar eller fri tekst, hvor fund er advarsler. Dokumenter bedømmes som i inspect, og triggere også efter det, der
      hindrer dem i at blive sendt. Det, der ikke kan bedømmes, for eksempel en PDF, nævnes og slutter med 65; det, der ikke kan
      læses, med 66. Symbolske links i mapper følges ikke. Et navn, som intet dokument kender, er kun en fejl med --config eller
      i indstillinger, der erklærer navne.
      """
    ).shown)

  @Argument(help: ArgumentHelp("The files and folders.", "Filerne og mapperne."), completion: .file())
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "How to show what was found; --json is --format json.", "Hvordan fundene vises; --json er --format json."))
  var format: AuditFormat = .table

  @Flag(help: ArgumentHelp("Show the names that are good, too.", "Vis også de navne, der er i orden."))
  var all = false

  @Option(
    help: ArgumentHelp("Do not judge files that are larger.", "Bedøm ikke filer, der er større.", valueName: "MiB"))
  var largest = 65536

  @Option(
    help: ArgumentHelp(
      "What ends with 65: an error, or a warning already.",
      "Hvad der slutter med 65: en fejl eller allerede en advarsel."))
  var failOn: FailOn = .error

  @OptionGroup var register: RegisterOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...1_048_576).contains(largest) else {
      throw ValidationError(
        "--largest is a number of MiB from 1 to 1048576", "--largest er et antal MiB fra 1 til 1048576")
    }
  }

  func run() async throws {
    for path in paths where !InputFile.exists(FilePath(path)) {
      let name = Printable.text(path)
      throw CommandFailure(
        .inputMissing, "\(name): there is no such file or folder", "\(name): filen eller mappen findes ikke")
    }
    for path in paths where InputFile.isNeitherFileNorFolder(FilePath(path)) {
      let name = Printable.text(path)
      throw CommandFailure(
        .badData, "\(name) is neither a file nor a folder", "\(name) er hverken en fil eller en mappe",
        remedy: LocalizedText("name files and folders", "angiv filer og mapper"))
    }
    let audit = Audit(
      paths.map { FilePath($0) },
      Audit.Request(
        register: try register.load(), largest: largest << 20, keepsGood: all, language: language.chosen))
    try show(audit)
    audit.noteSkipped()
    Output.note(audit.summary)
    if audit.errors > 0 || (failOn == .warning && audit.warnings > 0) { throw CommandFailure(.badData) }
    if audit.skipped.contains(where: { $0.kind == .failure }) { throw CommandFailure(.inputMissing) }
    if audit.skipped.contains(where: { $0.kind == .unfit }) { throw CommandFailure(.badData) }
  }

  private func show(_ audit: Audit) throws {
    switch output.json ? .json : format {
    case .table: if let table = audit.table { Output.print(table) }
    case .json: try Output.print(json: AuditJSON(audit))
    case .sarif: try Output.print(json: SARIFLog(audit))
    case .junit: Output.print(audit.junit)
    }
  }
}

/// The forms that an audit's result has.
enum AuditFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, sarif, junit
}

private struct AuditJSON: Encodable {
  let files: Int
  let bytes: Int
  let good: Int
  let errors: Int
  let warnings: Int
  let unlisted: Int
  let notJudged: Int
  let entries: [Audit.Entry]
  let skipped: [AuditWalk.Skipped]
  let notes: [Audit.Note]

  init(_ audit: Audit) {
    (files, bytes, good) = (audit.files, audit.bytes, audit.good)
    (errors, warnings, unlisted) = (audit.errors, audit.warnings, audit.unlisted)
    (entries, skipped, notes) = (audit.entries, audit.skipped, audit.notes)
    notJudged = audit.skipped.count { $0.kind != .link }
  }
}
