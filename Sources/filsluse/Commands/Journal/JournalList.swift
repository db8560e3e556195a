import ArgumentParser
import FileExchange
import FilsluseBase
import TriggerFiles

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
      let list = Locked(ColumnedList(json: output.json, of: TrailLine.self))
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

/// A delivery or an arrival as a list shows it.
struct TrailLine: Columned {
  let id: String
  let began: String
  let state: String
  let name: String
  /// The route of a delivery, the sender of an arrival.
  let counterpart: String
  let infRef: String?
  let bytes: UInt64

  init(_ line: JournalLine, unmasked: Bool) {
    id = line.subject.shown
    began = line.begun.description
    state = line.state.name
    name = unmasked ? line.wireName : Masked.name(line.wireName)
    counterpart = line.counterpart
    infRef = line.infRef?.name
    bytes = line.size
  }

  static let columns: [(String, @Sendable (TrailLine) -> String?)] = [
    ("id", { $0.id }), ("began", { $0.began }), ("state", { $0.state }), ("name", { $0.name }),
    ("route or sender", { $0.counterpart }), ("infref", { $0.infRef }), ("bytes", { String($0.bytes) }),
  ]
}
