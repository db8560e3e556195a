/// The room of a file system on the server.
public struct FileSystemSpace: Sendable, Hashable {
  /// The number of bytes that the user can still write.
  public let available: UInt64
  /// The size in bytes.
  public let total: UInt64
  /// True if nothing can be written there.
  public let isReadOnly: Bool

  /// Reads the answer of `statvfs@openssh.com`.
  init(from reader: inout PacketReader) throws(MalformedPacket) {
    _ = try reader.uint64()
    let unit = try reader.uint64()
    let all = try reader.uint64()
    _ = try reader.uint64()
    let free = try reader.uint64()
    for _ in 0..<4 { _ = try reader.uint64() }
    let flags = try reader.uint64()
    available = Self.bytes(free, each: unit)
    total = Self.bytes(all, each: unit)
    isReadOnly = flags & 1 != 0
  }

  /// A number of blocks in bytes. A server without a limit may give more than 64 bits hold: that is much room, not none.
  private static func bytes(_ blocks: UInt64, each unit: UInt64) -> UInt64 {
    let (product, overflows) = blocks.multipliedReportingOverflow(by: unit)
    return overflows ? .max : product
  }
}
