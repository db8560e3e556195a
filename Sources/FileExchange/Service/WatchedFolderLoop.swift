internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Looks into one watched folder periodically, and takes complete files. A folder that is gone, replaced by another one
/// or unusable is reported, and looked for again.
struct WatchedFolderLoop: Sendable {
  let folder: OpenedWatchedFolder
  let index: Int
  private var settled: SettledFiles
  private var marks = TakenFile.Marks()
  private(set) var nextLook = ContinuousClock.now
  /// The time at which the folder was found replaced. The problem stays open for some looks, so that the alert program,
  /// which runs beside them, sees it.
  private var changedAt: ContinuousClock.Instant?
  private static let looksAfterChange = 20
  /// Files that were taken but whose new names are not synced to the disk yet.
  private var taken: [TakenFile] = []
  private var hasTakenOver = false
  /// The times of first seeing each name for unfinished files, to report those that stay.
  private var temporary = LongWaits()
  private var reportedUnfinished: Set<[UInt8]> = []
  /// The times of first seeing each file with a second name.
  private var linked = LongWaits()
  /// The times of first seeing each entry that is not a plain file.
  private var irregularWaits = LongWaits()
  private var reportedIrregular: Set<[UInt8]> = []
  /// The number of a folder that all machines reach.
  private var sharedNumber: String?
  /// The time at which this machine last took the turn for such a folder.
  private var turnTakenAt: ContinuousClock.Instant?
  /// Files that could neither be taken nor set aside.
  private var refused = RefusedFiles()

  init(_ folder: OpenedWatchedFolder, index: Int) {
    self.folder = folder
    self.index = index
    settled = SettledFiles(period: folder.rules.settledFor)
  }

  /// Takes complete files, at most `limit`, and sets aside files that can never be sent. The first time, and after the
  /// folder was replaced, it also returns files taken by an earlier process.
  mutating func look(
    handler: TakenFileHandler, limit: Int, every interval: Duration
  ) async -> [TakenFileQueue.Work] {
    let (folder, suffixes, now) = (folder, handler.account.suffixes, ContinuousClock.now)
    nextLook = now + interval
    guard await isInPlace(handler: handler), await hasTurn(handler: handler) else { return [] }
    do throws(ExchangeError) {
      try await takeOver(reportingTo: handler)
      let (before, refused) = ((settled, marks), refused)
      let found = try await BlockingThreads.shared.run { () throws(ExchangeError) in
        var (settled, marks) = before
        let look = try folder.look(
          settled: &settled, refused: refused, suffixes: suffixes, limit: limit, at: now)
        return (look: look, taken: folder.take(look.whole, marks: &marks), settled: settled, marks: marks)
      }
      settled = found.settled
      marks = found.marks
      if found.look.isComplete {
        for name in refused.names(except: found.look.refused) { isOver(name, handler: handler) }
      }
      take(in: found.taken, reportingTo: handler)
      if !found.look.isComplete { nextLook = now }
      for (name, reason) in found.look.unusable { await setAside(name, because: reason, handler: handler) }
      report(of: found.look, handler: handler, at: now)
      return try await takenForSure()
    } catch {
      report(handler, because: error)
      return []
    }
  }

  /// Returns true if the folder can be used. A replaced folder is opened again.
  private mutating func isInPlace(handler: TakenFileHandler) async -> Bool {
    let folder = folder
    do throws(ExchangeError) {
      let change = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.renew() }
      if let change {
        // Taken files that are gone are reported, and files in the new folder for taken files are taken over.
        (hasTakenOver, settled, changedAt) = (false, SettledFiles(period: folder.rules.settledFor), .now)
        handler.reporter.attention(
          .folderGone, account: handler.account.name, of: folder.rules.path.string,
          LocalizedText(
            "\(change); it is opened again. Files that were taken and went with the old one are not sent until they are put back",
            "Mappen \(folder.rules.path) er skiftet ud med en anden og er åbnet igen. Filer, der var taget og fulgte med den gamle, sendes ikke, før de er lagt tilbage."
          ))
      }
      let exchange = handler.exchange
      sharedNumber = try await folder.requireReach(of: exchange.settings.journalServer, exchange.journal)
      if let changedAt, .now - changedAt < handler.exchange.patience.folderLook * Self.looksAfterChange { return true }
      changedAt = nil
      handler.reporter.isOver(
        .folderGone, account: handler.account.name, of: folder.rules.path.string,
        LocalizedText("\(folder.rules.path) is watched", "Mappen \(folder.rules.path) er i brug igen."))
      return true
    } catch {
      report(handler, because: error)
      return false
    }
  }

  /// The duration of a turn, and the interval of its renewal.
  private static let turn = (countsFor: Duration.seconds(30), isTakenAgainAfter: Duration.seconds(10))

  /// Returns true if this machine is to take files: of the machines that reach a folder, one at a time does. What
  /// another one has taken is brought in when that one has the turn no more.
  private mutating func hasTurn(handler: TakenFileHandler) async -> Bool {
    guard let sharedNumber else {
      folder.isOthers.withLock { $0 = false }
      return true
    }
    if let turnTakenAt, .now - turnTakenAt < Self.turn.isTakenAgainAfter { return true }
    let asked = ContinuousClock.now
    var isOurs = false
    do throws(ExchangeError) {
      isOurs = try await handler.exchange.journal.takeTurn(.folder(sharedNumber), for: Self.turn.countsFor)
    } catch {
      handler.reporter.note(error)
      handler.reporter.once(
        .error, "\(handler.account.name): \(error)", about: error, of: handler.account.name)
    }
    let isOthers = !isOurs
    folder.isOthers.withLock { $0 = isOthers }
    turnTakenAt = isOurs ? asked : nil
    if !isOurs { (hasTakenOver, settled) = (false, SettledFiles(period: folder.rules.settledFor)) }
    return isOurs
  }

  private func report(_ handler: TakenFileHandler, because error: ExchangeError) {
    handler.reporter.attention(
      .folderGone, account: handler.account.name, of: folder.rules.path.string,
      LocalizedText(
        "nothing is taken from \(folder.rules.path): \(error)",
        "Der tages ingen filer fra \(folder.rules.path). \(error.inDanish)"))
  }

  private mutating func takeOver(reportingTo handler: TakenFileHandler) async throws(ExchangeError) {
    if hasTakenOver { return }
    let folder = folder
    let left = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.itemsLeft() }
    if let last = left.items.last { marks.resume(after: last.mark) }
    take(in: left, reportingTo: handler)
    hasTakenOver = true
  }

  private mutating func take(in taking: OpenedWatchedFolder.Taking, reportingTo handler: TakenFileHandler) {
    taken += taking.items
    for item in taking.items { isOver(Array(item.name.utf8), handler: handler) }
    handler.report(ofIrregularEntries: taking.irregular, in: folder.taken)
    for (name, error) in taking.failures {
      fail(
        Array(name.utf8), mark: "", LocalizedText("it cannot be taken", "den kan ikke tages"), because: error,
        handler: handler)
      // It is checked again later, and the others go first.
      settled.forget(Array(name.utf8))
    }
  }

  /// Returns the taken files, once they are on the disk; until then they wait here for the next look.
  private mutating func takenForSure() async throws(ExchangeError) -> [TakenFileQueue.Work] {
    if taken.isEmpty { return [] }
    let folder = folder
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.synchronize() }
    defer { taken = [] }
    return taken.map { TakenFileQueue.Work(folder: index, item: $0) }
  }

  /// Returns true if a taken file waits here until it is on the disk.
  func isHolding(_ item: TakenFile) -> Bool { taken.contains(item) }

  private mutating func setAside(_ name: [UInt8], because reason: LocalizedText, handler: TakenFileHandler) async {
    let (folder, mark) = (folder, refused.mark(of: name) ?? marks.next(at: .now))
    do throws(ExchangeError) {
      guard
        try await handler.isPutAway({ () throws(ExchangeError) in
          try folder.setAside(name, mark: mark, reason: reason)
        })
      else { return }
      isOver(name, handler: handler)
      handler.reporter.count(for: handler.account.name) { $0.setAside += 1 }
      let subfolder = folder.folder.path.appending("set-aside").appending(mark)
      handler.reporter.attention(
        .setAside, account: handler.account.name,
        // A name that is no text leads to no file.
        at: String(validating: name, as: UTF8.self).map { subfolder.appending($0) } ?? subfolder,
        .setAside(String(decoding: name, as: UTF8.self), in: "\(folder.rules.path)/set-aside/\(mark)", because: reason))
    } catch {
      let both = LocalizedText(
        "\(reason.en), and it cannot be set aside", "\(reason.da), og den kan ikke lægges til side")
      fail(name, mark: mark, both, because: error, handler: handler)
    }
  }

  // MARK: Files that fail

  private mutating func fail(
    _ name: [UInt8], mark: String, _ fault: LocalizedText, because error: ExchangeError, handler: TakenFileHandler
  ) {
    refused.fail(name, mark: mark, at: .now, handler.exchange.patience.retry)
    let path = folder.folder.shownPath(of: name)
    handler.reporter.attention(
      .fileRefused, account: handler.account.name, of: path, at: folder.folder.place(of: name),
      LocalizedText(
        "\(path): \(fault.en): \(error); it is tried again",
        "\(path): \(fault.da). \(error.inDanish) Der prøves igen."))
  }

  private mutating func isOver(_ name: [UInt8], handler: TakenFileHandler) {
    guard refused.remove(name) else { return }
    let path = folder.folder.shownPath(of: name)
    handler.reporter.isOver(
      .fileRefused, account: handler.account.name, of: path,
      LocalizedText("\(path) lies there no more", "\(path) ligger der ikke længere."))
  }

  private mutating func report(of look: WatchedFolderScan, handler: TakenFileHandler, at now: ContinuousClock.Instant) {
    let patience = handler.exchange.patience.unfinished
    // A look that had enough before its end says nothing of the rest.
    guard look.isComplete else { return }
    // A folder in preparation may be gone in a moment.
    let irregular = Set(irregularWaits.note(look.irregular, at: now, longerThan: folder.rules.settledFor))
    handler.report(ofIrregularEntriesGone: reportedIrregular.subtracting(irregular), from: folder.folder)
    handler.report(ofIrregularEntries: irregular, in: folder.folder)
    reportedIrregular = irregular
    // A file that is still called so after this time was perhaps forgotten by the program that wrote it.
    let unfinished = Set(temporary.note(look.temporary, at: now, longerThan: patience))
    handler.report(ofUnfinishedGone: reportedUnfinished.subtracting(unfinished), from: folder.folder)
    handler.report(ofUnfinished: unfinished, in: folder, for: patience)
    reportedUnfinished = unfinished
    for name in linked.note(look.linked, at: now, longerThan: patience) {
      handler.report(ofSecondName: name, in: folder.folder)
    }
  }
}

/// Names that are seen with every look, and since when: a thousand of them, each until it is gone. A pure value.
struct LongWaits: Sendable {
  private var since: [[UInt8]: ContinuousClock.Instant] = [:]
  private static let mostRemembered = 1000

  /// Records the names of one look; returns those seen for longer than `patience`.
  mutating func note(
    _ names: [[UInt8]], at now: ContinuousClock.Instant, longerThan patience: Duration
  ) -> [[UInt8]] {
    let seen = Set(names)
    since = since.filter { seen.contains($0.key) }
    for name in names where since[name] == nil && since.count < Self.mostRemembered { since[name] = now }
    return since.filter { now - $0.value > patience }.map(\.key)
  }
}

extension RunReporter {
  /// Runs `body` and reports the error that it throws, once.
  func reporting(_ account: Account? = nil, _ body: () async throws(ExchangeError) -> Void) async {
    do throws(ExchangeError) {
      try await body()
    } catch {
      note(error)
      once(.error, (account.map { "\($0.name): " } ?? "") + "\(error)")
    }
  }
}
