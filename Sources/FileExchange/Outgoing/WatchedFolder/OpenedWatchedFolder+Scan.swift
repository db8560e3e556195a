internal import ExchangeSettings
internal import TriggerFiles

/// The result of one look into a watched folder.
struct WatchedFolderScan: Sendable {
  /// Files that are whole, by name.
  var whole: [String] = []
  /// Names that cannot be sent, and why.
  var unusable: [(name: [UInt8], reason: LocalizedText)] = []
  /// Entries that are no regular files: they are left alone and reported.
  var irregular: [[UInt8]] = []
  /// Files that have a second name, by which others may change them: they wait until they have one alone.
  var linked: [[UInt8]] = []
  /// Files under names for what is still being written, hidden ones among them; where ready-markers are used, also files
  /// without a marker, and markers without a file.
  var temporary: [[UInt8]] = []
  /// Files that failed before and are still there.
  var refused: Set<[UInt8]> = []
  /// True if it saw everything; a look that reached its limit proves nothing about the rest.
  var isComplete = true
}

extension OpenedWatchedFolder {
  /// Looks for files that are whole, at most `limit` of them. Those that failed before are left out until they are due.
  func look(
    settled: inout SettledFiles, refused: RefusedFiles = RefusedFiles(), suffixes: WireSuffixes, limit: Int,
    at now: ContinuousClock.Instant
  ) throws(ExchangeError) -> WatchedFolderScan {
    var look = WatchedFolderScan()
    func mayTry(_ name: [UInt8]) -> Bool {
      if refused.contains(name) { look.refused.insert(name) }
      return refused.isDue(name, at: now)
    }
    let marker = rules.readyMarker.map { Array($0.utf8) }
    var (marked, markable): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
    try folder.forEachName { name throws(ExchangeError) in
      switch WatchedName(name, marker: marker, suffixes: suffixes, wireName: wireName) {
      case .temporary:
        if !Self.isOurs(name), try folder.entry(name)?.isRegular ?? false { look.temporary.append(name) }
      case .marker(let name):
        marked.insert(name)
        if case .data(let text) = WatchedName(name, marker: marker, suffixes: suffixes, wireName: wireName),
          let entry = try folder.entry(name), entry.isRegular, mayTry(name)
        {
          if entry.links > 1 { look.linked.append(name) } else { look.whole.append(text) }
        }
      case .data(let text):
        guard let entry = try folder.entry(name) else { break }
        if !entry.isRegular {
          if !(entry.isFolder && Self.subfolders.contains(text)) { look.irregular.append(name) }
        } else if marker != nil {
          markable.insert(name)
        } else if entry.links > 1 {
          settled.forget(name)
          look.linked.append(name)
        } else if mayTry(name), settled.see(entry, at: now) {
          look.whole.append(text)
        }
      case .unusable(let reason):
        guard let entry = try folder.entry(name) else { break }
        if !entry.isRegular {
          look.irregular.append(name)
        } else if mayTry(name), settled.see(entry, at: now) {
          look.unusable.append((name, reason))
        }
      }
      return look.whole.count < limit
    }
    look.isComplete = look.whole.count < limit
    if let marker {
      look.temporary += markable.subtracting(marked)
      look.temporary += marked.subtracting(markable).map { $0 + marker }
    }
    settled.endLook(sawAll: look.isComplete)
    // They are taken now. A file that cannot be taken is looked at again.
    for name in look.whole { settled.forget(Array(name.utf8)) }
    return look
  }

  /// The hidden names that this program gives: the subfolder for taken files, and what is being put back.
  private static func isOurs(_ name: [UInt8]) -> Bool {
    name == Array(takenName.utf8) || name.starts(with: Array(".filsluse-".utf8))
  }
}
