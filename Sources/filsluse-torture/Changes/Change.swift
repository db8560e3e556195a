/// One thing that a person, a deployment or a backup changes while `filsluse run` is at work.
enum Change: String, Sendable, Hashable, CaseIterable {
  // A file in the watched folder, or in the folder for taken files.
  case fileReplaced = "file replaced"
  case fileGrown = "file grown"
  case fileCut = "file cut"
  case fileTouched = "file touched"
  case fileRemoved = "file removed"
  case fileMadeLink = "file made a symbolic link"
  case fileLinkedTwice = "file given a second link"
  // The folders on this machine.
  case outgoingMadeAnew = "watched folder removed and made anew"
  case outgoingMoved = "watched folder moved away and back"
  case takenRemoved = "folder for taken files removed"
  case outgoingMountedOver = "watched folder mounted over"
  case outgoingReadOnly = "watched folder made read-only"
  case inboxMadeAnew = "inbox removed and made anew"
  case inboxMoved = "inbox moved away and back"
  case inboxMountedOver = "inbox mounted over"
  case inboxReadOnly = "inbox made read-only"
  case diskFull = "disk full and freed"
  // Changes of files on the server.
  case arrivedReplaced = "file in IN replaced by another of its size"
  case arrivedTouched = "file in IN touched"
  case arrivedRemoved = "file in IN removed"
  // What the process lives by.
  case journalMoved = "journal moved away and back"
  case journalOldCopied = "older copy written over the journal"
  case journalOldRenamed = "older copy put in the journal's place"
  case keyRemoved = "key removed and put back"
  case keyReplaced = "key replaced and put back"
  case hookRemoved = "hook removed and put back"
  case hookFails = "hook replaced by one that fails"
  case settingsReloaded = "settings changed and reloaded"
  case settingsBroken = "settings broken and reloaded"
  case routeRemoved = "route removed, reloaded, and put back"
  case clockMoved = "clock moved by an hour"
  // What the watch beside it lives by.
  case watchDatabaseMoved = "watch database moved away and back"
  case watchDatabaseOldCopied = "older copy written over the watch database"

  /// True if it needs the right to mount file systems.
  var needsMount: Bool {
    switch self {
    case .outgoingMountedOver, .outgoingReadOnly, .inboxMountedOver, .inboxReadOnly, .diskFull: true
    default: false
    }
  }

  /// True if it changes files in IN.
  var isInIN: Bool {
    switch self {
    case .arrivedReplaced, .arrivedTouched, .arrivedRemoved: true
    default: false
    }
  }

  /// True if a person repairs the journal with `filsluse journal restore` afterwards.
  var replacesJournal: Bool { self == .journalOldCopied || self == .journalOldRenamed }

  /// True if it is made by new settings and SIGHUP.
  var isReload: Bool {
    switch self {
    case .settingsReloaded, .settingsBroken, .routeRemoved: true
    default: false
    }
  }

  /// True if it concerns a single file, which may then rightly arrive as it was before or after the change.
  var concernsOneFile: Bool {
    switch self {
    case .fileReplaced, .fileGrown, .fileCut, .fileTouched, .fileRemoved, .fileMadeLink, .fileLinkedTwice,
      .arrivedReplaced, .arrivedTouched, .arrivedRemoved:
      true
    default: false
    }
  }
}

/// A change at one moment of a round.
struct ChangePoint: Sendable {
  let change: Change
  /// The moment, as a share of an undisturbed round.
  var share: Double
  /// True if SIGTERM is sent while the change is in effect.
  let isStopped: Bool
  /// The point at which the exchange is held while the change is made, for changes in IN.
  var window: Window?
  /// The number of rounds that ended before the object of the change existed.
  private(set) var misses = 0

  /// Chooses an earlier moment after a round that was over before the change; one that does not depend on where a file
  /// lies is at last made while the exchange is held.
  mutating func miss() {
    misses += 1
    share *= 0.5
    if misses == 2, window == nil, !change.concernsOneFile { window = .hook }
  }

  /// So many points, spread evenly over the changes and over the round.
  static func spread(_ count: Int, mayMount: Bool) -> [ChangePoint] {
    let changes = Change.allCases.filter { mayMount || !$0.needsMount }
    return (0..<count).map { index in
      let turn = index / changes.count
      // The golden ratio spreads the moments of one change evenly, however many there are.
      let share = (Double(turn) * 0.618_033_988_75 + Double(index % 7) / 7).truncatingRemainder(dividingBy: 1)
      let kind = index % changes.count
      return ChangePoint(
        change: changes[kind], share: share, isStopped: (turn + kind) % 2 == 0,
        window: changes[kind].isInIN ? Window.allCases[(turn / 2 + kind) % 2] : nil)
    }
  }
}
