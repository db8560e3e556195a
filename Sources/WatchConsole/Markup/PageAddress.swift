internal import FilsluseHTTP
internal import PickupWatch

/// The addresses of the console's pages.
///
/// They can be sent to a colleague: each names things by their numbers or by the settings' names, none holds a text
/// that was searched for or the name of a file.
enum PageAddress {
  static let overview = "/"
  static let wall = "/wall"
  static let alerts = "/alerts"
  static let matrix = "/matrix"
  static let trends = "/trends"
  static let silences = "/silences"
  static let search = "/search"
  static let done = "/done"
  static let login = "/login"
  static let icon = "/icon.svg"

  static func alert(_ id: Int64) -> String { "/alert/\(id)" }

  static func inbox(_ account: String) -> String { "/inbox/\(PercentEncoding.encoded(account))" }

  static func file(_ id: Int64) -> String { "/file/\(id)" }

  /// The page of a row of the matrix, or of one of its days.
  static func municipality(_ row: String, day: String? = nil) -> String {
    "/municipality/\(PercentEncoding.encoded(row))" + (day.map { "/\($0)" } ?? "")
  }

  /// The page of a delivery or an arrival, by the number that the command takes: `D12`, `A7`.
  static func journal(_ number: String) -> String { "/journal/\(number)" }

  /// Returns a path with the fields that have a value.
  static func with(_ path: String, _ fields: [(name: String, value: String?)]) -> String {
    let pairs = fields.compactMap { field in
      field.value.map { "\(field.name)=\(PercentEncoding.encoded($0))" }
    }
    return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
  }

  /// The form that asks for the token, and leads on to the page that a request asked for.
  static func loggingIn(to request: HTTPRequest) -> String {
    let path = request.query.isEmpty ? request.path : "\(request.path)?\(request.query)"
    guard request.method != .post, path != overview, back(path) == path else { return login }
    return with(login, [("to", path)])
  }

  /// Returns a path of this site that a form names as the one to go back to; the overview for anything else.
  static func back(_ path: String?) -> String {
    guard let path, path.utf8.count <= 1000, path.utf8.first == UInt8(ascii: "/"),
      path.utf8.dropFirst().first != UInt8(ascii: "/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !path.utf8.contains(UInt8(ascii: "\\"))
    else { return overview }
    return path
  }
}

extension AlertFilter {
  /// The filter as the fields of an address.
  var fields: [(name: String, value: String?)] {
    [
      ("account", account), ("infref", infRef?.description), ("severity", severity?.rawValue),
      ("state", state == .open ? nil : state.rawValue), ("group", group?.id),
      ("municipality", municipality.isEmpty ? nil : municipality.joined(separator: ",")),
    ]
  }

  /// The address of the list of alerts that pass it.
  var address: String { PageAddress.with(PageAddress.alerts, fields) }

  /// The address of a page of that list.
  func address(page number: Int) -> String {
    var fields = fields
    fields.append((name: "page", value: "\(number)"))
    return PageAddress.with(PageAddress.alerts, fields)
  }
}
