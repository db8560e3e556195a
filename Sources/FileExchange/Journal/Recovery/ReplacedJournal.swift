internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The files of a journal that a backup replaces: they are moved aside. None of them is ever removed except SQLite's
/// index of its log, which SQLite rebuilds. Its calls block.
struct ReplacedJournal {
  /// The journal's own name.
  let name: String
  /// Its name aside.
  let aside: String
  let folder: LocalFolder

  private static let log = "-wal"
  private static let indexOfLog = "-shm"

  /// - Parameter given: the name aside that an interrupted restoration chose; `nil` for none.
  init(of journal: FilePath, in folder: LocalFolder, named given: String?) throws(ExchangeError) {
    name = journal.lastComponent?.string ?? ""
    self.folder = folder
    if let given, given.hasPrefix("\(name).former-"), !given.utf8.contains(UInt8(ascii: "/")) {
      // If both are there, that restoration was finished, and the file in the journal's place came after it.
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

  /// Returns the path of its content, `nil` where there is none. Its log is beside it afterwards, even if moving both
  /// was cut short.
  func content() throws(ExchangeError) -> FilePath? {
    if try folder.contains(name) { return folder.path.appending(name) }
    guard try folder.contains(aside) else { return nil }
    try moveCompanions()
    return folder.path.appending(aside)
  }

  /// Moves the remaining files aside. Returns the new path, `nil` where there was no journal.
  func moveAside() throws(ExchangeError) -> FilePath? {
    if try folder.contains(name) {
      guard try folder.move(name, to: folder, as: aside) else {
        throw LocalFile.failure("rename", folder.path.appending(name), EEXIST)
      }
    }
    // In this order: SQLite would read a log without its journal as the backup's.
    try moveCompanions()
    return try folder.contains(aside) ? folder.path.appending(aside) : nil
  }

  /// Moves a saved copy aside, once its content is in the restored journal. Returns the new path.
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
