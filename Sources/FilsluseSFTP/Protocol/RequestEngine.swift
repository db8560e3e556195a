internal import FilsluseBase

/// Carries requests to the server and answers back to their callers, any number at a time.
///
/// Requests are numbered; the table below holds the waiting caller of each number. A cancelled request stays in the
/// table until its answer comes, so that a late handle can be closed and the connection remains usable.
final class RequestEngine: Sendable {
  typealias Outcome = Result<Reply, SFTPError>
  typealias Waiter = CheckedContinuation<Outcome, Never>
  private typealias HelloWaiter = CheckedContinuation<Result<ServerHello, SFTPError>, Never>

  private let wakeUp: EventFD
  private let state = Locked(State())

  init(wakeUp: EventFD) { self.wakeUp = wakeUp }

  /// Sends a request.
  ///
  /// - Throws: the `SFTPError` that ended the connection.
  func submit(_ request: Request) throws(SFTPError) -> PendingReply {
    let (id, mustSignal) = try state.withLock { state throws(SFTPError) in
      if let end = state.end { throw end.error(of: nil) }
      return (state.send(request), state.markForSending())
    }
    if mustSignal { wakeUp.signal() }
    return PendingReply(id: id, engine: self)
  }

  /// Sends requests together, in few packets.
  ///
  /// - Throws: the `SFTPError` that ended the connection.
  func submit(_ requests: [Request]) throws(SFTPError) -> [PendingReply] {
    let (ids, mustSignal) = try state.withLock { state throws(SFTPError) in
      if let end = state.end { throw end.error(of: nil) }
      return (requests.map { state.send($0) }, !requests.isEmpty && state.markForSending())
    }
    if mustSignal { wakeUp.signal() }
    return ids.map { PendingReply(id: $0, engine: self) }
  }

  /// Sends a request and ignores its answer.
  func submitAndForget(_ request: Request) { submitAndForget([request]) }

  /// Sends requests and ignores their answers.
  func submitAndForget(_ requests: [Request]) {
    let mustSignal = state.withLock { state in
      guard state.end == nil else { return false }
      return requests.reduce(false) { state.sendUnattended($1) || $0 }
    }
    if mustSignal { wakeUp.signal() }
  }

  /// Waits for the server's introduction. The client's goes out unasked, as the first bytes of all.
  ///
  /// - Throws: `SFTPError` when the connection ends or the task is cancelled first.
  func serverHello() async throws(SFTPError) -> ServerHello {
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { (waiter: HelloWaiter) in
        let known: Result<ServerHello, SFTPError>? = state.withLock { state in
          if let end = state.end { return .failure(end.error) }
          if Task.isCancelled { return .failure(.cancelled) }
          if let hello = state.hello { return .success(hello) }
          state.helloWaiter = waiter
          return nil
        }
        if let known { waiter.resume(returning: known) }
      }
    } onCancel: {
      takeHelloWaiter()?.resume(returning: .failure(.cancelled))
    }
    return try outcome.get()
  }

  /// So many bytes of a file that are there already; used by `PendingReply`.
  func takeData(to id: UInt32, count: Int) -> [UInt8]? {
    state.withLock { $0.table.takeData(to: id, count: count) }
  }

  /// An answer that is there already; used by `PendingReply`.
  func takeAnswer(to id: UInt32) -> Reply? { state.withLock { $0.table.takeAnswer(to: id) } }

  /// Waits for one answer; used by `PendingReply`.
  func outcome(of id: UInt32) async -> Outcome {
    await withTaskCancellationHandler {
      await withCheckedContinuation { (waiter: Waiter) in
        // Under the lock, so that a cancellation cannot slip in between looking and waiting.
        let known: Outcome? = state.withLock { state in
          if let reply = state.table.takeAnswer(to: id) { return .success(reply) }
          if let end = state.end { return .failure(end.error(of: id)) }
          if Task.isCancelled { return .failure(.cancelled) }
          state.table.wait(for: id, waiter)
          return nil
        }
        if let known { waiter.resume(returning: known) }
      }
    } onCancel: {
      state.withLock { $0.table.stopWaiting(for: id) }?.resume(returning: .failure(.cancelled))
    }
  }

  /// Abandons a request: its answer is not needed any more.
  func forget(_ id: UInt32) {
    let mustSignal = state.withLock { $0.forget(id) }
    if mustSignal { wakeUp.signal() }
  }

  private func takeHelloWaiter() -> HelloWaiter? {
    state.withLock { state in
      defer { state.helloWaiter = nil }
      return state.helloWaiter
    }
  }
}

extension RequestEngine: ChannelUser {
  func takeOutgoing(_ buffer: inout [UInt8]) {
    state.withLock { state in
      // By the connection's thread, as soon as the server listens: the task that waits for the server's introduction
      // may come late on a busy machine, and a ping before this packet would end the session.
      if state.introducedAt == nil {
        state.introducedAt = .now
        state.outgoing.append { ServerHello.writeInit(to: &$0) }
      }
      state.outgoing.take(into: &buffer)
      // The thread itself comes back for the rest.
      state.isMarkedForSending = !state.outgoing.isEmpty
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer) throws(SFTPError) {
    if try state.withLock({ state throws(SFTPError) in try state.isGreetedByText(bytes) }) { return }
    do throws(MalformedPacket) {
      state.withLock { $0.assembler.append(bytes) }
      while let packet = try state.withLock({ state throws(MalformedPacket) in try state.assembler.next() }) {
        try deliver(packet)
      }
      // Nothing more is to come for now: a connection that is kept keeps no room for the longest answer it ever got.
      state.withLock { if $0.table.oldestWaitsSince == nil { $0.assembler.rest() } }
    } catch {
      guard state.withLock({ $0.hello != nil }) else {
        throw SFTPError(
          .protocolViolation, "the server does not begin with SFTP's VERSION packet: \(error)",
          "den begynder ikke med SFTP's pakke VERSION: \(error.text.da)")
      }
      throw SFTPError(
        .protocolViolation, "the server sends a packet that is not SFTP version 3: \(error)",
        "den sender en pakke, der ikke er SFTP version 3: \(error.text.da)")
    }
  }

  private func deliver(_ packet: [UInt8]) throws(MalformedPacket) {
    if try deliverHello(packet) { return }
    let (id, reply) = try Reply.read(packet)
    let mustSignal: Bool = try state.withLock { state throws(MalformedPacket) in
      if let waiter = try state.table.answer(id, with: reply) {
        state.answered.append((waiter, reply))
        return false
      }
      guard let handle = state.table.takeLateHandle() else { return false }
      return state.sendUnattended(.close(handle: handle))
    }
    if mustSignal { wakeUp.signal() }
  }

  /// Resumes the callers whose answers have come. The answers to the later requests of a caller have mostly come by then
  /// too, so that it goes on with many at once.
  func wake() {
    let answered = state.withLock { state in
      defer { state.answered = [] }
      return state.answered
    }
    for (waiter, reply) in answered { waiter.resume(returning: .success(reply)) }
  }

  private func deliverHello(_ packet: [UInt8]) throws(MalformedPacket) -> Bool {
    guard state.withLock({ $0.hello == nil }) else { return false }
    let hello = try ServerHello(packet: packet)
    state.withLock { $0.hello = hello }
    takeHelloWaiter()?.resume(returning: .success(hello))
    return true
  }

  func waitingSince() -> ContinuousClock.Instant? {
    state.withLock { state in
      state.hello == nil ? state.introducedAt : state.table.oldestWaitsSince
    }
  }

  func ping() { submitAndForget(.realPath([UInt8(ascii: ".")])) }

  func ended(with error: SFTPError) {
    wake()
    // A text so far may be the only explanation.
    let text = state.withLock { $0.hello == nil ? $0.text : [] }
    let error = text.isEmpty || error.code == .connectionClosed ? error : ServerHello.replaced(by: text)
    let (end, waiters) = state.withLock { state in
      let end = End(error: error, oldest: state.table.oldest)
      state.end = end
      state.outgoing = OutgoingBytes()
      return (end, state.table.endAll())
    }
    takeHelloWaiter()?.resume(returning: .failure(error))
    for (id, waiter) in waiters { waiter.resume(returning: .failure(end.error(of: id))) }
  }
}

extension RequestEngine {
  /// The state guarded by the engine's lock.
  private struct State {
    var table = RequestTable()
    /// The callers whose answers have come, until the next ``wake()``.
    var answered: [(waiter: Waiter, reply: Reply)] = []
    var outgoing = OutgoingBytes()
    var isMarkedForSending = false
    var assembler = PacketAssembler()
    /// The time at which the client's INIT was handed over for sending; `nil` before that.
    var introducedAt: ContinuousClock.Instant?
    /// The server's VERSION packet; `nil` until it has come, which may be before anyone waits for it.
    var hello: ServerHello?
    /// The task that waits for the server's introduction.
    var helloWaiter: HelloWaiter?
    /// The text received instead of the server's first packet.
    var text: [UInt8] = []
    var end: End?

    /// Returns true if the server begins with text, as a shell or a login script prints it. The text is collected until
    /// one line of it is complete, since it may come in pieces.
    mutating func isGreetedByText(_ bytes: UnsafeRawBufferPointer) throws(SFTPError) -> Bool {
      guard hello == nil, !assembler.isInsidePacket || !text.isEmpty else { return false }
      // A packet begins with its length, whose first byte is 0.
      guard !text.isEmpty || bytes.first.map({ $0 != 0 }) ?? false else { return false }
      text += bytes.prefix(ServerHello.longestText)
      if text.count >= ServerHello.longestText || ServerHello.hasLine(text) { throw ServerHello.replaced(by: text) }
      return true
    }

    /// Returns true if the thread must be woken: once per hand-over is enough.
    mutating func markForSending() -> Bool {
      defer { isMarkedForSending = true }
      return !isMarkedForSending
    }

    mutating func send(_ request: Request) -> UInt32 {
      let id = table.add(opensHandle: request.opensHandle)
      outgoing.append { request.write(id: id, to: &$0) }
      return id
    }

    mutating func sendUnattended(_ request: Request) -> Bool {
      _ = table.forget(send(request))
      return markForSending()
    }

    mutating func forget(_ id: UInt32) -> Bool {
      guard end == nil, let handle = table.forget(id) else { return false }
      return sendUnattended(.close(handle: handle))
    }
  }

  /// The end of the connection.
  private struct End {
    let error: SFTPError
    /// The request that was being waited for then.
    let oldest: UInt32?

    /// Returns the error for the request with an id; `nil` stands for a request made after the end.
    func error(of id: UInt32?) -> SFTPError {
      var error = error
      error.isOfAnother = id == nil || id != oldest
      return error
    }
  }
}

/// The bytes of requests that wait for the connection's thread, in pieces.
///
/// A server whose window is closed leaves up to 2 MB here. In one array that grows by doubling, and that changes places
/// with the thread's, they would take three times as much.
private struct OutgoingBytes {
  /// The length at which a piece is full.
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

  /// Hands over the first piece. `buffer` is empty; its capacity may be used again.
  mutating func take(into buffer: inout [UInt8]) {
    if full.isEmpty { swap(&last, &buffer) } else { buffer = full.removeFirst() }
  }
}
