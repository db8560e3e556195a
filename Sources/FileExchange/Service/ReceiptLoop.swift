internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Looks for the receipts of one account's deliveries while any is missing, and sees their files to where they belong.
struct ReceiptLoop: Sendable {
  let live: LiveAccount
  let stop: GracefulStop
  let heartbeat: Heartbeat
  let freed: Locked<Set<WireName>>
  /// The journal's last entry at the start: earlier refusals were reported before.
  let firstEntry: Int64
  /// True if a file could not be put away since the last review began.
  private let hasUnclosed = Locked(false)

  private var handler: TakenFileHandler { live.handler }
  private var folders: [OpenedWatchedFolder] { live.folders }
  private var exchange: Exchange { live.exchange }
  private var account: Account { live.account }

  func run() async {
    var nextReview = ContinuousClock.now
    var lastEntry = firstEntry
    var backoff = Backoff(first: soon, longest: exchange.patience.receiptPoll, factor: 1.5)
    // A disk that was full or read-only for a moment keeps no file waiting for the next regular review.
    var closing = Backoff(first: .seconds(1), longest: exchange.patience.review)
    // A person puts the files of a folder that is another one now back into it, some time after it was opened again.
    var reviews = Backoff(first: .seconds(1), longest: exchange.patience.review)
    var reopenings = 0
    var irregular: [Int: Set<[UInt8]>] = [:]
    while !stop.isRequested, !Task.isCancelled {
      await handler.reporter.reporting(account) { () async throws(ExchangeError) in
        let reopened = folders.reopenings
        if nextReview <= .now || reopened != reopenings {
          hasUnclosed.withLock { $0 = false }
          try await review(&irregular)
          lastEntry = try await reportRefused(after: lastEntry)
          try await reportAbandoned()
          if reopened != reopenings { reviews.reset() }
          (nextReview, reopenings) = (.now + reviews.next(), reopened)
          if hasUnclosed.withLock({ $0 }) { _ = closing.next() } else { closing.reset() }
        }
        if try await look() { backoff.reset() }
      }
      if takeUnclosed() { nextReview = min(nextReview, .now + closing.pause(after: max(1, closing.failures))) }
      heartbeat.beat()
      _ = await stop.wait(atMost: min(backoff.next(), max(.zero, nextReview - .now)))
    }
  }

  private func takeUnclosed() -> Bool {
    hasUnclosed.withLock { isSo in
      defer { isSo = false }
      return isSo
    }
  }

  /// The looks come close while receipts keep coming.
  private var soon: Duration { min(.milliseconds(250), exchange.patience.receiptPoll) }

  /// One look, where any receipt is missing; whether one came.
  private func look() async throws(ExchangeError) -> Bool {
    guard try await exchange.journal.awaitsReceipts(of: account.name) else { return false }
    var settled: [Delivery] = []
    var suspected: [DirectoryEntry] = []
    let failure = await exchange.withConnections(to: account) { client in
      let lessons = exchange.suspects.lessons(at: account.name)
      do throws(ExchangeError) {
        let round = try await exchange.lookForReceipts(over: client, of: account)
        settled += round.settled
        suspected = round.suspected
        for problem in round.problems {
          handler.reporter.once(
            .warning, "\(account.name): \(problem.error)", about: problem.error, of: account.name)
        }
        if let failure = round.failure { throw failure }
        return .done
      } catch {
        return .lost(error, madeProgress: exchange.suspects.lessons(at: account.name) > lessons)
      }
    }
    settled += await exchange.readSuspected(suspected, of: account)
    await close(settled)
    if let failure, failure.category != .account, failure.code != .cancelled { throw failure }
    try await noteOverdue()
    return !settled.isEmpty
  }

  /// Sees the files of deliveries that are finished to where they belong.
  func close(_ settled: [Delivery]) async {
    for delivery in settled {
      heartbeat.beat()
      freed.withLock { _ = $0.insert(delivery.wireName) }
      guard let (item, places) = place(of: delivery) else {
        handler.report(ofRefused: delivery)
        continue
      }
      for folder in places { await close(delivery, item, in: folder) }
    }
  }

  /// Moves a file to its final place. A failure does not block other files: the next review tries again.
  private func close(_ delivery: Delivery, _ item: TakenFile, in folder: OpenedWatchedFolder) async {
    do throws(ExchangeError) {
      if try await handler.close(delivery, item, in: folder) { handler.report(ofWell: item, in: folder) }
    } catch {
      guard error.code != .cancelled else { return }
      hasUnclosed.withLock { $0 = true }
      handler.report(ofStuck: item, in: folder, because: error)
    }
  }

  /// Reviews all taken files, with growing pauses after the start and after a folder was opened again.
  ///
  /// Another process may have finished their deliveries: a `filsluse receive` by hand, for example, or one that ended
  /// between the journal and the move. Unfinished files are queued for sending, since a person may have put them back.
  /// A folder that cannot be read is reported by its watcher.
  private func review(_ irregular: inout [Int: Set<[UInt8]>]) async throws(ExchangeError) {
    for watched in live.allFolders where watched.isWatched && !watched.folder.isOthers.withLock({ $0 }) {
      let folder = watched.folder
      let found = try? await BlockingThreads.shared.run { () throws(ExchangeError) in
        (items: try folder.items(), irregular: Set(try folder.irregularEntries()))
      }
      guard let found else { continue }
      handler.report(
        ofIrregularEntriesGone: irregular[watched.index, default: []].subtracting(found.irregular), from: folder.taken)
      handler.report(ofIrregularEntries: found.irregular, in: folder.taken)
      irregular[watched.index] = found.irregular
      var unfinished: [TakenFile] = []
      for item in found.items where !found.irregular.contains(Array(item.nameInTaken.utf8)) {
        heartbeat.beat()
        let known = try await exchange.journal.lastDelivery(from: item.journalPath)
        guard let known, known.state == .accepted || known.state == .refused || known.state == .givenUp else {
          if known?.state.awaitsReceipt != true { unfinished.append(item) }
          continue
        }
        freed.withLock { _ = $0.insert(known.wireName) }
        await close(known, item, in: folder)
      }
      live.offer(unfinished, of: watched.index)
    }
  }

  /// Returns the file of a delivery, and the folders that may hold it; `nil` for a delivery from no watched folder
  /// here.
  private func place(of delivery: Delivery) -> (item: TakenFile, folders: [OpenedWatchedFolder])? {
    let folders = folders.filter { $0.route == delivery.route }
    guard !folders.isEmpty, let item = TakenFile(journalPath: delivery.localPath) else { return nil }
    return (item, folders)
  }

  /// Reports refused deliveries without a file in a folder here, also if another process recorded them, or if a look
  /// lost its connection before it could report them.
  ///
  /// - Returns: the number of the last entry read.
  private func reportRefused(after entry: Int64) async throws(ExchangeError) -> Int64 {
    let (refused, last) = try await exchange.journal.deliveriesRefused(of: account.name, after: entry)
    for delivery in refused where place(of: delivery) == nil { handler.report(ofRefused: delivery) }
    return last
  }

  /// Reports deliveries that an ended `filsluse send`, for example, began and did not finish.
  private func reportAbandoned() async throws(ExchangeError) {
    let limit = Timestamp.now.earlier(by: exchange.patience.abandoned)
    for delivery in try await exchange.journal.deliveriesBegun(of: account.name, before: limit) {
      // A process working on it holds its claim, and may have finished since this look.
      guard try !exchange.journal.isClaimed(.delivery(delivery.id)),
        try await exchange.journal.delivery(delivery.id) == delivery
      else { continue }
      handler.report(ofAbandoned: delivery)
    }
  }

  private func noteOverdue() async throws(ExchangeError) {
    let limit = Timestamp.now.earlier(by: account.receiptWithin)
    for delivery in try await exchange.journal.deliveriesWaiting(of: account.name, since: limit) {
      let outcome = try await exchange.journal.transition(
        delivery, .receiptOverdue, detail: "no receipt within \(DurationText.format(account.receiptWithin))")
      // Its receipt may have come just now.
      guard case .done = outcome else { continue }
      handler.reporter.logger.warning(
        "D\(delivery.id) \(Masked.name(delivery.wireName.string)) has no receipt yet; it may still come")
    }
  }
}
