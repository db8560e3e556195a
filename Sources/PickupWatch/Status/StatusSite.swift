internal import FilsluseBase
internal import FilsluseHTTP
internal import Logging

/// The routes of the site, with their access control.
struct StatusSite: Sendable {
  let source: StatusSource
  let access: SiteAccess
  let logger: Logger
  private let snapshot: SharedSnapshot<WatchStatus>
  private let forms: FormKeys
  private let sessions: Sessions

  init(source: StatusSource, access: SiteAccess, logger: Logger) {
    self.source = source
    self.access = access
    self.logger = logger
    snapshot = SharedSnapshot { await source.status() }
    let secret = PageSecret()
    forms = FormKeys(secret: secret)
    sessions = Sessions(secret: secret)
  }

  /// Answers a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if let misdirection = access.misdirection(of: request) { return misdirection }
    switch (request.method, request.path) {
    case (.post, "/login"): return login(request)
    case (.post, "/acknowledge"): return await acknowledge(request)
    case (.post, _): return .plain(.notFound, to: request, "nothing here takes a POST", "intet her tager imod POST")
    case (_, "/healthz"): return await health(request)
    case (_, "/readyz"): return await readiness(request)
    case (_, StyleSheet.path): return StyleSheet.response
    case (_, "/icon.svg"): return PageIcon.response
    case (_, "/login"):
      return page(.ok, request) {
        $0.login(wrong: false)
      } title: {
        $0.say("Log på", "Log in")
      }
    case (_, "/"), (_, "/wall"), (_, "/metrics"), (_, "/api/status.json"):
      return isAllowed(request) ? await show(request) : refusal(request)
    default:
      return .plain(
        .notFound, to: request, "there is nothing here; the page is at /", "her er intet; siden er på /")
    }
  }

  // MARK: What there is to see

  private func show(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    switch request.path {
    case "/metrics":
      return .metrics(StatusMetrics(status, at: source.clock()).families)
    case "/api/status.json":
      do {
        return HTTPResponse(.ok, type: "application/json", body: try status.json())
      } catch {
        logger.error("the status could not be written as JSON", metadata: ["error": "\(error)"])
        return .plain(
          .internalError, to: request, "the status could not be written as JSON; the watcher's log says why",
          "status kunne ikke skrives som JSON; overvågningens log siger hvorfor")
      }
    default:
      let voice = self.voice(request, now: status.taken, timeZone: status.timeZone)
      let isWall = request.path == "/wall"
      let page = StatusPage(status: status, voice: voice, forms: forms, isWallDisplay: isWall)
      var response = html(.ok, page.html())
      if isWall { response.headers["Refresh"] = "60" }
      return response
    }
  }

  private static func silent(_ request: HTTPRequest) -> HTTPResponse {
    .plain(
      .unavailable, to: request,
      "the watcher does not give its state, and many wait for it already; its log may say why",
      "overvågningen oplyser ikke sin tilstand, og mange venter allerede på den; loggen siger måske hvorfor")
  }

  private func health(_ request: HTTPRequest) async -> HTTPResponse {
    let stuck = await source.health().stuck(at: source.clock())
    if stuck.isEmpty { return .plain(.ok, "ok") }
    let names = stuck.map { "\($0.name) last came round at \($0.lastTurn)" }.joined(separator: "\n")
    return .plain(
      .unavailable, "\(stuck.count) of the watcher's loops stand still" + (isAllowed(request) ? "\n\(names)" : ""))
  }

  private func readiness(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    let reasons = status.unreadiness(at: source.clock())
    if reasons.isEmpty { return .plain(.ok, "ok") }
    let words = "not ready, for \(reasons.count.counted("reason"))"
    guard isAllowed(request) else { return .plain(.unavailable, words) }
    let lines = reasons.prefix(100).map { reason in
      switch reason {
      case .store(let trouble): "the watcher's database: \(trouble)"
      case .neverLooked(let account): "\(account): not looked into yet"
      case .notLookedLately(let account, let last): "\(account): last looked into at \(last)"
      }
    }
    return .plain(.unavailable, ([words] + lines).joined(separator: "\n"))
  }

  // MARK: Who may

  private func isAllowed(_ request: HTTPRequest) -> Bool {
    if access.allows(request) { return true }
    // A program with a wrong token is refused, whatever else it sends.
    guard request.header("authorization") == nil else { return false }
    return sessions.accepts(request.header("cookie"), at: source.clock())
  }

  /// Browsers are sent to the form, programs get the header to send.
  private func refusal(_ request: HTTPRequest) -> HTTPResponse {
    let isPage = request.path == "/" || request.path == "/wall" || request.path == "/acknowledge"
    guard isPage, request.header("authorization") == nil else {
      return SiteAccess.refusal(of: request)
    }
    return .seeOther("/login")
  }

  private func login(_ request: HTTPRequest) -> HTTPResponse {
    guard comesFromOurselves(request) else { return foreign(request) }
    if access.isOpen { return .seeOther("/") }
    guard let given = FormFields(request)?["token"], access.isToken(given) else {
      logger.notice("a wrong token was given to the status page")
      return page(.forbidden, request) {
        $0.login(wrong: true)
      } title: {
        $0.say("Log på", "Log in")
      }
    }
    return .seeOther("/", headers: ["Set-Cookie": sessions.newCookie(at: source.clock())])
  }

  private func acknowledge(_ request: HTTPRequest) async -> HTTPResponse {
    guard comesFromOurselves(request) else { return foreign(request) }
    guard isAllowed(request) else { return refusal(request) }
    guard let form = FormFields(request), let number = form["alert"], let key = form["key"] else {
      return .plain(
        .unsupportedMediaType, to: request, "expected is the page's own form", "forventet er sidens egen formular")
    }
    guard forms.accepts(key, for: number), let alert = Int64(number) else {
      return page(.forbidden, request) {
        $0.message(
          $0.voice.say(
            "Siden er fra før overvågningen sidst blev startet. Hent den igen, og kvittér derfra.",
            "This page is from before the watcher was last started. Load it again and acknowledge from there."))
      } title: {
        $0.say("Ikke kvitteret", "Not acknowledged")
      }
    }
    let outcome = await source.acknowledge(alert)
    await snapshot.forget()
    switch outcome {
    case .done, .nothingToDo: return .seeOther("/#alert-\(alert)")
    case .unknown: return .seeOther("/")
    case .failed:
      let byProgram = Remedy.Step.acknowledge(nil)
      return page(.internalError, request) {
        $0.message(
          $0.voice.say(
            "Kvitteringen kunne ikke skrives ned. Loggen siger hvorfor; prøv igen, eller brug \(byProgram.inDanish).",
            "The acknowledgement could not be written down. The log says why; try again, or use \(byProgram)."))
      } title: {
        $0.say("Ikke kvitteret", "Not acknowledged")
      }
    }
  }

  /// Returns true if a form was sent from a page of this site. Every browser sends the origin of a form.
  private func comesFromOurselves(_ request: HTTPRequest) -> Bool {
    if let site = request.header("sec-fetch-site"), site != "same-origin" { return false }
    guard let origin = request.header("origin"), let host = request.header("host") else { return false }
    return ["http://\(host)", "https://\(host)"].contains { $0.lowercased() == origin.lowercased() }
  }

  private func foreign(_ request: HTTPRequest) -> HTTPResponse {
    page(.forbidden, request) {
      $0.message(
        $0.voice.say(
          "Formularen kom ikke fra denne side, så intet er sket.",
          "The form did not come from this page, so nothing was done."))
    } title: {
      $0.say("Afvist", "Refused")
    }
  }

  // MARK: Pages

  private func voice(_ request: HTTPRequest, now: Timestamp, timeZone: String = "Europe/Copenhagen") -> PageVoice {
    PageVoice(PageLanguage(accepting: request.header("accept-language")), now: now, timeZone: timeZone)
  }

  private func page(
    _ status: HTTPStatus, _ request: HTTPRequest, _ content: (PageFrame) -> Markup, title: (PageVoice) -> String
  ) -> HTTPResponse {
    let voice = voice(request, now: source.clock())
    return html(status, content(PageFrame(voice: voice, title: title(voice))))
  }

  private func html(_ status: HTTPStatus, _ markup: Markup) -> HTTPResponse {
    HTTPResponse(
      status, type: "text/html; charset=utf-8", headers: ["Vary": "Accept-Language, Cookie"], body: markup.html)
  }
}
