/// Writes a document: UTF-8 with a declaration, only the root qualified, two blanks per level (contract section 2).
struct XMLWriter {
  /// The root's prefix. With a default namespace instead, every local element would be qualified.
  static let rootPrefix = "ns2"

  private(set) var bytes: [UInt8] = []
  private var depth = 0

  /// A whole document.
  static func document(_ root: String, _ body: (inout XMLWriter) -> Void) -> [UInt8] {
    var writer = XMLWriter()
    writer.bytes.reserveCapacity(2048)
    writer.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(rootPrefix):\(root) xmlns:\(rootPrefix)=\"")
    writer.appendEscaped(Contract.namespace, isAttribute: true)
    writer.append("\">\n")
    writer.depth = 1
    body(&writer)
    writer.append("</\(rootPrefix):\(root)>\n")
    return writer.bytes
  }

  /// Writes an element that holds elements.
  mutating func element(_ name: String, _ body: (inout XMLWriter) -> Void) {
    indent()
    append("<")
    append(name)
    append(">\n")
    depth += 1
    body(&self)
    depth -= 1
    indent()
    append("</")
    append(name)
    append(">\n")
  }

  /// An element of text; nothing for `nil`.
  mutating func element(_ name: String, _ text: String?) {
    guard let text else { return }
    indent()
    if text.isEmpty {
      append("<\(name)/>\n")
    } else {
      append("<")
      append(name)
      append(">")
      appendEscaped(text, isAttribute: false)
      append("</")
      append(name)
      append(">\n")
    }
  }

  /// An element of text in the contract's namespace.
  mutating func qualifiedElement(_ name: String, _ text: String) {
    element("\(Self.rootPrefix):\(name)", text)
  }

  mutating func indent() {
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  /// Text with the characters written as references that would be read as something else.
  mutating func appendEscaped(_ text: String, isAttribute: Bool) {
    var text = text
    // Nearly every value: nothing in it can be read as something else.
    guard text.withUTF8({ $0.contains(where: Self.mayNeedReference) }) else { return append(text) }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): append("&amp;")
      case UInt8(ascii: "<"): append("&lt;")
      case UInt8(ascii: ">"): append("&gt;")
      case 0x0D: append("&#13;")
      case UInt8(ascii: "\"") where isAttribute: append("&quot;")
      case 0x09 where isAttribute: append("&#9;")
      case 0x0A where isAttribute: append("&#10;")
      default: bytes.append(byte)
      }
    }
  }

  private static func mayNeedReference(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x09, 0x0A, 0x0D: true
    default: false
    }
  }
}
