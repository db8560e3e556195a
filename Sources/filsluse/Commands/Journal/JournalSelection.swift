import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import TriggerFiles

/// The options that select deliveries and arrivals, and their format.
struct JournalSelection: ParsableArguments {
  @Option(help: ArgumentHelp("Only this account.", "Kun denne konto."), completion: Proposals.accounts)
  var account: String?

  @Option(
    help: ArgumentHelp("Only this route, out or in.", "Kun denne rute, ud eller ind."),
    completion: Proposals.routesAndArrivals)
  var route: String?

  @Option(help: ArgumentHelp("Only this InfRef.", "Kun denne InfRef."))
  var infref: String?

  @Option(
    help: ArgumentHelp(
      "Only this state, such as accepted or quarantined; filsluse explain tells what each means.",
      "Kun denne tilstand, for eksempel accepted eller quarantined; filsluse explain fortæller, hvad hver betyder."),
    completion: .list(SubjectState.names))
  var state: String?

  @Option(
    help: ArgumentHelp(
      "Only what began on this day, by Danish time.", "Kun det, der begyndte den dag efter dansk tid.",
      valueName: "2026-11-21"),
    transform: JournalSelection.parseDay)
  var day: CivilDay?

  @Option(
    help: ArgumentHelp(
      "Only what began within this time until now.", "Kun det, der begyndte inden for denne tid til nu.",
      valueName: "24h"), transform: Period.parse)
  var within: Duration?

  @Flag(
    help: ArgumentHelp(
      "Show numbers that look like CPR numbers; they are masked otherwise. The journal keeps that they were shown.",
      "Vis tal, der ligner CPR-numre; ellers er de maskeret. Journalen gemmer, at de blev vist."))
  var unmasked = false

  @OptionGroup var speaker: SpeakerOptions

  @Flag(help: ArgumentHelp("Write the result as CSV.", "Skriv resultatet som CSV."))
  var csv = false

  var filter: JournalFilter {
    var filter = JournalFilter()
    filter.account = account
    filter.route = route
    filter.infRef = infref.map(InfRef.init(unchecked:))
    filter.state = state.flatMap(SubjectState.init(said:))
    filter.since = within.map { Timestamp.now.earlier(by: $0) }
    if let day { filter.restrict(to: day) }
    return filter
  }

  /// Refuses an unknown state, and a name that neither the settings nor the journal have: an empty list would read as
  /// “nothing was sent”.
  ///
  /// - Throws: `CommandFailure` for such a name, and `ExchangeError` if the journal cannot be read.
  func check(_ settings: ExchangeSettings, _ journal: Journal) async throws {
    try await check(
      account, { $0.account = $1 }, settings.accounts.map(\.name),
      LocalizedText("there is no account", "der er ingen konto"), journal)
    let routes = settings.routes.map(\.name) + settings.arrivals.map(\.name)
    try await check(
      route, { $0.route = $1 }, routes, LocalizedText("there is no route", "der er ingen rute"), journal
    ) { name in
      let deliveries = settings.routes.map { (name: $0.name, municipality: $0.municipality) }
      let arrivals = settings.arrivals.map { (name: $0.name, municipality: String?.none) }
      return MeantRoutes(by: name, among: deliveries + arrivals).question
    }
    let infRefs = settings.namedInfRefs.sorted()
    try await check(
      infref, { $0.infRef = InfRef(unchecked: $1) }, infRefs,
      LocalizedText("nothing is known of the InfRef", "intet vides om InfRef"), journal)
    if let state, SubjectState(said: state) == nil {
      try KnownName.check(
        state, isAmong: SubjectState.names, LocalizedText("there is no state", "der er ingen tilstand"),
        LocalizedText("there are", "der er"))
    }
  }

  private func check(
    _ name: String?, _ restrict: (inout JournalFilter, String) -> Void, _ known: [String],
    _ complaint: LocalizedText, _ journal: Journal, meant: ((String) -> LocalizedText?)? = nil
  ) async throws {
    guard let name, !known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return }
    // The journal keeps the names that the settings no longer have.
    var filter = JournalFilter()
    restrict(&filter, name)
    let count = Locked(0)
    try await journal.lines(filter) { _ in count.withLock { $0 += 1 } }
    guard count.withLock({ $0 }) == 0 else { return }
    let holders = LocalizedText(
      "neither the settings nor the journal have it; the settings have",
      "hverken indstillingerne eller journalen har den; indstillingerne har")
    try KnownName.check(name, isAmong: known, complaint, holders, meant: meant)
  }

  static func parseDay(_ text: String) throws -> CivilDay {
    guard let day = CivilDay(text) else {
      throw ValidationError(
        "“\(text)” is no day", "„\(text)“ er ikke en dag", remedy: LocalizedText("write 2026-11-21", "skriv 2026-11-21")
      )
    }
    return day
  }
}

extension SettingsOptions {
  /// The journal that the settings name.
  func openJournal() async throws -> Journal { try await Journal.open(of: try load()) }

  /// Opens the journal of the settings read-only; warns if it is an older copy.
  func openJournalToRead() async throws -> Journal { try await openJournalToRead(of: try load()) }

  func openJournalToRead(of settings: ExchangeSettings) async throws -> Journal {
    let journal = try await Journal.openToRead(of: settings)
    if let refusal = journal.markRefusal { Output.note(refusal.explanation) }
    return journal
  }

  /// The journal that the settings name, to be read, even where it may not be written; an older copy is refused.
  func openNewestJournalToRead(of settings: ExchangeSettings) async throws -> Journal {
    let journal = try await Journal.openToRead(of: settings)
    if let refusal = journal.markRefusal { throw refusal }
    return journal
  }
}
