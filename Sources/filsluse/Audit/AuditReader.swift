import Glibc
import SystemPackage
import TriggerFiles

/// Reads files for an audit, each up to the size it had when it was opened, and rejects files that are no text.
final class AuditReader {
  /// The reason why a file, or the rest of it, is not checked.
  enum Refusal: Error {
    /// Its content cannot be checked.
    case unfit(LocalizedText)
    /// It cannot be read.
    case failed(Int32)
  }

  /// The number of bytes examined to distinguish text from other data.
  static let sample = 8192

  private let descriptor: Int32
  private let before: stat
  /// The first bytes.
  let start: [UInt8]
  /// The size of the file when it was opened.
  var size: Int { Int(before.st_size) }
  private var position: Int

  /// Opens a file.
  ///
  /// - Throws: `Refusal` when it cannot be read, or is larger than `limit`.
  init(_ path: FilePath, limit: Int) throws(Refusal) {
    // Not blocking, should a pipe have come in the file's place.
    let file = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else { throw .failed(errno) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      let code = errno
      close(file)
      throw .failed(code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw .unfit(LocalizedText("it is no plain file", "det er ikke en almindelig fil"))
    }
    guard status.st_size <= limit else {
      close(file)
      let size = UInt64(status.st_size)
      throw .unfit(
        LocalizedText(
          "\(Readable.size(size)): larger than --largest \(limit >> 20)",
          "\(Readable.size(size, in: .danish)): større end --largest \(limit >> 20)"))
    }
    var bytes = [UInt8](repeating: 0, count: min(Self.sample, Int(status.st_size)))
    let got = bytes.withUnsafeMutableBytes { Self.read(file, into: $0) }
    guard got >= 0 else {
      let code = errno
      close(file)
      throw .failed(code)
    }
    var extra: UInt8 = 0
    // A file that the system generates during reading has no size, and may have no end.
    if status.st_size == 0, Glibc.read(file, &extra, 1) != 0 {
      close(file)
      throw .unfit(
        LocalizedText(
          "it has no size and is not empty: audit a copy of it",
          "den har ingen størrelse og er ikke tom: undersøg en kopi af den"))
    }
    descriptor = file
    before = status
    start = Array(bytes.prefix(got))
    position = got
  }

  deinit { close(descriptor) }

  /// Reads further bytes into memory, up to the file's size at its opening.
  ///
  /// - Returns: the number of bytes; 0 at the end.
  /// - Throws: `Refusal` if it cannot be read.
  func read(into memory: UnsafeMutableRawBufferPointer) throws(Refusal) -> Int {
    let room = min(memory.count, size - position)
    guard room > 0 else { return 0 }
    let got = Self.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: memory[..<room]))
    guard got >= 0 else { throw .failed(errno) }
    position += got
    return got
  }

  /// Reads the whole file.
  ///
  /// - Throws: `Refusal` when it cannot be read, or changed while it was.
  func readAll() throws(Refusal) -> [UInt8] {
    var bytes = start
    bytes.reserveCapacity(size)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = try piece.withUnsafeMutableBytes { memory in
        Result { () throws(Refusal) in try read(into: memory) }
      }.get()
      if got == 0 { break }
      bytes += piece.prefix(got)
    }
    try expectUnchanged()
    return bytes
  }

  /// Checks that the file has not changed since it was opened.
  ///
  /// - Throws: `Refusal` if it has: the content read may mix two states.
  func expectUnchanged() throws(Refusal) {
    var after = stat()
    guard fstat(descriptor, &after) == 0 else { throw .failed(errno) }
    let isSame =
      after.st_size == before.st_size && after.st_mtim.tv_sec == before.st_mtim.tv_sec
      && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    guard isSame else {
      throw .unfit(
        LocalizedText(
          "it changed while it was read; audit it again when nothing writes to it",
          "den blev ændret, mens den blev læst; undersøg den igen, når der ikke skrives i den"))
    }
    guard position == size else {
      throw .unfit(LocalizedText("it became shorter while it was read", "den blev kortere, mens den blev læst"))
    }
  }

  private static func read(_ file: Int32, into memory: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    while count < memory.count, let start = memory.baseAddress {
      let got = Glibc.read(file, start + count, memory.count - count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { return -1 }
      if got == 0 { break }
      count += got
    }
    return count
  }
}
