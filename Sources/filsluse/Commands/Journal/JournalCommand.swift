import ArgumentParser
import TriggerFiles

/// `filsluse journal`: deliveries and arrivals, step by step.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: LocalizedText(
      "Look at what was sent and received, and look after the journal's file.",
      "Se, hvad der er sendt og modtaget, og pas journalens fil."
    ).shown,
    subcommands: [
      JournalList.self, JournalFind.self, JournalShow.self, JournalExport.self, JournalCheck.self,
      JournalBackup.self, JournalRestore.self, JournalReconcile.self, JournalCopy.self, JournalAnchorCommand.self,
      JournalVerify.self, JournalForget.self,
    ])
}
