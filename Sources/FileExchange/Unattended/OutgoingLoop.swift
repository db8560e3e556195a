internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging
internal import SystemPackage

/// Delivers what appears in the watched folders of one account, many files at a time, until it is asked to stop.
struct OutgoingLoop: Sendable {
  let desk: OutgoingDesk
  let folders: [OutgoingFolder]
  let stop: GracefulStop
  let pulse: Pulse
  /// Names whose holder is done, so that what rests under them can go on.
  let freed: Locked<Set<[UInt8]>>

  private var patience: Exchange.Patience { desk.exchange.patience }
  /// How many files are sent at a time over the account's connection.
  private static let mostActive = 64
  /// How many are taken from a folder ahead of being sent. The others lie where they were put.
  private static let mostWaiting = 512

  /// How many are known at a time, those that rest included: a server that refuses all fills no memory.
  private static let mostKnown = 20_000

  private enum News: Sendable {
    case tick
    case outcome(OutgoingQueue.Work, OutgoingDesk.Outcome)
  }

  func run() async {
    var queue = OutgoingQueue()
    var watchers = folders.indices.map { FolderWatcher(folders[$0], index: $0) }
    await withTaskGroup(of: News.self) { group in
      group.addTask { await tick() }
      while true {
        if !stop.isRequested, !Task.isCancelled {
          await look(&watchers, into: &queue)
          for name in freed.withLock({
            let names = $0; $0 = []; return names
          }) { queue.wake(name, at: .now, wireName: wireName) }
          while queue.activeCount < Self.mostActive, let work = queue.next(at: .now) {
            group.addTask { .outcome(work, await desk.deliver(work.item, from: folders[work.folder])) }
          }
        } else if queue.activeCount == 0 {
          break
        }
        guard let news = await group.next() else { break }
        pulse.beat()
        switch news {
        case .tick: group.addTask { await tick() }
        case .outcome(let work, let outcome): await settle(work, outcome, &queue)
        }
      }
      group.cancelAll()
    }
  }

  private func wireName(_ folder: Int, _ name: [UInt8]) -> [UInt8] {
    Array(folders[folder].wireName(String(decoding: name, as: UTF8.self)).utf8)
  }

  private func tick() async -> News {
    try? await Task.sleep(for: patience.folderLook)
    return .tick
  }

  private func look(_ watchers: inout [FolderWatcher], into queue: inout OutgoingQueue) async {
    for index in watchers.indices {
      let room = min(Self.mostWaiting - queue.waitingCount, Self.mostKnown - queue.count)
      guard room > 0, watchers[index].nextLook <= .now else { continue }
      await desk.bulletin.reporting(desk.account) { () async throws(ExchangeError) in
        for work in try await watchers[index].look(desk: desk, limit: room, every: patience.folderLook) {
          queue.add(work)
        }
      }
    }
  }

  private func settle(
    _ work: OutgoingQueue.Work, _ outcome: OutgoingDesk.Outcome, _ queue: inout OutgoingQueue
  ) async {
    switch outcome {
    case .sent, .closed:
      queue.passed += 1
      queue.finish(work)
    case .gone:
      desk.bulletin.logger.warning("\(Masked.name(work.item.name)) is gone from the folder for taken files")
      queue.finish(work)
    case .failed(let error): await settle(work, failed: error, &queue)
    }
  }

  private func settle(_ failed: OutgoingQueue.Work, failed error: ExchangeError, _ queue: inout OutgoingQueue) async {
    var work = failed
    work.pauses += 1
    switch error.code {
    case .notPlain:
      desk.tell(ofStrangers: [Array(work.item.cornerName.utf8)], in: folders[work.folder])
      return queue.finish(work)
    case .secondName:
      let since = work.linkedSince ?? .now
      work.linkedSince = since
      if since + patience.unfinished < .now {
        desk.tell(ofSecondName: folders[work.folder].path(of: work.item).string)
      }
      return queue.rest(work, until: .now + patience.retry.pause(after: work.pauses, lot: .random(in: 0..<1)))
    default: work.linkedSince = nil
    }
    if error.kind == .file, isItsOwn(error, work, passed: queue.passed) { work.failures += 1 }
    work.othersAtFailure = queue.passed
    if work.failures > 0, case .setAside = patience.retry.verdict(on: error, failures: work.failures, lot: 1) {
      await setAside(work, because: error, &queue)
      return
    }
    // While the account is stopped or this process ends, the file stays in its corner.
    let pause = patience.retry.pause(after: work.pauses, lot: .random(in: 0..<1))
    if error.code == .nameTaken {
      tell(of: &work, waitingFor: error)
    } else if error.kind != .account, error.code != .cancelled {
      desk.bulletin.once(.warning, "\(desk.account.name): \(Masked.name(work.item.name)): \(error)")
    }
    queue.rest(work, until: .now + (error.kind == .account ? patience.retry.longestPause : pause))
  }

  /// Says at once which delivery a file waits for; a person is told when that takes longer than a receipt may.
  private func tell(of work: inout OutgoingQueue.Work, waitingFor error: ExchangeError) {
    let since = work.waitsSince ?? .now
    work.waitsSince = since
    let name = Masked.name(work.item.name)
    desk.bulletin.once(.warning, "\(desk.account.name): \(name) waits: \(error)")
    guard ContinuousClock.now - since >= desk.account.receiptWithin else { return }
    desk.bulletin.attention(
      .nameTaken, account: desk.account.name,
      "\(name) by \(folders[work.folder].route) has waited for its name in OUT: \(error)")
  }

  /// Whether a failure is the file's own, and no trouble that all of them have. A server that refuses one file and
  /// takes others says so of the file; one that refuses all, a full disk there say, sets nothing aside however long it
  /// does.
  private func isItsOwn(_ error: ExchangeError, _ work: OutgoingQueue.Work, passed: Int) -> Bool {
    guard error.code == .transfer else { return true }
    return work.othersAtFailure.map { passed > $0 } ?? false
  }

  /// A delivery that was begun is given up first, so that nothing of it is left in OUT and its name is free. One whose
  /// trigger turns out to be out only waits for its receipt.
  private func setAside(_ work: OutgoingQueue.Work, because error: ExchangeError, _ queue: inout OutgoingQueue) async {
    let folder = folders[work.folder]
    do throws(ExchangeError) {
      let known = try await desk.exchange.journal.lastDelivery(from: work.item.journalPath)
      if let known, !known.state.isFinished {
        _ = try await desk.exchange.cancel(known.id)
      }
      try await desk.setAside(work.item, in: folder, delivery: known?.id, because: error.description)
      queue.finish(work)
    } catch {
      if error.code == .committed { return queue.rest(work, until: .now) }
      desk.bulletin.once(.error, "\(desk.account.name): \(Masked.name(work.item.name)) cannot be set aside: \(error)")
      queue.rest(work, until: .now + patience.retry.longestPause)
    }
  }
}
