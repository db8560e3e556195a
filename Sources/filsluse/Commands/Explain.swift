import ArgumentParser
import FilsluseBase
import TriggerFiles

/// `filsluse explain`: the meaning of a code, the remedy, and the contact.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: LocalizedText(
      "Explain a code: what it means, its usual cause, what to do, and whom to ask.",
      "Forklar en kode: hvad den betyder, den hyppige årsag, hvad der skal gøres, og hvem der kan spørges."
    ).shown,
    discussion: LocalizedText(
      """
      A code is an error's, a finding's, a mistake's in a document or an InfRef, what status lists, the state of a delivery or an arrival, an exit status (75), or a \
      word or number of a receipt. Without one, all of them are listed by kind. A word that several kinds have is explained \
      for each. A word that none has ends with 65.
      """,
      """
      En kode er en fejls, et funds, en fejls i et dokument eller en InfRef, det, som status viser, en leverings eller en \
      modtagelses tilstand, en slutstatus (75) eller et ord eller nummer i en kvittering. Uden kode vises alle, ordnet efter slags. \
      Et ord, som flere slags har, forklares for hver. Et ord, som ingen har, slutter med 65.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The code, as an error, a list or a log shows it.", "Koden, som en fejl, en liste eller en log viser den."),
    completion: .list(ExplainedCode.all.map(\.code)))
  var code: String?

  @Option(help: ArgumentHelp("Only codes of this kind.", "Kun koder af denne slags."))
  var kind: ExplainedCode.Kind?

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let named = code.map(ExplainedCode.named) ?? ExplainedCode.all
    let codes = named.filter { kind == nil || $0.kind == kind }
    let language = language.chosen
    guard !codes.isEmpty else {
      throw Self.unknown(code ?? "", kind, language)
    }
    if output.json { return try Output.print(json: codes.map { $0.shown(in: language) }) }
    guard code == nil else {
      return Output.print(codes.map { $0.readable(in: language) }.joined(separator: "\n\n"))
    }
    for kind in ExplainedCode.Kind.allCases where codes.contains(where: { $0.kind == kind }) {
      var table = Table(header: [kind.rawValue.uppercased(), kind.title[language]])
      for code in codes where code.kind == kind { table.add([code.code, code.explanation.meaning.text(in: language)]) }
      Output.print(table.text + "\n")
    }
  }

  private static func unknown(
    _ code: String, _ kind: ExplainedCode.Kind?, _ language: ReportLanguage
  ) -> CommandFailure {
    let near = ExplainedCode.nearest(to: code).map { LocalizedText("did you mean “\($0)”? ", "mente du „\($0)“? ") }
    let place = kind.map { LocalizedText(" of kind \($0.rawValue)", " af slagsen \($0.rawValue)") }
    let known = LocalizedText(
      "filsluse explain lists all codes, filsluse journal find TEXT finds a file or a number, and filsluse status shows what is open",
      "filsluse explain viser alle koder, filsluse journal find TEKST finder en fil eller et nummer, og filsluse status viser, hvad der er åbent"
    )
    return CommandFailure(
      .badData, code: .unknownCode,
      LocalizedText("no code\(place?.en ?? "") is called “\(code)”", "ingen kode\(place?.da ?? "") hedder „\(code)“"),
      remedy: near.map { $0 + known } ?? known, in: language)
  }
}

extension ExplainedCode.Kind: ExpressibleByArgument {}
