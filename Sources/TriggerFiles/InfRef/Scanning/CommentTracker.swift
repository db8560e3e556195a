/// Finds out if places in a text are in a comment, reading the text once from its start to its end.
struct CommentTracker {
  /// The state at a place of a text.
  struct State {
    /// True if a comment has begun and not ended.
    var isComment = false
    /// The quotation mark that has been opened in this line.
    var quote: UInt8?
    /// The byte in front.
    var previous = UInt8(ascii: "\n")
    /// True if the line has had only blanks so far.
    var isAtStart = true
  }

  private let bytes: UnsafeRawBufferPointer
  private let isMarkup: Bool
  private var state: State
  private var at = 0

  /// Creates a tracker at a text's first byte.
  ///
  /// - Parameters:
  ///   - isMarkup: true for comments `<!-- … -->`; false for those of configuration files, which end with the line.
  ///   - state: the state at the end of the piece before.
  init(_ bytes: UnsafeRawBufferPointer, isMarkup: Bool, _ state: State) {
    self.bytes = bytes
    self.isMarkup = isMarkup
    self.state = state
  }

  /// Returns true if a place is in a comment; call it with ascending places.
  mutating func isInComment(_ place: Int) -> Bool {
    state(at: place).isComment
  }

  /// Returns the state at a place that is not before the last one.
  mutating func state(at place: Int) -> State {
    if isMarkup {
      while at < place { stepThroughMarkup() }
    } else {
      while at < place { stepThroughLine() }
    }
    return state
  }

  private mutating func stepThroughMarkup() {
    defer { at += 1 }
    guard bytes[at] == UInt8(ascii: "-"), at + 2 < bytes.count, bytes[at + 1] == UInt8(ascii: "-") else { return }
    if bytes[at + 2] == UInt8(ascii: ">") {
      state.isComment = false
    } else if at >= 2, bytes[at - 1] == UInt8(ascii: "!"), bytes[at - 2] == UInt8(ascii: "<") {
      state.isComment = true
    }
  }

  /// A comment begins with `#` at a line's start or after a blank, with `//` or `;` at its start; not inside quotes.
  private mutating func stepThroughLine() {
    let byte = bytes[at]
    defer {
      if byte > 0x20 { state.isAtStart = false }
      state.previous = byte
      at += 1
    }
    if byte == UInt8(ascii: "\n") {
      state = State()
      return
    }
    if state.isComment { return }
    if let open = state.quote {
      if byte == open { state.quote = nil }
      return
    }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      if state.previous <= 0x20 || Self.isOpening(state.previous) { state.quote = byte }
    case UInt8(ascii: "#"): state.isComment = state.previous <= 0x20
    case UInt8(ascii: "/"):
      state.isComment = state.isAtStart && at + 1 < bytes.count && bytes[at + 1] == byte
    case UInt8(ascii: ";"): state.isComment = state.isAtStart
    default: break
    }
  }

  private static func isOpening(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"),
      UInt8(ascii: "("):
      true
    default: false
    }
  }
}
