import ArgumentParser
import FileExchange
import FilsluseBase
import TriggerFiles

/// `filsluse journal list`: a line each.
struct JournalList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: LocalizedText(
      "List deliveries and arrivals, a line each.", "Vis leveringer og modtagelser, en linje for hver."
    ).shown,
    discussion: LocalizedText(
      "The states:\n\n\(states(in: .english))", "Tilstandene:\n\n\(states(in: .danish))"
    ).shown)

  /// Every state with its meaning, a line each.
  private static func states(in language: ReportLanguage) -> String {
    let states =
      DeliveryState.allCases.map { ($0.title, $0.explanation) }
      + ArrivalState.allCases.map { ($0.title, $0.explanation) }
    return states.map { title, explanation in
      let code = title[language] == title.en ? "" : " (\(title.en))"
      return "\(title[language])\(code): \(explanation.meaning.text(in: language))"
    }
    .joined(separator: "\n")
  }

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
    if output.json || selection.csv {
      let list = Locked(ColumnedList(json: output.json, of: TrailLine.self))
      try await journal.lines(selection.filter) { line in
        try list.withLock { try $0.add(TrailLine(line, unmasked: unmasked)) }
      }
      return list.withLock { $0.end() }
    }
    let table = Locked(TrailLine.table)
    try await journal.lines(selection.filter) { line in
      let shown = TrailLine(line, unmasked: unmasked)
      table.withLock { $0.add(shown.cells) }
    }
    table.withLock { $0.end() }
  }
}

/// A delivery or an arrival as a list shows it.
struct TrailLine: Columned {
  private enum CodingKeys: String, CodingKey {
    case id, began, state, name, counterpart, infRef, bytes
  }

  let id: String
  let began: Timestamp
  let state: String
  private let title: LocalizedText
  let name: String
  /// The route of a delivery, the sender of an arrival.
  let counterpart: String
  let infRef: InfRef?
  let bytes: UInt64

  init(_ line: JournalLine, unmasked: Bool) {
    id = line.subject.number
    began = line.begun
    state = line.state.name
    title = line.state.title
    name = unmasked ? line.wireName.string : Masked.name(line.wireName.string)
    counterpart = line.counterpart
    infRef = line.infRef
    bytes = line.size
  }

  static let columns: [(String, @Sendable (TrailLine) -> String?)] = [
    ("id", { $0.id }), ("began", { $0.began.description }), ("state", { $0.state }), ("name", { $0.name }),
    ("route or sender", { $0.counterpart }), ("infref", { $0.infRef?.name }), ("bytes", { String($0.bytes) }),
  ]

  /// An empty table of such lines.
  static var table: LongTable {
    LongTable(
      header: (
        columns.map { $0.0.uppercased() }.joined(separator: "|"),
        "ID|BEGYNDT|TILSTAND|NAVN|RUTE ELLER AFSENDER|INFREF|BYTE"
      ))
  }

  /// The line in a table for people, with local times.
  var cells: [String] {
    [
      id, WallClock.denmark.stamp(at: began), title.shown, Printable.text(name), Printable.text(counterpart),
      Printable.text(infRef?.name ?? ""), String(bytes),
    ]
  }

  /// Writes the moment and the InfRef as text, which is quicker than as values of their own.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(began.description, forKey: .began)
    try container.encode(state, forKey: .state)
    try container.encode(name, forKey: .name)
    try container.encode(counterpart, forKey: .counterpart)
    try container.encodeIfPresent(infRef?.name, forKey: .infRef)
    try container.encode(bytes, forKey: .bytes)
  }

  /// Prints a table of a few lines.
  static func printTable(_ lines: [TrailLine]) {
    var table = table
    for line in lines { table.add(line.cells) }
    table.end()
  }
}
