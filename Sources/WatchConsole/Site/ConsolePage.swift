internal import FilsluseHTTP

/// Everything that the site answers, whatever the server that brings the requests.
enum ConsolePage: Sendable, Hashable, CaseIterable {
  case overview, wall, alerts, alert, inbox, file, municipality, municipalityDay, journalSubject, matrix, trends
  case silences, search, done, login
  case style, icon
  case metrics, statusJSON, health, readiness
  case searching, loggingIn
  case acknowledging, undoing, silencing, endingSilence, showingNames
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

  /// All routes. HEAD is answered wherever GET is.
  static let all: [ConsoleRoute] = [
    ConsoleRoute(.get, PageAddress.overview, .overview),
    ConsoleRoute(.get, PageAddress.wall, .wall),
    ConsoleRoute(.get, PageAddress.alerts, .alerts),
    ConsoleRoute(.get, "/alert/*", .alert),
    ConsoleRoute(.get, "/inbox/*", .inbox),
    ConsoleRoute(.get, "/file/*", .file),
    ConsoleRoute(.get, "/municipality/*", .municipality),
    ConsoleRoute(.get, "/municipality/*/*", .municipalityDay),
    ConsoleRoute(.get, "/journal/*", .journalSubject),
    ConsoleRoute(.get, PageAddress.matrix, .matrix),
    ConsoleRoute(.get, PageAddress.trends, .trends),
    ConsoleRoute(.get, PageAddress.silences, .silences),
    ConsoleRoute(.get, PageAddress.search, .search),
    ConsoleRoute(.get, PageAddress.done, .done),
    ConsoleRoute(.get, PageAddress.login, .login, for: .all),
    ConsoleRoute(.get, StyleSheet.path, .style, for: .all),
    ConsoleRoute(.get, PageAddress.icon, .icon, for: .all),
    ConsoleRoute(.get, "/metrics", .metrics, for: .programs),
    ConsoleRoute(.get, "/api/status.json", .statusJSON, for: .programs),
    ConsoleRoute(.get, "/healthz", .health, for: .all),
    ConsoleRoute(.get, "/readyz", .readiness, for: .all),
    ConsoleRoute(.post, PageAddress.search, .searching),
    ConsoleRoute(.post, PageAddress.login, .loggingIn, for: .all),
    ConsoleRoute(.post, FormAction.acknowledge.path, .acknowledging),
    ConsoleRoute(.post, FormAction.undo.path, .undoing),
    ConsoleRoute(.post, FormAction.silence.path, .silencing),
    ConsoleRoute(.post, FormAction.endSilence.path, .endingSilence),
    ConsoleRoute(.post, FormAction.showNames.path, .showingNames),
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
