/// Reads a request's head, strictly: two readers of the same bytes must never disagree about where a request ends.
struct HTTPHead {
  private(set) var request: HTTPRequest
  /// The body's length.
  private(set) var bodyLength: Int

  /// Headers that decide something; a second one of them is refused.
  private static let single: Set<String> = [
    "host", "content-length", "content-type", "origin", "authorization", "cookie", "referer", "sec-fetch-site",
  ]

  /// Reads a head without the blank line at its end.
  init(_ bytes: ArraySlice<UInt8>, limits: HTTPLimits) throws(HTTPRefusal) {
    var lines = try Self.lines(of: bytes)[...]
    guard let first = lines.popFirst() else { throw .bad("the request is empty", "forespørgslen er tom") }
    let version: String
    (request, version) = try Self.request(first)
    for line in lines { try Self.read(line, into: &request) }
    if version == "HTTP/1.1", request.headers["host"] == nil {
      throw .bad("the Host header is missing", "headeren Host mangler")
    }
    bodyLength = try Self.bodyLength(of: request, limits: limits)
  }

  /// Splits lines at CR LF; refuses either of them by itself.
  private static func lines(of bytes: ArraySlice<UInt8>) throws(HTTPRefusal) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 0x0D, index + 1 < bytes.endIndex, bytes[index + 1] == 0x0A {
        lines.append(bytes[start..<index])
        index += 2
        start = index
        continue
      }
      if byte < 0x20 && byte != 0x09 || byte == 0x7F {
        throw .bad("the request's head holds a control character", "forespørgslens hoved indeholder et styretegn")
      }
      index += 1
    }
    lines.append(bytes[start...])
    return lines
  }

  private static func request(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> (HTTPRequest, String) {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, isToken(parts[0]) else { throw notARequestLine }
    let version = text(parts[2])
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      if version.utf8.starts(with: "HTTP/".utf8) {
        throw HTTPRefusal(
          .versionNotSupported, "the server accepts HTTP/1.1 and HTTP/1.0 only",
          "serveren accepterer kun HTTP/1.1 og HTTP/1.0")
      }
      throw notARequestLine
    }
    guard let method = HTTPRequest.Method(rawValue: text(parts[0])) else {
      throw HTTPRefusal(
        .methodNotAllowed, "only GET, HEAD and POST are answered", "kun GET, HEAD og POST besvares")
    }
    guard parts[1].first == UInt8(ascii: "/"), parts[1].allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .bad(
        "the request's target is not a path that begins with a slash, in ASCII",
        "forespørgslens mål er ikke en sti, der begynder med en skråstreg, i ASCII")
    }
    let path = parts[1].prefix { $0 != UInt8(ascii: "?") }
    let query = parts[1][path.endIndex...].dropFirst()
    return (HTTPRequest(method: method, path: text(path), query: text(query)), version)
  }

  private static func read(_ line: ArraySlice<UInt8>, into request: inout HTTPRequest) throws(HTTPRefusal) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
      throw .bad(
        "a header is not a name, a colon and a value on one line",
        "en header er ikke et navn, et kolon og en værdi på én linje")
    }
    let name = text(line[..<colon]).lowercased()
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let rest = line[(colon + 1)...].drop(while: isBlank)
    let value = text(rest.prefix((rest.lastIndex { !isBlank($0) }).map { $0 - rest.startIndex + 1 } ?? 0))
    if let earlier = request.headers[name] {
      if single.contains(name) {
        throw .bad(
          "a header that may come only once comes twice", "en header, der kun må komme én gang, kommer to gange")
      }
      request.headers[name] = "\(earlier), \(value)"
    } else {
      request.headers[name] = value
    }
  }

  private static func bodyLength(of request: HTTPRequest, limits: HTTPLimits) throws(HTTPRefusal) -> Int {
    if request.headers["transfer-encoding"] != nil {
      throw HTTPRefusal(
        .notImplemented, "the server does not accept Transfer-Encoding; send Content-Length",
        "serveren accepterer ikke Transfer-Encoding; send Content-Length")
    }
    if request.headers["expect"] != nil {
      throw HTTPRefusal(
        .expectationFailed, "the server does not accept Expect; send the body at once",
        "serveren accepterer ikke Expect; send indholdet med det samme")
    }
    guard let text = request.headers["content-length"] else {
      if request.method == .post {
        throw HTTPRefusal(.lengthRequired, "a POST needs a Content-Length", "en POST kræver Content-Length")
      }
      return 0
    }
    let digits = Array(text.utf8)
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .bad("the Content-Length is not a number", "Content-Length er ikke et tal")
    }
    guard digits.count <= 18, let length = Int(text), length <= limits.bodyBytes else {
      throw HTTPRefusal(
        .tooLarge, "the body is longer than \(limits.bodyBytes) bytes",
        "indholdet er længere end \(limits.bodyBytes) byte")
    }
    guard request.method == .post || length == 0 else {
      throw .bad("only a POST may have a body", "kun en POST må have et indhold")
    }
    return length
  }

  private static let notARequestLine = HTTPRefusal.bad(
    "the request line is not method, target and version", "forespørgslens linje er ikke metode, mål og version")

  private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
