import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch

/// The site over a real socket: who may see what, and who may change anything.
@Suite(.timeLimit(.minutes(25))) struct StatusSiteTests {
  private static let origin = "Origin: http://localhost"

  @Test(
    "Every answer forbids everything that it does not need",
    arguments: ["/", "/wall", "/metrics", "/api/status.json", "/healthz", "/readyz", "/login", "/nowhere", "/icon.svg"])
  func headers(path: String) async throws {
    try await ExampleServer.with { example async throws in
      let answer = try await example.get(path)
      let policy = try #require(answer.headers["content-security-policy"])
      #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; "))
      #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe") && !policy.contains("script"))
      #expect(answer.headers["x-content-type-options"] == "nosniff")
      #expect(answer.headers["referrer-policy"] == "same-origin")
      #expect(answer.headers["connection"] == "close")
      if path != "/icon.svg" { #expect(answer.headers["cache-control"] == "no-store") }
    }
  }

  @Test("The page is whole, in the browser's language, and its style sheet is where it says")
  func page() async throws {
    try await ExampleServer.with { example async throws in
      let danish = try await example.get("/?whatever=<script>", "Accept-Language: da-DK")
      #expect(danish.status == 200 && danish.headers["content-type"] == "text/html; charset=utf-8")
      #expect(danish.body.contains("2 kritiske, 1 kritisk kvitteret, 1 advarsel") && !danish.body.contains("whatever"))
      #expect(danish.size < 200_000 && danish.headers["refresh"] == nil)
      #expect(try await example.get("/").body.contains("2 critical, 1 critical acknowledged, 1 warning"))
      #expect(try await example.get("/wall").headers["refresh"] == "60")
      let style = try #require(danish.body.firstMatch(of: #/href="(/style-[0-9a-f]{16}\.css)"/#)?.output.1)
      let sheet = try await example.get(String(style))
      #expect(sheet.headers["content-type"] == "text/css; charset=utf-8")
      #expect(sheet.headers["cache-control"] == "public, max-age=31536000, immutable")
      #expect(!sheet.body.contains("url(") && !sheet.body.contains("@import"))
      #expect(try await example.get("/../etc/passwd").status == 404)
      #expect(try await example.post("/", "a=b").status == 404)
    }
  }

  @Test("Refusals in plain words are in the browser's language too")
  func plainWords() async throws {
    try await ExampleServer.with { example async throws in
      let danish = "Accept-Language: da-DK,da;q=0.9,en;q=0.8"
      let missing = try await example.get("/nowhere", danish)
      #expect(missing.status == 404 && missing.body == "her er intet; siden er på /\n")
      #expect(missing.headers["vary"] == "Accept-Language")
      #expect(try await example.get("/nowhere").body == "there is nothing here; the page is at /\n")
      #expect(try await example.get("/", host: "evil.example", danish).body.hasPrefix("denne side vises ikke under"))
    }
  }

  @Test("A name that is not ours is refused, so that no foreign site reads the page through its own name")
  func hostNames() async throws {
    try await ExampleServer.with(hostNames: ["Watch.Example.dk"]) { example async throws in
      for host in ["localhost", "LOCALHOST:1", "127.0.0.1:8650", "[::1]:80", "watch.example.dk", "127.9.9.9"] {
        #expect(try await example.get("/", host: host).status == 200, "\(host)")
      }
      for host in [
        "evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", "127.0.0.1.evil.example", "localhost:x", "",
        "[::1", "watch.example.dk.", "a@localhost",
      ] {
        #expect(try await example.get("/", host: host).status == 421, "\(host)")
      }
    }
    let beyond = HostNames([], address: try HTTPAddress("0.0.0.0:80"))
    #expect(beyond.allow("10.1.2.3:80") && beyond.allow("[fe80::1]") && !beyond.allow("evil.example"))
  }

  @Test("The button on the page acknowledges; nothing else does")
  func acknowledging() async throws {
    try await ExampleServer.with { example async throws in
      let page = try await example.get("/").body
      let key = try #require(page.firstMatch(of: #/value="41"><input type="hidden" name="key" value="([0-9a-f]{64})"/#))
      let form = "alert=41&key=\(key.output.1)"
      #expect(try await example.post("/acknowledge", form, "Origin: http://evil.example").status == 403)
      #expect(try await example.post("/acknowledge", form, "Origin: null").status == 403)
      #expect(try await example.post("/acknowledge", form).status == 403)
      #expect(try await example.post("/acknowledge", form, Self.origin, "Sec-Fetch-Site: cross-site").status == 403)
      #expect(try await example.post("/acknowledge", "alert=42&key=\(key.output.1)", Self.origin).status == 403)
      #expect(try await example.post("/acknowledge", "alert=41&key=0", Self.origin).status == 403)
      #expect(try await example.post("/acknowledge", "alert=41", Self.origin).status == 415)
      #expect(try await example.post("/acknowledge", form + "&alert=42", Self.origin).status == 415)
      #expect(try await example.get("/acknowledge?\(form)").status == 404)
      #expect(example.acknowledged.withLock { $0 } == [])
      let done = try await example.post("/acknowledge", form, Self.origin, "Sec-Fetch-Site: same-origin")
      #expect(done.status == 303 && done.headers["location"] == "/#alert-41")
      #expect(example.acknowledged.withLock { $0 } == [41])
    }
  }

  @Test("A page from before a restart is refused in words, in the reader's language")
  func oldPage() async throws {
    try await ExampleServer.with { example async throws in
      let answer = try await example.post(
        "/acknowledge", "alert=41&key=\(String(repeating: "0", count: 64))", Self.origin, "Accept-Language: da")
      #expect(answer.status == 403 && answer.body.contains("Hent den igen, og kvittér derfra."))
    }
  }

  @Test("With a token no page is visible without it; health alone is for all, without names")
  func token() async throws {
    let secret = "correct-horse-battery-staple"
    var status = ExampleStatus.night()
    status.inboxes[0].lastLook = nil
    try await ExampleServer.with(status, token: AccessToken(secret)) { example async throws in
      for path in ["/", "/wall"] {
        let answer = try await example.get(path)
        #expect(answer.status == 303 && answer.headers["location"] == "/login")
      }
      for path in ["/metrics", "/api/status.json"] {
        let answer = try await example.get(path)
        #expect(answer.status == 401 && answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        #expect(try await example.get(path, "Authorization: Bearer \(secret)").status == 200)
        #expect(try await example.get("\(path)?token=\(secret)").status == 401)
      }
      for wrong in ["Bearer \(secret)x", "Bearer ", "Bearer", "Basic \(secret)", secret, ""] {
        #expect(try await example.get("/", "Authorization: \(wrong)").status == 401, "\(wrong)")
      }
      #expect(try await example.get("/healthz").body == "ok\n")
      #expect(try await !example.get("/readyz").body.contains("fakturahåndtering"))
      #expect(try await example.get("/readyz", "Authorization: Bearer \(secret)").body.contains("fakturahåndtering"))
      #expect(try await example.post("/acknowledge", "alert=41&key=x", Self.origin).status == 303)
      #expect(example.acknowledged.withLock { $0 } == [])
    }
  }

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

  @Test("Beyond this machine nothing is served without a token")
  func beyondLoopback() async throws {
    let source = StatusSource(
      status: { ExampleStatus.night() }, health: { WatchHealth(loops: []) }, acknowledge: { _ in .unknown })
    let error = #expect(throws: StatusServerError.self) {
      try StatusServer(at: HTTPAddress("0.0.0.0:0"), source: source, logger: ExampleServer.silent)
    }
    #expect(error?.description.contains("without a token") == true)
    let server = try StatusServer(
      at: HTTPAddress("0.0.0.0:0"), token: AccessToken("correct-horse-battery-staple"), source: source,
      logger: ExampleServer.silent)
    #expect(await RawClient.ask(server.address.port, "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")?.status == 401)
    await server.stop()
  }

  @Test("A token comes from a file that its owner alone may read, and is long enough not to be guessed")
  func tokenFile() async throws {
    try await withScratchFolder { folder in
      let file = folder.appending("token")
      func write(_ text: String, mode: Int) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.string)
      }
      #expect(throws: StatusServerError.self) { try AccessToken(file: file) }
      for text in ["", "short", "twenty characters and blanks", String(repeating: "x", count: 600)] {
        try write(text, mode: 0o600)
        #expect(throws: StatusServerError.self, "\(text)") { try AccessToken(file: file) }
      }
      try write("correct-horse-battery-staple\n", mode: 0o644)
      let error = #expect(throws: StatusServerError.self) { try AccessToken(file: file) }
      #expect(error?.description.contains("chmod 600") == true)
      #expect(error?.inDanish.contains("chmod 600") == true && error?.inDanish.contains("adgangstegn") == true)
      #expect(error?.description.contains("correct-horse") == false)
      try write("correct-horse-battery-staple\n", mode: 0o440)
      #expect(throws: StatusServerError.self) { try AccessToken(file: file) }
      try write("correct-horse-battery-staple\n", mode: 0o400)
      let token = try AccessToken(file: file)
      #expect(token.isSame(as: "correct-horse-battery-staple") && !token.isSame(as: "correct-horse-battery-staple\n"))
      #expect(!"\(token)".contains("correct"))
      #expect(throws: StatusServerError.self) { try AccessToken(file: folder) }
    }
  }

  @Test("Health reports loops that stand still, readiness inboxes that have not been looked into lately")
  func health() async throws {
    let turning = WatchHealth.Loop(name: "looks", lastTurn: ExampleStatus.hours(-0.01), mayTakeSeconds: 120)
    let stuck = WatchHealth.Loop(name: "alerts", lastTurn: ExampleStatus.hours(-1), mayTakeSeconds: 120)
    try await ExampleServer.with(ExampleStatus.quietNight(), health: WatchHealth(loops: [turning])) {
      example async throws in
      #expect(try await example.get("/healthz").status == 200)
      #expect(try await example.get("/readyz").status == 200)
    }
    var status = ExampleStatus.quietNight()
    status.inboxes[2].lastLook = ExampleStatus.hours(-0.5)
    status.storeTrouble = "disk full"
    try await ExampleServer.with(status, health: WatchHealth(loops: [turning, stuck])) { example async throws in
      let health = try await example.get("/healthz")
      #expect(health.status == 503 && health.body.contains("alerts last came round") && !health.body.contains("looks"))
      let ready = try await example.get("/readyz")
      #expect(
        ready.status == 503 && ready.body.contains("børnefag: last looked into")
          && ready.body.hasPrefix("not ready, for 2 reasons\nthe watcher's database: disk full\n"))
    }
  }

  @Test("Many requests at the same time cost one read of the store, and an acknowledgement shows at once")
  func sharedSnapshot() async throws {
    let asked = Locked(0)
    let source = StatusSource(
      status: {
        asked.withLock { $0 += 1 }
        try? await Task.sleep(for: .milliseconds(50))
        return ExampleStatus.quietNight()
      }, health: { WatchHealth(loops: []) }, acknowledge: { _ in .done })
    // However long the machine takes to ask fifty times.
    let shared = SharedSnapshot(freshFor: .seconds(600)) { await source.status() }
    await withTaskGroup { group in for _ in 0..<50 { group.addTask { _ = await shared.status() } } }
    #expect(asked.withLock { $0 } == 1)
    await shared.forget()
    _ = await shared.status()
    #expect(asked.withLock { $0 } == 2)
  }

  @Test("While the watcher gives no status only 200 requests wait for it")
  func silentWatcher() async throws {
    let gate = Gate()
    let source = StatusSource(
      status: {
        await gate.wait()
        return ExampleStatus.quietNight()
      }, health: { WatchHealth(loops: []) }, acknowledge: { _ in .done })
    let shared = SharedSnapshot { await source.status() }
    let refused = Locked(0)
    let answered = Locked(0)
    await withTaskGroup { group in
      for _ in 0..<250 {
        group.addTask {
          let count = await shared.status() == nil ? refused : answered
          count.withLock { $0 += 1 }
        }
      }
      for _ in 0..<12_000 where refused.withLock({ $0 }) < 50 { try? await Task.sleep(for: .milliseconds(20)) }
      #expect(answered.withLock { $0 } == 0)
      gate.open()
    }
    #expect(refused.withLock { $0 } == 50 && answered.withLock { $0 } == 200)
    #expect(await shared.status() != nil)
  }
}
