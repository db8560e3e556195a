internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The number and hash of a journal's last entry, kept outside the journal's own file: beside it, in
/// `journal.sqlite.mark`.
///
/// An older copy in the journal's place lacks the entry, or has another one with its number. The mark is written after
/// the entry is on the disk: it may be behind, which is normal, and is never ahead. It is replaced as a whole, so that
/// a kill, a full disk or a power failure leaves the previous one. An unreadable mark proves nothing.
struct HighWaterMark: Sendable, Hashable {
  /// The last entry when it was written.
  var anchor: JournalAnchor
  /// The content of the journal's main file without its log.
  var mainFile = MainFileContent()
  /// True if the content was found changed in place: it is verified before the journal is used.
  var isDoubted = false

  /// The result of reading the mark.
  enum Reading: Sendable, Hashable {
    case absent
    case known(HighWaterMark)
    /// The mark cannot be read, for a reason.
    case unreadable(String)

    /// The mark; `nil` if there is none or it cannot be read.
    var mark: HighWaterMark? { if case .known(let mark) = self { mark } else { nil } }
  }

  private static let title = "filsluse high-water mark 1"
  /// No mark is as long as this.
  private static let limit = 4096

  static func file(beside journal: FilePath) -> FilePath { FilePath(journal.string + ".mark") }

  /// As it is written: a line each, and the SHA-256 of them all in the last.
  var text: String {
    let lines = [
      Self.title, "entry \(anchor)", "main-file \(mainFile.lastEntry) \(mainFile.pages) \(mainFile.inode)",
      isDoubted ? "doubted" : "sound",
    ]
    let body = lines.joined(separator: "\n") + "\n"
    return body + SHA256.digest(of: Array(body.utf8)).hex + "\n"
  }

  init(_ anchor: JournalAnchor, mainFile: MainFileContent = MainFileContent(), isDoubted: Bool = false) {
    self.anchor = anchor
    self.mainFile = mainFile
    self.isDoubted = isDoubted
  }

  /// Reads the form of ``text``; `nil` for anything else.
  init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 6, lines[0] == Self.title, let anchor = JournalAnchor(String(lines[1].dropFirst(6))) else {
      return nil
    }
    let numbers = lines[2].dropFirst(10).split(separator: " ")
    guard numbers.count == 3, let entry = Int64(numbers[0]), let pages = Int64(numbers[1]),
      let inode = UInt64(numbers[2])
    else { return nil }
    self.init(
      anchor, mainFile: MainFileContent(lastEntry: entry, pages: pages, inode: inode), isDoubted: lines[3] == "doubted")
    // Whatever else it may say, and however it was cut off.
    guard self.text == text else { return nil }
  }

  // MARK: The file. Its calls block.

  static func read(beside journal: FilePath) -> Reading {
    let file = file(beside: journal)
    let descriptor = filsluse_openat(AT_FDCWD, file.string, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    guard descriptor >= 0 else {
      return errno == ENOENT ? .absent : .unreadable(String(cString: filsluse_error_text(errno)))
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { return .unreadable(String(cString: filsluse_error_text(errno))) }
    guard let mark = HighWaterMark(String(decoding: bytes.prefix(count), as: UTF8.self)) else {
      return .unreadable(count == 0 ? "it is empty" : "it is torn, or not a mark")
    }
    return .known(mark)
  }

  /// Replaces the mark; it is on the disk when this returns.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the former mark is then untouched.
  func write(beside journal: FilePath) throws(ExchangeError) {
    let file = Self.file(beside: journal)
    let draft = FilePath(file.string + ".new")
    // One that was left lying may be another user's.
    unlink(draft.string)
    let descriptor = filsluse_openat(AT_FDCWD, draft.string, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw LocalFile.failure("make", draft, errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    let count = pwrite(descriptor, bytes, bytes.count, 0)
    guard count == bytes.count, fsync(descriptor) == 0, rename(draft.string, file.string) == 0 else {
      let code = count >= 0 && count < bytes.count ? ENOSPC : errno
      unlink(draft.string)
      throw LocalFile.failure("write", file, code)
    }
    // The name, too.
    guard fsync(descriptor) == 0 else { throw LocalFile.failure("fsync", file, errno) }
  }
}
