internal import CSystemShim
import Glibc
package import SystemPackage

/// Opens regular files named by a user, and nothing else: a pipe would block the reader, a device never ends.
package enum PlainFile {
  /// Opens a plain file without waiting for anything. Links are followed: the user named them.
  ///
  /// - Throws: ``PlainFileError``.
  package static func open(_ path: FilePath, flags: Int32 = O_RDONLY) throws(PlainFileError) -> FileDescriptor {
    var status = stat()
    // Before it is opened: some devices do something at being opened.
    if path.withPlatformString({ stat($0, &status) }) == 0 { try check(status) }
    let descriptor = path.withPlatformString { filsluse_openat(AT_FDCWD, $0, flags | O_NONBLOCK | O_NOCTTY, 0o600) }
    guard descriptor >= 0 else { throw .system(Errno(rawValue: errno)) }
    do throws(PlainFileError) {
      // Checks the opened file: another may have the name by now.
      guard fstat(descriptor, &status) == 0 else { throw .system(Errno(rawValue: errno)) }
      try check(status)
    } catch {
      close(descriptor)
      throw error
    }
    return FileDescriptor(rawValue: descriptor)
  }

  /// - Throws: ``PlainFileError/notPlain(_:)`` for anything but a plain file.
  static func check(_ status: stat) throws(PlainFileError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .notPlain(.folder)
    case S_IFIFO: throw .notPlain(.pipe)
    case S_IFSOCK: throw .notPlain(.socket)
    default: throw .notPlain(.device)
    }
  }

  /// Bytes of the file's beginning, at most `limit` of them.
  ///
  /// - Throws: `Errno`.
  package static func content(of file: FileDescriptor, upTo limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let room = min(65536, limit - bytes.count)
      let chunk = try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }
}

/// The reason why a named file cannot be opened.
package enum PlainFileError: Error, CustomStringConvertible {
  /// The kinds of directory entries that are not regular files.
  package enum Kind: String, Sendable {
    case folder, pipe, device, socket
  }

  case system(Errno)
  case notPlain(Kind)

  /// True if no file has that name.
  package var isMissing: Bool {
    if case .system(let code) = self { return code == .noSuchFileOrDirectory || code == .notDirectory }
    return false
  }

  /// The system's reason, where the file could not be opened.
  package var code: Errno? { if case .system(let code) = self { code } else { nil } }

  package var description: String {
    switch self {
    case .system(let code): code.description
    case .notPlain(let kind): "it is a \(kind.rawValue), no plain file"
    }
  }

  /// The reason in Danish.
  package var inDanish: String {
    switch self {
    case .system(let code): code.inDanish
    case .notPlain(.folder): "det er en mappe og ingen almindelig fil"
    case .notPlain(.pipe): "det er et rør og ingen almindelig fil"
    case .notPlain(.device): "det er en enhed og ingen almindelig fil"
    case .notPlain(.socket): "det er en sokkel og ingen almindelig fil"
    }
  }
}
