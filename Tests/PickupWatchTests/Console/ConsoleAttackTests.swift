import FilsluseBase
import PlatformFixture
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Requests that mean harm, over a real socket: whatever server brings them, nothing gets through and nothing changes.
@Suite("Attacks on the console", .timeLimit(.minutes(25))) struct ConsoleAttackTests {
  private static func attack(_ body: (ConsoleField, ExampleServer) async throws -> Void) async throws {
    try await ConsoleField.with(inboxes: 3, files: 6, late: 2) { field in
      try await ExampleServer.over(field) { example async throws in try await body(field, example) }
      // Whatever was sent, nothing was changed.
      #expect(try await field.queries.alerts(AlertFilter(state: .acknowledged), PageNumber()).total == 0)
      #expect(try await field.queries.silences(PageNumber()).total == 0)
    }
  }

  /// Sends bytes as they are.
  private static func raw(_ example: ExampleServer, _ lines: [String], _ body: String = "") async throws -> Answer {
    let head = lines.joined(separator: "\r\n")
    return try #require(await RawClient.ask(example.port, "\(head)\r\n\r\n\(body)"))
  }

  private static func alert(in field: ConsoleField) throws -> Int64 {
    try #require(field.status.alerts.first { $0.finding.kind == .pickUpLate }).id
  }

  @Test("no name, reason or way back adds a header to an answer or leads to another site")
  func headers() async throws {
    try await Self.attack { field, example async throws in
      let page = PageAddress.alert(try Self.alert(in: field))
      let injected = "x\r\nSet-Cookie: evil=1\r\nX-Evil: 1"
      for (name, value) in [("by", injected), ("why", injected), ("by", "x\u{0}y")] {
        let form = try await example.form(.acknowledge, on: page).filled(["by": "KH", name: value])
        let answer = try await example.send(form)
        #expect(answer.status == 422 && answer.headers["x-evil"] == nil && answer.headers["set-cookie"] == nil)
      }
      for back in [injected, "//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let form = try await example.form(.acknowledge, on: page).filled(["by": "", "back": back])
        let answer = try await example.send(form)
        #expect(answer.status == 422 && answer.headers["location"] == nil && answer.headers["x-evil"] == nil)
        #expect(answer.body.contains("<p><a href=\"/\">") && !answer.body.contains("evil.example"))
      }
    }
  }

  @Test("a ticket that is signed for another act, another process or nothing opens no form")
  func tickets() async throws {
    try await Self.attack { field, example async throws in
      let alert = try Self.alert(in: field)
      let page = PageAddress.alert(alert)
      let own = try await example.form(.acknowledge, on: page).filled(["by": "KH"])
      let foreign = FormTickets(secret: PageSecret()).fields(for: .acknowledge, back: "/").html
      let key = try #require(foreign.firstMatch(of: #/name="key" value="([^"]*)"/#)).output.1
      let forged = [
        own.filled(["key": String(key)]), own.filled(["ticket": ""]), own.filled(["key": ""]),
        own.filled(["key": String(repeating: "0", count: 64)]), own.filled(["ticket": "\u{0}"]),
        own.filled(["ticket": String(repeating: "a", count: 10_000)]),
      ]
      for form in forged { #expect(try await example.send(form).status == 403) }
      let silence = try await example.form(.silence, on: page)
      var mixed = own
      mixed.fields.removeAll { $0.name == "ticket" || $0.name == "key" }
      mixed.fields += silence.fields.filter { $0.name == "ticket" || $0.name == "key" }
      #expect(try await example.send(mixed).status == 403)
    }
  }

  @Test("a form in the address, of another type or from another site is none")
  func forms() async throws {
    try await Self.attack { field, example async throws in
      let form = try await example.form(.acknowledge, on: PageAddress.alert(try Self.alert(in: field))).filled([
        "by": "KH"
      ])
      let length = "Content-Length: \(form.body.utf8.count)"
      let request = ["POST /acknowledge HTTP/1.1", "Host: localhost", length]
      let type = "Content-Type: application/x-www-form-urlencoded"
      let refused: [(lines: [String], status: Int)] = [
        (["GET /acknowledge?\(form.body) HTTP/1.1", "Host: localhost", ExampleServer.origin], 404),
        (request + [ExampleServer.origin, "Content-Type: text/plain"], 415),
        (request + [ExampleServer.origin, "Content-Type: multipart/form-data; boundary=x"], 415),
        (request + [ExampleServer.origin], 415), (request + [type], 403),
        (request + [type, "Origin: http://localhost.evil.example"], 403),
        (request + [type, "Origin: http://evil.example"], 403), (request + [type, "Origin: null"], 403),
        (request + [type, ExampleServer.origin, "Sec-Fetch-Site: same-site"], 403),
        (["POST /acknowledge HTTP/1.1", "Host: evil.example", length, type, "Origin: http://evil.example"], 421),
      ]
      for (lines, status) in refused {
        let isGet = lines[0].hasPrefix("GET")
        let answer = try await Self.raw(example, lines, isGet ? "" : form.body)
        #expect(answer.status == status, "\(lines)")
      }
      let empty = ["POST /acknowledge?\(form.body) HTTP/1.1", "Host: localhost", "Content-Length: 0", type]
      // Its address takes no fields.
      #expect(try await Self.raw(example, empty + [ExampleServer.origin]).status == 400)
    }
  }

  @Test("a form that is hidden behind another request, or sent under another name, method or path, is none")
  func hidden() async throws {
    try await Self.attack { field, example async throws in
      let form = try await example.form(.acknowledge, on: PageAddress.alert(try Self.alert(in: field))).filled([
        "by": "KH"
      ])
      let length = "Content-Length: \(form.body.utf8.count)"
      let type = "Content-Type: application/x-www-form-urlencoded"
      func post(_ target: String, _ headers: String...) -> String {
        (["POST \(target)", type, length] + headers).joined(separator: "\r\n") + "\r\n\r\n\(form.body)"
      }
      let (host, origin) = ("Host: localhost", ExampleServer.origin)
      let whole = post("/acknowledge HTTP/1.1", host, origin)
      let get = "GET / HTTP/1.1\r\nHost: localhost\r\n"
      let search = "POST /search HTTP/1.1\r\nHost: localhost\r\n\(origin)\r\n\(type)\r\n"
      let requests: [(text: String, status: Int)] = [
        // Behind another request.
        ("\(get)\r\n\(whole)", 200), ("\(get)Content-Length: 0\r\n\r\n\(whole)", 200),
        ("\(get)Content-Length: \(whole.utf8.count)\r\n\r\n\(whole)", 400), ("\(get)X: a\n\n\(whole)", 400),
        ("\(get)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n\(whole)", 200),
        ("\(search)Content-Length: 6\r\n\r\ntext=a\(whole)", 200),
        ("\(search)Content-Length: 6\r\nContent-Length: 0\r\n\r\ntext=a\(whole)", 400),
        ("\(search)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(whole)", 501),
        ("\(search)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(whole)", 501),
        // Under another name.
        (post("/acknowledge HTTP/1.1", "Host: localhost, evil.example", origin), 421),
        (post("/acknowledge HTTP/1.1", "Host: localhost:80@evil.example", origin), 421),
        (post("/acknowledge HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: localhost", origin), 421),
        (post("/acknowledge HTTP/1.1", host, "X-Forwarded-Host: evil.example", "Origin: http://evil.example"), 403),
        (post("/acknowledge HTTP/1.1", host, "Referer: http://localhost/"), 403),
        (post("/acknowledge HTTP/1.1", host, "Origin: http://localhost/"), 403),
        (post("/acknowledge HTTP/1.1", host, "Origin: http://localhost:1"), 403),
        (post("/acknowledge HTTP/1.0", origin), 403),
        // By another method or path.
        ("GET /acknowledge HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: POST\r\n\r\n", 404),
        ("PUT\(whole.dropFirst(4))", 405), (post("http://localhost/acknowledge HTTP/1.1", host, origin), 400),
        (post("//acknowledge HTTP/1.1", host, origin), 404), (post("/%61cknowledge HTTP/1.1", host, origin), 404),
        (post("/acknowledge/ HTTP/1.1", host, origin), 404), (post("/ACKNOWLEDGE HTTP/1.1", host, origin), 404),
      ]
      for (text, status) in requests {
        let answer = try #require(await RawClient.ask(example.port, text))
        #expect(answer.status == status, "\(text)")
      }
    }
  }

  @Test("paths that climb, hide bytes or are no text lead nowhere")
  func paths() async throws {
    try await Self.attack { _, example async throws in
      for path in [
        "/inbox/..%2F..%2Fetc%2Fpasswd", "/inbox/%2e%2e/%2e%2e/etc/passwd", "/inbox/%00", "/inbox/%0d%0aX-Evil:%201",
        "/inbox/%C0%AF", "/inbox/%ED%A0%80", "/file/1%00", "/file/%31%2F..", "/journal/D1%27%20OR%201=1",
        "/municipality/account.%27;DROP%20TABLE%20alert", "//evil.example/", "/\\evil.example",
        "/style-0000000000000000.css", "/alert/1;jsessionid=1", "/healthz/../alerts",
      ] {
        let answer = try await example.get(path)
        #expect(answer.status == 404, "\(path)")
        #expect(answer.headers["location"] == nil && answer.headers["x-evil"] == nil, "\(path)")
        #expect(!answer.body.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(path)")
      }
      let long = "/alerts?account=\(String(repeating: "a", count: 17_000))"
      #expect(try await example.get(long).status == 431)
    }
  }

  @Test("what is asked for in fields, cookies and searches is never markup")
  func markup() async throws {
    try await Self.attack { field, example async throws in
      let script = "\"><script>alert(1)</script>"
      let encoded = PercentEncoding.encoded(script)
      let page = PageAddress.alert(try Self.alert(in: field))
      let answers = [
        try await example.get("/alerts?account=\(encoded)&infref=\(encoded)"),
        try await example.get("/inbox/\(encoded)"),
        try await example.get("/done?act=acknowledged&number=1&back=\(encoded)"),
        try await example.get(page, "Cookie: filsluse-name=\(encoded)"),
        try await example.get("/matrix?account=\(encoded)"),
        try await example.post("/search", "text=\(encoded)", ExampleServer.origin),
      ]
      for answer in answers { #expect(!answer.body.contains("<script"), "\(answer.body.prefix(200))") }
      #expect(answers[3].body.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""))
    }
  }

  @Test("a search with the words of the database finds no more than its letters")
  func wildcards() async throws {
    try await Self.attack { _, example async throws in
      for text in ["%", "_____", "*", "' OR '1'='1", "\") --", "Udbetaling%a", "\\", "\u{0}"] {
        let answer = try await example.post("/search", "text=\(PercentEncoding.encoded(text))", ExampleServer.origin)
        #expect(answer.status == 200 && !answer.body.contains("Udbetaling_"), "\(text)")
      }
    }
  }

  @Test("forms with thousands of fields are answered, and change nothing")
  func manyFields() async throws {
    try await Self.attack { _, example async throws in
      var form = try await example.form(.acknowledge, on: "/alerts").filled(["by": "KH"])
      for number in 0..<1_001 { form.fields.append((name: "alert", value: "\(900_000 + number)")) }
      let many = try await example.send(form)
      #expect(many.status == 422 && many.body.contains("More than 1000 alerts are chosen"))
      let empty = String(repeating: "&", count: 30_000) + String(repeating: "a=&", count: 5_000)
      #expect(try await example.post("/acknowledge", empty, ExampleServer.origin).status == 415)
      let fields = (0..<4_000).map { "f\($0)=1" }.joined(separator: "&")
      #expect(try await example.post("/silence", fields, ExampleServer.origin).status == 415)
    }
  }

  /// Opens a thousand connections with half a request each, holds them, and asks for `/healthz` until it is answered.
  private static let halfOpen = """
    import http.client, resource, socket, sys, time
    port, half, held, status = int(sys.argv[1]), sys.argv[2].encode(), [], 0
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    for number in range(1000):
        line = socket.create_connection(("127.0.0.1", port))
        held.append(line)
        try: line.sendall(half)
        except OSError: pass  # turned away already
    while status != 200:
        asked = http.client.HTTPConnection("127.0.0.1", port)
        try:
            asked.request("GET", "/healthz")
            status = asked.getresponse().status
        except (OSError, http.client.HTTPException): pass
        time.sleep(0.05)
    print(len(held), status)
    """

  @Test(
    "a thousand half-open requests keep nobody from asking whether the watcher is well",
    arguments: [
      "GET / HTTP/1.1\r\nHost: local", "POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\ntext",
    ])
  func thousandHalfOpen(half: String) async throws {
    try await Self.attack { _, example async throws in
      let report = await Program(
        arguments: ["python3", "-c", Self.halfOpen, "\(example.port)", half], timeout: .seconds(120)
      ).run()
      #expect(report.isSuccess && report.output.text == "1000 200\n", "\(report.summary) \(report.complaints.text)")
    }
  }

  @Test("HEAD is answered like GET without the page, and changes as little")
  func head() async throws {
    try await Self.attack { field, example async throws in
      for path in ["/", "/alerts", PageAddress.alert(try Self.alert(in: field)), "/nowhere"] {
        let get = try await example.get(path)
        let head = try await Self.raw(example, ["HEAD \(path) HTTP/1.1", "Host: localhost"])
        #expect(head.status == get.status && head.size == 0, "\(path)")
        #expect((Int(head.headers["content-length"] ?? "") ?? 0) > 500, "\(path)")
      }
    }
  }
}
