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
  private var temporary: [[UInt8]: ContinuousClock.Instant] = [:]
  /// A file that is still called so after this time was perhaps forgotten by the program that wrote it.
  private static let patienceWithTemporary = Duration.seconds(3600)
  private static let mostTemporary = 1000

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
    tell(of: found.look, to: desk.bulletin, at: now)
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
      desk.bulletin.attention(
        .setAside, account: desk.account.name,
        "\(String(decoding: name, as: UTF8.self)) is set aside in \(folder.rules.path)/set-aside/\(mark): \(reason)")
    }
  }

  private mutating func tell(of look: OutgoingLook, to bulletin: Bulletin, at now: ContinuousClock.Instant) {
    for name in look.strange {
      let shown = Masked.name(String(decoding: name, as: UTF8.self))
      bulletin.once(.warning, "\(folder.rules.path)/\(shown) is no plain file; it is left where it lies")
    }
    let seen = Set(look.temporary.prefix(Self.mostTemporary))
    temporary = temporary.filter { seen.contains($0.key) }
    for name in seen {
      let since = temporary[name, default: now]
      temporary[name] = since
      if now - since > Self.patienceWithTemporary {
        let shown = Masked.name(String(decoding: name, as: UTF8.self))
        bulletin.once(
          .warning, "\(folder.rules.path)/\(shown) has had a name for unfinished files for an hour; it is not sent")
      }
    }
  }
}

extension Bulletin {
  /// Runs `body` and tells what it throws, once.
  func reporting(_ account: Account? = nil, _ body: () async throws(ExchangeError) -> Void) async {
    do throws(ExchangeError) {
      try await body()
    } catch {
      once(.error, (account.map { "\($0.name): " } ?? "") + "\(error)")
    }
  }
}
