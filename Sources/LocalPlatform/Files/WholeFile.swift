internal import CSystemShim
import ExchangeSettings
import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// Files and folders of the platform's own, written so that a reader sees either nothing or all.
enum WholeFile {
  /// Writes beside the final place, makes the bytes durable, then renames.
  static func write(_ bytes: [UInt8], to path: FilePath, mode: mode_t = 0o644) throws(PlatformError) {
    let name = path.lastComponent?.string ?? ""
    let temporary = path.removingLastComponent().appending(".\(name).new")
    let descriptor = open(temporary.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw .file(errno, .write, temporary) }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, path: temporary)
    guard fsync(descriptor) == 0 else { throw .file(errno, .makeDurable, temporary) }
    guard rename(temporary.string, path.string) == 0 else { throw .file(errno, .rename, path) }
  }

  /// Writes a file that is not in use yet, in place; making it durable is left to the caller.
  static func draft(_ bytes: [UInt8], at path: FilePath) throws(PlatformError) {
    let descriptor = open(path.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .file(errno, .write, path) }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, path: path)
  }

  /// Writes text as UTF-8; see ``write(_:to:mode:)``.
  static func write(_ text: String, to path: FilePath, mode: mode_t = 0o644) throws(PlatformError) {
    try write(Array(text.utf8), to: path, mode: mode)
  }

  /// The whole file, or `nil` where there is none.
  static func read(_ path: FilePath, limit: Int = 4 << 20) throws(PlatformError) -> [UInt8]? {
    // Not blocking, and no link followed: in a client's folder a name may be a pipe or point anywhere.
    let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .file(errno, .read, path)
    }
    defer { close(descriptor) }
    return try readAll(from: descriptor, path: path, limit: limit)
  }

  /// Returns the whole text, with invalid UTF-8 replaced, or `nil` where there is no such file.
  static func readText(_ path: FilePath) throws(PlatformError) -> String? {
    try read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Makes a folder and those above it that are missing.
  static func makeFolder(_ path: FilePath, mode: mode_t = 0o755) throws(PlatformError) {
    if mkdir(path.string, mode) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, path != path.removingLastComponent() else {
      throw .file(errno, .make, path)
    }
    try makeFolder(path.removingLastComponent())
    guard mkdir(path.string, mode) == 0 || errno == EEXIST else { throw .file(errno, .make, path) }
  }

  /// Makes the file readable and writable for its owner, whatever permissions a client gave it.
  static func makeReadable(_ path: FilePath) throws(PlatformError) {
    guard chmod(path.string, 0o644) == 0 else { throw .file(errno, .makeReadable, path) }
  }

  /// Brings everything to the disk that was written to the file system of a folder, by whomever: for many files far
  /// faster than one by one.
  static func makeAllDurable(in folder: FilePath) throws(PlatformError) {
    let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(errno, .open, folder) }
    defer { close(descriptor) }
    guard filsluse_sync_file_system(descriptor) == 0 else { throw .file(errno, .makeDurable, folder) }
  }

  /// Copies a file of any size; what the target held is overwritten. Making it durable is left to the caller.
  static func copy(_ path: FilePath, to target: FilePath) throws(PlatformError) {
    let source = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard source >= 0 else { throw .file(errno, .read, path) }
    defer { close(source) }
    let copy = open(target.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard copy >= 0 else { throw .file(errno, .write, target) }
    defer { close(copy) }
    while true {
      let count = sendfile(copy, source, nil, 1 << 30)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .file(errno, .copy, path) }
      if count == 0 { break }
    }
  }

  /// Removes a folder and all in it; links are not followed.
  static func removeTree(_ folder: FilePath) throws(PlatformError) {
    do {
      try FileManager.default.removeItem(atPath: folder.string)
    } catch {
      throw PlatformError(
        .fileTrouble, LocalizedText("cannot be removed: \(error)", "kan ikke fjernes"),
        remedy: LocalizedText("remove it by hand", "fjern den i hånden"), path: folder)
    }
  }

  static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: FilePath) throws(PlatformError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .file(errno, .write, path) }
      written += count
    }
  }

  static func readAll(from descriptor: Int32, path: FilePath, limit: Int) throws(PlatformError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .file(errno, .read, path) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: piece[..<count])
      guard bytes.count <= limit else {
        throw PlatformError(
          .fileTrouble,
          LocalizedText("the file holds more than \(limit) bytes", "filen er på mere end \(limit) byte"),
          remedy: LocalizedText("it should be far smaller: look into it", "den skulle være langt mindre: se i den"),
          path: path)
      }
    }
  }
}

extension PlatformError {
  /// An operation on a file or folder of the platform's own.
  enum FileOperation {
    case copy, date, list, lock, make, makeDurable, makeReadable
    case open, placeInInbox, read, rename, take, truncate, write

    /// The failure of the operation.
    var failure: LocalizedText {
      switch self {
      case .copy: LocalizedText("cannot be copied", "kan ikke kopieres")
      case .date: LocalizedText("cannot be dated", "kan ikke dateres")
      case .list: LocalizedText("cannot be listed", "kan ikke vises som liste")
      case .lock: LocalizedText("cannot be locked", "kan ikke låses")
      case .make: LocalizedText("cannot be made", "kan ikke oprettes")
      case .makeDurable: LocalizedText("cannot be made durable", "kan ikke gemmes varigt på disken")
      case .makeReadable: LocalizedText("cannot be made readable", "kan ikke gøres læsbar")
      case .open: LocalizedText("cannot be opened", "kan ikke åbnes")
      case .placeInInbox: LocalizedText("cannot be put into IN", "kan ikke lægges i IN")
      case .read: LocalizedText("cannot be read", "kan ikke læses")
      case .rename: LocalizedText("cannot be renamed into place", "kan ikke omdøbes til sit navn")
      case .take: LocalizedText("cannot be taken", "kan ikke hentes")
      case .truncate: LocalizedText("cannot be cut to its whole lines", "kan ikke afkortes til sine hele linjer")
      case .write: LocalizedText("cannot be written", "kan ikke skrives")
      }
    }
  }

  /// Makes an error from an error number of a file operation.
  static func file(_ number: Int32, _ operation: FileOperation, _ path: FilePath) -> PlatformError {
    PlatformError(
      .fileTrouble, operation.failure + LocalizedText(": ") + Errno(rawValue: number).words,
      remedy: LocalizedText(
        "check that the folder exists, belongs to the running user and has room",
        "se efter, om mappen findes, ejes af den bruger, der kører, og har plads"), path: path)
  }

  /// Makes an error from the error number of a system call that concerns no file.
  ///
  /// - Parameter call: the call, such as `socket`, with what it was for in brackets.
  static func system(_ number: Int32, _ call: String) -> PlatformError {
    PlatformError(
      .systemTrouble,
      LocalizedText("\(call) failed: ", "\(call) mislykkedes: ") + Errno(rawValue: number).words,
      remedy: LocalizedText(
        "check the limits of open files and processes (ulimit -n, ulimit -u)",
        "se efter grænserne for åbne filer og processer (ulimit -n, ulimit -u)"))
  }
}
