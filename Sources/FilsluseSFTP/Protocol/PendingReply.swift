/// An answer to come. It may be dropped unread: the answer is drained when it comes.
final class PendingReply: Sendable {
  private let id: UInt32
  private let engine: RequestEngine

  init(id: UInt32, engine: RequestEngine) {
    self.id = id
    self.engine = engine
  }

  deinit { engine.forget(id) }

  /// The answer. Ask once.
  ///
  /// - Throws: `SFTPError` when the connection ends or the task is cancelled first.
  func value() async throws(SFTPError) -> Reply {
    // Of several requests in one packet, the later ones are mostly answered when the first one's answer has been used.
    if let reply = engine.takeAnswer(to: id) { return reply }
    return try await engine.outcome(of: id).get()
  }

  /// Waits for a STATUS that says success.
  func success() async throws(SFTPError) {
    guard case .status(let status) = try await value() else { throw .unexpectedAnswer }
    guard status.number == ServerStatus.ok else { throw status.error }
  }

  /// Waits for a handle.
  func handle() async throws(SFTPError) -> [UInt8] {
    switch try await value() {
    case .handle(let handle): return handle
    case .status(let status): throw status.error
    default: throw .unexpectedAnswer
    }
  }

  /// Waits for attributes.
  func attributes() async throws(SFTPError) -> FileAttributes {
    switch try await value() {
    case .attributes(let attributes): return attributes
    case .status(let status): throw status.error
    default: throw .unexpectedAnswer
    }
  }

  /// Waits for the room of a file system.
  func space() async throws(SFTPError) -> FileSystemSpace {
    switch try await value() {
    case .space(let space): return space
    case .status(let status): throw status.error
    default: throw .unexpectedAnswer
    }
  }

  /// Waits for attributes; `nil` if there is no such file, which many callers hope for.
  func attributesIfPresent() async throws(SFTPError) -> FileAttributes? {
    switch try await value() {
    case .attributes(let attributes): return attributes
    case .status(let status) where status.isNoSuchFile: return nil
    case .status(let status): throw status.error
    default: throw .unexpectedAnswer
    }
  }

  /// Waits for attributes that another request can give as well; `nil` where the server refuses this one, whatever its
  /// reason: some take an open file for a missing one.
  func attributesIfOffered() async throws(SFTPError) -> FileAttributes? {
    switch try await value() {
    case .attributes(let attributes): return attributes
    case .status: return nil
    default: throw .unexpectedAnswer
    }
  }

  /// Waits for bytes of a file; `nil` at its end.
  func data() async throws(SFTPError) -> [UInt8]? {
    switch try await value() {
    case .data(let bytes): return bytes
    case .status(let status) where status.number == ServerStatus.endOfFile: return nil
    case .status(let status): throw status.error
    default: throw .unexpectedAnswer
    }
  }

  /// So many bytes of a file, if they have come already; any other answer, or none so far, is left to ``data()``.
  func dataNow(count: Int) -> [UInt8]? { engine.takeData(to: id, count: count) }

  /// Waits for names; `nil` at the end of a folder.
  func names() async throws(SFTPError) -> [Reply.NameEntry]? {
    switch try await value() {
    case .names(let names): return names
    case .status(let status) where status.number == ServerStatus.endOfFile: return nil
    case .status(let status): throw status.error
    default: throw .unexpectedAnswer
    }
  }
}

extension SFTPError {
  fileprivate static let unexpectedAnswer = SFTPError(
    .protocolViolation, "the server answers with a packet that does not fit the question",
    "den svarer med en pakke, der ikke passer til spørgsmålet")
}
