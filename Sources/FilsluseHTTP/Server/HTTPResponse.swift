internal import FilsluseBase

/// An answer. Each says that the connection ends with it, and keeps browsers from doing more with it than show it.
package struct HTTPResponse: Sendable, Hashable {
  package var status: HTTPStatus
  package var headers: [String: String] = [:]
  package var body: [UInt8]

  package init(_ status: HTTPStatus, type: String, headers: [String: String] = [:], body: String) {
    self.status = status
    self.headers = headers
    self.headers["Content-Type"] = type
    self.body = Array(body.utf8)
  }

  /// A line in plain words.
  package static func plain(_ status: HTTPStatus, _ words: String, headers: [String: String] = [:]) -> Self {
    Self(status, type: "text/plain; charset=utf-8", headers: headers, body: words + "\n")
  }

  /// A line in plain words, in the language that the request likes best.
  package static func plain(
    _ status: HTTPStatus, to request: HTTPRequest, _ english: String, _ danish: String, headers: [String: String] = [:]
  ) -> Self {
    let language = PageLanguage(accepting: request.header("accept-language"))
    return .plain(
      status, language == .danish ? danish : english, headers: headers.merging(["Vary": "Accept-Language"]) { $1 })
  }

  /// Returns a plain text in both languages, a line each, for a client of unknown language.
  static func plain(
    _ status: HTTPStatus, english: String, danish: String, headers: [String: String] = [:]
  ) -> Self {
    .plain(status, "\(english)\n\(danish)", headers: headers)
  }

  init(_ refusal: HTTPRefusal) {
    self = .plain(refusal.status, english: refusal.english, danish: refusal.danish)
    if refusal.status == .methodNotAllowed { headers["Allow"] = "GET, HEAD, POST" }
  }

  /// Redirects the browser to a path of this site, by GET.
  package static func seeOther(_ path: String, headers: [String: String] = [:]) -> Self {
    .plain(.seeOther, "see other", headers: headers.merging(["Location": path]) { $1 })
  }

  /// The headers of every answer unless it sets them itself.
  ///
  /// The policy allows our own style sheet and pictures, forms to ourselves, and nothing else. The referrer stays
  /// within this site: under `no-referrer` browsers would send `Origin: null` with our own forms.
  static let standing = [
    "Cache-Control": "no-store",
    "Connection": "close",
    "Content-Security-Policy":
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  ]

  /// Returns the bytes of the answer.
  func bytes(withBody: Bool, at now: Timestamp) -> [UInt8] {
    var all = Self.standing.merging(headers) { $1 }
    all["Content-Length"] = "\(body.count)"
    all["Date"] = HTTPDate(now).description
    var head = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n"
    for (name, value) in all.sorted(by: { $0.key < $1.key }) { head += "\(name): \(Self.onOneLine(value))\r\n" }
    head += "\r\n"
    return Array(head.utf8) + (withBody ? body : [])
  }

  /// Whatever a value is made of, it does not become a second header.
  private static func onOneLine(_ value: String) -> String {
    String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7F }))
  }
}

/// A moment as HTTP writes it: `Sat, 21 Nov 2026 02:14:47 GMT`.
struct HTTPDate: CustomStringConvertible {
  let description: String

  init(_ moment: Timestamp) {
    let reading = WallClock.utc.reading(at: moment)
    let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    description = "\(weekdays[reading.day.weekday - 1]), \(reading.internetText) GMT"
  }
}
