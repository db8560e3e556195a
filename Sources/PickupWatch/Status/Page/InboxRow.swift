/// An inbox with its urgency.
struct InboxRow {
  let inbox: InboxStatus
  /// True if nothing is known of it now: the last look failed, or was too long ago.
  let isBlind: Bool
  /// The file that is nearest to its limit, or past it; else the one that has waited longest.
  let oldest: (infRef: String?, file: OldestFile)?
  /// 0 where there is nothing to see.
  let concern: Double

  init(_ inbox: InboxStatus, status: WatchStatus) {
    self.inbox = inbox
    let isStale = inbox.isStale(at: status.taken, lookEverySeconds: status.lookEverySeconds)
    isBlind = isStale || inbox.failure != nil
    let files = inbox.waiting.compactMap { waiting in waiting.oldest.map { (infRef: waiting.infRef, file: $0) } }
    oldest = files.max { Self.share($0.file) < Self.share($1.file) }
    let waits = inbox.waiting.contains { $0.files > 0 } ? 0.001 : 0
    concern = (inbox.failure != nil ? 2000 : isStale ? 1000 : 0) + waits + (oldest.map { Self.share($0.file) } ?? 0)
  }

  /// True if the oldest file is past its warning time.
  var isWarned: Bool {
    guard let file = oldest?.file, let warnAt = file.warnAtSeconds else { return false }
    return file.ageSeconds >= warnAt
  }

  /// Returns the share of its limit that a file has used; a file without one comes after all that have one.
  private static func share(_ file: OldestFile) -> Double {
    guard let limit = file.limitSeconds, limit > 0 else { return 0.000_001 * Double(file.ageSeconds + 1) / 1_000_000 }
    return min(Double(file.ageSeconds) / Double(limit), 900)
  }
}
