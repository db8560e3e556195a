internal import FileExchange
internal import Logging
internal import PickupWatch

extension Overview {
  /// The days of the matrix on the first screen.
  private static let days = 7

  /// Reads the content of the first screen. What cannot be read is missing, and said in its place.
  static func read(from source: StatusSource, _ console: ConsoleSource, logger: Logger) async -> Overview {
    var overview = Overview(status: await source.status())
    // While the watcher starts, its status says so.
    guard let queries = console.queries() else {
      overview.isUnknown = true
      return overview
    }
    do throws(ExchangeError) {
      overview.groups = try await queries.ruleGroups()
      overview.inboxes = try await queries.inboxRows()
      overview.matrix = try await queries.matrix(days: days)
    } catch {
      logger.error("the console cannot read what the watcher has seen: \(error)")
      overview.status.storeTrouble = overview.status.storeTrouble ?? .failing("\(error)")
      overview.isUnknown = true
    }
    // A journal that cannot be read is an alert of its own.
    do throws(ExchangeError) {
      overview.problems = try await queries.openProblems()
    } catch {
      logger.warning("the console cannot read the journal: \(error)")
      overview.isJournalUnreadable = true
    }
    return overview
  }
}
