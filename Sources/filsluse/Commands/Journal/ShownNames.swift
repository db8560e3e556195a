import ExchangeSettings
import FileExchange
import Glibc
import TriggerFiles

/// The record of names shown unmasked: nothing is shown without a record of who saw it.
enum ShownNames {
  /// Opens the journal to read it; also to write it, for showing names unmasked.
  ///
  /// - Throws: `CommandFailure` if names are to be shown and the journal cannot be written.
  static func openJournal(
    of settings: ExchangeSettings, _ options: SettingsOptions, unmasked: Bool
  ) async throws -> Journal {
    guard unmasked else { return try await options.openJournalToRead(of: settings) }
    do throws(ExchangeError) {
      return try await Journal.open(of: settings)
    } catch {
      throw refusal(error)
    }
  }

  /// Writes into the journal that a person is about to be shown names by the command that runs.
  ///
  /// - Throws: `CommandFailure` where it cannot be written.
  static func note(in journal: Journal, to speaker: SpeakerOptions) async throws {
    do throws(ExchangeError) {
      try await journal.noteShownNames(to: person(speaker), by: command)
    } catch {
      throw refusal(error)
    }
  }

  /// The person who sees the names, with the number of the system's user, which no option or variable can change.
  static func person(_ speaker: SpeakerOptions) -> String { "\(speaker.name) (uid \(getuid()))" }

  /// The command line, on one line and not endless.
  private static var command: String {
    Printable.text(String(CommandLine.arguments.dropFirst().joined(separator: " ").prefix(500)))
  }

  private static func refusal(_ error: ExchangeError) -> CommandFailure {
    CommandFailure(
      error.exitStatus,
      "names are shown only where the journal can keep who saw them: \(error)",
      "navne vises kun, hvor journalen kan gemme, hvem der så dem: \(error.clauseInDanish)",
      remedy: LocalizedText(
        "without --unmasked or --show-names they are masked", "uden --unmasked eller --show-names er de maskeret"))
  }
}
