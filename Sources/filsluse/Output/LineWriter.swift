import FilsluseBase
import Glibc
import TriggerFiles

/// Writes lines to a descriptor on a thread of its own, so that a slow reader blocks no work.
///
/// The waiting bytes are limited. A line without room is dropped unless its writer chooses to wait; so is a line that
/// cannot be written, because the disk is full or the reader is gone. Before the next line that gets through, a line
/// gives the number of missing ones.
final class LineWriter: @unchecked Sendable {
  // Unchecked: the variables are only touched while `mutex` is held.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t> = .allocate(capacity: 1)
  private let changed: UnsafeMutablePointer<pthread_cond_t> = .allocate(capacity: 1)
  private let descriptor: Int32
  private let limit: Int
  private var waiting: [Entry] = []
  private var bytesWaiting = 0
  /// Dropped since the last line that was taken.
  private var dropped = 0
  private var isWriting = false
  private var isStarted = false
  /// A line was written in part; the next one begins on a line of its own.
  private var isMidLine = false
  /// A passing line stands on the terminal.
  private var hasPassing = false
  /// Moves to the beginning of the terminal's line and clears it.
  private static let clearing = Array("\r\u{1B}[K".utf8)
  private var describeLoss: @Sendable (Int) -> String = { count in
    "filsluse: \(LocalizedText("warning", "advarsel").shown): \(LineWriter.loss(count))\n"
  }

  /// Standard error.
  static let standardError = LineWriter(STDERR_FILENO)
  /// Standard output, of a service.
  static let standardOutput = LineWriter(STDOUT_FILENO)

  private enum Entry {
    case text([UInt8])
    /// A line of a terminal that the next one replaces.
    case passing([UInt8])
    /// The number of lines missing at this place.
    case loss(Int)
  }

  /// - Parameter limit: the greatest number of waiting bytes.
  init(_ descriptor: Int32, limit: Int = 256 << 10) {
    self.descriptor = descriptor
    self.limit = limit
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  /// The line in the place of missing lines.
  static func loss(_ count: Int) -> String {
    let lines = count.counted("line is", "lines are")
    return LocalizedText(
      "\(lines) missing here: not read in time, or they could not be written",
      "\(count.counted("linje", "linjer")) mangler her: de blev ikke læst i tide eller kunne ikke skrives"
    ).shown
  }

  /// Sets another wording for the number of missing lines, ending in a newline.
  func describeLoss(_ describe: @escaping @Sendable (Int) -> String) { locked { describeLoss = describe } }

  /// Adds a text of whole lines.
  ///
  /// - Parameter waits: true to wait for room; false to drop the text if there is none.
  func add(_ text: String, waits: Bool) {
    let bytes = Array(text.utf8)
    locked {
      startOnce()
      while waits, !hasRoom(for: bytes) { pthread_cond_wait(changed, mutex) }
      guard hasRoom(for: bytes) else {
        dropped += Self.lines(in: bytes[...])
        return
      }
      takeLoss()
      waiting.append(.text(bytes))
      bytesWaiting += bytes.count
      pthread_cond_broadcast(changed)
    }
  }

  /// Adds a line for a terminal that is only worth showing now, such as progress; it is left out while other lines
  /// wait, and the next line of any kind takes its place.
  ///
  /// - Parameter text: the line, without an end.
  func addPassing(_ text: String) {
    locked {
      startOnce()
      guard waiting.isEmpty, !isWriting else { return }
      waiting.append(.passing(Array(text.utf8)))
      bytesWaiting += text.utf8.count
      pthread_cond_broadcast(changed)
    }
  }

  /// Waits until everything is written, at most for `patience`.
  func flush(within patience: Duration?) {
    let end = patience.map { ContinuousClock.now + $0 }
    locked {
      guard isStarted else { return }
      takeLoss()
      pthread_cond_broadcast(changed)
      while !waiting.isEmpty || isWriting {
        guard let end else {
          pthread_cond_wait(changed, mutex)
          continue
        }
        guard ContinuousClock.now < end else { return }
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        moment.tv_nsec += 50_000_000
        if moment.tv_nsec >= 1_000_000_000 {
          moment.tv_sec += 1
          moment.tv_nsec -= 1_000_000_000
        }
        pthread_cond_timedwait(changed, mutex, &moment)
      }
    }
  }

  private func locked(_ body: () -> Void) {
    pthread_mutex_lock(mutex)
    body()
    pthread_mutex_unlock(mutex)
  }

  private func hasRoom(for bytes: [UInt8]) -> Bool { bytesWaiting == 0 || bytesWaiting + bytes.count <= limit }

  private func takeLoss() {
    guard dropped > 0 else { return }
    waiting.append(.loss(dropped))
    dropped = 0
  }

  private func startOnce() {
    guard !isStarted else { return }
    isStarted = true
    BlockingThreads.startThread(named: "filsluse-lines") { self.workForEver() }
  }

  private func workForEver() {
    while true {
      var (batch, lost) = (takeBatch(), 0)
      if !write(&batch.bytes) {
        // A loss line that could not be written is added to the next one; it does not count as a line of the log.
        lost = max(0, Self.lines(in: batch.bytes[...]) - batch.losses.count) + batch.losses.reduce(0, +)
      }
      locked {
        dropped += lost
        isWriting = false
        pthread_cond_broadcast(changed)
      }
    }
  }

  /// All that waits; waits until there is something.
  private func takeBatch() -> (bytes: [UInt8], losses: [Int]) {
    var bytes: [UInt8] = []
    var losses: [Int] = []
    locked {
      while waiting.isEmpty { pthread_cond_wait(changed, mutex) }
      if isMidLine { bytes.append(UInt8(ascii: "\n")) }
      for entry in waiting {
        if hasPassing { bytes += Self.clearing }
        hasPassing = false
        switch entry {
        case .text(let text): bytes += text
        case .passing(let text):
          bytes += text
          hasPassing = true
        case .loss(let count):
          losses.append(count)
          bytes += Array(describeLoss(count).utf8)
        }
      }
      waiting = []
      bytesWaiting = 0
      isWriting = true
    }
    return (bytes, losses)
  }

  /// Writes all bytes, in as many calls as needed; `bytes` keeps those that could not be written.
  private func write(_ bytes: inout [UInt8]) -> Bool {
    var rest = bytes[...]
    defer {
      let last = rest.startIndex > 0 ? bytes[rest.startIndex - 1] : nil
      if let last { isMidLine = !rest.isEmpty && last != UInt8(ascii: "\n") }
      bytes = Array(rest)
    }
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
      default: return false
      }
    }
    return true
  }

  private static func lines(in bytes: ArraySlice<UInt8>) -> Int { max(1, bytes.count { $0 == UInt8(ascii: "\n") }) }
}
