import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import TriggerFiles

/// `filsluse journal find`: finds the deliveries and arrivals of a file by its name, hash, id, municipality or
/// authority.
struct JournalFind: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find",
    abstract: LocalizedText(
      "Find deliveries and arrivals by what is known of a file, newest first.",
      "Find leveringer og modtagelser efter det, der vides om en fil, de nyeste først."
    ).shown,
    discussion: LocalizedText(
      """
      TEXT is a number (D12, A7), a FileTransferUUID (the receiver's too, where a business receipt names it), the id of a \
      transmission or the sender's id of a file, a SHA-256 or at least its first eight digits, a municipality (0751, 751, \
      Aarhus), a CVR number, or a part of a file's name. All that it can mean is looked for at once; capitals from A to Z \
      make no difference. A municipality or a CVR number also stands for the routes that have it in the settings.

      Nothing found ends with 65. With --show-names the journal keeps who looked for what, and saw which names \
      (filsluse journal show journal).
      """,
      """
      TEKST er et nummer (D12, A7), en FileTransferUUID (også modtagerens, hvor en forretningskvittering nævner den), id'et på en \
      forsendelse eller afsenderens id på en fil, en SHA-256 eller mindst dens første otte cifre, en kommune (0751, 751, Aarhus), \
      et CVR-nummer eller en del af en fils navn. Alt, hvad det kan betyde, søges på én gang; store bogstaver fra A til Z gør ingen \
      forskel. En kommune eller et CVR-nummer står også for de ruter, der har det i indstillingerne.

      Findes intet, er slutstatus 65. Med --show-names gemmer journalen, hvem der søgte efter hvad og så hvilke navne \
      (filsluse journal show journal).
      """
    ).shown)

  @Argument(help: ArgumentHelp("What is known of the file.", "Det, der vides om filen.", valueName: "text"))
  var text: String

  @Option(help: ArgumentHelp("How many are shown at most.", "Hvor mange der højst vises.", valueName: "number"))
  var limit = 20

  @Flag(
    help: ArgumentHelp(
      "Show numbers that look like CPR numbers; they are masked otherwise. The journal keeps that they were shown.",
      "Vis tal, der ligner CPR-numre; ellers er de maskeret. Journalen gemmer, at de blev vist."))
  var showNames = false

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw ValidationError(
        "TEXT is empty", "TEKST er tom",
        remedy: LocalizedText(
          "give a number, an id, a municipality or a part of a name",
          "angiv et nummer, et id, en kommune eller en del af et navn"))
    }
    guard (1...10_000).contains(limit) else {
      throw ValidationError("--limit is 1 to 10000", "--limit er 1 til 10000")
    }
  }

  func run() async throws {
    let loaded = try settings.load()
    let journal = try await ShownNames.openJournal(of: loaded, settings, unmasked: showNames)
    let search = JournalSearch(text, settings: loaded)
    let matches = try await journal.find(search, limit: limit)
    if showNames, !matches.lines.isEmpty {
      try await journal.noteShownNames(
        matches.lines.map(\.subject), to: ShownNames.person(speaker), searchingFor: search.text)
    }
    let lines = matches.lines.map { TrailLine($0, unmasked: showNames) }
    guard !lines.isEmpty else {
      throw CommandFailure(
        .badData, code: .nothingFound,
        LocalizedText(
          "nothing in \(journal.name) matches “\(Masked.name(search.text))”",
          "intet i \(journal.name) passer til „\(Masked.name(search.text))“"),
        remedy: LocalizedText("filsluse journal list shows all", "filsluse journal list viser alt"))
    }
    if output.json {
      try Output.print(json: lines)
    } else {
      TrailLine.printTable(lines)
    }
    if matches.hasMore {
      let more = LocalizedText(
        "these are the newest \(limit); there are more, which --limit shows",
        "det er de nyeste \(limit); der er flere, som --limit viser")
      Output.note("filsluse: \(more.shown)")
    }
  }
}
