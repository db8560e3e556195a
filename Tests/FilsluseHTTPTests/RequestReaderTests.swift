import FilsluseBase
import Testing

@testable import FilsluseHTTP

/// Reading requests without a socket: the refused ones, and any cut into pieces.
@Suite struct RequestReaderTests {
  @Test(
    "writes a moment in UTC as HTTP does",
    arguments: [
      ("2026-11-21T02:14:47.123Z", "Sat, 21 Nov 2026 02:14:47 GMT"),
      ("1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
      ("2024-02-29T23:59:59.999Z", "Thu, 29 Feb 2024 23:59:59 GMT"),
    ])
  func date(moment: String, expected: String) throws {
    #expect(HTTPDate(try #require(Timestamp(moment))).description == expected)
  }

  private func read(_ text: String, by size: Int = .max) -> HTTPRequestReader.Progress {
    var reader = HTTPRequestReader(limits: HTTPLimits())
    var rest = Array(text.utf8)[...]
    var progress = HTTPRequestReader.Progress.wantsHead
    while let _ = rest.first {
      progress = reader.take(rest.prefix(size))
      rest = rest.dropFirst(size)
      switch progress {
      case .wantsHead, .wantsBody: continue
      case .request, .refused: return progress
      }
    }
    return progress
  }

  private func status(_ text: String) -> HTTPStatus? {
    if case .refused(let refusal) = read(text) { refusal.status } else { nil }
  }

  @Test("A request is read alike in one piece and byte by byte", arguments: [1, 2, 3, 7, Int.max])
  func pieces(size: Int) {
    let text =
      "POST /acknowledge?x=1 HTTP/1.1\r\nHost: localhost:1\r\nX-A:  b c \t\r\nX-A: d\r\nContent-Length: 3\r\n\r\na=b"
    let expected = HTTPRequest(
      method: .post, path: "/acknowledge", query: "x=1",
      headers: ["host": "localhost:1", "x-a": "b c, d", "content-length": "3"], body: Array("a=b".utf8))
    #expect(read(text, by: size) == .request(expected))
  }

  @Test("Bytes after the first request are no request, and no part of its body")
  func pipelined() {
    let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n"
    #expect(read(text) == .request(HTTPRequest(method: .get, path: "/", headers: ["host": "a"])))
  }

  @Test(
    "Bytes that two readers could take for different requests are refused",
    arguments: [
      ("GET / HTTP/1.1\nHost: a\n\n\r\n\r\n", HTTPStatus.badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\u{0}b\r\n\r\n", .badRequest),
      ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET /\r\nHost: a\r\n\r\n", .badRequest),
      ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET /æ HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", .tooLarge),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\n\r\n", .tooLarge),
      ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", .lengthRequired),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .notImplemented),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
        .notImplemented
      ),
      ("GET / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: identity\r\n\r\n", .notImplemented),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", .expectationFailed),
      ("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .versionNotSupported),
      ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("\u{16}\u{3}\u{1}", .badRequest),
      ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badRequest),
      ("GET / http/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .badRequest),
      ("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported),
      ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\norigin: http://b\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", .expectationFailed),
      ("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\ncontent-length: 4\r\n\r\nabcd", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3 3\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \u{FF13}\r\n\r\nabc", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n chunked\r\n\r\n0\r\n\r\n", .badRequest),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer\u{0}-Encoding: chunked\r\n\r\n0\r\n\r\n", .badRequest),
    ])
  func refused(text: String, expected: HTTPStatus) {
    #expect(status(text) == expected, "\(text.debugDescription)")
    // No head that is read says which language the client likes best.
    guard case .refused(let refusal) = read(text) else { return }
    let words = String(decoding: HTTPResponse(refusal).body, as: UTF8.self).split(separator: "\n")
    #expect(words.count == 2 && words[0] != words[1], "\(words)")
  }

  @Test("A head of exactly 16 KiB is read, one byte more is refused, and one without end as soon as it is too long")
  func headSize() {
    let frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
    let fits = frame.replacing("X: ", with: "X: " + String(repeating: "x", count: 16_384 - frame.utf8.count))
    #expect(fits.utf8.count == 16_384)
    if case .request = read(fits, by: 1000) {} else { Issue.record("16 KiB are allowed") }
    #expect(status(fits.replacing("X: ", with: "X: x")) == .headTooLarge)
    #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 16_384)) == .headTooLarge)
  }

  @Test("The limits are the documented ones")
  func limits() {
    let limits = HTTPLimits()
    #expect(limits.headBytes == 16_384 && limits.headWithin == .seconds(5) && limits.connections == 64)
  }

  @Test("A refusal repeats nothing of the request")
  func reflectsNothing() {
    for text in [
      "GET /<script>canary HTTP/1.1\r\nHost: a\r\nHost: canary\r\n\r\n", "CANARY / HTTP/1.1\r\n\r\n", "canary",
    ] {
      guard case .refused(let refusal) = read(text) else {
        Issue.record("\(text) is to be refused")
        continue
      }
      let answer = String(decoding: HTTPResponse(refusal).bytes(withBody: true, at: .now), as: UTF8.self)
      #expect(!answer.lowercased().contains("canary"))
    }
  }
}
