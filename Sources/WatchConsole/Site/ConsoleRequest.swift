internal import FilsluseBase
internal import FilsluseHTTP
internal import PickupWatch
internal import TriggerFiles

/// A request for a page, with the parts that every page needs.
struct ConsoleRequest: Sendable {
  let request: HTTPRequest
  /// The names and numbers in the path.
  let values: [String]
  let voice: PageVoice
  let tickets: FormTickets
  /// The refusal of acknowledgements and silences on this machine; `nil` where they are accepted.
  var refusal: LocalizedText?

  /// The cookie that keeps the name which a reader gave with the last act. It grants no access.
  private static let nameCookie = "filsluse-name"

  var context: PageContext {
    PageContext(voice: voice, tickets: tickets, name: name, address: address, refusal: refusal)
  }

  /// The path and the query, as they were asked for.
  var address: String { request.query.isEmpty ? request.path : "\(request.path)?\(request.query)" }

  /// A name in the path.
  func value(_ index: Int) -> String { values.indices.contains(index) ? values[index] : "" }

  /// A number in the path; `nil` where it is none.
  func number(_ index: Int) -> Int64? { Self.positive(value(index)) }

  /// Reads a number that is counted from 1, in digits alone.
  static func positive(_ text: String) -> Int64? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int64(text), number > 0
    else { return nil }
    return number
  }

  /// The fields of the address.
  ///
  /// - Throws: `PageProblem` for a query that is none.
  func query() throws -> FormFields {
    guard let fields = FormFields(query: request.query) else {
      throw PageProblem.unreadableFields(path: request.path)
    }
    return fields
  }

  /// A field of the address; `nil` where it is missing or empty.
  func field(_ name: String) throws -> String? {
    guard let value = try query()[name], !value.isEmpty else { return nil }
    return value
  }

  /// The number of a page, from a field of the address.
  ///
  /// - Throws: `PageProblem` for text that is no number.
  func page(_ name: String = "page") throws -> Int {
    guard let text = try field(name) else { return 1 }
    guard let number = Self.positive(text), number <= 1_000_000 else {
      throw PageProblem.badAddress(
        LocalizedText(
          da: "Sidens nummer er ikke et tal fra 1 og op.", en: "The number of the page is not a number from 1 on."),
        path: request.path)
    }
    return Int(number)
  }

  /// One of several numbers, from a field of the address.
  ///
  /// - Throws: `PageProblem` for anything else.
  func choice(_ name: String, of numbers: [Int], otherwise: Int) throws -> Int {
    guard let text = try field(name) else { return otherwise }
    guard let number = Int(text), numbers.contains(number) else {
      let list = numbers.map { "\($0)" }.joined(separator: ", ")
      throw PageProblem.badAddress(
        LocalizedText(da: "Feltet \(name) er et af \(list).", en: "The field \(name) is one of \(list)."),
        path: request.path)
    }
    return number
  }

  /// The order of the table of inboxes, from a field of the address; `nil` where it names none.
  ///
  /// - Throws: `PageProblem` for an order that there is not.
  func inboxOrder() throws -> InboxOrder? {
    let name = InboxOrder.field
    guard let text = try field(name) else { return nil }
    guard let order = InboxOrder.all.first(where: { $0.value == text }) else {
      let list = InboxOrder.all.map(\.value).joined(separator: ", ")
      throw PageProblem.badAddress(
        LocalizedText(da: "Feltet \(name) er et af \(list).", en: "The field \(name) is one of \(list)."),
        path: request.path)
    }
    return order
  }

  /// The filter for alerts, from the fields of the address.
  ///
  /// - Throws: `PageProblem` for a severity, a state or a group that there is not.
  func alertFilter() throws -> AlertFilter {
    var filter = AlertFilter()
    filter.account = try field("account")
    filter.infRef = try field("infref").map { ShownInfRef(shown: $0) }
    func unknown(_ name: String) -> PageProblem {
      PageProblem.badAddress(
        LocalizedText(
          da: "Feltet \(name) har en værdi, som der ikke kan filtreres efter.",
          en: "The field \(name) has a value that cannot be filtered by."), path: PageAddress.alerts)
    }
    if let text = try field("severity") {
      guard let severity = Finding.Severity(rawValue: text) else { throw unknown("severity") }
      filter.severity = severity
    }
    if let text = try field("state") {
      guard let state = AlertFilter.State(rawValue: text) else { throw unknown("state") }
      filter.state = state
    }
    if let text = try field("group") {
      guard let group = RuleGroup.Key(id: text) else { throw unknown("group") }
      filter.group = group
    }
    if let text = try field("municipality") {
      let codes = text.split(separator: ",").map(String.init)
      guard codes.count <= 8, codes.allSatisfy({ $0.utf8.count <= 20 }) else { throw unknown("municipality") }
      filter.municipality = codes
    }
    return filter
  }

  /// The name that the reader gave with the last act.
  private var name: String? {
    for cookie in (request.header("cookie") ?? "").split(separator: ";") {
      let parts = cookie.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      if parts.count == 2, parts[0] == Self.nameCookie, let name = PercentEncoding.decoded(parts[1]) {
        return Markup.cut(name, to: 200)
      }
    }
    return nil
  }

  /// The header that keeps a name for the next act, for 30 days.
  static func remember(_ name: String) -> [String: String] {
    let value = PercentEncoding.encoded(Markup.cut(name, to: 200))
    return ["Set-Cookie": "\(nameCookie)=\(value); Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"]
  }
}
