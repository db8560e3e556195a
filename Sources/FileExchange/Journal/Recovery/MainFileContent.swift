internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage

/// The content of a journal's main file by itself, without the log that SQLite keeps beside it.
///
/// The log covers the newest pages, so an older copy written over the main file in place (`cp` keeps the inode) may not
/// show when the journal is read as a whole. But the main file by itself only ever grows.
struct MainFileContent: Sendable, Hashable {
  /// The number of its last entry.
  var lastEntry: Int64 = 0
  var pages: Int64 = 0
  /// The number that the file system gives the file (its inode); 0 where that is not known.
  var inode: UInt64 = 0

  /// The result of reading it.
  enum Reading: Sendable, Hashable {
    case content(MainFileContent)
    /// The file is being written, was written in part, or is damaged.
    case unreadable
    /// SQLite cannot be asked.
    case unknown
  }

  /// Returns true if SQLite's own writing can have made it from an earlier one. If not, the content must be verified: a
  /// checkpoint that was cut short looks the same, and the log repairs that; and the log of another file, left beside
  /// this one, can hold all newest entries.
  func follows(_ earlier: MainFileContent) -> Bool {
    lastEntry >= earlier.lastEntry && pages >= earlier.pages && isSameFile(as: earlier)
  }

  /// Returns true if both are of one file, or that is not known.
  func isSameFile(as other: MainFileContent) -> Bool { other.inode == 0 || inode == 0 || inode == other.inode }

  /// Reads it past the log and without any lock, and asks the file whatever else `ask` wants to know. Blocks.
  static func read(of journal: FilePath, _ ask: (SQLConnection) throws -> Void = { _ in }) -> Reading {
    guard SQLiteFile.canReadImmutably else { return .unknown }
    let inode = (try? FileIdentity(of: journal))?.inode ?? 0
    do {
      return try SQLiteFile(reading: journal, isImmutable: true).read { database in
        let pages = try database.int("PRAGMA page_count") ?? 0
        guard try database.hasTable("entry") else {
          return .content(MainFileContent(lastEntry: 0, pages: pages, inode: inode))
        }
        let last = try database.int("SELECT max(number) FROM entry") ?? 0
        try ask(database)
        return .content(MainFileContent(lastEntry: last, pages: pages, inode: inode))
      }
    } catch let error as StoreError {
      return error.cause == .damaged || error.cause == .statement ? .unreadable : .unknown
    } catch {
      return .unknown
    }
  }
}
