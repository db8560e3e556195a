/// A complete, well-formed request.
package struct HTTPRequest: Sendable, Hashable {
  /// The supported methods.
  package enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
  }

  package var method: Method
  /// The target up to a question mark, as sent.
  package var path: String
  /// The target after the question mark, as sent; empty without one.
  package var query = ""
  /// Names in lower case, values without the blanks around them.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []
  /// The address at the other end of the connection; of IPv6 the network. Empty where it is not known.
  package var peer = ""

  /// Returns a header's value; several with one name are joined by commas, except those allowed only once.
  package func header(_ name: String) -> String? { headers[name] }
}

/// The reason why a request is refused: the status and plain words, without any part of the request. They are in both
/// languages, as a head that is refused names none.
struct HTTPRefusal: Error, Sendable, Hashable {
  var status: HTTPStatus
  var english: String
  var danish: String

  init(_ status: HTTPStatus, _ english: String, _ danish: String) {
    self.status = status
    self.english = english
    self.danish = danish
  }

  static func bad(_ english: String, _ danish: String) -> Self { Self(.badRequest, english, danish) }
}
