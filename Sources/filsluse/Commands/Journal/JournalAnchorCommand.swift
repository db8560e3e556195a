import ArgumentParser
import FileExchange
import TriggerFiles

/// `filsluse journal anchor`: prints a hash to keep outside the machine, which reveals later changes to the journal.
struct JournalAnchorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor",
    abstract: LocalizedText(
      "Print the number and hash of the journal's last entry.", "Skriv nummer og hash for journalens sidste post."
    ).shown,
    discussion: LocalizedText(
      """
      Each entry's hash covers the entry and all before it. Kept where nobody who can write the journal can change it (a log \
      on another machine, a printed page), the anchor lets filsluse journal verify tell later whether anything up to that \
      entry was changed or removed. filsluse run logs it daily.
      """,
      """
      Hver posts hash dækker posten og alle før den. Gemt, hvor ingen, der kan skrive i journalen, kan ændre det (en log på en \
      anden maskine, en udskrevet side), lader ankeret senere filsluse journal verify sige, om noget til og med den post er ændret \
      eller fjernet. filsluse run skriver det i loggen hver dag.
      """
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let anchor = try await settings.openJournalToRead().anchor()
    if output.json { try Output.print(json: ["anchor": anchor.description]) } else { Output.print(anchor.description) }
  }
}
