/// WRITE requests of one file in flight, in the order of their offsets.
struct WriteFlight {
  /// The length of one request, accepted by every server.
  static let requestSize = 32 * 1024

  private let engine: RequestEngine
  private let handle: [UInt8]
  private let limit: FairShare
  private var pending = Queue<(reply: PendingReply, end: UInt64)>()

  init(engine: RequestEngine, handle: [UInt8], limit: FairShare) {
    self.engine = engine
    self.handle = handle
    self.limit = limit
  }

  /// Sends bytes; waits as long as more is in flight than the file's share. `landed` hears up to where all is across.
  mutating func write(_ bytes: [UInt8], at offset: UInt64, _ landed: (UInt64) -> Void) async throws(SFTPError) {
    var start = 0
    while start < bytes.count {
      while pending.count >= limit.share { try await landOne(landed) }
      let end = min(start + Self.requestSize, bytes.count)
      let reply = try engine.submit(.write(handle: handle, offset: offset + UInt64(start), bytes[start..<end]))
      pending.append((reply, offset + UInt64(end)))
      start = end
    }
  }

  /// Waits for all that is in flight.
  mutating func land(_ landed: (UInt64) -> Void) async throws(SFTPError) {
    while !pending.isEmpty { try await landOne(landed) }
  }

  /// True while nothing is in flight.
  var isEmpty: Bool { pending.isEmpty }

  /// Waits for the oldest request in flight, if there is one.
  mutating func landOne(_ landed: (UInt64) -> Void) async throws(SFTPError) {
    guard let (reply, end) = pending.popFirst() else { return }
    try await reply.success()
    landed(end)
  }
}

/// A first-in, first-out queue that does not move its elements.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var start = 0

  var count: Int { elements.count - start }
  var isEmpty: Bool { count == 0 }
  var first: Element? { start < elements.count ? elements[start] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard start < elements.count else { return nil }
    let first = elements[start]
    elements[start] = nil
    start += 1
    if start > 64, start * 2 > elements.count {
      elements.removeFirst(start)
      start = 0
    }
    return first
  }
}
