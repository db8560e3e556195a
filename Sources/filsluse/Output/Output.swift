import FilsluseSystem
import Glibc

/// Where a command's words go: results to standard output, everything else to standard error.
///
/// Written with `write(2)`: C's buffered streams are shared mutable state, and lose what is buffered in a crash.
enum Output {
  /// Writes a line of the result, or several. Whatever is in it, a terminal can bear it.
  static func print(_ line: String) { write(VisibleText.lines(line) + "\n", to: STDOUT_FILENO) }

  /// Writes a line that is not part of the result.
  static func note(_ line: String) {
    let visible = VisibleText.lines(line)
    write(visible.hasSuffix("\n") ? visible : visible + "\n", to: STDERR_FILENO)
  }

  /// Writes the result as one JSON document.
  static func print(json value: some Encodable) throws {
    write(try JSONText(pretty: true).text(value) + "\n", to: STDOUT_FILENO)
  }

  /// Whether standard error is a terminal, so that progress may be shown on it.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes everything, however many calls it takes.
  ///
  /// When the reader of standard output has gone nobody is left to tell: the work goes on. When it cannot be written
  /// for another reason, such as a full disk, the command must not claim success: the process ends.
  static func write(_ text: String, to descriptor: Int32) {
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
        if descriptor == STDOUT_FILENO {
          write("filsluse: standard output cannot be written: \(String(cString: strerror(errno)))\n", to: STDERR_FILENO)
          exit(ExitStatus.localIO.rawValue)
        }
        return
      }
    }
  }
}
