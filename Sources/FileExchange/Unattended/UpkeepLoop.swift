internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging
internal import SystemPackage

/// What is done now and once a day: the journal is looked after and `sent` cleared. What nobody sees to is told more
/// often, and whenever the settings or a watched folder have changed.
struct UpkeepLoop: Sendable {
  private let plan: Locked<Plan>
  /// The missing deliveries that were told, by their files.
  private let told = Locked<[String: Delivery]>([:])
  let bulletin: Bulletin
  let stop: GracefulStop

  private struct Plan: Sendable {
    var exchange: Exchange
    var folders: [OutgoingFolder]
    var hasChanged = false
  }

  init(exchange: Exchange, folders: [OutgoingFolder], bulletin: Bulletin, stop: GracefulStop) {
    plan = Locked(Plan(exchange: exchange, folders: folders))
    self.bulletin = bulletin
    self.stop = stop
  }

  private var exchange: Exchange { plan.withLock { $0.exchange } }
  private var folders: [OutgoingFolder] { plan.withLock { $0.folders } }

  /// Takes up new settings.
  func take(_ exchange: Exchange, folders: [OutgoingFolder]) {
    plan.withLock { $0 = Plan(exchange: exchange, folders: folders, hasChanged: true) }
  }

  func run() async {
    var next = ContinuousClock.now
    var (nextSearch, reopenings) = (next, 0)
    repeat {
      let hasChanged = plan.withLock { plan in
        defer { plan.hasChanged = false }
        return plan.hasChanged
      }
      if next <= .now {
        next = .now + .seconds(86_400)
        await bulletin.reporting { () async throws(ExchangeError) in
          if try await exchange.keepUpJournal().doubtfulSince == nil {
            await clearSent()
          } else {
            next = .now + ClockDoubt.lately + .seconds(60)
          }
        }
      }
      let reopeningsNow = folders.reduce(0) { $0 + $1.reopenings }
      if hasChanged || nextSearch <= .now || reopenings != reopeningsNow {
        (nextSearch, reopenings) = (.now + exchange.patience.review, reopeningsNow)
        await bulletin.reporting { () async throws(ExchangeError) in try await lookForTheMissing() }
      }
    } while await !stop.wait(atMost: .seconds(5)) && !Task.isCancelled
  }

  private func clearSent() async {
    for folder in folders {
      await bulletin.reporting { () async throws(ExchangeError) in
        let removed = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.clearSent(at: .now)
        }
        if removed > 0 { bulletin.logger.info("\(removed) files of \(folder.rules.path)/sent are kept no longer") }
      }
    }
  }

  /// Tells of deliveries that nobody sees to any more: their files are gone from the folders, or their folder is
  /// watched no longer. Resolves those that were told and are well.
  private func lookForTheMissing() async throws(ExchangeError) {
    var missing: Set<String> = []
    for delivery in try await exchange.journal.deliveriesFromWatchedFolders() {
      guard let item = OutgoingItem(journalPath: delivery.localPath), try await !isThere(item),
        // It may have been finished and put away while we looked.
        let current = try await exchange.journal.delivery(delivery.id), !current.state.isFinished
      else { continue }
      let remedy =
        if current.state.awaitsReceipt {
          "its receipt still counts"
        } else if current.state.isAboutToBeCommitted {
          "filsluse retry D\(current.id) finishes it, filsluse cancel D\(current.id) ends it"
        } else {
          "filsluse cancel D\(current.id) ends it"
        }
      missing.insert(current.localPath)
      told.withLock { $0[current.localPath] = current }
      bulletin.stands(
        .missing, account: current.account, number: "D\(current.id)", of: current.localPath,
        "D\(current.id) \(current.wireName) is \(current.state.rawValue), and its file lies in no watched folder: it was removed there, or route \(current.route) has no outgoing folder any more; \(remedy)"
      )
    }
    for (path, delivery) in told.withLock({ $0 }) where !missing.contains(path) {
      told.withLock { $0[path] = nil }
      bulletin.isOver(
        .missing, account: delivery.account, number: "D\(delivery.id)", of: path,
        "D\(delivery.id) \(delivery.wireName) goes on or has ended")
    }
  }

  private func isThere(_ item: OutgoingItem) async throws(ExchangeError) -> Bool {
    let folders = folders
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      for folder in folders where try folder.taken.contains(item.cornerName) { return true }
      return false
    }
  }
}
