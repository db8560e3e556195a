import ArgumentParser
import FileExchange

/// `filsluse journal anchor`: what to keep elsewhere, so that a later change shows.
struct JournalAnchorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor", abstract: "Print the number and hash of the journal's last entry.",
    discussion: """
      Each entry's hash covers the entry and all before it. Kept where nobody who can write the journal can change it (a log \
      on another machine, a printed page), the anchor lets filsluse journal verify tell later whether anything up to that \
      entry was changed or removed. filsluse run logs it daily.
      """)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let anchor = try await settings.openJournalToRead().anchor()
    if output.json { try Output.print(json: ["anchor": anchor.description]) } else { Output.print(anchor.description) }
  }
}
