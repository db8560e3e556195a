import ArgumentParser
import FileExchange
import TriggerFiles

/// `filsluse journal verify`: checks the journal for later changes.
struct JournalVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: LocalizedText(
      "See whether anything in the journal was changed or removed.", "Se, om noget i journalen er ændret eller fjernet."
    ).shown,
    discussion: LocalizedText(
      """
      Covered are all entries; of each delivery and arrival its account, route, names, sizes, SHA-256, ids, state and times, \
      trigger, metadata and receipt, the local path, answers and business receipts; the keys of what was forgotten; the \
      tables, indices and triggers; and whether the journal is as far as its high-water mark. Not covered are the counters \
      of tries and the times of the next ones, the bytes acknowledged so far, the name of a temporary trigger, the state \
      from which an arrival was set aside, the time of the last look into an inbox, and the lists of problems and suspect \
      files that stand still, with their alerts.

      Without an anchor this finds what does not fit together. Who can write the file can make it fit: only an anchor that was \
      kept elsewhere proves that nobody did.
      """,
      """
      Dækket er alle poster; for hver levering og modtagelse konto, rute, navne, størrelser, SHA-256, id'er, tilstand og tider, \
      trigger, metadata og kvittering, den lokale sti, svar og forretningskvitteringer; nøglerne til det, der er glemt; tabeller, \
      indeks og triggere; og om journalen er nået til sit højvandsmærke. Ikke dækket er tællerne af forsøg og tiderne for de \
      næste, de hidtil kvitterede byte, navnet på en midlertidig trigger, den tilstand, som en modtagelse blev lagt til side fra, \
      tiden for det sidste blik i en indbakke og listerne over problemer og mistænkte filer, der er gået i stå, med deres alarmer.

      Uden et anker findes det, der ikke passer sammen. Den, der kan skrive filen, kan få det til at passe: kun et anker, der blev \
      gemt et andet sted, viser, at ingen gjorde det.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "What filsluse journal anchor printed earlier; may be given more than once.",
      "Det, som filsluse journal anchor skrev tidligere; kan angives flere gange.", valueName: "number:hash"),
    transform: JournalVerify.parse)
  var anchor: [JournalAnchor] = []

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let journal = try await settings.openJournalToRead()
    let verification = try await journal.verify(anchor)
    var findings = verification.findings.map(\.text.shown)
    if let refusal = journal.markRefusal { findings.append(refusal.shownMessage) }
    if output.json {
      try Output.print(json: Report(last: verification.last.description, findings: findings))
    } else if findings.isEmpty {
      let text = LocalizedText(
        "\(journal.name) is as it was written, up to \(verification.last)",
        "\(journal.name) er, som den blev skrevet, til og med \(verification.last)")
      Output.print(text.shown)
    } else {
      for finding in findings { Output.print(Printable.text(finding)) }
    }
    if !findings.isEmpty {
      throw CommandFailure(
        .localIO, "the journal is not as Filsluse wrote it", "journalen er ikke, som Filsluse skrev den")
    }
  }

  private struct Report: Encodable {
    let last: String
    let findings: [String]
  }

  static func parse(_ text: String) throws -> JournalAnchor {
    guard let anchor = JournalAnchor(text) else {
      throw ValidationError(
        "“\(text)” is no anchor", "„\(text)“ er ikke et anker",
        remedy: LocalizedText(
          "give it as filsluse journal anchor printed it", "angiv det, som filsluse journal anchor skrev det"))
    }
    return anchor
  }
}
