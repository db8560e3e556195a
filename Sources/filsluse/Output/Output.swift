import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

/// The output of a command: results to standard output, everything else to standard error.
///
/// Written with `write(2)`: C's buffered streams are shared mutable state, and lose buffered text in a crash. Standard
/// error is written by a ``LineWriter``, so that a reader that stops reading blocks no work.
enum Output {
  private static let service = Locked(false)
  private static let quiet = Locked(false)
  private static let wide = Locked(false)
  private static let resultBegun = Locked(false)
  /// The time that a service waits at its end for the reader of its standard error.
  private static let lastPatience = Duration.seconds(2)

  /// The time that a result waits for the lines before it, so that both are read in that order.
  private static let orderPatience = Duration.seconds(1)

  /// From now on the process waits for no reader of its output, not even at its end.
  static func becomeService() { service.withLock { $0 = true } }

  /// From now on only errors are written, and the result as JSON.
  static func becomeQuiet() { quiet.withLock { $0 = true } }

  /// From now on tables are as wide as they are.
  static func becomeWide() { wide.withLock { $0 = true } }

  /// The columns that a table may have; `nil` where standard output is no terminal, or `--wide` is given.
  static var tableWidth: Int? { wide.withLock { $0 } ? nil : columns(of: STDOUT_FILENO) }

  /// The columns of the terminal behind a descriptor; `nil` where there is none.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// True to write neither progress nor results for people.
  static var isQuiet: Bool { quiet.withLock { $0 } }

  /// True with `--json` on the command line: standard output is one JSON document, the result or the error.
  static let isJSON = CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")

  /// True if a part of the result is on standard output.
  static var hasResult: Bool { resultBegun.withLock { $0 } }

  /// Writes lines of the result, after the lines before them on standard error. They are safe for a terminal, whatever
  /// their content.
  static func print(_ line: String) {
    if !isQuiet { write(VisibleText.lines(line) + "\n", to: STDOUT_FILENO) }
  }

  /// Writes a line that is not part of the result.
  static func note(_ line: String) {
    LineWriter.standardError.add(ended(line), waits: !service.withLock { $0 })
  }

  /// Writes a line of the log or of progress, without waiting for the reader.
  static func remark(_ line: String) { LineWriter.standardError.add(ended(line), waits: false) }

  /// Makes a line safe for a terminal, whatever its content.
  private static func ended(_ line: String) -> String {
    let visible = VisibleText.lines(line)
    return visible.hasSuffix("\n") ? visible : visible + "\n"
  }

  /// Ends the process after pending output is written; a service does not wait long for that.
  static func end(_ status: ExitStatus) -> Never {
    flush()
    exit(status.rawValue)
  }

  private static func flush() {
    let patience = service.withLock { $0 } ? lastPatience : nil
    LineWriter.standardError.flush(within: patience)
    LineWriter.standardOutput.flush(within: patience)
  }

  /// Writes the result as one JSON document.
  static func print(json value: some Encodable) throws {
    write(try JSONText(pretty: true).text(value) + "\n", to: STDOUT_FILENO)
  }

  /// True if standard error is a terminal, so that progress may be shown on it.
  static var showsProgress: Bool { !isQuiet && isatty(STDERR_FILENO) == 1 }

  /// Writes everything to standard output, in as many calls as needed.
  ///
  /// If the reader of standard output is gone, the work goes on. If the output cannot be written for another reason,
  /// such as a full disk, the command must not claim success: the process ends.
  static func write(_ text: String, to descriptor: Int32) {
    if descriptor == STDOUT_FILENO, !text.isEmpty { resultBegun.withLock { $0 = true } }
    if service.withLock({ $0 }) { return LineWriter.standardOutput.add(text, waits: false) }
    LineWriter.standardError.flush(within: orderPatience)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, 1000)
      case EPIPE: return
      default:
        let reason = Errno(rawValue: errno)
        let problem = LocalizedText("standard output cannot be written", "resultatet kan ikke skrives")
        note("filsluse: \(problem.shown): \(reason.shown)")
        end(.localIO)
      }
    }
  }
}
