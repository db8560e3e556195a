/// The fair queue of waiting taken files of one account. A pure value.
///
/// Files of one name go one after the other, in the order of their arrival in the folder. A failed file rests and
/// delays only those of its own name.
struct TakenFileQueue: Sendable {
  /// A taken file in progress.
  struct Work: Sendable, Hashable {
    /// The folder it is from, by its place in the list of folders.
    let folder: Int
    let item: TakenFile
    /// The number of failures for a reason of its own.
    var failures = 0
    /// The number of all failures.
    var pauses = 0
    /// The time since which it has waited for a delivery that holds its name in OUT.
    var waitsSince: ContinuousClock.Instant?
    /// The number of the account's files that had got through when it failed last.
    var othersAtFailure: Int?
    /// The time since which it has waited for its second name to be removed.
    var linkedSince: ContinuousClock.Instant?

    fileprivate var key: NameKey { NameKey(folder: folder, name: Array(item.name.utf8)) }
  }

  /// A name in a folder, whose files go one after the other.
  fileprivate struct NameKey: Hashable, Sendable {
    let folder: Int
    let name: [UInt8]
  }

  private struct Resting: Sendable {
    var work: Work
    var until: ContinuousClock.Instant
  }

  private var waiting: [Work] = []
  private var start = 0
  private var resting: [NameKey: Resting] = [:]
  private var behind: [NameKey: [Work]] = [:]
  private var active: Set<NameKey> = []
  /// No resting one is due before this moment.
  private var due: ContinuousClock.Instant?

  /// The number of files that got through.
  var passed = 0
  /// The number of files being sent now.
  var activeCount: Int { active.count }
  /// The number of files that could be sent at once.
  var waitingCount: Int { waiting.count - start }
  /// The number of all known files.
  private(set) var count = 0
  private var known: Set<Known> = []

  private struct Known: Hashable, Sendable {
    let folder: Int
    let item: TakenFile

    init(_ work: Work) { (folder, item) = (work.folder, work.item) }
  }

  /// Adds a file; a known one is not added again.
  mutating func add(_ work: Work) {
    guard known.insert(Known(work)).inserted else { return }
    count += 1
    if active.contains(work.key) || resting[work.key] != nil || behind[work.key] != nil {
      behind[work.key, default: []].append(work)
    } else {
      // The name is held from now on, so that its next file comes after this one.
      behind[work.key] = []
      waiting.append(work)
    }
  }

  /// Removes the next file to be sent from the queue and marks it as active.
  mutating func next(at now: ContinuousClock.Instant) -> Work? {
    if let due, due <= now {
      if let (key, rested) = resting.first(where: { $0.value.until <= now }) {
        resting[key] = nil
        active.insert(key)
        return rested.work
      }
      self.due = resting.values.map(\.until).min()
    }
    guard start < waiting.count else { return nil }
    let work = waiting[start]
    start += 1
    if start > 256, start * 2 > waiting.count {
      waiting.removeFirst(start)
      start = 0
    }
    active.insert(work.key)
    return work
  }

  /// Ends an active file's work for good.
  mutating func finish(_ work: Work) {
    count -= 1
    known.remove(Known(work))
    active.remove(work.key)
    guard var followers = behind[work.key] else { return }
    if followers.isEmpty {
      behind[work.key] = nil
    } else {
      waiting.append(followers.removeFirst())
      behind[work.key] = followers
    }
  }

  /// Puts an active file aside for a while.
  mutating func rest(_ work: Work, until: ContinuousClock.Instant) {
    active.remove(work.key)
    resting[work.key] = Resting(work: work, until: until)
    due = min(due ?? until, until)
  }

  /// Ends the pauses of files under a name on the wire: the delivery that held the name is done.
  ///
  /// - Parameter wireName: returns the name in OUT of a file with a name in a folder.
  mutating func wake(
    _ name: [UInt8], at now: ContinuousClock.Instant, wireName: (_ folder: Int, _ name: [UInt8]) -> [UInt8] = { $1 }
  ) {
    for key in resting.keys where wireName(key.folder, key.name) == name {
      resting[key]?.until = now
      due = now
    }
  }

  /// Ends all pauses.
  mutating func wakeAll(at now: ContinuousClock.Instant) {
    guard !resting.isEmpty else { return }
    for key in resting.keys { resting[key]?.until = now }
    due = now
  }

  /// Removes a folder's files from the queue, except those being sent.
  mutating func leave(folder: Int) {
    defer {
      known = known.filter { known in
        known.folder != folder || active.contains(NameKey(folder: folder, name: Array(known.item.name.utf8)))
      }
    }
    for key in resting.keys where key.folder == folder {
      resting[key] = nil
      count -= 1
    }
    for (key, followers) in behind where key.folder == folder {
      count -= followers.count
      behind[key] = active.contains(key) ? [] : nil
    }
    guard waiting[start...].contains(where: { $0.folder == folder }) else { return }
    let kept = waiting[start...].filter { $0.folder != folder }
    count -= waitingCount - kept.count
    waiting = Array(kept)
    start = 0
  }

  /// Returns true if a file of a folder is being sent.
  func isSending(from folder: Int) -> Bool { active.contains { $0.folder == folder } }
}
