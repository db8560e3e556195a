import ArgumentParser
import FileExchange
import TriggerFiles

/// `filsluse journal show`: one of them with every step.
struct JournalShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a delivery or an arrival with every step.")

  @Argument(help: "Its id as list shows it, such as D12 or A7.", transform: EntryNumber.parse)
  var id: EntryNumber

  @Flag(help: "Show numbers that look like CPR numbers; they are masked otherwise.")
  var unmasked = false

  @Flag(help: "Write the steps as CSV.")
  var csv = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let journal = try await settings.openJournalToRead()
    let (shown, subject): (Trail?, JournalEntry.Subject) =
      switch id {
      case .delivery(let number):
        (try await journal.delivery(number).map { Trail($0, unmasked: unmasked) }, .delivery(number))
      case .arrival(let number):
        (try await journal.arrival(number).map { Trail($0, unmasked: unmasked, in: language.chosen) }, .arrival(number))
      }
    guard let trail = shown else {
      throw CommandFailure(
        .badData, "there is no \(subject.shown) in \(journal.path); filsluse journal list shows the ids")
    }
    let steps = try await journal.entries(about: subject).map { Trail.Step($0, unmasked: unmasked) }
    if output.json { return try Output.print(json: TrailWithSteps(trail: trail, steps: steps)) }
    if csv {
      var list = ColumnedList(json: false, of: Trail.Step.self)
      for step in steps { try list.add(step) }
      return list.end()
    }
    Output.print(trail.facts)
    for step in steps {
      Output.print("\(step.at)  \(step.state)\(step.detail.map { "  \(Printable.text($0))" } ?? "")")
    }
  }

  private struct TrailWithSteps: Encodable {
    let trail: Trail
    let steps: [Trail.Step]
  }
}

extension JournalEntry.Subject {
  /// `D12` for a delivery, `A7` for an arrival.
  var shown: String {
    switch self {
    case .delivery(let number): "D\(number)"
    case .arrival(let number): "A\(number)"
    case .journal: "journal"
    }
  }
}
