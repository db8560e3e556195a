import ArgumentParser

/// `filsluse journal`: what was sent and received, step by step.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Look at what was sent and received, and look after the journal's file.",
    subcommands: [
      JournalList.self, JournalFind.self, JournalShow.self, JournalExport.self, JournalCheck.self,
      JournalBackup.self, JournalRestore.self, JournalAnchorCommand.self, JournalVerify.self, JournalForget.self,
    ])
}
