/// A document of the contract that was taken out of a text around it: a mail, a quotation, an escaped copy.
public struct EmbeddedDocument: Sendable, Hashable {
  /// A step of extracting a document.
  public enum Step: String, Sendable, Hashable, Codable {
    /// It was taken out of a mail.
    case mail
    /// The mail's quoted-printable was decoded.
    case quotedPrintable = "quoted-printable"
    /// The mail's base64 was decoded.
    case base64
    /// The mark `>` of a quotation was taken off each line.
    case quotation
    /// `&lt;` was read as `<`, and its like.
    case escaped
    /// Text in front of it or behind it was left out.
    case surroundings
  }

  /// The document's bytes as they stood there.
  public let bytes: [UInt8]
  /// The steps of the extraction, in order; empty where the text is the document.
  public let steps: [Step]
  /// The line of the surrounding text at which it begins, as far as that is known.
  public let line: Int

  /// Looks for a document in a text; `nil` when there is none, or nothing had to be done to get at it.
  public init?(in text: [UInt8]) {
    guard !Self.isDocument(text[...]) else { return nil }
    if let mail = MailMessage(reading: text) {
      for part in mail.parts where part.isText {
        guard let found = Self.search(part.content) else { continue }
        let decoding: [Step] = part.transfer.map { [$0] } ?? []
        self.init(bytes: found.bytes, steps: [.mail] + decoding + found.steps, line: part.line + found.line - 1)
        return
      }
      return nil
    }
    guard let found = Self.search(text) else { return nil }
    self = found
  }

  private init(bytes: [UInt8], steps: [Step], line: Int) {
    self.bytes = bytes
    self.steps = steps
    self.line = line
  }

  /// Returns true if a text begins as XML does.
  private static func isDocument(_ text: ArraySlice<UInt8>) -> Bool {
    let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return true }
    guard let first = start.first(where: { !XMLSpace.contains($0) }) else { return false }
    return first == UInt8(ascii: "<") || first == 0
  }

  /// Searches the text unchanged, without quotation marks, and without escapes.
  private static func search(_ text: [UInt8]) -> EmbeddedDocument? {
    if let plain = cut(text), !plain.isQuoted {
      return EmbeddedDocument(
        bytes: plain.bytes, steps: plain.isWhole ? [] : [.surroundings], line: plain.line)
    }
    let quotation = Quotation.removed(from: text)
    if let quotation, let quoted = cut(quotation.text) {
      return EmbeddedDocument(bytes: quoted.bytes, steps: [.quotation], line: quoted.line)
    }
    let escaped = MarkupEscapes.resolved(quotation?.text ?? text)
    guard let escaped, let document = cut(escaped) else { return nil }
    return EmbeddedDocument(
      bytes: document.bytes, steps: (quotation == nil ? [] : [.quotation]) + [.escaped], line: document.line)
  }

  /// The piece from the XML declaration or the root's start tag to the root's end tag.
  private static func cut(_ text: [UInt8]) -> (bytes: [UInt8], line: Int, isWhole: Bool, isQuoted: Bool)? {
    for kind in DocumentKind.allCases {
      guard let root = rootStart(kind.rawValue, in: text) else { continue }
      let end = rootEnd(kind.rawValue, in: text, from: root) ?? text.count
      let declaration = text[..<root].lastRange(ofText: "<?xml").map(\.lowerBound) ?? root
      let start = root - declaration < 4096 ? declaration : root
      let line = text[..<start].count { $0 == UInt8(ascii: "\n") } + 1
      let isWhole = (text[..<start] + text[end...]).allSatisfy(XMLSpace.contains)
      let lineStart = text[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return (Array(text[start..<end]), line, isWhole, text[lineStart] == UInt8(ascii: ">"))
    }
    return nil
  }

  /// Returns the start of `<Trigger` or `<prefix:Trigger` with the contract's namespace in the tag.
  private static func rootStart(_ name: String, in text: [UInt8]) -> Int? {
    var from = 0
    while let found = text[from...].firstRange(ofText: name) {
      from = found.upperBound
      let tag = text[..<found.lowerBound].lastIndex { !isNameByte($0) }
      guard let tag, text[tag] == UInt8(ascii: "<") else { continue }
      let rest = text[found.upperBound...].prefix(2048).prefix { $0 != UInt8(ascii: ">") }
      if rest.firstRange(ofText: "/soap11/SFTP/1/types") != nil { return tag }
    }
    return nil
  }

  private static func rootEnd(_ name: String, in text: [UInt8], from start: Int) -> Int? {
    var from = start
    var end: Int?
    while let found = text[from...].firstRange(ofText: "\(name)>") {
      from = found.upperBound
      let tag = text[..<found.lowerBound].lastIndex { !isNameByte($0) }
      if let tag, tag > 0, text[tag] == UInt8(ascii: "/"), text[tag - 1] == UInt8(ascii: "<") {
        end = found.upperBound
        break
      }
    }
    return end
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    LabelledName.isNameByte(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
  }
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
  /// The first place of an ASCII text.
  fileprivate func firstRange(ofText text: String) -> Range<Int>? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, count >= wanted.count else { return nil }
    var at = startIndex
    while at <= endIndex - wanted.count {
      if self[at] == first, self[at...].starts(with: wanted) { return at..<at + wanted.count }
      at += 1
    }
    return nil
  }

  /// The last place of an ASCII text.
  fileprivate func lastRange(ofText text: String) -> Range<Int>? {
    let wanted = Array(text.utf8)
    var at = endIndex - wanted.count
    while at >= startIndex {
      if self[at...].starts(with: wanted) { return at..<at + wanted.count }
      at -= 1
    }
    return nil
  }
}
