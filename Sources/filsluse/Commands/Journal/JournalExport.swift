import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse journal export`: the audit trail.
struct JournalExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: LocalizedText(
      "Write the audit trail as CSV or JSON: who sent what to whom when, sizes, SHA-256, receipts.",
      "Skriv revisionssporet som CSV eller JSON: hvem der sendte hvad til hvem hvornår, størrelser, SHA-256, kvitteringer."
    ).shown)

  @OptionGroup var selection: JournalSelection
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let loaded = try settings.load()
    let unmasked = selection.unmasked
    let journal = try await ShownNames.openJournal(of: loaded, settings, unmasked: unmasked)
    try await selection.check(loaded, journal)
    if unmasked { try await ShownNames.note(in: journal, to: selection.speaker) }
    let list = Locked(ColumnedList(json: output.json, of: Trail.self))
    try await journal.each(selection.filter) { delivery in
      try list.withLock { try $0.add(Trail(delivery, unmasked: unmasked)) }
    } arrival: { arrival in
      let inbox = loaded.inbox.appending(arrival.account)
      try list.withLock { try $0.add(Trail(arrival, inbox: inbox, unmasked: unmasked, in: .english)) }
    }
    list.withLock { $0.end() }
  }
}
