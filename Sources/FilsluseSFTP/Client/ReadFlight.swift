/// READ requests of one file in flight, in the order of their offsets.
struct ReadFlight {
  private static let largestRequest = 32 * 1024
  /// The most bytes that are handed out at once.
  private static let mostAtOnce = 256 * 1024

  private let engine: RequestEngine
  private let handle: [UInt8]
  private let limit: FairShare
  private var pending = Queue<(reply: PendingReply, offset: UInt64, count: Int)>()
  private var requestSize = Self.largestRequest
  private var hasEnded = false

  /// Up to where bytes have been requested.
  private(set) var asked: UInt64

  /// Up to where all bytes have been handed out.
  private(set) var position: UInt64

  /// The end of the file, once known.
  var end: UInt64?

  init(engine: RequestEngine, handle: [UInt8], from offset: UInt64, limit: FairShare) {
    self.engine = engine
    self.handle = handle
    self.limit = limit
    asked = offset
    position = offset
  }

  /// Returns the number of requests that a file of a size takes from an offset on.
  static func count(for size: UInt64, from offset: UInt64) -> Int {
    guard size > offset else { return 0 }
    return Int(clamping: (size - offset - 1) / UInt64(largestRequest) + 1)
  }

  /// The number of requests in flight.
  var count: Int { pending.count }

  /// The bytes up to the end that have not been handed out.
  var rest: Range<UInt64> { position..<max(position, end ?? position) }

  /// Requests all of another piece of the same file.
  func requesting(_ piece: Range<UInt64>) throws(SFTPError) -> ReadFlight {
    var flight = ReadFlight(engine: engine, handle: handle, from: piece.lowerBound, limit: limit)
    flight.requestSize = requestSize
    flight.end = piece.upperBound
    try flight.ask(atMost: .max)
    return flight
  }

  /// Sends requests, all together, until `count` are in flight or the end is reached.
  mutating func ask(atMost count: Int) throws(SFTPError) {
    var parts: [(offset: UInt64, count: Int)] = []
    var next = asked
    while pending.count + parts.count < count, end.map({ next < $0 }) ?? true {
      let wanted = end.map { Int(min(UInt64(requestSize), $0 - next)) } ?? requestSize
      parts.append((next, wanted))
      next += UInt64(wanted)
    }
    if parts.isEmpty { return }
    let replies = try engine.submit(
      parts.map { part in Request.read(handle: handle, offset: part.offset, count: UInt32(part.count)) })
    for (reply, part) in zip(replies, parts) { pending.append((reply, part.offset, part.count)) }
    asked = next
  }

  /// The bytes at `position`, which moves on behind them; `nil` at the end of the file. Whole answers behind them that
  /// have come already are handed out with them: one write for many is cheaper.
  mutating func next() async throws(SFTPError) -> [UInt8]? {
    guard !hasEnded else { return nil }
    do throws(SFTPError) {
      try ask(atMost: limit.share)
    } catch {
      // Answers that came before the connection ended are handed out.
      if pending.isEmpty { throw error }
    }
    guard let (reply, offset, count) = pending.popFirst() else { return nil }
    let wanted = end.map { Int(min(UInt64(count), $0 < offset ? 0 : $0 - offset)) } ?? count
    guard wanted > 0 else { return nil }
    var bytes = try await complete(try await reply.data(), at: offset, wanted: wanted, asked: count)
    guard !bytes.isEmpty else { return nil }
    if !hasEnded { takeWhatHasCome(behind: &bytes) }
    position = offset + UInt64(bytes.count)
    return bytes
  }

  private mutating func takeWhatHasCome(behind bytes: inout [UInt8]) {
    while let (reply, offset, count) = pending.first, bytes.count + count <= Self.mostAtOnce,
      end.map({ offset + UInt64(count) <= $0 }) ?? true, let more = reply.dataNow(count: count)
    {
      _ = pending.popFirst()
      bytes.reserveCapacity(Self.mostAtOnce)
      bytes += more
    }
  }

  /// Requests the missing bytes of a short answer until all are there or the file ends.
  private mutating func complete(
    _ first: [UInt8]?, at offset: UInt64, wanted: Int, asked: Int
  ) async throws(SFTPError) -> [UInt8] {
    var bytes = try checked(first, atMost: asked)
    if bytes.count > 0, bytes.count < wanted { requestSize = min(requestSize, max(bytes.count, 4096)) }
    while bytes.count < wanted, !hasEnded {
      let missing = wanted - bytes.count
      let more = try await submit(at: offset + UInt64(bytes.count), missing).data()
      bytes += try checked(more, atMost: missing)
    }
    return bytes.count > wanted ? Array(bytes[..<wanted]) : bytes
  }

  private mutating func checked(_ bytes: [UInt8]?, atMost count: Int) throws(SFTPError) -> [UInt8] {
    guard let bytes else {
      hasEnded = true
      return []
    }
    guard !bytes.isEmpty, bytes.count <= count else {
      throw SFTPError(
        .protocolViolation, "the server answers a request for \(count) bytes with \(bytes.count)",
        "den svarer på en forespørgsel om \(count) byte med \(bytes.count)")
    }
    return bytes
  }

  private func submit(at offset: UInt64, _ count: Int) throws(SFTPError) -> PendingReply {
    try engine.submit(.read(handle: handle, offset: offset, count: UInt32(count)))
  }
}
