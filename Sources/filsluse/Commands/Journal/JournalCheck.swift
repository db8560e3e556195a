import ArgumentParser
import FileExchange
import TriggerFiles

/// `filsluse journal check`: looks for damage.
struct JournalCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: LocalizedText(
      "Look through the journal's file for damage, and at every entry of its chain.",
      "Se journalens fil igennem for skader, og se på hver post i dens kæde."
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let journal = try await settings.openJournalToRead()
    let findings = try await journal.check()
    if output.json {
      try Output.print(json: ["findings": findings])
    } else {
      let sound = LocalizedText("\(journal.name) is sound", "\(journal.name) er uden skader")
      Output.print(findings.isEmpty ? sound.shown : findings.joined(separator: "\n"))
    }
    if !findings.isEmpty {
      throw CommandFailure(
        .localIO,
        "the journal is damaged", "journalen er beskadiget",
        remedy: LocalizedText(
          "put a backup in its place before anything is sent (filsluse journal restore)",
          "læg en sikkerhedskopi i dens sted, før noget sendes (filsluse journal restore)"))
    }
  }
}
