internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Removes old entries of the journal and old files of `sent`, at the start and once a day, and checks for deliveries
/// with missing files: periodically, and whenever the settings or a watched folder have changed.
struct UpkeepLoop: Sendable {
  private let plan: Locked<Plan>
  let reporter: RunReporter
  let stop: GracefulStop

  private struct Plan: Sendable {
    var exchange: Exchange
    var folders: [OpenedWatchedFolder]
    var hasChanged = false
  }

  init(exchange: Exchange, folders: [OpenedWatchedFolder], reporter: RunReporter, stop: GracefulStop) {
    plan = Locked(Plan(exchange: exchange, folders: folders))
    self.reporter = reporter
    self.stop = stop
  }

  private var exchange: Exchange { plan.withLock { $0.exchange } }
  private var folders: [OpenedWatchedFolder] { plan.withLock { $0.folders } }

  /// Applies new settings.
  func take(_ exchange: Exchange, folders: [OpenedWatchedFolder]) {
    plan.withLock { $0 = Plan(exchange: exchange, folders: folders, hasChanged: true) }
  }

  func run() async {
    var nextDay = ContinuousClock.now
    var (nextReview, reopenings) = (nextDay, 0)
    repeat {
      let hasChanged = plan.withLock { plan in
        defer { plan.hasChanged = false }
        return plan.hasChanged
      }
      if nextDay <= .now {
        nextDay = .now + .seconds(86_400)
        await reporter.reporting { () async throws(ExchangeError) in
          if try await exchange.keepUpJournal().doubtfulSince == nil {
            await clearSent()
          } else {
            nextDay = .now + ClockDoubt.lately + .seconds(60)
          }
        }
      }
      let reopeningsNow = folders.reopenings
      if nextReview <= .now || hasChanged || reopenings != reopeningsNow {
        (nextReview, reopenings) = (.now + exchange.patience.review, reopeningsNow)
        await reporter.reporting { () async throws(ExchangeError) in try await lookForTheMissing() }
      }
    } while await !stop.wait(atMost: .seconds(5)) && !Task.isCancelled
  }

  private func clearSent() async {
    for folder in folders {
      await reporter.reporting { () async throws(ExchangeError) in
        let removed = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.clearSent(at: .now)
        }
        if removed > 0 {
          reporter.logger.info("removed \(removed.counted("file")) that \(folder.rules.path)/sent keeps no longer")
        }
      }
    }
  }

  /// Reports deliveries that no folder's loop handles any more: their files are gone from the folders, or their folder
  /// is watched no longer.
  private func lookForTheMissing() async throws(ExchangeError) {
    var missing: Set<OpenProblem.Key> = []
    let unfinished = try await exchange.journal.deliveriesFromWatchedFolders()
    let marks = try await marksInFolders()
    for delivery in unfinished {
      guard let item = TakenFile(journalPath: delivery.localPath), !marks.contains(item.mark),
        // Another task may have finished it, and moved its file away, since the listing.
        let current = try await exchange.journal.delivery(delivery.id), !current.state.isFinished
      else { continue }
      let number = "D\(current.id)"
      let (cancel, retry) = (Remedy.Step.cancel(number), Remedy.Step.retry(number))
      let remedy =
        if current.state.awaitsReceipt {
          LocalizedText("its receipt still counts", "Dens kvittering gælder stadig.")
        } else if current.state.isAboutToBeCommitted {
          LocalizedText(
            "\(Remedy.retryOrCancel(number))", "Gør den færdig med \(retry), eller afslut den med \(cancel).")
        } else {
          LocalizedText("\(cancel) ends it", "Afslut den med \(cancel).")
        }
      missing.insert(OpenProblem.Key(.missing, account: current.account, subject: current.localPath))
      reporter.attention(
        .missing, account: current.account, of: current.localPath,
        LocalizedText(
          "D\(current.id) \(current.wireName) is \(current.state.rawValue), and its file lies in no watched folder: it was removed there, or route \(current.route) has no outgoing folder any more; \(remedy.en)",
          "D\(current.id) \(current.wireName) er ikke færdig, og dens fil ligger ikke i nogen overvåget mappe: den er fjernet derfra, eller ruten \(current.route) har ingen udgående mappe mere. \(remedy.da)"
        ))
    }
    for key in reporter.problems.open.map(\.key) where key.kind == .missing && !missing.contains(key) {
      // A file that was gone before it had a delivery waits for a person to close its problem. Its name may be masked
      // here.
      if let item = TakenFile(journalPath: key.subject), !marks.contains(item.mark),
        try await exchange.journal.lastDelivery(takenAs: item.mark) == nil
      {
        continue
      }
      reporter.isOver(
        key, LocalizedText("it is finished, or its file is back", "Den er færdig, eller dens fil er tilbage."))
    }
  }

  /// The marks of all files that were taken and are there.
  private func marksInFolders() async throws(ExchangeError) -> Set<String> {
    let folders = folders
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      var marks: Set<String> = []
      for folder in folders { marks.formUnion(try folder.items().map(\.mark)) }
      return marks
    }
  }
}
