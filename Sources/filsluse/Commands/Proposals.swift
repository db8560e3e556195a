import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import PickupWatch

/// The proposals of the shell's completion beside files: names in the settings of the command line, and numbers of
/// their journal and of the watcher's alerts. Unreadable sources give no proposals and no error, because the user is
/// typing.
enum Proposals {
  /// The accounts of the settings.
  static var accounts: CompletionKind { named { $0.accounts.map(\.name) } }

  /// The routes for deliveries.
  static var routes: CompletionKind { named { $0.routes.map(\.name) } }

  /// The routes for deliveries, and those for arrivals.
  static var routesAndArrivals: CompletionKind { named { $0.routes.map(\.name) + $0.arrivals.map(\.name) } }

  /// The deliveries and arrivals that wait for a person.
  static var waitingNumbers: CompletionKind {
    numbered { journal, settings in
      try await journal.openProblems(of: settings.accounts, most: mostNumbers).problems.map(\.key.subject)
        .filter { (try? EntryNumber.parse($0)) != nil }
    }
  }

  /// The deliveries and arrivals that began within a day, the newest ones first.
  static var newNumbers: CompletionKind { numbered { journal, _ in try await newest(of: journal) } }

  /// The deliveries that began within a day, the newest ones first.
  static var newDeliveries: CompletionKind {
    numbered { journal, _ in try await newest(of: journal).filter { $0.hasPrefix("D") } }
  }

  /// The open alerts, the worst and oldest first.
  static var openAlerts: CompletionKind {
    watched { database in try await database.alerts().prefix(mostNumbers).map { "\($0.id)" } }
  }

  /// The silences that hold now.
  static var silences: CompletionKind {
    watched { database in try await database.silences(at: .now).prefix(mostNumbers).map { "\($0.id)" } }
  }

  private static let mostNumbers = 200

  private static func newest(of journal: Journal) async throws -> [String] {
    var filter = JournalFilter()
    filter.since = Timestamp.now.earlier(by: .seconds(86_400))
    let numbers = Locked<[String]>([])
    try await journal.lines(filter) { line in numbers.withLock { $0.append(line.subject.number) } }
    return numbers.withLock { $0.suffix(mostNumbers).reversed() }
  }

  private static func named(_ names: @escaping @Sendable (ExchangeSettings) -> [String]) -> CompletionKind {
    let complete: @Sendable ([String], Int, String) -> [String] = { words, _, _ in settings(words).map(names) ?? [] }
    return .custom(complete)
  }

  private static func numbered(
    _ numbers: @escaping @Sendable (Journal, ExchangeSettings) async throws -> [String]
  ) -> CompletionKind {
    let complete: @Sendable ([String], Int, String) async -> [String] = { words, _, _ in
      guard let settings = Self.settings(words), let journal = try? await Journal.openToRead(of: settings) else {
        return []
      }
      return (try? await numbers(journal, settings)) ?? []
    }
    return .custom(complete)
  }

  private static func watched(
    _ numbers: @escaping @Sendable (WatchDatabase) async throws -> [String]
  ) -> CompletionKind {
    let complete: @Sendable ([String], Int, String) async -> [String] = { words, _, _ in
      guard let settings = Self.settings(words), InputFile.exists(settings.watch.database),
        let database = try? await WatchDatabase.open(settings.watch.database)
      else { return [] }
      return (try? await numbers(database)) ?? []
    }
    return .custom(complete)
  }

  /// The settings of a command line that is being written.
  private static func settings(_ words: [String]) -> ExchangeSettings? {
    guard let file = try? SettingsSearch(option: SettingsSearch.option(in: words)).file() else { return nil }
    return try? ExchangeSettings.load(file)
  }
}
