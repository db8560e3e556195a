internal import CPostgreSQLShim
internal import CSystemShim
internal import FilsluseBase
import Glibc

/// The time that is waited for a PostgreSQL server.
package struct PostgreSQLPatience: Sendable {
  /// For a connection, with all servers of its address tried. The name of a host is looked up besides, which lasts as
  /// long as the system's resolver lets it.
  package var connecting = Duration.seconds(10)
  /// For the answer to a statement. The server is given the same time to end the statement itself, and a session that
  /// stays idle for as long in a transaction, so that a machine that stands still holds no rows for ever.
  package var statement = Duration.seconds(30)

  package init() {}
}

/// One session with a PostgreSQL server: statements are sent and answers awaited, each with a deadline. It knows no
/// SQL.
///
/// Its calls block, and it belongs to one thread at a time. libpq itself never waits: each wait is a `poll` of the
/// socket with what is left of the deadline. A session that has missed a deadline or lost its connection is closed at
/// once, so no late answer is ever taken for that of the next statement.
final class PostgreSQLSession {
  /// The user, the host and the database, without a password.
  let place: String
  private let secrets: Redacted<[String]>
  private var connection: OpaquePointer?
  /// The operations of each group of statements whose answers were not read yet, in the order of sending.
  private var unread: [[String]] = []

  /// Connects.
  ///
  /// - Throws: ``StoreError``; its cause is `login`, `unsuitable` or `unreachable` in most cases.
  init(connectingTo address: PostgreSQLAddress, within patience: Duration) throws(StoreError) {
    place = address.description
    let options = address.options.exposed.filter { Self.own[$0.keyword] == nil }
    let effective = try Self.effectiveOptions(of: options)
    secrets = Redacted(effective.filter { PostgreSQLAddress.secretKeywords.contains($0.keyword) }.map(\.value))
    if let refusal = TransportRule.refusal(of: PostgreSQLAddress.values(of: effective)) { throw refusal }
    let deadline = ContinuousClock.now + patience
    connection = try Self.start(options + Self.own.map { .init(keyword: $0.key, value: $0.value) })
    try connect(until: deadline)
  }

  deinit { if let connection { filsluse_pq_finish(connection) } }

  /// True while statements can be sent, as far as is known without asking the server.
  var isUsable: Bool { connection.map { filsluse_pq_is_usable($0) != 0 } ?? false }

  /// The process id that the server gave for the session, or a pooler that stands before it.
  var process: Int64 { connection.map { Int64(filsluse_pq_process($0)) } ?? 0 }

  /// Takes in what the server has said since the last answer, such as that it has ended the session.
  func takeNews() {
    while let connection {
      var waiting = pollfd(fd: filsluse_pq_socket(connection), events: Int16(POLLIN), revents: 0)
      guard filsluse_pq_holds_more(connection) != 0 || filsluse_poll(&waiting, 1, 0) > 0 else { return }
      // Its last words come before its end.
      if filsluse_pq_read(connection) == 0 { close() }
    }
  }

  /// Closes the session; what was not committed is undone by the server.
  func close() {
    if let connection { filsluse_pq_finish(connection) }
    connection = nil
    unread = []
  }

  // MARK: Connecting

  /// Options that are the same for all addresses. Encryption by Kerberos would go before TLS, and is not asked for the
  /// server's certificate.
  private static let own = [
    "client_encoding": "UTF8", "gssencmode": "disable", "fallback_application_name": "filsluse",
  ]

  private static func start(_ options: [PostgreSQLAddress.Option]) throws(StoreError) -> OpaquePointer {
    let keywords = options.map { strdup($0.keyword) } + [nil]
    let values = options.map { strdup($0.value) } + [nil]
    defer {
      for case .some(let text) in keywords + values {
        // Passwords are among them.
        explicit_bzero(text, strlen(text))
        free(text)
      }
    }
    let started = filsluse_pq_start(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) })
    guard let started else { throw StoreError(.other, "there is no memory for a connection", operation: "connect") }
    return started
  }

  /// The options that a connection will use, with those from the environment and from service files. libpq only finds
  /// them out for a connection: this one has an option that libpq refuses, before it looks a host up or connects.
  private static func effectiveOptions(
    of options: [PostgreSQLAddress.Option]
  ) throws(StoreError) -> [PostgreSQLAddress.Option] {
    let refused = try start(options + [.init(keyword: "gssencmode", value: "filsluse")])
    defer { filsluse_pq_finish(refused) }
    guard let list = filsluse_pq_options_of(refused) else {
      throw StoreError(.other, "there is no memory for a connection", operation: "connect")
    }
    defer { filsluse_pq_free_options(list) }
    return PostgreSQLAddress.options(list)
  }

  private func connect(until deadline: ContinuousClock.Instant) throws(StoreError) {
    guard let connection else { return }
    // The first step of libpq's own is to wait until the socket can be written to.
    var progress = filsluse_pq_socket(connection) < 0 ? filsluse_pq_go_on(connection) : FILSLUSE_PQ_WRITING
    while progress != FILSLUSE_PQ_CONNECTED {
      if progress == FILSLUSE_PQ_FAILED { throw refusal() }
      guard wait(progress == FILSLUSE_PQ_READING ? POLLIN : POLLOUT, until: deadline) else {
        close()
        throw StoreError(.unreachable, "\(place) has not taken the connection in time", operation: "connect")
      }
      progress = filsluse_pq_go_on(connection)
    }
    guard filsluse_pq_stop_waiting(connection) == 0 else { throw lost("connect") }
  }

  private func refusal() -> StoreError {
    let words = ownWords
    let lacksPassword = connection.map { filsluse_pq_lacks_password($0) != 0 } ?? false
    close()
    let code = RefusalWords.code(in: words)
    let cause = code.map { StoreError.Cause(sqlState: $0) } ?? (lacksPassword ? .login : .unreachable)
    return StoreError(cause, Masked.name(RefusalWords.readable(words)), code: code, operation: "connect")
  }

  // MARK: Groups of statements

  /// A statement of a group, and the operation that its errors name.
  struct Message {
    let operation: String
    /// Hands it to libpq; 1 on success.
    let send: (OpaquePointer) -> Int32
  }

  /// Sends statements in one go and awaits their answers.
  ///
  /// - Returns: the answer to each.
  /// - Throws: ``StoreError`` of the first statement that failed: the server passes over those after it. The session is
  ///   closed where the server did not answer one in time.
  func ask(_ messages: [Message], within patience: Duration) throws(StoreError) -> [PostgreSQLResult] {
    try send(messages, within: patience)
    try readEarlierAnswers(within: patience)
    return try readAnswers(within: patience)
  }

  /// Sends statements in one go. Their answers are read, and thrown away, when something else is asked.
  ///
  /// - Throws: ``StoreError``; the session is then closed.
  func send(_ messages: [Message], within patience: Duration) throws(StoreError) {
    let operation = messages.last?.operation ?? "send nothing"
    guard let connection else { throw StoreError(.unreachable, "the connection is closed", operation: operation) }
    if unread.isEmpty, filsluse_pq_begin_pipeline(connection) == 0 { throw lost(operation) }
    for (index, message) in messages.enumerated() {
      // Each statement has a deadline of its own, so the answer to the one before it must not wait for this one's.
      if index > 0, filsluse_pq_request_answers(connection) == 0 { throw lost(operation) }
      guard message.send(connection) == 1 else { throw unsent(message.operation) }
    }
    guard filsluse_pq_sync(connection) == 1 else { throw lost(operation) }
    unread.append(messages.map(\.operation))
    try flush(operation, within: patience)
  }

  /// The error of a statement that libpq refuses. Earlier ones may have been sent already.
  private func unsent(_ operation: String) -> StoreError {
    let refusal = isUsable ? StoreError(.statement, cleaned(ownWords), operation: operation) : nil
    let loss = lost(operation)
    return refusal ?? loss
  }

  /// Reads the answers to all groups but the last one. Nobody awaits them: a failure is a lost connection.
  private func readEarlierAnswers(within patience: Duration) throws(StoreError) {
    while unread.count > 1 {
      do throws(StoreError) {
        _ = try readAnswers(within: patience)
      } catch {
        close()
        throw error
      }
    }
  }

  /// Reads the answers to the first group that has not been read, with a deadline each.
  private func readAnswers(within patience: Duration) throws(StoreError) -> [PostgreSQLResult] {
    let operations = unread.removeFirst()
    var results: [PostgreSQLResult] = []
    var failure: StoreError?
    do throws(StoreError) {
      for operation in operations {
        let deadline = ContinuousClock.now + patience
        guard let result = try nextResult(operation, until: deadline) else { throw lost(operation) }
        if filsluse_pq_is_success(result.raw) != 0 {
          results.append(result)
        } else if let code = filsluse_pq_code(result.raw) {
          failure = failure ?? error(of: result, String(cString: code), operation)
        } else if filsluse_pq_is_passed_over(result.raw) == 0 {
          throw lost(operation)
        }
        // Its results have an end of their own.
        guard try nextResult(operation, until: deadline) == nil else { throw lost(operation) }
      }
      let last = operations.last ?? "send nothing"
      guard let end = try nextResult(last, until: ContinuousClock.now + patience), filsluse_pq_is_sync(end.raw) != 0
      else { throw lost(last) }
      if unread.isEmpty, let connection, filsluse_pq_end_pipeline(connection) == 0 { throw lost(last) }
    } catch {
      // What the server has said of a statement comes before the loss of the line after it.
      throw failure ?? error
    }
    if let failure {
      // The server has ended the session, even if its end has not come yet.
      if failure.cause == .unreachable { close() }
      throw failure
    }
    return results
  }

  /// Hands what is still waiting to the socket. The deadline moves on while bytes move.
  private func flush(_ operation: String, within patience: Duration) throws(StoreError) {
    while let connection {
      let left = filsluse_pq_flush(connection)
      if left == 0 { return }
      guard left > 0 else { throw lost(operation) }
      // The server may have to be read before it takes more.
      guard wait(POLLIN | POLLOUT, until: ContinuousClock.now + patience) else { throw late(operation) }
      guard filsluse_pq_read(connection) != 0 else { throw lost(operation) }
    }
  }

  private func nextResult(
    _ operation: String, until deadline: ContinuousClock.Instant
  ) throws(StoreError) -> PostgreSQLResult? {
    guard let connection else { return nil }
    while filsluse_pq_is_busy(connection) != 0 {
      guard wait(POLLIN, until: deadline) else { throw late(operation) }
      // The next result reports a lost connection.
      guard filsluse_pq_read(connection) != 0 else { break }
    }
    return filsluse_pq_next_result(connection).map(PostgreSQLResult.init)
  }

  // MARK: Waiting and failures

  /// Waits until the socket is ready, or more can be read without it; false when the deadline comes first.
  private func wait(_ events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    guard let connection else { return true }
    if events & POLLIN != 0, filsluse_pq_holds_more(connection) != 0 { return true }
    var waiting = pollfd(fd: filsluse_pq_socket(connection), events: Int16(events), revents: 0)
    while true {
      let (seconds, attoseconds) = ContinuousClock.now.duration(to: deadline).components
      let left = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
      guard left > 0 else { return false }
      // A signal ends the wait too early.
      if filsluse_poll(&waiting, 1, left) > 0 { return true }
    }
  }

  private func late(_ operation: String) -> StoreError {
    close()
    return StoreError(
      .unreachable, "\(place) has not answered in time; the connection was closed", operation: operation)
  }

  private func lost(_ operation: String) -> StoreError {
    let words = cleaned(ownWords)
    close()
    return StoreError(.unreachable, words.isEmpty ? "the connection was lost" : words, operation: operation)
  }

  private func error(of result: PostgreSQLResult, _ code: String, _ operation: String) -> StoreError {
    let words = filsluse_pq_failure(result.raw).map { String(cString: $0) } ?? "the server gives no reason"
    let table = filsluse_pq_table(result.raw).map { " (table \(String(cString: $0)))" } ?? ""
    return StoreError(
      StoreError.Cause(sqlState: code), "\(cleaned(words))\(table) [\(code)]", code: code, operation: operation,
      remedy: code == "42501" ? "grant the right to the role that is named in the address" : nil)
  }

  /// The last words of libpq about the connection, without secrets.
  private var ownWords: String {
    let words = connection.map { String(cString: filsluse_pq_message($0)) } ?? ""
    return secrets.exposed.reduce(words) { $0.replacing($1, with: "[redacted]") }
  }

  /// Words in one line, CPR-like numbers masked: the server quotes values that it cannot read.
  private func cleaned(_ words: String) -> String {
    Masked.name(words.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }
}
