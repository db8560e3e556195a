internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The files of an open journal, with their identities at the opening.
///
/// A process that goes on writing after its journal was removed or replaced writes where nobody reads. So the paths are
/// compared with the opened files at each claim, commit and heartbeat: a `stat` for each file. A claim on a delivery
/// staged within the last milliseconds relies on its commit's check. The files are not opened for that: closing a
/// second descriptor of SQLite's file would release the locks of the first.
struct OpenedFiles: Sendable {
  private struct OpenedFile: Sendable {
    let path: FilePath
    let identity: FileIdentity
    /// Its name in a message.
    let name: String
    /// True if the path may be a symbolic link. A link that replaces the file later leads SQLite's next connections to
    /// another log.
    let mayBeLink: Bool
  }

  private let journal: FilePath
  private let files: [OpenedFile]

  /// Remembers the files of a journal that SQLite has just opened: its own, its log, the index of the log, and the
  /// claims.
  ///
  /// - Throws: ``ExchangeError`` with code `journal-replaced` when one of them is gone already, `local-file` when a
  ///   path cannot be looked up.
  init(of journal: FilePath, claims: FileIdentity) throws(ExchangeError) {
    self.journal = journal
    var files: [OpenedFile] = []
    let real = Self.resolved(journal)
    // SQLite keeps log and index beside the file that a symbolic link leads to.
    let claimsPath = Claims.file(beside: journal)
    let paths = [
      (journal, "it", true), (real, "it", false), (FilePath(real.string + "-wal"), "its log", false),
      (FilePath(real.string + "-shm"), "the index of its log", false), (claimsPath, "its file of claims", true),
    ]
    for (path, name, mayBeLink) in paths {
      let isClaims = path == claimsPath
      guard let identity = try LocalFile.identity(at: path, followingLink: true) else {
        if path == journal || isClaims { throw Self.displaced(journal, "\(name) was removed") }
        continue
      }
      if isClaims, identity != claims {
        throw Self.displaced(journal, "another file lies in the place of its file of claims")
      }
      files.append(OpenedFile(path: path, identity: identity, name: name, mayBeLink: mayBeLink))
    }
    self.files = files
  }

  /// Checks that each path still names the file that was opened.
  ///
  /// - Returns: The reason why the journal may not be used any more; `nil` where all files are in place.
  /// - Throws: ``ExchangeError`` with code `local-file` when a path cannot be looked up.
  func displacement() throws(ExchangeError) -> ExchangeError? {
    for file in files {
      guard let now = try LocalFile.identity(at: file.path, followingLink: file.mayBeLink) else {
        return Self.displaced(journal, "\(file.name) was removed or moved")
      }
      if now != file.identity { return Self.displaced(journal, "another file lies in the place of \(file.name)") }
    }
    return nil
  }

  /// Resolves a path; returns the path itself where it leads nowhere.
  private static func resolved(_ path: FilePath) -> FilePath {
    guard let real = realpath(path.string, nil) else { return path }
    defer { free(real) }
    return FilePath(String(cString: real))
  }

  /// The file was removed, replaced or changed while it was open.
  static func displaced(_ journal: FilePath, _ message: String) -> ExchangeError {
    ExchangeError(
      .journalReplaced, operation: "use the journal", path: journal.string,
      message: "\(message) while this process had it open; nothing more is sent or removed",
      remedy:
        "put the newest file of the journal back under its name; where only an older copy is left, restore that\(by: .restoreJournal(from: nil)). Then start again"
    )
  }
}

extension ExchangeError {
  /// Returns the error with the path of the copy that was saved of the journal.
  func naming(saved copy: FilePath) -> ExchangeError {
    var error = adding("; all that it held is saved in \(copy)")
    error.remedy =
      "put the newest file of the journal back under its name, or restore it from \(copy)\(by: .restoreJournal(from: copy.string)). Then start again"
    return error
  }

  /// Returns the error with a longer message.
  func adding(_ text: String) -> ExchangeError {
    var error = self
    error.message += Masked.name(text)
    return error
  }
}
