/// A mail's parts with their transfer encoding taken off, as far as texts in it are looked through (RFC 5322, RFC 2045
/// to 2047).
public struct MailMessage: Sendable {
  /// One part of a mail that holds no further parts.
  public struct Part: Sendable {
    /// Its media type in lower case, such as `text/plain`.
    public let type: String
    /// Its content, decoded.
    public let content: [UInt8]
    /// The line of the mail that its content begins in.
    public let line: Int
    /// The name that it has as an attachment.
    public let fileName: String?
    /// The transfer encoding that was taken off.
    public let transfer: EmbeddedDocument.Step?

    /// True if it can be searched as text.
    public var isText: Bool {
      type.hasPrefix("text/") || type.hasSuffix("/xml") || type.hasSuffix("+xml") || type == "application/json"
        || (type == "application/octet-stream" && !content.prefix(4096).contains(0))
    }
  }

  /// The parts in their order, those of inner mails too.
  public let parts: [Part]

  private static let deepest = 8
  private static let most = 200

  /// Reads a mail; `nil` when the text does not begin with a mail's headers.
  public init?(reading text: [UInt8]) {
    guard Self.beginsAsMail(text) else { return nil }
    var parts: [Part] = []
    Self.read(text[...], line: 1, depth: 0, into: &parts)
    self.parts = parts
  }

  /// Typical headers; a text with at least two of them counts as a mail.
  private static let typicalHeaders: Set<String> = [
    "from", "to", "subject", "date", "received", "return-path", "mime-version", "message-id", "delivered-to",
  ]

  /// Returns true if a text begins with mail headers, at least two of the typical ones.
  public static func beginsAsMail(_ text: [UInt8]) -> Bool {
    let (headers, _) = MailHeaders.read(text.prefix(1 << 16))
    return headers.names.filter(typicalHeaders.contains).count >= 2
  }

  private static func read(_ text: ArraySlice<UInt8>, line: Int, depth: Int, into parts: inout [Part]) {
    guard parts.count < most else { return }
    let (headers, body) = MailHeaders.read(text)
    let start = line + text[text.startIndex..<body].count { $0 == UInt8(ascii: "\n") }
    let content = text[body...]
    let type = headers.type
    if depth < deepest, type.hasPrefix("multipart/"), let boundary = headers.boundary {
      return split(content, at: boundary, line: start, depth: depth, into: &parts)
    }
    let (decoded, transfer) = TransferEncoding.decode(content, headers["content-transfer-encoding"])
    if depth < deepest, type == "message/rfc822" {
      return read(decoded[...], line: start, depth: depth + 1, into: &parts)
    }
    parts.append(
      Part(type: type, content: decoded, line: start, fileName: headers.fileName, transfer: transfer))
  }

  /// Reads the parts between the boundary lines of a multipart.
  private static func split(
    _ content: ArraySlice<UInt8>, at boundary: String, line: Int, depth: Int, into parts: inout [Part]
  ) {
    let mark = Array("--\(boundary)".utf8)
    var partStart: (offset: Int, line: Int)?
    var number = line
    var at = content.startIndex
    while at < content.endIndex {
      let end = content[at...].firstIndex(of: UInt8(ascii: "\n")) ?? content.endIndex
      let next = min(end + 1, content.endIndex)
      if content[at..<end].starts(with: mark) {
        if let began = partStart { read(content[began.offset..<at], line: began.line, depth: depth + 1, into: &parts) }
        let isLast = content[at..<end].dropFirst(mark.count).starts(with: "--".utf8)
        partStart = isLast ? nil : (next, number + 1)
        if isLast { return }
      }
      at = next
      number += 1
    }
    if let began = partStart { read(content[began.offset...], line: began.line, depth: depth + 1, into: &parts) }
  }
}

/// The headers of a mail or of one of its parts.
struct MailHeaders {
  private var fields: [(name: String, value: String)] = []

  var names: [String] { fields.map(\.name) }

  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The media type without its parameters.
  var type: String {
    let value = self["content-type"] ?? "text/plain"
    return (value.split(separator: ";").first.map(String.init) ?? "text/plain").lowercased().filter { $0 != " " }
  }

  var boundary: String? { parameter("boundary", of: "content-type") }

  var fileName: String? { parameter("filename", of: "content-disposition") ?? parameter("name", of: "content-type") }

  private func parameter(_ name: String, of field: String) -> String? {
    guard let value = self[field] else { return nil }
    for piece in value.split(separator: ";").dropFirst() {
      let pair = piece.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, Self.trimmed(pair[0]).lowercased() == name else { continue }
      let text = Self.trimmed(pair[1])
      return text.hasPrefix("\"") && text.hasSuffix("\"") && text.count >= 2
        ? String(text.dropFirst().dropLast()) : text
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String { XMLSpace.trimmed(String(text)) }

  /// Reads headers up to the empty line.
  ///
  /// - Returns: the headers, none where a line is no header, and where the body begins.
  static func read(_ text: ArraySlice<UInt8>) -> (MailHeaders, body: Int) {
    var headers = MailHeaders()
    var at = text.startIndex
    while at < text.endIndex {
      let end = text[at...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
      var line = text[at..<end]
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      let next = min(end + 1, text.endIndex)
      if line.isEmpty { return (headers, next) }
      let isFolded = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
      if isFolded, let last = headers.fields.indices.last {
        headers.fields[last].value += " " + XMLSpace.trimmed(String(decoding: line, as: UTF8.self))
      } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), line[..<colon].allSatisfy(isNameByte) {
        headers.fields.append(
          (
            String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            XMLSpace.trimmed(String(decoding: line[(colon + 1)...], as: UTF8.self))
          ))
      } else if !(at == text.startIndex && line.starts(with: "From ".utf8)) {
        return (MailHeaders(), text.startIndex)
      }
      at = next
    }
    return (headers, text.endIndex)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}

/// The transfer encodings of mails.
enum TransferEncoding {
  static func decode(_ text: ArraySlice<UInt8>, _ name: String?) -> ([UInt8], EmbeddedDocument.Step?) {
    switch name?.lowercased() {
    case "quoted-printable": (quotedPrintable(text), .quotedPrintable)
    case "base64": (base64(text), .base64)
    default: (Array(text), nil)
    }
  }

  private static func quotedPrintable(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var at = text.startIndex
    while at < text.endIndex {
      guard text[at] == UInt8(ascii: "=") else {
        plain.append(text[at])
        at += 1
        continue
      }
      let rest = text[(at + 1)...]
      if rest.first == UInt8(ascii: "\n") {
        at += 2
      } else if rest.starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")]) {
        at += 3
      } else if let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
        plain.append(byte)
        at += 3
      } else {
        plain.append(text[at])
        at += 1
      }
    }
    return plain
  }

  private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 0x41
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 0x61 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - 0x30 + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="): return plain
      default: continue
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        plain.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
      }
    }
    return plain
  }
}
