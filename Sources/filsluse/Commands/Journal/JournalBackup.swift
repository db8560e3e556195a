import ArgumentParser
import FileExchange
import SystemPackage
import TriggerFiles

/// `filsluse journal backup`: a copy while others go on.
struct JournalBackup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: LocalizedText(
      "Write a whole copy of the journal to a new file, while others go on using it.",
      "Skriv en hel kopi af journalen til en ny fil, mens andre bruger den."
    ).shown)

  @Argument(help: ArgumentHelp("The new file.", "Den nye fil."), completion: .file())
  var file: String

  @Flag(
    help: ArgumentHelp(
      "Replace the file where there is one; never the journal or the settings.",
      "Erstat filen, hvis den findes; aldrig journalen eller indstillingerne."))
  var force = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let journal = try await settings.openNewestJournalToRead(of: try settings.load())
    try await journal.backUp(to: FilePath(file), replacing: force, sparing: [try settings.file])
    if output.json {
      try Output.print(json: ["backup": file])
    } else {
      Output.print(LocalizedText("\(file) holds the journal", "\(file) rummer journalen").shown)
    }
  }
}
