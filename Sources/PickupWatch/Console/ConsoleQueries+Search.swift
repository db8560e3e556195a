internal import ExchangeSettings
package import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// The matches of a search.
package struct ConsoleMatches: Sendable {
  /// The files, the newest first.
  package var files: [FileRow] = []
  /// True if older files match too.
  package var hasMoreFiles = false
  /// The deliveries and arrivals of the journal, the newest first; their names are bare.
  package var journal: [JournalLine] = []
  /// True if older ones match too.
  package var hasMoreInJournal = false
  /// The alert with the text as its number.
  package var alert: Alert?
  /// The municipality named by the text.
  package var municipality: MunicipalityLabel?
  /// The accounts with the text in their names.
  package var accounts: [String] = []

  /// No matches.
  package init() {}

  /// True if nothing was found.
  package var isEmpty: Bool {
    files.isEmpty && journal.isEmpty && alert == nil && municipality == nil && accounts.isEmpty
  }
}

extension ConsoleQueries {
  /// The longest text that is looked for, in Unicode scalars.
  package static let longestSearch = FileSearch.longest

  /// Searches by a part of a file's name, a municipality, a CVR number, a FileTransferUUID, or the number of a
  /// delivery, an arrival or an alert.
  ///
  /// - Parameters:
  ///   - text: the text; what is beyond ``longestSearch`` is not looked for.
  ///   - limit: the number of files, and of deliveries and arrivals, that are returned at most.
  ///   - inJournal: whether the journal is searched too, where this machine has one.
  /// - Throws: `ExchangeError` when it cannot be read.
  package func search(
    _ text: String, limit: Int = 50, inJournal: Bool = true
  ) async throws(ExchangeError) -> ConsoleMatches {
    var matches = ConsoleMatches()
    let maker = try await rowMaker()
    guard let search = FileSearch(text, cvrNumbers: maker.municipalities.cvrNumbers) else { return matches }
    let most = min(max(limit, 1), 200)
    let found = try await store.files(search, limit: most)
    matches.files = found.files.map { maker.row($0) }
    matches.hasMoreFiles = found.hasMore
    matches.municipality = search.municipality.map { MunicipalityLabel(code: $0) }
    if let number = Int64(search.text), number > 0 { matches.alert = try await store.alert(number) }
    let lowercased = search.text.lowercased()
    matches.accounts = Array(inboxes().map(\.account).filter { $0.lowercased().contains(lowercased) }.prefix(20))
    if inJournal, let journal = try await journal() {
      let lines = try await journal.find(JournalSearch(search.text, settings: evaluator.settings), limit: most)
      matches.journal = lines.lines
      matches.hasMoreInJournal = lines.hasMore
    }
    return matches
  }
}
