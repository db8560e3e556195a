internal import FilsluseSystem
import Glibc
internal import SystemPackage

/// The files of a journal that a backup replaces: they are moved aside, and none of them is ever removed but SQLite's
/// index of its log, which SQLite makes anew. Its calls block.
struct FormerJournal {
  /// The journal's own name.
  let name: String
  /// Its name aside.
  let aside: String
  let folder: LocalFolder

  private static let log = "-wal"
  private static let indexOfLog = "-shm"

  /// - Parameter given: the name aside that a restoration gave it which was cut short.
  init(of journal: FilePath, in folder: LocalFolder, named given: String?) throws(ExchangeError) {
    name = journal.lastComponent?.string ?? ""
    self.folder = folder
    if let given, given.hasPrefix("\(name).former-"), !given.utf8.contains(UInt8(ascii: "/")) {
      // Unless both are there: then that one was finished, and what lies in its place has come since.
      let isThere = (here: try folder.contains(name), aside: try folder.contains(given))
      if !(isThere.here && isThere.aside) {
        aside = given
        return
      }
    }
    var free = "\(name).former-\(Timestamp.now.description.filter(\.isNumber))"
    while try folder.contains(free) { free += "-2" }
    aside = free
  }

  /// Where its content lies, `nil` where there is none. Its log is beside it afterwards, even if moving both was cut
  /// short.
  func content() throws(ExchangeError) -> FilePath? {
    if try folder.contains(name) { return folder.path.appending(name) }
    guard try folder.contains(aside) else { return nil }
    try moveCompanions()
    return folder.path.appending(aside)
  }

  /// Moves it aside, or what is left to move. Returns where it lies then, `nil` where there was none.
  func moveAside() throws(ExchangeError) -> FilePath? {
    if try folder.contains(name) {
      guard try folder.move(name, to: folder, as: aside) else {
        throw LocalFile.failure("rename", folder.path.appending(name), EEXIST)
      }
    }
    // In this order: a log without its journal would be taken for the backup's.
    try moveCompanions()
    return try folder.contains(aside) ? folder.path.appending(aside) : nil
  }

  /// Moves a saved copy aside: what it tells is in the restored journal. Returns where it lies then.
  func moveAside(saved: FilePath) throws(ExchangeError) -> FilePath {
    let name = saved.lastComponent?.string ?? ""
    var free = name.replacing(".saved-", with: ".former-", maxReplacements: 1)
    while try folder.contains(free) { free += "-2" }
    guard try folder.move(name, to: folder, as: free) else { throw LocalFile.failure("rename", saved, EEXIST) }
    try folder.synchronize()
    return folder.path.appending(free)
  }

  private func moveCompanions() throws(ExchangeError) {
    if try folder.contains(name + Self.log), try !folder.move(name + Self.log, to: folder, as: aside + Self.log) {
      throw LocalFile.failure("rename", folder.path.appending(name + Self.log), EEXIST)
    }
    try folder.remove(name + Self.indexOfLog)
    try folder.synchronize()
  }
}
