import FilsluseBase
import PlatformFixture
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Logging in to the console: sessions of people and of the wall's screens, and pauses after wrong tokens.
@Suite("Login of the console", .timeLimit(.minutes(25))) struct ConsoleLoginTests {
  private static let origin = ExampleServer.origin

  @Test("Logging in gives a cookie that no script reads and no other site sends, good for twelve hours of this process")
  func login() async throws {
    let secret = "correct-horse battery".replacing(" ", with: "+")
    let now = Locked(ExampleStatus.now)
    try await ExampleServer.with(token: AccessToken(secret), clock: { now.withLock { $0 } }) { example async throws in
      #expect(
        try await example.post("/login", "token=wrong", Self.origin).body.contains("That is not the right token."))
      #expect(try await example.post("/login", "token=correct-horse%2Bbattery").status == 403)
      let answer = try await example.post("/login", "token=correct-horse%2Bbattery", Self.origin)
      let cookie = try #require(answer.headers["set-cookie"])
      #expect(answer.status == 303 && cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
      #expect(!cookie.contains("correct"))
      let value = String(cookie.prefix { $0 != ";" })
      #expect(try await example.get("/", "Cookie: other=1; \(value)").status == 200)
      for forged in ["\(value)0", "filsluse=9999999999999.\(value.suffix(64))", "filsluse=", "filsluse", "x\(value)"] {
        #expect(try await example.get("/", "Cookie: \(forged)").status == 303, "\(forged)")
      }
      now.withLock { $0 = ExampleStatus.hours(12.01) }
      #expect(try await example.get("/", "Cookie: \(value)").status == 303)
      now.withLock { $0 = ExampleStatus.now }
      try await ExampleServer.with(token: AccessToken(secret)) { restarted async throws in
        #expect(try await restarted.get("/", "Cookie: \(value)").status == 303)
      }
    }
  }

  @Test("Logging in leads on to the page that a colleague's link named, and to no other site")
  func leadsOn() async throws {
    let secret = "correct-horse-battery-staple"
    try await ExampleServer.with(token: AccessToken(secret)) { example async throws in
      let asked = try await example.get("/alerts?account=a&severity=critical")
      let address = try #require(asked.headers["location"])
      #expect(asked.status == 303 && address == "/login?to=%2Falerts%3Faccount%3Da%26severity%3Dcritical")
      let hidden = "<input type=\"hidden\" name=\"to\" value=\"/alerts?account=a&amp;severity=critical\">"
      #expect(try await example.get(address).body.contains(hidden))
      let to = "to=%2Falerts%3Faccount%3Da%26severity%3Dcritical"
      let wrong = try await example.post("/login", "\(to)&token=wrong", Self.origin)
      #expect(wrong.status == 403 && wrong.body.contains(hidden))
      let right = try await example.post("/login", "\(to)&token=\(secret)", Self.origin)
      #expect(right.status == 303 && right.headers["location"] == "/alerts?account=a&severity=critical")
      for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nX-Evil: 1", "alerts", ""] {
        let field = "to=\(PercentEncoding.encoded(foreign))"
        #expect(try await !example.get("/login?\(field)").body.contains("name=\"to\""), "\(foreign)")
        let answer = try await example.post("/login", "\(field)&token=\(secret)", Self.origin)
        #expect(answer.headers["location"] == "/" && answer.headers["x-evil"] == nil, "\(foreign)")
      }
    }
  }

  @Test("A screen that shows the wall goes on for as long as it loads it, also after a restart, and sees nothing else")
  func wall() async throws {
    let secret = "correct-horse-battery-staple"
    let now = Locked(ExampleStatus.now)
    let clock: @Sendable () -> Timestamp = { now.withLock { $0 } }
    func value(_ answer: Answer) throws -> String {
      String(try #require(answer.headers["set-cookie"]).prefix { $0 != ";" })
    }
    try await ExampleServer.with(token: AccessToken(secret), clock: clock) { example async throws in
      let loggedIn = try await example.post("/login", "token=\(secret)", Self.origin)
      let session = try value(loggedIn)
      let first = try await example.get("/wall", "Cookie: \(session)")
      let cookie = try #require(first.headers["set-cookie"])
      #expect(cookie.hasPrefix("filsluse-wall=") && cookie.hasSuffix("; Path=/wall; HttpOnly; SameSite=Strict"))
      var screen = try value(first)
      for _ in 0..<10 {
        now.withLock { $0 = $0.later(by: .seconds(6 * 86_400)) }
        let answer = try await example.get("/wall", "Cookie: \(screen)")
        #expect(answer.status == 200 && answer.headers["refresh"] == "60")
        screen = try value(answer)
      }
      let bare = String(screen.drop { $0 != "=" }.dropFirst())
      for cookie in [screen, "filsluse=\(bare)", "\(screen); filsluse=\(bare)"] {
        for path in ["/", "/alerts", "/search", "/silences"] {
          #expect(try await example.get(path, "Cookie: \(cookie)").status == 303, "\(path)")
        }
        #expect(try await example.get("/metrics", "Cookie: \(cookie)").status == 401)
        let act = try await example.post("/acknowledge", "alert=1", Self.origin, "Cookie: \(cookie)")
        #expect(act.status == 303 && act.headers["location"] == "/login")
      }
      for forged in ["\(screen)0", "filsluse-wall=9999999999999.\(screen.suffix(64))", "filsluse-wall=", session] {
        #expect(try await example.get("/wall", "Cookie: \(forged)").status == 303, "\(forged)")
      }
      #expect(try await example.get("/wall", "Cookie: \(screen)", "Authorization: Bearer x").status == 401)
      let kept = screen
      try await ExampleServer.with(token: AccessToken(secret), clock: clock) { restarted async throws in
        #expect(try await restarted.get("/wall", "Cookie: \(kept)").status == 200)
      }
      try await ExampleServer.with(token: AccessToken(secret + "x"), clock: clock) { changed async throws in
        #expect(try await changed.get("/wall", "Cookie: \(kept)").status == 303)
      }
      now.withLock { $0 = $0.later(by: .seconds(8 * 86_400)) }
      #expect(try await example.get("/wall", "Cookie: \(kept)").status == 303)
    }
    try await ExampleServer.with { example async throws in
      #expect(try await example.get("/wall").headers["set-cookie"] == nil)
    }
  }

  @Test("After three wrong tokens the next is looked at after a pause, from that address alone")
  func loginPause() async throws {
    let secret = "correct-horse-battery-staple"
    let start = ContinuousClock.now
    let passed = Locked(Duration.zero)
    var status = ExampleStatus.night()
    // What is not ready names accounts to those with the token.
    status.inboxes[0].lastLook = nil
    let clock: @Sendable () -> ContinuousClock.Instant = { start + passed.withLock { $0 } }
    let site = ConsoleSite(
      source: StatusSource(
        status: { [status] in status }, health: { WatchHealth(loops: []) }, clock: { ExampleStatus.now }),
      console: ConsoleSource(queries: { nil }),
      access: try SiteAccess(
        at: HTTPAddress("127.0.0.1:0"), hostNames: [], token: AccessToken(secret), pauses: LoginPauses(clock: clock)),
      logger: ExampleServer.silent, pauses: LoginPauses(clock: clock))
    func logIn(_ token: String, from peer: String = "192.0.2.1", language: String = "en") async -> HTTPResponse {
      var request = HTTPRequest(method: .post, path: "/login", body: Array("token=\(token)".utf8))
      request.peer = peer
      request.headers = [
        "host": "localhost", "origin": "http://localhost", "content-type": "application/x-www-form-urlencoded",
        "accept-language": language,
      ]
      return await site.answer(request)
    }
    for _ in 0..<3 { #expect(await logIn("wrong").status == .forbidden) }
    let early = await logIn(secret)
    #expect(early.status == .tooManyRequests && early.headers["Retry-After"] == "1")
    #expect(early.headers["Set-Cookie"] == nil)
    #expect(String(decoding: early.body, as: UTF8.self).contains("Too many wrong tokens. Try again in 1 s;"))
    let danish = await logIn("wrong", language: "da")
    #expect(String(decoding: danish.body, as: UTF8.self).contains("Prøv igen om 1 s;"))
    let other = await logIn(secret, from: "192.0.2.2")
    #expect(other.status == .seeOther && other.headers["Set-Cookie"] != nil)
    // What programs send in a header has pauses of its own.
    func ask(_ path: String, _ token: String) async -> HTTPResponse {
      var request = HTTPRequest(method: .get, path: path)
      request.peer = "192.0.2.1"
      request.headers = ["host": "localhost", "authorization": "Bearer \(token)"]
      return await site.answer(request)
    }
    #expect(await ask("/metrics", secret).status == .ok)
    // Wrong ones count wherever the answer would show that one is right, also where all are answered.
    for path in ["/", "/readyz", "/api/status.json"] { _ = await ask(path, "wrong") }
    for path in ["/", "/metrics"] {
      let paused = await ask(path, "wrong")
      #expect(paused.status == .tooManyRequests && paused.headers["Retry-After"] == "1", "\(path)")
    }
    // The right one is taken all the time.
    for path in ["/metrics", "/healthz"] { #expect(await ask(path, secret).status == .ok, "\(path)") }
    passed.withLock { $0 = .seconds(1) }
    let late = await logIn(secret)
    #expect(late.status == .seeOther && late.headers["Set-Cookie"] != nil)
    #expect(await ask("/metrics", secret).status == .ok)
  }
}
