internal import CSSHShim

/// Bytes of a secret, overwritten when the last reference to them goes.
final class SecretBytes: @unchecked Sendable {
  // Unchecked: the bytes are written once, before anybody else sees them, and only read afterwards.
  private let room: UnsafeMutableRawBufferPointer
  private let count: Int

  /// Makes room for `capacity` bytes and keeps as many as `fill` says it has written.
  init<Failure: Error>(
    capacity: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
    do throws(Failure) {
      count = try fill(room)
      self.room = room
    } catch {
      filsluse_ssh_cleanse(room.baseAddress, room.count)
      room.deallocate()
      throw error
    }
  }

  deinit {
    filsluse_ssh_cleanse(room.baseAddress, room.count)
    room.deallocate()
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(rebasing: room[..<count]))
  }

  /// A copy of the bytes in a range.
  func part(_ range: Range<Int>) -> SecretBytes {
    SecretBytes(capacity: range.count) { copy in
      copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[range]))
      return range.count
    }
  }
}
