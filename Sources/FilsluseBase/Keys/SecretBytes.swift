import Glibc
package import SystemPackage

/// Bytes of a secret, overwritten when the last reference to them goes.
package final class SecretBytes: @unchecked Sendable {
  // Unchecked: the bytes are written once, before anybody else sees them, and only read afterwards.
  private let room: UnsafeMutableRawBufferPointer
  private let count: Int

  /// Allocates `capacity` bytes and keeps the number of bytes that `fill` returns as written.
  package init<Failure: Error>(
    capacity: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
    do throws(Failure) {
      count = try fill(room)
      self.room = room
    } catch {
      SecretBytes.wipe(room)
      room.deallocate()
      throw error
    }
  }

  deinit {
    SecretBytes.wipe(room)
    room.deallocate()
  }

  /// Reads the first bytes of an open file, at most `limit` of them.
  ///
  /// - Throws: `Errno`.
  package convenience init(contentOf file: FileDescriptor, upTo limit: Int) throws(Errno) {
    try self.init(capacity: limit) { room throws(Errno) in
      var count = 0
      while count < room.count {
        let got = read(file.rawValue, room.baseAddress?.advanced(by: count), room.count - count)
        if got == 0 { break }
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { throw Errno(rawValue: errno) }
        count += got
      }
      return count
    }
  }

  private static func wipe(_ room: UnsafeMutableRawBufferPointer) {
    if let start = room.baseAddress { explicit_bzero(start, room.count) }
  }

  /// Runs `body` with the bytes, which it must not keep.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(rebasing: room[..<count]))
  }

  /// A copy of the bytes in a range.
  package func part(_ range: Range<Int>) -> SecretBytes {
    SecretBytes(capacity: range.count) { copy in
      copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[range]))
      return range.count
    }
  }
}
