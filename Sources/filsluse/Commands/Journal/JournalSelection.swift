import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseSystem

/// The options that select deliveries and arrivals, and their format.
struct JournalSelection: ParsableArguments {
  @Option(help: "Only this account.")
  var account: String?

  @Option(help: "Only this route, out or in.")
  var route: String?

  @Option(help: "Only this InfRef.")
  var infref: String?

  @Option(help: "Only this state, such as accepted or quarantined.")
  var state: String?

  @Option(
    help: ArgumentHelp("Only what began on this day, by Danish time.", valueName: "2026-11-21"),
    transform: JournalSelection.parseDay)
  var day: CivilDay?

  @Option(help: ArgumentHelp("Only what began within this time until now.", valueName: "24h"), transform: Period.parse)
  var within: Duration?

  @Flag(help: "Show numbers that look like CPR numbers; they are masked otherwise.")
  var unmasked = false

  @Flag(help: "Write the result as CSV.")
  var csv = false

  var filter: JournalFilter {
    var filter = JournalFilter()
    filter.account = account
    filter.route = route
    filter.infRef = infref
    filter.state = state
    filter.since = within.map { Timestamp.now.earlier(by: $0) }
    if let day { filter.restrict(to: day) }
    return filter
  }

  static func parseDay(_ text: String) throws -> CivilDay {
    guard let day = CivilDay(text) else { throw ValidationError("“\(text)” is no day; write 2026-11-21") }
    return day
  }
}

extension SettingsOptions {
  /// The journal that the settings name.
  func openJournal() async throws -> Journal { try await Journal.open(try load().journal) }

  /// The journal that the settings name, to be looked at and nothing more; that it is an older copy is said.
  func openJournalToRead() async throws -> Journal {
    let journal = try await Journal.openToRead(try load().journal)
    if let refusal = journal.markRefusal { Output.note("filsluse: \(refusal)") }
    return journal
  }
}
