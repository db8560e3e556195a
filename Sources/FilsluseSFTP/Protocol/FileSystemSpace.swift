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
    available = free.multipliedReportingOverflow(by: unit).partialValue
    total = all.multipliedReportingOverflow(by: unit).partialValue
    isReadOnly = flags & 1 != 0
  }
}
