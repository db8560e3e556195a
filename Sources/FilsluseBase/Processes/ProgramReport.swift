/// The result of a program: how it ended, and its output.
package struct ProgramReport: Sendable {
  /// The end of a program.
  package enum End: Sendable, Equatable {
    /// It ended by itself with that status.
    case exited(Int32)
    /// A signal that was not ours ended it.
    case signalled(Int32)
    /// Its time was up.
    case timedOut(Duration)
    /// The task that waited for it was cancelled.
    case cancelled
    /// It could not be started, for that reason.
    case notStarted(String)
    /// It could not be started: its arguments and environment are longer than the system allows.
    case tooLong(String)
    /// Other code in this process fetched its exit status.
    case unknown

    /// True if the arguments and environment were too long to start it.
    package var isTooLong: Bool { if case .tooLong = self { true } else { false } }
  }

  package let end: End
  /// The beginning of its standard output.
  package var output = BoundedOutput(keeping: .first, limit: 64 << 10)
  /// The end of its standard error.
  package var complaints = BoundedOutput(keeping: .last, limit: 4 << 10)

  /// True if it exited with status 0.
  package var isSuccess: Bool { end == .exited(0) }

  /// The reason why the program did not run; `nil` where it did.
  ///
  /// A shell and `env` exit with 126 or 127 when the program they were given cannot be run or does not exist (POSIX,
  /// Shell Command Language 2.8.2). For the user who named the program that is the same failure.
  package var reasonNotStarted: String? {
    switch end {
    case .notStarted(let reason), .tooLong(let reason): reason
    case .exited(126), .exited(127): summary
    default: nil
    }
  }

  /// The end of the program and the end of its output, in one line that is safe to log.
  package var summary: String {
    let words = complaints.lastLine.map { ": \($0)" } ?? ""
    switch end {
    case .exited(let status): return "it ended with status \(status)\(words)"
    case .signalled(let signal): return "signal \(signal) ended it\(words)"
    case .timedOut(let timeout): return "it was not done after \(timeout.visible) and was ended\(words)"
    case .cancelled: return "it was ended because the run was to end\(words)"
    case .notStarted(let reason), .tooLong(let reason): return "it could not be started: \(reason)"
    case .unknown: return "its exit status is unknown\(words)"
    }
  }
}

/// The beginning or the end of a program's output; the rest is read and dropped, so that the program never blocks.
package struct BoundedOutput: Sendable {
  /// The part of a long output that is kept.
  package enum Part: Sendable {
    case first
    case last
  }

  package private(set) var bytes: [UInt8] = []
  /// True if the whole output was kept.
  package private(set) var isWhole = true
  private let part: Part
  private let limit: Int

  package init(keeping part: Part, limit: Int) {
    self.part = part
    self.limit = limit
  }

  package mutating func append(_ more: some Collection<UInt8>) {
    bytes += more
    guard bytes.count > limit else { return }
    isWhole = false
    switch part {
    case .first: bytes.removeLast(bytes.count - limit)
    case .last: bytes.removeFirst(bytes.count - limit)
    }
  }

  /// The kept bytes as text, with replacement characters for invalid UTF-8.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The last line that says anything: short, without control characters, CPR-like numbers masked.
  package var lastLine: String? {
    let lines = text.split { $0.isNewline }
    guard let line = lines.last(where: { $0.contains { !$0.isWhitespace } }) else { return nil }
    let visible = line.unicodeScalars.map { VisibleText.isVisible($0) ? $0 : " " }
    // Masked before it is cut: half a number would not be known as one.
    let masked = Masked.name(String(String.UnicodeScalarView(visible))).unicodeScalars
    return String(String.UnicodeScalarView(masked.prefix(200))) + (masked.count > 200 ? "…" : "")
  }
}
