import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The site over a real socket: who may see what, and who may change anything.
@Suite("Site of the console", .timeLimit(.minutes(25))) struct ConsoleSiteTests {
  private static let origin = ExampleServer.origin

  @Test(
    "Every answer forbids everything that it does not need",
    arguments: [
      "/", "/wall", "/alerts", "/alert/1", "/inbox/x", "/file/1", "/municipality/0101", "/municipality/0101/2026-11-20",
      "/journal/D1", "/matrix", "/trends", "/silences", "/search", "/done?act=undone", "/metrics", "/api/status.json",
      "/healthz", "/readyz", "/login", "/nowhere", "/icon.svg",
    ])
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
      let danish = try await example.get("/", "Accept-Language: da-DK")
      #expect(danish.status == 200 && danish.headers["content-type"] == "text/html; charset=utf-8")
      #expect(danish.body.contains("2 kritiske, 1 kritisk kvitteret, 1 advarsel"))
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

  @Test("What is not there, and a wrong host name, are told in the browser's language")
  func refusals() async throws {
    try await ExampleServer.with { example async throws in
      let danish = "Accept-Language: da-DK,da;q=0.9,en;q=0.8"
      let missing = try await example.get("/nowhere", danish)
      #expect(missing.status == 404 && missing.body.contains("Her er intet; overblikket er på /."))
      #expect(missing.headers["vary"] == "Accept-Language, Cookie")
      let english = try await example.get("/nowhere")
      #expect(english.body.contains("There is nothing here; the overview is at /."))
      #expect(english.body.contains("<a href=\"/\">To the overview</a>"))
      #expect(try await example.get("/", host: "evil.example", danish).body.hasPrefix("denne side vises ikke under"))
    }
  }

  @Test("While the watcher has no database open, the first screen says so and every other page asks to come again")
  func starting() async throws {
    var status = ExampleStatus.quietNight()
    status.storeTrouble = .starting
    try await ExampleServer.with(status) { example async throws in
      let first = try await example.get("/")
      #expect(
        first.status == 200 && first.body.contains("the watcher is starting") && !first.body.contains("All is well"))
      #expect(!first.body.contains("database fails") && !first.body.contains("cannot be read or written"))
      // Nothing is claimed of what is not known.
      #expect(first.body.matches(of: #/Not known now: the watcher is starting/#).count == 4)
      for words in ["No open alerts", "Nothing waits", "no journal", "No inbox is watched", "No rule expects"] {
        #expect(!first.body.contains(words), "\(words)")
      }
      for path in ["/alerts", "/alert/1", "/inbox/x", "/matrix", "/trends", "/silences"] {
        let answer = try await example.get(path)
        #expect(answer.status == 503 && answer.body.contains("Try again in a moment."), "\(path)")
      }
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

  @Test("The form on a page acknowledges; nothing else does")
  func acknowledging() async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in
        let alert = try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate })
        let page = PageAddress.alert(alert.id)
        let form = try await example.form(.acknowledge, on: page).filled(["by": "KH"])
        let body = form.body
        func status(_ body: String, _ headers: String...) async throws -> Int {
          let all = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)"] + headers
          let text = "POST /acknowledge HTTP/1.1\r\nHost: localhost\r\n\(all.joined(separator: "\r\n"))\r\n\r\n\(body)"
          return try #require(await RawClient.ask(example.port, text)).status
        }
        #expect(try await status(body, "Origin: http://evil.example") == 403)
        #expect(try await status(body, "Origin: null") == 403)
        #expect(try await status(body) == 403)
        #expect(try await status(body, Self.origin, "Sec-Fetch-Site: cross-site") == 403)
        #expect(try await status(form.filled(["key": "0"]).body, Self.origin) == 403)
        #expect(try await status(form.filled(["ticket": "1"]).body, Self.origin) == 403)
        #expect(try await status("alert=\(alert.id)&by=KH", Self.origin) == 415)
        #expect(try await status(body + "&by=other", Self.origin) == 415)
        // A ticket for one act is none for another.
        let silence = try await example.form(.silence, on: page)
        let stolen =
          form.fields.filter { $0.name != "ticket" && $0.name != "key" }
          + silence.fields.filter { $0.name == "ticket" || $0.name == "key" }
        var wrong = form
        wrong.fields = stolen
        #expect(try await status(wrong.body, Self.origin) == 403)
        #expect(try await example.get("/acknowledge?\(body)").status == 404)
        #expect(try await field.database.alert(alert.id)?.state == .firing)
        let done = try await example.send(form)
        #expect(done.status == 303 && done.headers["location"]?.hasPrefix("/done?act=acknowledged&count=1&") == true)
        #expect(try await field.database.alert(alert.id)?.acknowledgement?.by == "KH")
      }
    }
  }

  @Test("A form from before a restart is refused in words, in the reader's language, and leads back")
  func oldForm() async throws {
    try await ExampleServer.with { example async throws in
      let body = "ticket=ab&key=\(String(repeating: "0", count: 64))&back=%2Falert%2F41&by=KH&alert=41"
      let answer = try await example.post("/acknowledge", body, Self.origin, "Accept-Language: da")
      #expect(answer.status == 403 && answer.body.contains("Hent den igen, og send formularen derfra."))
      #expect(answer.body.contains("<a href=\"/alert/41\">"))
      let foreign = "ticket=ab&key=0&back=%2F%2Fevil.example"
      #expect(try await !example.post("/acknowledge", foreign, Self.origin).body.contains("evil.example"))
    }
  }

  @Test("With a token no page is visible without it; health alone is for all, without names")
  func token() async throws {
    let secret = "correct-horse-battery-staple"
    var status = ExampleStatus.night()
    status.inboxes[0].lastLook = nil
    try await ExampleServer.with(status, token: AccessToken(secret)) { example async throws in
      for path in [
        "/", "/wall", "/alerts", "/alert/1", "/inbox/x", "/file/1", "/municipality/0101", "/journal/D1", "/matrix",
        "/trends", "/silences", "/search", "/done?act=undone",
      ] {
        let answer = try await example.get(path)
        let login = path == "/" ? "/login" : PageAddress.with("/login", [("to", path)])
        #expect(answer.status == 303 && answer.headers["location"] == login, "\(path)")
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
      for action in FormAction.allCases {
        let answer = try await example.post(action.path, "alert=41&key=x", Self.origin)
        #expect(answer.status == 303 && answer.headers["location"] == "/login", "\(action)")
      }
      let search = try await example.post("/search", "text=a", Self.origin)
      #expect(search.status == 303 && search.headers["location"] == "/login")
    }
  }

  @Test("Beyond this machine nothing is served without a token")
  func beyondLoopback() async throws {
    let source = StatusSource(
      status: { ExampleStatus.night() }, health: { WatchHealth(loops: []) })
    let console = ConsoleSource(queries: { nil })
    let error = #expect(throws: StatusServerError.self) {
      try StatusServer(at: HTTPAddress("0.0.0.0:0"), source: source, console: console, logger: ExampleServer.silent)
    }
    #expect(error?.description.contains("without a token") == true)
    let server = try StatusServer(
      at: HTTPAddress("0.0.0.0:0"), token: AccessToken("correct-horse-battery-staple"), source: source,
      console: console,
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
    status.storeTrouble = .failing("disk full")
    try await ExampleServer.with(status, health: WatchHealth(loops: [turning, stuck])) { example async throws in
      let health = try await example.get("/healthz")
      let last = "alerts last came round at \(WallClock.denmark.stamp(at: ExampleStatus.hours(-1)))"
      #expect(health.status == 503 && health.body.contains(last) && !health.body.contains("looks"))
      let ready = try await example.get("/readyz")
      #expect(
        ready.status == 503 && ready.body.contains("børnefag: last looked into")
          && ready.body.hasPrefix("not ready, for 2 reasons\nthe watcher's database: disk full\n"))
    }
  }

  @Test("Many requests at the same time cost one read of the store, and an act shows at once")
  func sharedSnapshot() async throws {
    let asked = Locked(0)
    let source = StatusSource(
      status: {
        asked.withLock { $0 += 1 }
        try? await Task.sleep(for: .milliseconds(50))
        return ExampleStatus.quietNight()
      }, health: { WatchHealth(loops: []) })
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
      }, health: { WatchHealth(loops: []) })
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
