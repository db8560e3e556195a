internal import FilsluseBase

/// One POST over HTTP, by the program curl: redirects are not followed, and what is answered is not read into memory.
///
/// Foundation's URLSession was tried and is unfit for a watcher: it serves all sessions of a process on one queue, so
/// that a server whose answer never ends keeps a core busy and lets `cancel()` block the calling thread for minutes. It
/// also makes every command start a third slower. A program of its own cannot hold up anything, and is killed when it
/// is late.
struct HTTPPost: Sendable {
  let url: String
  /// The lines of the head, beside those that curl writes.
  let head: [(name: String, value: String)]
  /// Text without line breaks.
  let body: String
  let timeout: Duration
  let withheld: Set<String>

  /// The parts of an answer that matter to a sink.
  struct Answer: Sendable {
    let status: Int
    /// The pause that the server asks for before the next request, if any.
    let retryAfter: Duration?
  }

  /// The parts of the answer that curl prints. A curl before 7.84 does not know `%header`: then no pause is found.
  private static let wanted = "%{http_code}\\n%header{retry-after}\\n%header{date}\\n"

  /// Posts and returns the head of the answer.
  func run() async throws(SendingFailure) -> Answer {
    // Not as arguments, which every user of the machine can read.
    let words = [("url", url), ("data-raw", body)] + head.map { ("header", "\($0.name): \($0.value)") }
    guard words.allSatisfy({ $0.1.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }) else {
      throw SendingFailure(description: "its address or head holds control characters")
    }
    let configuration = words.map { "\($0.0) = \"\(Self.quoted($0.1))\"\n" } + ["header = \"Expect:\"\n"]
    let report = await Program(
      arguments: [
        "curl", "-q", "--config", "-", "--request", "POST", "--globoff", "--proto", "=http,https", "--silent",
        "--max-time", "\(timeout / .seconds(1))", "--output", "/dev/null", "--write-out", Self.wanted,
      ], withheld: withheld, input: Array(configuration.joined().utf8), timeout: timeout + .seconds(5)
    ).run()
    let lines = String(decoding: report.output.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    // The rest of the answer does not matter, not even when it never ended.
    if let status = lines.first.flatMap({ Int($0) }), status >= 200 {
      let pause = lines.count > 2 ? RetryAfter.pause(lines[1], sent: lines[2], received: .now) : nil
      return Answer(status: status, retryAfter: pause)
    }
    throw SendingFailure(description: Self.words(for: report.end, timeout: timeout))
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  /// curl's own words may hold the address, secrets and all; its status says enough.
  private static func words(for end: ProgramReport.End, timeout: Duration) -> String {
    switch end {
    case .exited(6): "its host's name is not known"
    case .exited(7): "nobody takes the connection"
    case .exited(28), .timedOut: "it did not answer within \(timeout)"
    case .exited(35), .exited(51), .exited(58), .exited(60), .exited(77):
      "its certificate is not trusted, or TLS failed"
    case .exited(1), .exited(8): "it does not speak HTTP"
    case .exited(52), .exited(55), .exited(56): "the connection broke before it answered"
    case .exited(let status): "curl ended with status \(status)"
    case .notStarted(let reason), .tooLong(let reason):
      "\(reason); webhooks need the program curl (apt-get install curl)"
    case .cancelled: "the watcher was stopped meanwhile"
    case .signalled(let signal): "signal \(signal) ended curl"
    case .unknown: "nobody told how curl ended"
    }
  }
}
