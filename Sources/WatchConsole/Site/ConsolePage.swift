internal import FilsluseHTTP

/// Everything that the site answers, whatever the server that brings the requests.
enum ConsolePage: Sendable, Hashable, CaseIterable {
  /// The pages that people ask for by their addresses.
  enum Shown: Sendable, Hashable, CaseIterable {
    case overview, wall, alerts, alert, inbox, file, municipality, municipalityDay, journalSubject, matrix, trends
    case silences, search, done

    /// The names of the fields that its address may have after the question mark.
    var fields: [String] {
      switch self {
      case .wall, .file, .journalSubject, .search: []
      case .overview: [InboxOrder.field]
      case .alert, .municipality, .municipalityDay, .silences: ["page"]
      case .alerts: ["account", "infref", "severity", "state", "group", "municipality", "page"]
      case .inbox: ["waiting", "gone"]
      case .matrix: ["days", "account", "infref", "page"]
      case .trends: ["days", "account", "page"]
      case .done: ["act", "count", "others", "key", "number", "back"]
      }
    }
  }

  /// The answers that need no queries on the database.
  enum Plain: Sendable, Hashable, CaseIterable {
    case login, loggingIn
    case style, icon
    case metrics, statusJSON, health, readiness
  }

  case shown(Shown)
  case searching
  case act(FormAction)
  case plain(Plain)

  /// The names of the fields that its address may have; `nil` where they are not looked at, as programs add some of
  /// their own.
  var fields: [String]? {
    switch self {
    case .shown(let page): page.fields
    case .searching, .act: []
    case .plain(.login): ["to"]
    case .plain: nil
    }
  }

  static var allCases: [ConsolePage] {
    var pages = Shown.allCases.map { ConsolePage.shown($0) }
    pages += FormAction.allCases.map { ConsolePage.act($0) }
    pages += Plain.allCases.map { ConsolePage.plain($0) }
    return pages + [.searching]
  }
}

/// A row of the table of routes: what a method and a path lead to, and who may go there.
struct ConsoleRoute: Sendable {
  /// The readers that a route is for.
  enum Audience: Sendable {
    /// Everybody.
    case all
    /// People with the token; a browser without it is sent to the form that asks for it.
    case people
    /// Programs with the token in a header.
    case programs
  }

  let method: HTTPRequest.Method
  /// The parts between the slashes; `*` stands for any one.
  let parts: [String]
  let page: ConsolePage
  let audience: Audience

  private init(_ method: HTTPRequest.Method, _ path: String, _ page: ConsolePage, for audience: Audience = .people) {
    self.method = method
    parts = Self.parts(of: path)
    self.page = page
    self.audience = audience
  }

  private static func shown(_ path: String, _ page: ConsolePage.Shown) -> ConsoleRoute {
    ConsoleRoute(.get, path, .shown(page))
  }

  private static func plain(_ path: String, _ page: ConsolePage.Plain, for audience: Audience) -> ConsoleRoute {
    ConsoleRoute(.get, path, .plain(page), for: audience)
  }

  /// All routes. HEAD is answered wherever GET is.
  static let all: [ConsoleRoute] =
    pages + FormAction.allCases.map { ConsoleRoute(.post, $0.path, .act($0)) }

  private static let pages: [ConsoleRoute] = [
    .shown(PageAddress.overview, .overview),
    .shown(PageAddress.wall, .wall),
    .shown(PageAddress.alerts, .alerts),
    .shown("/alert/*", .alert),
    .shown("/inbox/*", .inbox),
    .shown("/file/*", .file),
    .shown("/municipality/*", .municipality),
    .shown("/municipality/*/*", .municipalityDay),
    .shown("/journal/*", .journalSubject),
    .shown(PageAddress.matrix, .matrix),
    .shown(PageAddress.trends, .trends),
    .shown(PageAddress.silences, .silences),
    .shown(PageAddress.search, .search),
    .shown(PageAddress.done, .done),
    .plain(PageAddress.login, .login, for: .all),
    .plain(StyleSheet.path, .style, for: .all),
    .plain(PageAddress.icon, .icon, for: .all),
    .plain("/metrics", .metrics, for: .programs),
    .plain("/api/status.json", .statusJSON, for: .programs),
    .plain("/healthz", .health, for: .all),
    .plain("/readyz", .readiness, for: .all),
    ConsoleRoute(.post, PageAddress.search, .searching),
    ConsoleRoute(.post, PageAddress.login, .plain(.loggingIn), for: .all),
  ]

  /// Returns the route of a request with the parts of its path that stand for names and numbers; `nil` where there is
  /// none.
  static func matching(_ request: HTTPRequest) -> (route: ConsoleRoute, values: [String])? {
    let method = request.method == .head ? .get : request.method
    let asked = parts(of: request.path)
    for route in all where route.method == method {
      if let values = route.values(in: asked) { return (route, values) }
    }
    return nil
  }

  private func values(in asked: [String]) -> [String]? {
    guard asked.count == parts.count else { return nil }
    var values: [String] = []
    for (part, wanted) in zip(asked, parts) {
      if wanted == "*" {
        guard let value = PercentEncoding.decoded(part), !value.isEmpty else { return nil }
        values.append(value)
      } else if part != wanted {
        return nil
      }
    }
    return values
  }

  private static func parts(of path: String) -> [String] {
    path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
