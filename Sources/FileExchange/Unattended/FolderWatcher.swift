internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Looks into one watched folder now and then, and takes what is whole.
struct FolderWatcher: Sendable {
  let folder: OutgoingFolder
  let index: Int
  private var settled: SettledFiles
  private var marks = OutgoingItem.Marks()
  private(set) var nextLook = ContinuousClock.now
  /// Taken, and not seen on the disk yet.
  private var taken: [OutgoingItem] = []
  private var hasTakenOver = false
  /// When each name for unfinished files was first seen, to tell of those that stay so.
  private var temporary = LongWaits()
  /// The same of files that have a second name.
  private var linked = LongWaits()

  init(_ folder: OutgoingFolder, index: Int) {
    self.folder = folder
    self.index = index
    settled = SettledFiles(period: folder.rules.settledFor)
  }

  /// Takes what is whole, at most `limit` files, and puts aside what can never be sent. The first time it also brings
  /// what an earlier process took.
  mutating func look(
    desk: OutgoingDesk, limit: Int, every interval: Duration
  ) async throws(ExchangeError) -> [OutgoingQueue.Work] {
    let (folder, suffixes, now) = (folder, desk.account.suffixes, ContinuousClock.now)
    nextLook = now + interval
    // Its rights may have been changed since it was opened.
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.folder.requireStickyIfPublic() }
    try await takeOver(telling: desk)
    let before = (settled, marks)
    let found = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      var (settled, marks) = before
      let look = try folder.look(settled: &settled, suffixes: suffixes, limit: limit, at: now)
      let taken = folder.take(look.whole, marks: &marks)
      return (look: look, taken: taken, settled: settled, marks: marks)
    }
    settled = found.settled
    marks = found.marks
    take(in: found.taken, telling: desk)
    if found.look.whole.count >= limit { nextLook = now }
    tell(of: found.look, desk: desk, at: now)
    for (name, reason) in found.look.unusable { await setAside(name, because: reason, desk: desk) }
    return try await takenForSure()
  }

  private mutating func takeOver(telling desk: OutgoingDesk) async throws(ExchangeError) {
    if hasTakenOver { return }
    let folder = folder
    let left = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.itemsLeft() }
    if let last = left.items.last { marks.resume(after: last.mark) }
    take(in: left, telling: desk)
    hasTakenOver = true
  }

  private mutating func take(in taking: OutgoingFolder.Taking, telling desk: OutgoingDesk) {
    taken += taking.items
    desk.tell(ofStrangers: taking.strange, in: folder)
    for (name, error) in taking.failures {
      desk.bulletin.once(.error, "\(desk.account.name): \(error)")
      // It is looked at anew, and leaves the others their turn meanwhile.
      settled.forget(Array(name.utf8))
    }
  }

  /// What was taken, once that is on the disk; until then it waits here for the next look.
  private mutating func takenForSure() async throws(ExchangeError) -> [OutgoingQueue.Work] {
    if taken.isEmpty { return [] }
    let folder = folder
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.synchronize() }
    defer { taken = [] }
    return taken.map { OutgoingQueue.Work(folder: index, item: $0) }
  }

  private mutating func setAside(_ name: [UInt8], because reason: String, desk: OutgoingDesk) async {
    let (folder, mark) = (folder, marks.next(at: .now))
    await desk.bulletin.reporting(desk.account) { () async throws(ExchangeError) in
      try await BlockingThreads.shared.run { () throws(ExchangeError) in
        try folder.setAside(name, mark: mark, reason: reason)
      }
      desk.bulletin.count { $0.setAside += 1 }
      let place = folder.folder.path.appending("set-aside").appending(mark)
      desk.bulletin.attention(
        .setAside, account: desk.account.name, at: place.appending(String(decoding: name, as: UTF8.self)),
        "\(String(decoding: name, as: UTF8.self)) is set aside in \(folder.rules.path)/set-aside/\(mark): \(reason)")
    }
  }

  private mutating func tell(of look: OutgoingLook, desk: OutgoingDesk, at now: ContinuousClock.Instant) {
    let bulletin = desk.bulletin
    let patience = desk.exchange.patience.unfinished
    for name in look.strange {
      let shown = Masked.name(String(decoding: name, as: UTF8.self))
      bulletin.once(.warning, "\(folder.rules.path)/\(shown) is no plain file; it is left where it lies")
    }
    // A file that is still called so after this time was perhaps forgotten by the program that wrote it.
    for name in temporary.note(look.temporary, at: now, longerThan: patience) {
      let shown = Masked.name(String(decoding: name, as: UTF8.self))
      bulletin.once(
        .warning,
        "\(folder.rules.path)/\(shown) has had a name for unfinished files for \(DurationText.format(patience)); it is not sent"
      )
    }
    for name in linked.note(look.linked, at: now, longerThan: patience) {
      desk.tell(ofSecondName: "\(folder.rules.path)/\(String(decoding: name, as: UTF8.self))")
    }
  }
}

/// Names that are seen with every look, and since when. A pure value.
struct LongWaits: Sendable {
  private var since: [[UInt8]: ContinuousClock.Instant] = [:]
  private static let mostRemembered = 1000

  /// Notes what one look saw. Returns the names that have been seen for longer than the patience.
  mutating func note(
    _ names: [[UInt8]], at now: ContinuousClock.Instant, longerThan patience: Duration
  ) -> [[UInt8]] {
    let seen = Set(names.prefix(Self.mostRemembered))
    since = since.filter { seen.contains($0.key) }
    for name in seen where since[name] == nil { since[name] = now }
    return seen.filter { now - since[$0, default: now] > patience }
  }
}

extension Bulletin {
  /// Runs `body` and tells what it throws, once.
  func reporting(_ account: Account? = nil, _ body: () async throws(ExchangeError) -> Void) async {
    do throws(ExchangeError) {
      try await body()
    } catch {
      note(error)
      once(.error, (account.map { "\($0.name): " } ?? "") + "\(error)")
    }
  }
}
