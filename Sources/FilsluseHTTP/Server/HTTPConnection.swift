internal import FilsluseBase
import Glibc

/// One connection of the server, with one request and its answer. Used only on the server's thread.
struct HTTPConnection {
  enum Phase {
    case reading
    /// The request is with the site.
    case answering(Task<Void, Never>)
    case writing
    /// Everything is said. What still comes is thrown away, as closing at once could take the answer from the client.
    case leaving
    case over
  }

  typealias Instant = ContinuousClock.Instant

  let number: UInt64
  let socket: Int32
  let opened: Instant
  private(set) var phase: Phase = .reading
  /// The time at which the current phase times out.
  private(set) var deadline: Instant
  private let limits: HTTPLimits
  private var reader: HTTPRequestReader
  private var headIsWhole = false
  private var isHead = false
  private var answer: [UInt8] = []
  private var sent = 0
  private var writeDeadline: Instant
  private var thrownAway = 0

  init(number: UInt64, socket: Int32, limits: HTTPLimits, now: Instant) {
    self.number = number
    self.socket = socket
    self.limits = limits
    opened = now
    deadline = now + limits.headWithin
    writeDeadline = deadline
    reader = HTTPRequestReader(limits: limits)
  }

  var isOver: Bool { if case .over = phase { true } else { false } }
  var isLeaving: Bool { if case .leaving = phase { true } else { false } }

  /// The time since which the server waits for its request; `nil` once that is complete.
  var waitingSince: Instant? { if case .reading = phase { opened } else { nil } }

  /// True if not even the head of a request is complete.
  var isWithoutHead: Bool { waitingSince != nil && !headIsWhole }

  /// The events to poll for.
  var interest: Int16 {
    switch phase {
    case .reading, .leaving: Int16(POLLIN)
    case .writing: Int16(POLLOUT)
    case .answering, .over: 0
    }
  }

  /// Reads the bytes that have come; returns the request once it is complete.
  mutating func read(into buffer: inout [UInt8], now: Instant) -> HTTPRequest? {
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else {
      if count == 0 || (errno != EAGAIN && errno != EINTR) { close() }
      return nil
    }
    if isLeaving {
      thrownAway += count
      if thrownAway > 16 * limits.headBytes { close() }
      return nil
    }
    switch reader.take(buffer[..<count]) {
    case .wantsHead: return nil
    case .wantsBody:
      if !headIsWhole {
        headIsWhole = true
        deadline = now + limits.bodyWithin
      }
      return nil
    case .request(let request):
      isHead = request.method == .head
      return request
    case .refused(let refusal):
      write(HTTPResponse(refusal), now: now)
      return nil
    }
  }

  /// Waits for the site's answer.
  mutating func await(_ task: Task<Void, Never>, now: Instant) {
    phase = .answering(task)
    deadline = now + limits.answerWithin
  }

  /// Begins to send an answer.
  mutating func write(_ response: HTTPResponse, now: Instant) {
    answer = response.bytes(withBody: !isHead, at: .now)
    phase = .writing
    deadline = now + limits.pieceWithin
    writeDeadline = now + limits.writeWithin
    continueWriting(now: now)
  }

  /// Sends as much of the answer as the client takes.
  mutating func continueWriting(now: Instant) {
    while sent < answer.count {
      let count = answer.withUnsafeBytes {
        send(socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        if errno != EAGAIN && errno != EINTR { close() }
        return
      }
      sent += count
      deadline = min(now + limits.pieceWithin, writeDeadline)
    }
    shutdown(socket, Int32(SHUT_WR))
    answer = []
    phase = .leaving
    deadline = now + limits.goodbyeWithin
  }

  /// Handles a time-out by the phase of the connection.
  mutating func runOut(now: Instant) {
    switch phase {
    case .reading where reader.isUntouched:
      // No request came: browsers open connections that they may not need.
      close()
    case .reading:
      let (part, del) = headIsWhole ? ("body", "indhold") : ("head", "hoved")
      let limit = headIsWhole ? limits.bodyWithin : limits.headWithin
      write(
        .plain(
          .timedOut, english: "the request's \(part) was not whole within \(limit)",
          danish: "forespørgslens \(del) var ikke helt inden \(Self.danish(limit))"), now: now)
    case .answering(let task):
      task.cancel()
      write(
        .plain(
          .unavailable, english: "there was no answer within \(limits.answerWithin)",
          danish: "der kom intet svar inden \(Self.danish(limits.answerWithin))"), now: now)
    case .writing, .leaving: close()
    case .over: break
    }
  }

  private static func danish(_ limit: Duration) -> String { "\(limit.components.seconds) sekunder" }

  /// Ends the connection at once.
  mutating func close() {
    if isOver { return }
    if case .answering(let task) = phase { task.cancel() }
    phase = .over
    Glibc.close(socket)
  }
}
