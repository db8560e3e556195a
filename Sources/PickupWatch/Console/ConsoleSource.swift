internal import FileExchange
internal import FilsluseBase

/// The source of the console's content and actions. It outlives the settings that the watcher takes up.
package struct ConsoleSource: Sendable {
  /// Returns the queries on the present database; `nil` while the watcher starts or takes up new settings.
  package var queries: @Sendable () -> ConsoleQueries?

  /// Names the source.
  package init(queries: @escaping @Sendable () -> ConsoleQueries?) { self.queries = queries }
}

extension Watcher {
  /// The source of the console's content.
  ///
  /// The caller decides the address and the access.
  package var consoleSource: ConsoleSource {
    ConsoleSource { [self] in presentSession.map(ConsoleQueries.init(session:)) }
  }
}

extension ConsoleQueries {
  /// The queries on the database of a session.
  fileprivate init(session: WatchSession) {
    self.init(
      store: session.database, evaluator: session.evaluator, clock: session.clock,
      inboxes: { session.inboxStatuses },
      journal: { () async throws(ExchangeError) -> Journal? in try await session.shownJournal() },
      lead: { await session.lead.confirm() },
      give: { (request: String, key: String) async throws(ExchangeError) -> String in
        try await session.database.give(request, key, by: session.settings, within: .seconds(12)) {
          session.lead.hurry()
        }
      },
      share: { () async throws(ExchangeError) -> Void in
        session.lead.hurry()
        try await session.database.waitUntilShared(by: session.settings, within: .seconds(5))
      })
  }
}
