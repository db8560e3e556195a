internal import CSystemShim
internal import ExchangeSettings
internal import FilsluseSystem
import Glibc
internal import SystemPackage

/// A watched folder, with its corners: `.taken` for what is on its way, `sent`, `refused` and `set-aside` for what came
/// of it. Its calls block.
///
/// A file is taken by moving it into `.taken`, and both folders are on the disk before anything is sent: so neither a
/// crash nor a loss of power makes one wish into two, and nobody who writes in the folder meets a file that is being sent.
struct OutgoingFolder: Sendable {
  let route: String
  let rules: WatchedFolder
  let folder: LocalFolder
  let taken: LocalFolder

  /// Opens the folder; it and its corners are made where they are missing (0700).
  init(opening rules: WatchedFolder, route: String) throws(ExchangeError) {
    self.route = route
    self.rules = rules
    folder = try LocalFolder(creating: rules.path)
    taken = try folder.subfolder(".taken")
  }

  /// The names of the corners, which are nothing to be sent.
  static let corners = ["sent", "refused", "set-aside"]

  /// Where a taken file lies.
  func path(of item: OutgoingItem) -> FilePath { taken.path.appending(item.cornerName) }

  /// What an earlier process took and did not finish, in the order of taking. Takings that it began are finished first.
  func itemsLeft() throws(ExchangeError) -> [OutgoingItem] {
    var items: [OutgoingItem] = []
    var markers: [OutgoingItem] = []
    try taken.forEachName { name throws(ExchangeError) in
      if let item = OutgoingItem(cornerName: name) { items.append(item) }
      if let item = OutgoingItem(markerName: name) { markers.append(item) }
      return true
    }
    for item in markers {
      if try take(item) { items.append(item) }
    }
    return items.sorted { $0.mark < $1.mark }
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
  ///
  /// - Returns: what was taken, and what could not be.
  func take(
    _ names: [String], marks: inout OutgoingItem.Marks
  ) -> (items: [OutgoingItem], problems: [ExchangeError]) {
    var items: [OutgoingItem] = []
    var problems: [ExchangeError] = []
    for name in names {
      let item = OutgoingItem(mark: marks.next(at: .now), name: name)
      do throws(ExchangeError) {
        if let marker = rules.readyMarker {
          // The marker goes first, and is gone with the file: it can never speak for the next one of that name.
          guard try folder.move(Array((name + marker).utf8), to: taken, as: Array(item.markerName.utf8)) else {
            continue
          }
        }
        if try take(item) { items.append(item) }
      } catch {
        problems.append(error)
      }
    }
    return (items, problems)
  }

  private func take(_ item: OutgoingItem) throws(ExchangeError) -> Bool {
    let isTaken = try folder.move(Array(item.name.utf8), to: taken, as: Array(item.cornerName.utf8))
    try taken.remove(Array(item.markerName.utf8))
    return isTaken
  }

  /// Sees the moves and the content of what was moved on the disk, all in one call: whoever wrote the files may not have
  /// waited for it, and a file that came out of a loss of power shorter than it was must not be sent as what it is then.
  func synchronize() throws(ExchangeError) {
    guard filsluse_sync_file_system(taken.fileDescriptor) == 0 else {
      throw LocalFile.failure("syncfs", taken.path, errno)
    }
  }
}
