internal import FilsluseBase
internal import TriggerFiles

/// One POST over HTTP, by the program curl: redirects are not followed, and the answer's body is not read into memory.
///
/// Foundation's URLSession is unfit for a watcher: it serves all sessions of a process on one queue, so that a server
/// with an endless answer keeps a core busy and lets `cancel()` block the calling thread for minutes. It also makes
/// every command start a third slower. A separate program blocks nothing, and is killed at its time limit.
struct HTTPPost: Sendable {
  let url: String
  /// The header lines, beside those of curl.
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
      throw SendingFailure(
        "its address or head holds control characters", "dens adresse eller hoved har styretegn")
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
    throw SendingFailure(Self.words(for: report.end, timeout: timeout))
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  /// curl's own words may hold the address, secrets and all; its status says enough.
  private static func words(for end: ProgramReport.End, timeout: Duration) -> LocalizedText {
    switch end {
    case .exited(6): LocalizedText("its host's name is not known", "dens servernavn kendes ikke")
    case .exited(7): LocalizedText("nobody takes the connection", "ingen tager imod forbindelsen")
    case .exited(28), .timedOut:
      LocalizedText("it did not answer within \(timeout)", "den svarede ikke inden for \(timeout.visible)")
    case .exited(35), .exited(51), .exited(58), .exited(60), .exited(77):
      LocalizedText(
        "its certificate is not trusted, or TLS failed", "der er ikke tillid til dens certifikat, eller TLS mislykkedes"
      )
    case .exited(1), .exited(8): LocalizedText("it does not speak HTTP", "den taler ikke HTTP")
    case .exited(52), .exited(55), .exited(56):
      LocalizedText("the connection broke before it answered", "forbindelsen blev afbrudt, før den svarede")
    case .exited(let status): LocalizedText("curl ended with status \(status)", "curl sluttede med status \(status)")
    case .notStarted(let reason), .tooLong(let reason):
      LocalizedText(
        "\(reason); webhooks need the program curl (apt-get install curl)",
        "„\(reason)“; webhooks kræver programmet curl (apt-get install curl)")
    case .cancelled: LocalizedText("the watcher was stopped meanwhile", "overvågningen blev standset imens")
    case .signalled(let signal): LocalizedText("signal \(signal) ended curl", "signal \(signal) afsluttede curl")
    case .unknown: LocalizedText("the exit status of curl is unknown", "curls slutstatus kendes ikke")
    }
  }
}

/// The header `Retry-After` (RFC 9110, 10.2.3).
enum RetryAfter {
  /// Returns the pause requested by a server.
  ///
  /// - Parameters:
  ///   - value: the header: a number of seconds, or a date.
  ///   - date: the answer's own `Date`, which makes a difference of the clocks irrelevant.
  ///   - now: the time of the answer, for one without a date.
  /// - Returns: the time from now on, zero for a past date; `nil` for an invalid header.
  static func pause(_ value: Substring, sent date: Substring, received now: Timestamp) -> Duration? {
    if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(min(Int(value) ?? .max, 1_000_000_000))
    }
    guard let moment = moment(String(value)) else { return nil }
    return max(.zero, moment.since(self.moment(String(date)) ?? now))
  }

  /// Reads a date in each of the three forms that a recipient must take (RFC 9110, 5.6.7):
  /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
  private static func moment(_ text: String) -> Timestamp? {
    let parts = text.split { " ,-:".contains($0) }.dropFirst().map(String.init)
    let fields: (day: String, month: String, year: String, time: ArraySlice<String>)
    switch parts.count {
    case 7 where parts[6] == "GMT": fields = (parts[0], parts[1], parts[2], parts[3...5])
    case 6: fields = (parts[1], parts[0], parts[5], parts[2...4])
    default: return nil
    }
    guard let month = CivilDay.englishMonths.firstIndex(of: fields.month), let day = Int(fields.day),
      var year = Int(fields.year)
    else { return nil }
    if fields.year.utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
    return Timestamp("\(year)-\((month + 1).twoDigits)-\(day.twoDigits)T\(fields.time.joined(separator: ":")).000Z")
  }
}
