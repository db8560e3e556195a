internal import CSystemShim
internal import ExchangeSettings
internal import FilsluseSystem
import Glibc
internal import SystemPackage

/// A watched folder, with its corners: `.taken` for what is on its way, `sent`, `refused` and `set-aside` for what came
/// of it. Its calls block.
///
/// A file is taken by moving it into `.taken`, and both folders are on the disk before anything is sent: so neither a
/// crash nor a loss of power makes one wish into two, and nobody who writes in the folder meets a file that is being
/// sent.
struct OutgoingFolder: Sendable {
  let route: String
  let rules: WatchedFolder
  /// The route that names its files in OUT; `nil` where they keep their own names.
  let naming: Route?
  let folder: LocalFolder
  let taken: LocalFolder

  /// Opens the folder; it and its corners are made where they are missing (0700).
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when everybody may replace what others put into the folder, or a
  ///   corner is a symbolic link or another user's.
  init(
    opening rules: WatchedFolder, route: String, naming: Route? = nil
  ) throws(ExchangeError) {
    self.route = route
    self.rules = rules
    self.naming = naming
    folder = try LocalFolder(creating: rules.path)
    try folder.requireStickyIfPublic()
    taken = try folder.ownSubfolder(".taken")
    for corner in Self.corners {
      // A file may be called so; it is one to be sent.
      if let entry = try folder.entry(Array(corner.utf8)), !entry.isRegular { _ = try folder.ownSubfolder(corner) }
    }
  }

  /// The names of the corners, which are nothing to be sent.
  static let corners = ["sent", "refused", "set-aside"]

  /// The name in OUT of a file that has this name here.
  func wireName(_ name: String) -> String { naming?.wireName(of: name) ?? name }

  /// Where a taken file lies.
  func path(of item: OutgoingItem) -> FilePath { taken.path.appending(item.cornerName) }

  /// What came of taking files: those that were taken, and those that could not be, with the reason.
  struct Taking: Sendable {
    var items: [OutgoingItem] = []
    var failures: [(name: String, error: ExchangeError)] = []
    /// What lies in the corner and is no plain file, such as a symbolic link: it is never sent.
    var strange: [[UInt8]] = []
  }

  /// What an earlier process took and did not finish, in the order of taking. Takings that it began are finished first.
  func itemsLeft() throws(ExchangeError) -> Taking {
    var left = Taking()
    left.strange = try strangers()
    let strange = Set(left.strange)
    var markers: [OutgoingItem] = []
    try taken.forEachName { name throws(ExchangeError) in
      if strange.contains(name) { return true }
      if let item = OutgoingItem(cornerName: name) { left.items.append(item) }
      if let item = OutgoingItem(markerName: name) { markers.append(item) }
      return true
    }
    for item in markers { take(item, into: &left) }
    left.items.sort { $0.mark < $1.mark }
    return left
  }

  /// What lies in the corner for taken files and is no plain file.
  func strangers() throws(ExchangeError) -> [[UInt8]] {
    var names: [[UInt8]] = []
    try taken.forEachName { name throws(ExchangeError) in
      if let entry = try taken.entry(name), !entry.isRegular { names.append(name) }
      return true
    }
    return names
  }

  /// What lies in the corner now.
  func items() throws(ExchangeError) -> [OutgoingItem] {
    var items: [OutgoingItem] = []
    try taken.forEachName { name throws(ExchangeError) in
      if let item = OutgoingItem(cornerName: name) { items.append(item) }
      return true
    }
    return items
  }

  /// Takes files that are whole; one that is gone or was replaced by another kind of thing meanwhile is left out. They
  /// may be sent when ``synchronize()`` has seen them on the disk.
  func take(_ names: [String], marks: inout OutgoingItem.Marks) -> Taking {
    var taking = Taking()
    for name in names { take(OutgoingItem(mark: marks.next(at: .now), name: name), into: &taking) }
    return taking
  }

  private func take(_ item: OutgoingItem, into taking: inout Taking) {
    do throws(ExchangeError) {
      if try take(item) { taking.items.append(item) }
    } catch {
      taking.failures.append((item.name, error))
    }
  }

  /// The ready-marker goes first, and is gone with the file: it can never speak for the next one of that name. When the
  /// file cannot be taken the marker goes back.
  private func take(_ item: OutgoingItem) throws(ExchangeError) -> Bool {
    let corner = Array(item.markerName.utf8)
    if let marker = rules.readyMarker, try !taken.contains(item.markerName) {
      guard try folder.move(Array((item.name + marker).utf8), to: taken, as: corner) else { return false }
    }
    let isTaken: Bool
    do throws(ExchangeError) {
      isTaken = try folder.move(Array(item.name.utf8), to: taken, as: Array(item.cornerName.utf8))
    } catch {
      if let marker = rules.readyMarker {
        _ = try taken.move(corner, to: folder, as: Array((item.name + marker).utf8))
      }
      throw error
    }
    try taken.remove(corner)
    return isTaken
  }

  /// Sees the moves and the content of what was moved on the disk, all in one call: whoever wrote the files may not
  /// have waited for it, and a file that came out of a loss of power shorter than it was must not be sent as what it is
  /// then.
  func synchronize() throws(ExchangeError) {
    guard filsluse_sync_file_system(taken.fileDescriptor) == 0 else {
      throw LocalFile.failure("syncfs", taken.path, errno)
    }
  }
}
