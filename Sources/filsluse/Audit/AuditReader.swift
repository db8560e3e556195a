import Glibc
import SystemPackage

/// Reads one file after the other into the same memory.
final class AuditReader {
  /// What came of a file.
  enum Content {
    case text(UnsafeRawBufferPointer)
    case skipped(String)
    case failed(Int32)
  }

  /// What is looked at to tell text from other data.
  private static let sample = 8192

  private let limit: Int
  private var memory: UnsafeMutableRawBufferPointer

  /// Reads files of at most `limit` bytes.
  init(limit: Int) {
    self.limit = limit
    memory = .allocate(byteCount: 1 << 20, alignment: 16)
  }

  deinit { memory.deallocate() }

  /// The file's bytes, good until the next call.
  func read(_ path: FilePath) -> Content {
    // Not blocking, should a pipe have come in the file's place.
    let file = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else { return .failed(errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return .failed(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .skipped("neither a file nor a folder") }
    guard status.st_size <= limit else {
      return .skipped("\(Readable.size(UInt64(status.st_size))): larger than --largest \(limit >> 20)")
    }
    makeRoom(Int(status.st_size) + 1)
    var count = 0
    while count < memory.count, let start = memory.baseAddress {
      let got = Glibc.read(file, start + count, memory.count - count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { return .failed(errno) }
      if got == 0 { break }
      count += got
      if count == memory.count {
        // It grows while it is read.
        guard count <= limit else { return .skipped("it grew beyond --largest \(limit >> 20) while it was read") }
        makeRoom(count * 2, keeping: count)
      }
    }
    return content(UnsafeRawBufferPointer(rebasing: memory[..<count]))
  }

  private func makeRoom(_ wanted: Int, keeping count: Int = 0) {
    guard memory.count < wanted else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    memory.deallocate()
    memory = larger
  }

  private func content(_ bytes: UnsafeRawBufferPointer) -> Content {
    if bytes.starts(with: [0xFF, 0xFE]) { return fromUTF16(bytes.dropFirst(2), isLittleEndian: true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return fromUTF16(bytes.dropFirst(2), isLittleEndian: false) }
    if bytes.prefix(Self.sample).contains(0) { return .skipped("not text") }
    return declaresLatin1(bytes) ? kept(String(decoding: bytes.lazy.map(UInt16.init), as: UTF16.self)) : .text(bytes)
  }

  /// Whether it is XML that says it is written in ISO-8859-1 or what Windows makes of it.
  private func declaresLatin1(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.starts(with: "<?xml".utf8), let end = bytes.prefix(256).firstIndex(of: UInt8(ascii: ">")) else {
      return false
    }
    let declaration = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    return declaration.contains("iso-8859-1") || declaration.contains("windows-1252")
  }

  /// UTF-16, as some editors save text, becomes UTF-8.
  private func fromUTF16(_ bytes: Slice<UnsafeRawBufferPointer>, isLittleEndian: Bool) -> Content {
    let all = Array(bytes)
    let units = stride(from: 0, to: all.count - 1, by: 2).map { at in
      let (first, second) = (UInt16(all[at]), UInt16(all[at + 1]))
      return isLittleEndian ? second << 8 | first : first << 8 | second
    }
    return kept(String(decoding: units, as: UTF16.self))
  }

  private func kept(_ text: String) -> Content {
    let bytes = Array(text.utf8)
    makeRoom(bytes.count)
    memory.copyBytes(from: bytes)
    return .text(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
  }
}
