/// A place in a text where something stands that is an InfRef or looks like one.
public struct InfRefOccurrence: Sendable, Hashable {
  /// The name as it stands there.
  public let name: String
  /// Where it begins.
  public let position: SourcePosition
  /// Whether the text says that it is an InfRef: an element of that name, or a label in front.
  public let isLabelled: Bool
  /// What is wrong or odd about it; nothing when it is good.
  public let findings: [InfRefFinding]

  /// Whether one of the findings is an error.
  public var isWrong: Bool { findings.contains { $0.severity == .error } }

  /// Describes a place.
  public init(name: String, position: SourcePosition, isLabelled: Bool, findings: [InfRefFinding]) {
    self.name = name
    self.position = position
    self.isLabelled = isLabelled
    self.findings = findings
  }
}

/// Turns ascending byte offsets into lines and columns, counting each byte once.
struct PlaceCounter {
  private let bytes: UnsafeRawBufferPointer
  private var line = 1
  private var lineStart = 0
  private var counted = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func position(at offset: Int) -> SourcePosition {
    let newLine = UInt8(ascii: "\n")
    var count = 0
    for byte in UnsafeRawBufferPointer(rebasing: bytes[counted..<offset]) where byte == newLine { count += 1 }
    if count > 0 {
      line += count
      lineStart = bytes[counted..<offset].lastIndex(of: newLine).map { $0 + 1 } ?? lineStart
    }
    counted = offset
    // Bytes that continue a character begin with the bits 10.
    let column = bytes[lineStart..<offset].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    return SourcePosition(line: line, column: column)
  }
}
