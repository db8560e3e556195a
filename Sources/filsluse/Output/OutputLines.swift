import FilsluseBase
import Glibc

/// Writes the lines of a long result to standard output, many at a time.
struct OutputLines {
  private var waiting = ""
  private static let size = 1 << 16

  mutating func add(_ line: String) {
    waiting += VisibleText.lines(line)
    waiting += "\n"
    if waiting.utf8.count >= Self.size { flush() }
  }

  mutating func flush() {
    Output.write(waiting, to: STDOUT_FILENO)
    waiting.removeAll(keepingCapacity: true)
  }
}
