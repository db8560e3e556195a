internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Room on the disk, given to files before they are fetched, so that several at a time never count on the same bytes.
///
/// The file system itself keeps the room where it can (`fallocate`), so that other processes see it taken.
final class DiskRoom: Sendable {
  /// Left on the disk for others, in bytes.
  private let spare: UInt64

  /// One reservation at a time: two simultaneous ones could each fit, but not both.
  private let turn = Locked(())

  init(sparing spare: UInt64 = 8 << 20) { self.spare = spare }

  /// Returns true if this number of bytes is free beside the reserve.
  func isFree(_ bytes: UInt64, in folder: LocalFolder) throws(ExchangeError) -> Bool {
    let free = try folder.freeBytes()
    return free >= spare && free - spare >= bytes
  }

  /// Reserves disk space for the local copy of the file with `name` in IN.
  ///
  /// - Parameter present: the number of bytes already there.
  /// - Throws: ``ExchangeError`` with code `disk-full` when there is too little.
  func reserve(
    _ size: UInt64, for name: String, in file: LocalFile, of folder: LocalFolder, present: UInt64 = 0
  ) throws(ExchangeError) {
    try turn.withLock { _ throws(ExchangeError) in
      let free = try folder.freeBytes()
      guard free >= spare, free - spare >= size - min(present, size) else { throw tooLittle(size, free: free, name) }
      guard size > 0, let length = Int64(exactly: size) else { return }
      while filsluse_reserve(file.fileDescriptor, length) != 0 {
        switch errno {
        case EINTR: continue
        // Some file systems cannot reserve space; then a write may fail.
        case EOPNOTSUPP, ENOSYS: return
        case ENOSPC, EFBIG: throw tooLittle(size, free: free, name)
        default: throw LocalFile.failure("reserve room", file.path, errno)
        }
      }
    }
  }

  private func tooLittle(_ size: UInt64, free: UInt64, _ name: String) -> ExchangeError {
    ExchangeError(
      .diskFull, operation: "fetch", path: name,
      message:
        "it needs \(size.groupedBytes), and the disk has \(free.grouped) left, of which \(spare.grouped) are kept free for others",
      remedy: "make room on the disk and try again; it waits in IN"
    ).inDanish(
      "Der er ikke plads til \(name): den fylder \(size.grouped) byte, og disken har \(free.grouped) tilbage, hvoraf \(spare.grouped) holdes fri til andre. Skaf plads på disken, og prøv igen; den venter i IN."
    )
  }
}
