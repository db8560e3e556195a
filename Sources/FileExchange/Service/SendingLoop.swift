internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Delivers the files of one account's watched folders, several at a time, until it is asked to stop.
struct SendingLoop: Sendable {
  let live: LiveAccount
  let stop: GracefulStop
  let heartbeat: Heartbeat
  /// Names released by finished deliveries, so that files waiting for them can go on.
  let freed: Locked<Set<WireName>>

  private var handler: TakenFileHandler { live.handler }
  private var patience: Exchange.Patience { live.exchange.patience }
  /// The number of files sent at a time over the account's connection.
  private static let mostActive = 64
  /// The number of files taken from a folder ahead of being sent. The others stay in the folder.
  private static let mostWaiting = 512

  /// The number of files known at a time, resting ones included: a server that refuses all of them fills no memory.
  private static let mostKnown = 20_000

  /// The pause after which a suspected file asks for its turn again.
  private static let pauseOfSuspects = Duration.milliseconds(500)
  /// The number of failures in a row of this machine's disk, or of lasting refusals by the server, after which a person
  /// is alerted about a file.
  private static let mostLastingFailures = 3

  private enum News: Sendable {
    case tick
    case outcome(TakenFileQueue.Work, TakenFileHandler.Outcome, wasAlone: Bool)
  }

  func run() async {
    var queue = TakenFileQueue()
    var watchers: [Int: WatchedFolderLoop] = [:]
    var version: Int?
    // At most one file that is suspected of being the cause of lost connections is sent at a time.
    var isSendingAlone = false
    await withTaskGroup(of: News.self) { group in
      group.addTask { await tick() }
      while true {
        if !stop.isRequested, !Task.isCancelled {
          let now = live.version
          if version != now, takeUpFolders(&watchers, &queue) { version = now }
          await look(&watchers, into: &queue)
          for work in await takeOffered(watchers) where queue.count < Self.mostKnown { queue.add(work) }
          for name in freed.withLock({
            let names = $0; $0 = []; return names
          }) { queue.wake(name.bytes, at: .now, wireName: wireName) }
          if live.takeWake() { queue.wakeAll(at: .now) }
          let width = live.exchange.suspects.width(at: live.account.name) ?? .max
          while queue.activeCount < min(Self.mostActive, width), let work = queue.next(at: .now) {
            let (folder, handler) = (live.allFolders[work.folder].folder, handler)
            let suspect = handler.suspect(work.item, in: folder)
            if let suspect, isSendingAlone || live.exchange.isPausing(suspect) {
              queue.rest(work, until: .now + Self.pauseOfSuspects)
              continue
            }
            let isAlone = suspect != nil
            isSendingAlone = isSendingAlone || isAlone
            group.addTask {
              .outcome(work, await handler.deliver(work.item, from: folder, isAlone: isAlone), wasAlone: isAlone)
            }
          }
        } else if queue.activeCount == 0 {
          break
        }
        guard let news = await group.next() else { break }
        heartbeat.beat()
        switch news {
        case .tick: group.addTask { await tick() }
        case .outcome(let work, let outcome, let wasAlone):
          if wasAlone {
            isSendingAlone = false
            wakeNextSuspect(in: &queue)
          }
          await settle(work, outcome, &queue)
        }
      }
      group.cancelAll()
    }
  }

  /// Returns the unfinished files that a review of the folders found, without those that this loop has moved since.
  private func takeOffered(_ watchers: [Int: WatchedFolderLoop]) async -> [TakenFileQueue.Work] {
    let offered = live.takeOffered().filter { watchers[$0.folder]?.isHolding($0.item) == false }
    if offered.isEmpty { return [] }
    let folders = live.allFolders
    return await BlockingThreads.shared.run {
      // A folder that cannot be read is reported by its watcher, and reviewed again.
      offered.filter { (try? folders[$0.folder].folder.taken.contains($0.item.nameInTaken)) ?? false }
    }
  }

  /// Ends the pause of the next suspected file.
  private func wakeNextSuspect(in queue: inout TakenFileQueue) {
    guard let next = live.exchange.firstDueSuspect(of: live.account) else { return }
    queue.wake(next.path.lastComponent, at: .now, wireName: wireName)
  }

  private func wireName(_ folder: Int, _ name: [UInt8]) -> [UInt8] {
    Array(live.allFolders[folder].folder.wireName(String(decoding: name, as: UTF8.self)).utf8)
  }

  private func tick() async -> News {
    try? await Task.sleep(for: patience.folderLook)
    return .tick
  }

  /// Begins with new folders, and leaves those no longer watched: their taken files that are not in progress stay in
  /// `.taken`. A folder with new rules begins when no file is in progress by the old ones.
  ///
  /// - Returns: true if all folders are begun or left.
  private func takeUpFolders(_ watchers: inout [Int: WatchedFolderLoop], _ queue: inout TakenFileQueue) -> Bool {
    let folders = live.allFolders
    var isDone = true
    for left in folders where !left.isWatched {
      watchers[left.index] = nil
      queue.leave(folder: left.index)
      if queue.isSending(from: left.index) { isDone = false }
    }
    for new in folders where new.isWatched && watchers[new.index] == nil {
      let isBusy = folders.contains { old in
        !old.isWatched && old.folder.rules.path == new.folder.rules.path && queue.isSending(from: old.index)
      }
      if isBusy { isDone = false } else { watchers[new.index] = WatchedFolderLoop(new.folder, index: new.index) }
    }
    return isDone
  }

  private func look(_ watchers: inout [Int: WatchedFolderLoop], into queue: inout TakenFileQueue) async {
    let now = ContinuousClock.now
    guard watchers.values.contains(where: { $0.nextLook <= now }) else { return }
    let handler = handler
    for index in watchers.keys.sorted() {
      let room = min(Self.mostWaiting - queue.waitingCount, Self.mostKnown - queue.count)
      guard room > 0, var watcher = watchers[index], watcher.nextLook <= now else { continue }
      for work in await watcher.look(handler: handler, limit: room, every: patience.folderLook) { queue.add(work) }
      watchers[index] = watcher
    }
  }

  private func settle(
    _ work: TakenFileQueue.Work, _ outcome: TakenFileHandler.Outcome, _ queue: inout TakenFileQueue
  ) async {
    switch outcome {
    case .sent, .closed:
      handler.report(ofWell: work.item, in: live.allFolders[work.folder].folder)
      queue.passed += 1
      queue.finish(work)
    case .gone:
      await handler.report(ofMissing: work.item, from: live.allFolders[work.folder].folder)
      queue.finish(work)
    case .failed(let error): await settle(work, failed: error, &queue)
    }
  }

  private func settle(_ failed: TakenFileQueue.Work, failed error: ExchangeError, _ queue: inout TakenFileQueue) async {
    var work = failed
    work.pauses += 1
    switch error.code {
    case .notPlain:
      let taken = live.allFolders[work.folder].folder.taken
      handler.report(ofIrregularEntries: [Array(work.item.nameInTaken.utf8)], in: taken)
      return queue.finish(work)
    case .secondName:
      let since = work.linkedSince ?? .now
      work.linkedSince = since
      if since + patience.unfinished < .now {
        handler.report(
          ofSecondName: Array(work.item.nameInTaken.utf8), in: live.allFolders[work.folder].folder.taken)
      }
      return queue.rest(work, until: .now + patience.retry.backoff.pause(after: work.pauses))
    default: work.linkedSince = nil
    }
    if error.category == .file, isItsOwn(error, work, passed: queue.passed) { work.failures += 1 }
    work.othersAtFailure = queue.passed
    if work.failures > 0, case .setAside = patience.retry.verdict(on: error, failures: work.failures) {
      await setAside(work, because: error, &queue)
      return
    }
    // While the account is stopped or this process ends, the file stays in `.taken`.
    let pause = patience.retry.backoff.pause(after: work.pauses)
    if error.code == .nameTaken {
      report(of: &work, waitingFor: error)
    } else if error.category != .account, error.code != .cancelled {
      handler.reporter.countRetries(of: .sending, for: handler.account.name)
      handler.reporter.note(error)
      handler.reporter.once(
        .warning, "\(handler.account.name): \(Masked.name(work.item.name)): \(error)", about: error,
        of: handler.account.name)
    }
    let isRefused = error.transfer?.code.isLastingRefusal ?? false
    let isOfMachine = error.code == .localFile || error.code == .diskFull
    let isLasting = work.pauses >= Self.mostLastingFailures && (isOfMachine || isRefused)
    if isLasting { handler.report(ofStuck: work.item, in: live.allFolders[work.folder].folder, because: error) }
    let isLong = error.category == .account || isLasting && isRefused
    queue.rest(work, until: .now + (isLong ? patience.retry.backoff.longest : pause))
  }

  /// Logs at once which delivery a file waits for; a person is alerted when that takes longer than a receipt may.
  private func report(of work: inout TakenFileQueue.Work, waitingFor error: ExchangeError) {
    let since = work.waitsSince ?? .now
    work.waitsSince = since
    let name = Masked.name(work.item.name)
    handler.reporter.once(
      .warning, "\(handler.account.name): \(name) waits: \(error)", about: error, of: handler.account.name)
    guard ContinuousClock.now - since >= handler.account.receiptWithin else { return }
    handler.reporter.attention(
      .nameTaken, account: handler.account.name, at: live.allFolders[work.folder].folder.path(of: work.item),
      LocalizedText(
        "\(name) by \(live.allFolders[work.folder].folder.route) has waited for its name in OUT: \(error)",
        "\(name) ad ruten \(live.allFolders[work.folder].folder.route) venter på sit navn i OUT. \(error.inDanish)"))
  }

  /// Returns true if a failure is the file's own: the server refuses it and accepts others. A server that refuses all
  /// files, for example because of a full disk, causes no file to be set aside, however long it does.
  private func isItsOwn(_ error: ExchangeError, _ work: TakenFileQueue.Work, passed: Int) -> Bool {
    guard error.code == .transfer else { return true }
    return work.othersAtFailure.map { passed > $0 } ?? false
  }

  /// Sets a file aside. A delivery already begun is given up first, so that no file of it is left in OUT and its name
  /// is free. If its trigger turns out to be out, it only waits for its receipt.
  private func setAside(_ work: TakenFileQueue.Work, because error: ExchangeError, _ queue: inout TakenFileQueue) async
  {
    let handler = handler
    let folder = live.allFolders[work.folder].folder
    do throws(ExchangeError) {
      let known = try await handler.exchange.journal.lastDelivery(from: work.item.journalPath)
      if let known, !known.state.isFinished {
        _ = try await handler.exchange.cancel(known.id)
      }
      do throws(ExchangeError) {
        try await handler.setAside(
          work.item, in: folder, delivery: known?.id, because: LocalizedText(error.description, error.clauseInDanish),
          error)
      } catch {
        handler.report(ofStuck: work.item, in: folder, because: error)
        let pause = patience.retry.backoff.pause(after: work.pauses)
        return queue.rest(work, until: .now + pause)
      }
      handler.report(ofWell: work.item, in: folder)
      queue.finish(work)
    } catch {
      if error.code == .committed { return queue.rest(work, until: .now) }
      handler.reporter.once(
        .error, "\(handler.account.name): \(Masked.name(work.item.name)) cannot be set aside: \(error)",
        about: error, of: handler.account.name)
      queue.rest(work, until: .now + patience.retry.backoff.longest)
    }
  }
}
