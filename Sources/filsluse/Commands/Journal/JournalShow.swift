import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse journal show`: one of them with every step.
struct JournalShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: LocalizedText(
      "Show a delivery or an arrival with every step.", "Vis en levering eller en modtagelse med alle trin."
    ).shown,
    discussion: LocalizedText(
      """
      journal show journal shows the entries about the journal itself: what was forgotten and restored, problems that a \
      person closed, and who was shown names with their numbers. What a state means is told by filsluse explain too.
      """,
      """
      journal show journal viser posterne om selve journalen: hvad der er glemt og gendannet, problemer, som en person har lukket, \
      og hvem der fik vist navne med deres numre. Hvad en tilstand betyder, fortæller filsluse explain også.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "Its id as list shows it, such as D12 or A7; or journal.",
      "Nummeret, som list viser det, for eksempel D12 eller A7; eller journal."),
    completion: Proposals.newNumbers, transform: JournalShow.parse)
  var id: JournalEntry.Subject

  @Flag(
    help: ArgumentHelp(
      "Show numbers that look like CPR numbers; they are masked otherwise. The journal keeps that they were shown.",
      "Vis tal, der ligner CPR-numre; ellers er de maskeret. Journalen gemmer, at de blev vist."))
  var unmasked = false

  @Flag(help: ArgumentHelp("Write the steps as CSV.", "Skriv trinnene som CSV."))
  var csv = false

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  static func parse(_ text: String) throws -> JournalEntry.Subject {
    if text == "journal" { return .journal }
    return switch try EntryNumber.parse(text) {
    case .delivery(let number): .delivery(number)
    case .arrival(let number): .arrival(number)
    }
  }

  func run() async throws {
    let loaded = try settings.load()
    let journal = try await ShownNames.openJournal(of: loaded, settings, unmasked: unmasked)
    let shown = try await shown(journal, loaded)
    if unmasked { try await ShownNames.note(in: journal, to: speaker) }
    let (trail, state) = (shown?.trail, shown?.state)
    let entries = try await journal.entries(about: id)
    let steps = entries.map { Trail.Step($0, unmasked: unmasked) }
    if output.json {
      let meaning = state?.meaning.text(in: language.chosen)
      return try Output.print(json: TrailWithSteps(trail: trail, meaning: meaning, steps: steps))
    }
    if csv {
      var list = ColumnedList(json: false, of: Trail.Step.self)
      for step in steps { try list.add(step) }
      return list.end()
    }
    if let trail { Output.print(trail.facts(explained: state, in: language.chosen)) }
    for entry in entries {
      let worded = entry.detailText.map { unmasked ? $0[language.chosen] : Masked.name($0[language.chosen]) }
      let detail = worded.map { "  \(Printable.text(WallClock.denmark.localizing($0)))" } ?? ""
      let state = entry.title[language.chosen]
      Output.print("\(WallClock.denmark.stamp(at: entry.at))  \(state)\(detail)")
    }
  }

  /// The delivery or arrival, and the explanation of its state; `nil` for the journal itself.
  private func shown(_ journal: Journal, _ settings: ExchangeSettings) async throws -> (
    trail: Trail, state: Explanation
  )? {
    switch id {
    case .delivery(let number): try described(try await journal.delivery(number), in: journal)
    case .arrival(let number): try described(try await journal.arrival(number), in: journal, settings)
    case .journal: nil
    }
  }

  private func described(
    _ delivery: Delivery?, in journal: Journal
  ) throws(CommandFailure) -> (trail: Trail, state: Explanation) {
    guard let delivery else { throw missing(from: journal) }
    return (Trail(delivery, unmasked: unmasked), delivery.state.explanation)
  }

  private func described(
    _ arrival: Arrival?, in journal: Journal, _ settings: ExchangeSettings
  ) throws(CommandFailure) -> (trail: Trail, state: Explanation) {
    guard let arrival else { throw missing(from: journal) }
    let folder = settings.inbox.appending(arrival.account)
    return (Trail(arrival, inbox: folder, unmasked: unmasked, in: language.chosen), arrival.state.explanation)
  }

  private func missing(from journal: Journal) -> CommandFailure {
    CommandFailure(
      .badData, code: .unknownNumber,
      "there is no \(id.number) in \(journal.name)", "der er ingen \(id.number) i \(journal.name)",
      remedy: LocalizedText("filsluse journal list shows the ids", "filsluse journal list viser numrene"))
  }

  private struct TrailWithSteps: Encodable {
    let trail: Trail?
    /// The meaning of the state, in a sentence.
    let meaning: String?
    let steps: [Trail.Step]
  }
}
