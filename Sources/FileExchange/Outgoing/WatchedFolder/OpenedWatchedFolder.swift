internal import CSystemShim
internal import ExchangeSettings
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// A watched folder, with its subfolders: `.taken` for files in progress, `sent`, `refused` and `set-aside` for
/// finished ones. Its calls block.
///
/// A file is taken by moving it into `.taken`, and both folders are synced before anything is sent: so neither a crash
/// nor a power failure turns one order into two, and a program that writes in the folder never meets a file that is
/// being sent.
struct OpenedWatchedFolder: Sendable {
  let route: String
  let rules: WatchedFolder
  /// The route that names its files in OUT; `nil` where they keep their own names.
  let naming: Route?
  private let opened: Locked<Opened>
  /// True while another machine takes files from it.
  let isOthers = Locked(false)

  /// The folders as they were opened last.
  private struct Opened: Sendable {
    let folder: LocalFolder
    let taken: LocalFolder
    /// The number of times they were opened again.
    var reopenings = 0
  }

  /// The watched folder.
  var folder: LocalFolder { opened.withLock { $0.folder } }
  /// The subfolder for taken files.
  var taken: LocalFolder { opened.withLock { $0.taken } }
  /// The number of times the folder or its `.taken` was found to be another one.
  var reopenings: Int { opened.withLock { $0.reopenings } }

  /// Opens the folder; missing folders are created (0700).
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` if every user may replace others' files in the folder, a
  ///   subfolder is a symbolic link or another user's, or the subfolder for taken files is on another mount.
  init(
    opening rules: WatchedFolder, route: String, naming: Route? = nil
  ) throws(ExchangeError) {
    self.route = route
    self.rules = rules
    self.naming = naming
    opened = Locked(try Self.open(try LocalFolder(creating: rules.path)))
  }

  private static func open(_ folder: LocalFolder) throws(ExchangeError) -> Opened {
    try folder.requireStickyIfPublic()
    let taken = try folder.ownSubfolder(takenName)
    guard folder.isOnMount(of: taken) else {
      throw ExchangeError(
        .localFile, operation: "open folder", path: taken.path.string,
        message: "it is on another mount than \(folder.path), and a file cannot be taken in one step",
        remedy: "unmount it, so that both are on one"
      ).inDanish(
        "\(taken.path) ligger på en anden montering end \(folder.path), så en fil kan ikke tages i ét skridt. Afmontér den, så begge ligger på én."
      )
    }
    for subfolder in subfolders {
      // A file may be called so; it is one to be sent.
      if let entry = try folder.entry(Array(subfolder.utf8)), !entry.isRegular {
        _ = try folder.ownSubfolder(subfolder)
      }
    }
    return Opened(folder: folder, taken: taken)
  }

  /// Compares the opened folders with their paths, and opens those again that were replaced. The watched folder itself
  /// is not created: its disk may not be mounted now.
  ///
  /// - Returns: the folder that was replaced; `nil` if none was.
  /// - Throws: ``ExchangeError`` with code `folder-gone` or `local-file` if there is no usable folder.
  func renew() throws(ExchangeError) -> String? {
    let last = opened.withLock { $0 }
    try LocalFolder.requirePresence(at: rules.path)
    let there = try LocalFolder(opening: rules.path)
    // One folder by two mounts is two places: an open one stays read-only after the mount that made it so is gone.
    let isSame = try there.identity == last.folder.identity && there.isOnMount(of: last.folder)
    let folder = isSame ? last.folder : there
    // Its rights may have been changed since it was opened.
    try folder.requireStickyIfPublic()
    try folder.requireUsable()
    if isSame, let subfolder = try folder.entry(Array(Self.takenName.utf8)), try subfolder.isSame(as: last.taken) {
      try last.taken.requireOwn()
      try last.taken.requireUsable()
      return nil
    }
    var new = try Self.open(folder)
    new.reopenings = last.reopenings + 1
    opened.withLock { [new] in $0 = new }
    return isSame
      ? "\(last.taken.path) was removed or replaced"
      : "\(rules.path) is another folder than before: it was moved, made anew or mounted over"
  }

  /// The name of the subfolder for taken files.
  static let takenName = ".taken"

  /// The names of the subfolders for files that were sent, refused or set aside.
  static let subfolders = ["sent", "refused", "set-aside"]

  /// The name in OUT of a file that has this name here.
  func wireName(_ name: String) -> String { naming?.wireName(of: name) ?? name }

  /// Returns the path of a taken file.
  func path(of item: TakenFile) -> FilePath { taken.path.appending(item.nameInTaken) }

  /// The result of taking files: the taken ones, and the others with the reason.
  struct Taking: Sendable {
    var items: [TakenFile] = []
    var failures: [(name: String, error: ExchangeError)] = []
    /// Entries of `.taken` that are no taken files, such as symbolic links: they are never sent.
    var irregular: [[UInt8]] = []
  }

  /// Returns the files that an earlier process took and did not finish, in the order of taking. Takings that it began
  /// are finished first.
  func itemsLeft() throws(ExchangeError) -> Taking {
    var left = Taking()
    left.irregular = try irregularEntries()
    let irregular = Set(left.irregular)
    var markers: [TakenFile] = []
    try taken.forEachName { name throws(ExchangeError) in
      if irregular.contains(name) { return true }
      if let item = TakenFile(nameInTaken: name) { left.items.append(item) }
      if let item = TakenFile(markerName: name) { markers.append(item) }
      return true
    }
    for item in markers { take(item, into: &left) }
    left.items.sort { $0.mark < $1.mark }
    return left
  }

  /// Returns the entries of `.taken` that are no taken files: entries that are not regular files, and files with
  /// foreign names, put there by a person or another program.
  func irregularEntries() throws(ExchangeError) -> [[UInt8]] {
    var names: [[UInt8]] = []
    try taken.forEachName { name throws(ExchangeError) in
      // A name of the NFS client, for a file that was removed while it was open.
      if name.starts(with: Array(".nfs".utf8)) { return true }
      if name.starts(with: Array(FolderReach.fileName.utf8)) { return true }
      let isTaken = TakenFile(nameInTaken: name) != nil || TakenFile(markerName: name) != nil
      if let entry = try taken.entry(name), !entry.isRegular || !isTaken { names.append(name) }
      return true
    }
    return names
  }

  /// Returns the files in `.taken`.
  func items() throws(ExchangeError) -> [TakenFile] {
    var items: [TakenFile] = []
    try taken.forEachName { name throws(ExchangeError) in
      if let item = TakenFile(nameInTaken: name) { items.append(item) }
      return true
    }
    return items
  }

  /// Takes complete files; a file that is gone or was replaced by another kind of entry is left out. They may be sent
  /// after ``synchronize()`` has put them on the disk.
  func take(_ names: [String], marks: inout TakenFile.Marks) -> Taking {
    var taking = Taking()
    for name in names { take(TakenFile(mark: marks.next(at: .now), name: name), into: &taking) }
    return taking
  }

  private func take(_ item: TakenFile, into taking: inout Taking) {
    do throws(ExchangeError) {
      if try take(item) { taking.items.append(item) }
    } catch {
      taking.failures.append((item.name, error))
    }
  }

  /// The ready-marker goes first, and is gone with the file: it can never speak for the next one of that name. When the
  /// file cannot be taken the marker goes back.
  private func take(_ item: TakenFile) throws(ExchangeError) -> Bool {
    let subfolder = Array(item.markerName.utf8)
    if let marker = rules.readyMarker, try !taken.contains(item.markerName) {
      guard try folder.move(Array((item.name + marker).utf8), to: taken, as: subfolder) else { return false }
    }
    let isTaken: Bool
    do throws(ExchangeError) {
      isTaken = try folder.move(Array(item.name.utf8), to: taken, as: Array(item.nameInTaken.utf8))
    } catch {
      if let marker = rules.readyMarker {
        _ = try taken.move(subfolder, to: folder, as: Array((item.name + marker).utf8))
      }
      throw error
    }
    try taken.remove(subfolder)
    return isTaken
  }

  /// Syncs the moves and the content of the moved files to the disk, all in one call: their program may not have synced
  /// the files, and a file cut short by a power failure must not be sent.
  func synchronize() throws(ExchangeError) {
    guard filsluse_sync_file_system(taken.fileDescriptor) == 0 else {
      throw LocalFile.failure("syncfs", taken.path, errno)
    }
  }
}

extension [OpenedWatchedFolder] {
  /// The number of times any of them was found to be another one.
  var reopenings: Int { reduce(0) { $0 + $1.reopenings } }
}
