/// How a program ended, and what it said.
package struct ProgramReport: Sendable {
  /// How a program ended.
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
    /// It could not be started, for what it was to be told is longer than the system takes.
    case tooLong(String)
    /// Somebody else in this process took the news of its end.
    case unknown

    /// Whether it could not be started for the length of what it was to be told.
    package var isTooLong: Bool { if case .tooLong = self { true } else { false } }
  }

  package let end: End
  /// The beginning of what it wrote to standard output.
  package var output = BoundedOutput(keeping: .first, limit: 64 << 10)
  /// The end of what it wrote to standard error.
  package var complaints = BoundedOutput(keeping: .last, limit: 4 << 10)

  /// Whether it says that it has done its work.
  package var isSuccess: Bool { end == .exited(0) }

  /// Why it did not come to run; `nil` where it did.
  ///
  /// By the statuses 126 and 127 a shell and `env` say that what they were to run cannot be run or is not there (POSIX,
  /// Shell Command Language 2.8.2): to whoever named the program it is the same.
  package var reasonNotStarted: String? {
    switch end {
    case .notStarted(let reason), .tooLong(let reason): reason
    case .exited(126), .exited(127): summary
    default: nil
    }
  }

  /// How it ended and its last words, in a line that is safe to log.
  package var summary: String {
    let words = complaints.lastLine.map { ": \($0)" } ?? ""
    switch end {
    case .exited(let status): return "it ended with status \(status)\(words)"
    case .signalled(let signal): return "signal \(signal) ended it\(words)"
    case .timedOut(let timeout): return "it was not done after \(timeout.visible) and was ended\(words)"
    case .cancelled: return "it was ended because the run was to end\(words)"
    case .notStarted(let reason), .tooLong(let reason): return "it could not be started: \(reason)"
    case .unknown: return "nobody told how it ended\(words)"
    }
  }
}

/// The beginning or the end of what a program writes; the rest is read and forgotten, so that it never has to wait.
package struct BoundedOutput: Sendable {
  /// Which part is kept.
  package enum Part: Sendable {
    case first
    case last
  }

  package private(set) var bytes: [UInt8] = []
  /// Whether nothing was forgotten.
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

  /// The last line that says anything: short, without control characters, CPR-like numbers masked.
  package var lastLine: String? {
    let lines = String(decoding: bytes, as: UTF8.self).split { $0.isNewline }
    guard let line = lines.last(where: { $0.contains { !$0.isWhitespace } }) else { return nil }
    let visible = line.unicodeScalars.map { VisibleText.isVisible($0) ? $0 : " " }
    // Masked before it is cut: half a number would not be known as one.
    let masked = Masked.name(String(String.UnicodeScalarView(visible))).unicodeScalars
    return String(String.UnicodeScalarView(masked.prefix(200))) + (masked.count > 200 ? "…" : "")
  }
}
