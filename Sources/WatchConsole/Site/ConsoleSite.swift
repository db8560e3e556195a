internal import FileExchange
internal import FilsluseBase
internal import FilsluseHTTP
internal import Logging
internal import PickupWatch
internal import TriggerFiles

/// The console as a function from a request to a response: access, routes, and what each page is made from.
///
/// It knows nothing of the server that brings the requests, whose limits hold before anything here is asked.
struct ConsoleSite: Sendable {
  let source: StatusSource
  let console: ConsoleSource
  let access: SiteAccess
  let logger: Logger
  let snapshot: SharedSnapshot<WatchStatus>
  let overviews: SharedSnapshot<Overview>
  let tickets: FormTickets
  private let sessions: Sessions
  private let pauses: LoginPauses
  /// The sessions of screens that show the wall and nothing else; `nil` where everybody may see the site.
  ///
  /// Each load of the wall begins a new one, so that a screen does not go blank at night; it outlives the process, and
  /// ends a week after the last load, with the browser, or with the token.
  let wallSessions: Sessions?

  init(
    source: StatusSource, console: ConsoleSource, access: SiteAccess, logger: Logger,
    pauses: LoginPauses = LoginPauses()
  ) {
    self.pauses = pauses
    self.source = source
    self.console = console
    self.access = access
    self.logger = logger
    snapshot = SharedSnapshot { await source.status() }
    overviews = SharedSnapshot { await Overview.read(from: source, console, logger: logger) }
    let secret = PageSecret()
    tickets = FormTickets(secret: secret)
    sessions = Sessions(secret: secret)
    wallSessions = access.tokenSecret.map { secret in
      Sessions(secret: secret, cookie: "filsluse-wall", path: PageAddress.wall, length: .seconds(7 * 86_400))
    }
  }

  /// Answers a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if let misdirection = access.misdirection(of: request) { return misdirection }
    guard let (route, values) = ConsoleRoute.matching(request) else {
      let words = LocalizedText(
        da: "Her er intet; overblikket er på /.", en: "There is nothing here; the overview is at /.")
      return problem(.notFound(words), request)
    }
    if request.method == .post, !comesFromOurselves(request) { return problem(.foreignForm, request) }
    switch route.audience {
    case .all: break
    case .people, .programs:
      if let refusal = self.refusal(of: request) {
        if route.page == .shown(.wall), isScreen(request) { break }
        let isBrowser = route.audience == .people && request.header("authorization") == nil
        return isBrowser ? .seeOther(PageAddress.loggingIn(to: request)) : refusal
      }
    }
    do {
      try expectFields(of: route.page, in: request)
      return try await answer(route.page, request, values)
    } catch let known as PageProblem {
      return problem(known, request)
    } catch let error as ExchangeError {
      logger.error("a page of the console could not be made: \(error)")
      return problem(.storeFailed, request)
    } catch {
      logger.error("a page of the console could not be made: \(error)")
      return .plain(
        .internalError, to: request, "the page could not be made; the watcher's log says why",
        "siden kunne ikke laves; overvågningens log siger hvorfor")
    }
  }

  private func answer(
    _ page: ConsolePage, _ request: HTTPRequest, _ values: [String]
  ) async throws -> HTTPResponse {
    let make: @Sendable (ConsoleRequest, WatchStatus) async throws -> HTTPResponse
    switch page {
    case .plain(let page): return await answer(page, request)
    case .shown(let page): make = { try await show(page, $0, $1) }
    case .searching: make = { asked, _ in try await search(asked) }
    case .act(let action): make = { try await act(action, $0, $1) }
    }
    guard let status = await snapshot.status() else { return Self.silent(request, page) }
    let asked = ConsoleRequest(
      request: request, values: values, voice: voice(request, timeZone: status.timeZone), tickets: tickets,
      refusal: status.refusalOfActs)
    return try await make(asked, status)
  }

  /// - Throws: `PageProblem` for a field in the address that the page does not know.
  private func expectFields(of page: ConsolePage, in request: HTTPRequest) throws {
    guard let known = page.fields, !request.query.isEmpty else { return }
    // A form is sent to its path alone, so its path leads to no page.
    let path = request.method == .post ? PageAddress.overview : request.path
    guard let fields = FormFields(query: request.query) else { throw PageProblem.unreadableFields(path: path) }
    if let odd = fields.fields.first(where: { !known.contains($0.name) }) {
      throw PageProblem.unknownField(odd.name, of: known, path: path)
    }
  }

  private func answer(_ page: ConsolePage.Plain, _ request: HTTPRequest) async -> HTTPResponse {
    switch page {
    case .style: StyleSheet.response
    case .icon: PageIcon.response
    case .health: await health(request)
    case .readiness: await readiness(request)
    case .metrics: await metrics(request)
    case .statusJSON: await statusJSON(request)
    case .login: html(.ok, login(request))
    case .loggingIn: logIn(request)
    }
  }

  /// The queries on the database of the present settings.
  ///
  /// - Throws: `PageProblem` while there is none.
  func queries() throws -> ConsoleQueries {
    guard let queries = console.queries() else { throw PageProblem.starting }
    return queries
  }

  // MARK: Programs

  static func silent(_ request: HTTPRequest, _ page: ConsolePage? = nil) -> HTTPResponse {
    .plain(
      .unavailable, to: request,
      "the watcher does not give its state, and many wait for it already; its log may say why",
      "overvågningen oplyser ikke sin tilstand, og mange venter allerede på den; loggen siger måske hvorfor",
      headers: page == .shown(.wall) ? WallPage.refresh : [:])
  }

  private func metrics(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    return .metrics(StatusMetrics(status, at: source.clock()).families)
  }

  private func statusJSON(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    do {
      return HTTPResponse(.ok, type: "application/json", body: try status.json())
    } catch {
      logger.error("the status could not be written as JSON", metadata: ["error": "\(error)"])
      return .plain(
        .internalError, to: request, "the status could not be written as JSON; the watcher's log says why",
        "status kunne ikke skrives som JSON; overvågningens log siger hvorfor")
    }
  }

  private func health(_ request: HTTPRequest) async -> HTTPResponse {
    let stuck = await source.health().stuck(at: source.clock())
    if stuck.isEmpty { return .plain(.ok, "ok") }
    let names = stuck.map { "\($0.name) last came round at \(WallClock.denmark.stamp(at: $0.lastTurn))" }
      .joined(separator: "\n")
    return .plain(
      .unavailable,
      "\(stuck.count) of the watcher's loops stand still" + (refusal(of: request) == nil ? "\n\(names)" : ""))
  }

  private func readiness(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    let reasons = status.unreadiness(at: source.clock())
    if reasons.isEmpty { return .plain(.ok, "ok") }
    let words = "not ready, for \(reasons.count.counted("reason"))"
    guard refusal(of: request) == nil else { return .plain(.unavailable, words) }
    let lines = reasons.prefix(100).map { reason in
      switch reason {
      case .store(let trouble): "the watcher's database: \(trouble)"
      case .neverLooked(let account): "\(account): not looked into yet"
      case .notLookedLately(let account, let last):
        "\(account): last looked into at \(WallClock.denmark.stamp(at: last))"
      }
    }
    return .plain(.unavailable, ([words] + lines).joined(separator: "\n"))
  }

  // MARK: Who may

  /// The refusal of a request without token and session; `nil` where it may see the site.
  private func refusal(of request: HTTPRequest) -> HTTPResponse? {
    guard let refusal = access.refusal(of: request) else { return nil }
    // A program with a wrong token is refused, whatever else it sends.
    guard request.header("authorization") == nil else { return refusal }
    return sessions.accepts(request.header("cookie"), at: source.clock()) ? nil : refusal
  }

  /// Returns true for a screen that has shown the wall before.
  private func isScreen(_ request: HTTPRequest) -> Bool {
    guard request.header("authorization") == nil, let wallSessions else { return false }
    return wallSessions.accepts(request.header("cookie"), at: source.clock())
  }

  private func logIn(_ request: HTTPRequest) -> HTTPResponse {
    if access.isOpen { return .seeOther(PageAddress.overview) }
    let form = FormFields(request)
    let given = form?["token"]
    switch pauses.attempt(from: request.clientAddress, isRight: { given.map(access.isToken) ?? false }) {
    case .right:
      return .seeOther(PageAddress.back(form?["to"]), headers: ["Set-Cookie": sessions.newCookie(at: source.clock())])
    case .wrong:
      logger.notice("a wrong token was given to the console", metadata: ["from": "\(request.clientAddress)"])
      return html(.forbidden, login(request, .wrong))
    case .paused(let seconds):
      return html(
        .tooManyRequests, login(request, .paused(seconds: seconds)), headers: ["Retry-After": "\(seconds)"])
    }
  }

  private func login(_ request: HTTPRequest, _ trouble: PageFrame.LoginTrouble? = nil) -> Markup {
    let voice = voice(request)
    let form = request.method == .post ? FormFields(request) : FormFields(query: request.query)
    return PageFrame(voice: voice, title: voice.say("Log på", "Log in")).login(
      trouble, to: PageAddress.back(form?["to"]))
  }

  /// Returns true if a form was sent from a page of this site. Every browser sends the origin of a form.
  private func comesFromOurselves(_ request: HTTPRequest) -> Bool {
    if let site = request.header("sec-fetch-site"), site != "same-origin" { return false }
    guard let origin = request.header("origin"), let host = request.header("host") else { return false }
    return ["http://\(host)", "https://\(host)"].contains { $0.lowercased() == origin.lowercased() }
  }

  // MARK: Pages

  private func voice(_ request: HTTPRequest, timeZone: String = "Europe/Copenhagen") -> PageVoice {
    PageVoice(
      PageLanguage(accepting: request.header("accept-language")), now: source.clock(), timeZone: timeZone)
  }

  private func problem(_ problem: PageProblem, _ request: HTTPRequest) -> HTTPResponse {
    let voice = voice(request)
    let frame = PageFrame(voice: voice, title: voice.say(problem.title))
    return html(problem.status, frame.message(voice.say(problem.words), to: problem.path, voice.say(problem.link)))
  }

  func html(_ status: HTTPStatus, _ markup: Markup, headers: [String: String] = [:]) -> HTTPResponse {
    HTTPResponse(
      status, type: "text/html; charset=utf-8", headers: headers.merging(["Vary": "Accept-Language, Cookie"]) { $1 },
      body: markup.html)
  }
}
