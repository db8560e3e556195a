internal import ExchangeSettings
internal import FilsluseBase

/// The exchange and the watched folders of one account, shared by its loops. New settings replace them while the loops
/// go on, so that an unchanged account loses neither a transfer nor a connection.
final class LiveAccount: Sendable {
  let account: Account
  let reporter: RunReporter
  private let plan: Locked<Plan>

  /// A folder under a number that never becomes another folder's.
  struct Watched: Sendable {
    let index: Int
    let folder: OpenedWatchedFolder
    /// False once the settings no longer name the folder, or give it other rules: work in progress is finished, and no
    /// more files are taken.
    var isWatched = true
  }

  private struct Plan: Sendable {
    var exchange: Exchange
    var folders: [Watched]
    /// The number of times new settings were applied.
    var version = 0
    /// Files that rest because the account was stopped may go on.
    var wakes = false
    /// Files that were found unfinished in `.taken`.
    var found: [TakenFileQueue.Work] = []
  }

  init(_ account: Account, exchange: Exchange, folders: [OpenedWatchedFolder], reporter: RunReporter) {
    self.account = account
    self.reporter = reporter
    plan = Locked(
      Plan(exchange: exchange, folders: folders.enumerated().map { Watched(index: $0.offset, folder: $0.element) }))
  }

  /// The exchange, with the settings of now.
  var exchange: Exchange { plan.withLock { $0.exchange } }
  /// Sees taken files through, by the settings of now.
  var handler: TakenFileHandler { TakenFileHandler(exchange: exchange, account: account, reporter: reporter) }
  /// The folders that are watched now.
  var folders: [OpenedWatchedFolder] { plan.withLock { $0.folders.filter(\.isWatched).map(\.folder) } }
  /// The number of times new settings were applied.
  var version: Int { plan.withLock { $0.version } }
  /// Every folder that was ever watched here, in the order of their numbers.
  var allFolders: [Watched] { plan.withLock { $0.folders } }

  /// Applies new settings. A folder with unchanged route and rules goes on as it is.
  ///
  /// - Returns: the folders no longer watched.
  func take(_ exchange: Exchange, folders: [OpenedWatchedFolder]) -> [OpenedWatchedFolder] {
    plan.withLock { plan in
      plan.exchange = exchange
      plan.version += 1
      var new = folders
      var retired: [OpenedWatchedFolder] = []
      for index in plan.folders.indices where plan.folders[index].isWatched {
        let folder = plan.folders[index].folder
        if let same = new.firstIndex(where: { $0.isSame(as: folder) }) {
          new.remove(at: same)
        } else {
          plan.folders[index].isWatched = false
          retired.append(folder)
        }
      }
      for folder in new { plan.folders.append(Watched(index: plan.folders.count, folder: folder)) }
      return retired.filter { old in !folders.contains { $0.rules.path == old.rules.path } }
    }
  }

  /// Queues unfinished files of `.taken` for sending, including those that a person put back.
  func offer(_ items: [TakenFile], of index: Int) {
    plan.withLock { $0.found += items.map { TakenFileQueue.Work(folder: index, item: $0) } }
  }

  /// Returns the queued files and empties the queue.
  func takeOffered() -> [TakenFileQueue.Work] {
    plan.withLock { plan in
      defer { plan.found = [] }
      return plan.found
    }
  }

  /// Ends the pauses of resting files: the account works again.
  func wakeResting() { plan.withLock { $0.wakes = true } }

  /// Returns true once after each call that ended the pauses.
  func takeWake() -> Bool {
    plan.withLock { plan in
      defer { plan.wakes = false }
      return plan.wakes
    }
  }
}

extension OpenedWatchedFolder {
  /// Returns true if both have the same route, rules and naming of files.
  func isSame(as other: OpenedWatchedFolder) -> Bool {
    route == other.route && rules == other.rules && naming?.wireName == other.naming?.wireName
      && naming?.municipality == other.naming?.municipality
  }

  /// Returns true if it is the watched folder of a route of new settings.
  func isSame(as other: Route) -> Bool {
    route == other.name && rules == other.outgoing && naming?.wireName == other.wireName
      && naming?.municipality == other.municipality
  }
}
