/// A place in a text with an InfRef, or with something like one.
public struct InfRefOccurrence: Sendable, Hashable {
  /// The name, exactly as in the text.
  public let name: String
  /// Its position.
  public let position: SourcePosition
  /// True if the text declares it as an InfRef: an element of that name, or a label in front.
  public let isLabelled: Bool
  /// The assumed kind of the place.
  public let place: InfRefPlace
  /// The findings about it; empty when it is good.
  public let findings: [InfRefFinding]

  /// True if one of the findings is an error.
  public var isWrong: Bool { findings.contains { $0.severity == .error } }

  /// Describes a place.
  public init(
    name: String, position: SourcePosition, isLabelled: Bool, place: InfRefPlace, findings: [InfRefFinding]
  ) {
    self.name = name
    self.position = position
    self.isLabelled = isLabelled
    self.place = place
    self.findings = findings
  }
}

/// Converts ascending byte offsets into lines and columns, counting each byte once.
struct PlaceCounter {
  private let bytes: UnsafeRawBufferPointer
  private var line: Int
  private var column: Int
  private var counted = 0

  /// Begins with the place of the first byte.
  init(_ bytes: UnsafeRawBufferPointer, startingAt start: SourcePosition = SourcePosition(line: 1, column: 1)) {
    self.bytes = bytes
    line = start.line
    column = start.column
  }

  mutating func position(at offset: Int) -> SourcePosition {
    let newLine = UInt8(ascii: "\n")
    let piece = UnsafeRawBufferPointer(rebasing: bytes[counted..<offset])
    var count = 0
    for byte in piece where byte == newLine { count += 1 }
    var start = 0
    if count > 0 {
      line += count
      column = 1
      start = piece.count
      while start > 0, piece[start - 1] != newLine { start -= 1 }
    }
    // Bytes that continue a character begin with the bits 10.
    for byte in UnsafeRawBufferPointer(rebasing: piece[start...]) where byte & 0xC0 != 0x80 { column += 1 }
    counted = offset
    return SourcePosition(line: line, column: column)
  }
}
