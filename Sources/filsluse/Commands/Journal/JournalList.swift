import ArgumentParser
import FileExchange
import FilsluseBase

/// `filsluse journal list`: a line each.
struct JournalList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List deliveries and arrivals, a line each.")

  @OptionGroup var selection: JournalSelection
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let loaded = try settings.load()
    let journal = try await settings.openJournalToRead(of: loaded)
    try await selection.check(loaded, journal)
    let unmasked = selection.unmasked
    if output.json || selection.csv {
      let list = Locked(TrailList(json: output.json, of: TrailLine.self))
      try await journal.lines(selection.filter) { line in
        try list.withLock { try $0.add(TrailLine(line, unmasked: unmasked)) }
      }
      return list.withLock { $0.end() }
    }
    let table = Locked(LongTable(header: TrailLine.columns.map { $0.0.uppercased() }))
    try await journal.lines(selection.filter) { line in
      let shown = TrailLine(line, unmasked: unmasked)
      table.withLock { table in table.add(TrailLine.columns.map { Printable.text($0.1(shown) ?? "") }) }
    }
    table.withLock { $0.end() }
  }
}
