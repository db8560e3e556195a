/// The bytes of requests that wait for the connection's thread, in pieces.
///
/// Up to 2 MB collect here while the server's window is closed. One array that grows by doubling and is swapped with
/// the thread's would take three times as much memory.
struct OutgoingBytes {
  /// The length of a full piece.
  private static let fullPiece = 256 * 1024

  private var full: [[UInt8]] = []
  private var last: [UInt8] = []

  var isEmpty: Bool { full.isEmpty && last.isEmpty }

  /// Appends the packets that `write` writes.
  mutating func append(_ write: (inout PacketWriter) -> Void) {
    if last.count >= Self.fullPiece {
      full.append(last)
      last = []
    }
    // Moved out and in again, so that the bytes are appended in place.
    var bytes: [UInt8] = []
    swap(&bytes, &last)
    var writer = PacketWriter(after: consume bytes)
    write(&writer)
    last = writer.bytes
  }

  /// Moves the first piece into `buffer`, which is empty; its capacity may be reused.
  mutating func take(into buffer: inout [UInt8]) {
    if full.isEmpty { swap(&last, &buffer) } else { buffer = full.removeFirst() }
  }
}
