import FilsluseBase
import TriggerFiles

/// Cuts a long text into pieces of UTF-8 that end with a line, and remembers how each line was read.
///
/// Text is UTF-16 where it begins with a byte order mark. Otherwise each line is UTF-8, or windows-1252 where it is
/// not: one bad byte changes nothing for the lines around it.
struct TextPieces {
  private static let pieceSize = 4 << 20
  /// The number of bytes examined behind a cut, so that a name that goes on there is read whole.
  private static let ahead = 1024

  private let reader: AuditReader
  private(set) var encodings = LineDecoding.Encodings()
  private var isBigEndian = false
  private var raw: [UInt8]
  private var text: [UInt8] = []
  private var hasStarted = false

  init(_ reader: AuditReader) {
    self.reader = reader
    raw = reader.start
  }

  /// Calls `look` with each piece and the place where it is cut.
  ///
  /// - Throws: `Refusal` when the file cannot be read on, or is no text.
  mutating func forEach(
    _ look: (UnsafeRawBufferPointer, _ cut: Int) -> Void
  ) throws(AuditReader.Refusal) {
    var memory = [UInt8](repeating: 0, count: Self.pieceSize)
    var isAtEnd = false
    start()
    while !isAtEnd {
      let got = try memory.withUnsafeMutableBytes { memory in
        Result { () throws(AuditReader.Refusal) in try reader.read(into: memory) }
      }.get()
      isAtEnd = got == 0
      raw.append(contentsOf: memory[..<got])
      try decode(all: isAtEnd)
      let cut = isAtEnd ? text.count : cutPlace
      if cut > 0 { text.withUnsafeBytes { look($0, cut) } }
      text.removeFirst(cut)
    }
  }

  private mutating func start() {
    if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) {
      encodings.isUTF16 = true
      isBigEndian = raw[0] == 0xFE
      raw.removeFirst(2)
    } else if raw.starts(with: [0xEF, 0xBB, 0xBF]) {
      raw.removeFirst(3)
    }
  }

  /// The last line's end that leaves enough behind it; a line longer than a piece is cut between two characters.
  private var cutPlace: Int {
    guard text.count > Self.ahead else { return 0 }
    let last = text.count - Self.ahead
    if let newLine = text[..<last].lastIndex(of: UInt8(ascii: "\n")) { return newLine + 1 }
    guard text.count > Self.pieceSize else { return 0 }
    var at = last
    while at > 0, text[at] & 0xC0 == 0x80 { at -= 1 }
    return at
  }

  /// Moves raw bytes over to the text, whole lines of them or all.
  private mutating func decode(all: Bool) throws(AuditReader.Refusal) {
    if encodings.isUTF16 {
      var end = raw.count & ~1
      // Half of a surrogate pair waits for the other.
      if !all, end >= 2, (isBigEndian ? raw[end - 2] : raw[end - 1]) & 0xFC == 0xD8 { end -= 2 }
      LineDecoding.appendUTF16(raw[..<end], isBigEndian: isBigEndian, to: &text)
      raw.removeFirst(end)
      return
    }
    if raw.contains(0) {
      throw .unfit(LocalizedText("not text: it holds NUL characters", "ikke tekst: den indeholder nultegn"))
    }
    var end = raw.count
    if !all {
      end = raw.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? (raw.count > Self.pieceSize ? raw.count - 4 : 0)
    }
    encodings.windowsLines += LineDecoding.append(raw[..<end], to: &text)
    raw.removeFirst(end)
  }
}
