internal import ExchangeSettings
internal import TriggerFiles

/// The result of one look into a watched folder.
struct WatchedFolderScan: Sendable {
  /// Files that are whole, by name.
  var whole: [String] = []
  /// Names that cannot be sent, and why.
  var unusable: [(name: [UInt8], reason: LocalizedText)] = []
  /// Entries that are not regular files: they are left alone and reported.
  var irregular: [[UInt8]] = []
  /// Files with a second name, by which others could change them: they wait until they have only one.
  var linked: [[UInt8]] = []
  /// Files with names for unfinished files, including hidden ones; with ready-markers, also files without a marker, and
  /// markers without a file.
  var temporary: [[UInt8]] = []
  /// Files still there after an earlier failure.
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
      look.temporary += Self.sorted(markable.subtracting(marked))
      // Beside a link, a folder or a temporary name, the marker is not without a file.
      for name in Self.sorted(marked.subtracting(markable)) where try folder.entry(name) == nil {
        look.temporary.append(name + marker)
      }
    }
    settled.endLook(sawAll: look.isComplete)
    // They are taken now. A file that cannot be taken is looked at again.
    for name in look.whole { settled.forget(Array(name.utf8)) }
    return look
  }

  /// The names in the order of their bytes, so that each look reports the same of them.
  private static func sorted(_ names: Set<[UInt8]>) -> [[UInt8]] {
    names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Returns true for a hidden name of this program: the subfolder of taken files, or a file being put back.
  private static func isOurs(_ name: [UInt8]) -> Bool {
    name == Array(takenName.utf8) || name.starts(with: Array(".filsluse-".utf8))
  }
}
