import FilsluseBase
import Foundation
import PlatformFixture
import SeededNumbers
import Testing

@testable import FilsluseHTTP

/// The server against clients that are slow, hostile or many, over real sockets.
@Suite(.timeLimit(.minutes(25))) struct HTTPServerTests {
  private static let get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

  /// The promised limits, but for times that a test is not about: a busy machine may take its own.
  private static func limits(_ change: (inout HTTPLimits) -> Void = { _ in }) -> HTTPLimits {
    var limits = HTTPLimits.patient
    change(&limits)
    return limits
  }

  /// Waits for something that the server or a site does.
  private static func eventually(_ isSo: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(240)
    while !isSo(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
    try #require(isSo())
  }

  private func withServer(
    _ limits: HTTPLimits = limits(), site: @escaping HTTPServer.Site = { .plain(.ok, "\($0.method) \($0.path)") },
    _ body: (UInt16) async throws -> Void
  ) async throws {
    let server = try HTTPServer(try HTTPAddress("127.0.0.1:0"), limits: limits, site: site)
    do {
      try await body(server.address.port)
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  @Test("A request is answered, and the connection ends with the answer, whatever else was sent")
  func answers() async throws {
    try await withServer { port in
      let answer = await RawClient.ask(port, Self.get + "GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(answer?.status == 200)
      #expect(answer?.body == "get /\n")
      #expect(answer?.headers["connection"] == "close")
      #expect(answer?.headers["content-length"] == "6")
    }
  }

  @Test("A request carries the address that it comes from")
  func peer() async throws {
    try await withServer(site: { .plain(.ok, $0.peer) }) { port in
      #expect(await RawClient.ask(port, Self.get)?.body == "127.0.0.1\n")
    }
  }

  @Test("HEAD gets the head of what GET gets, and no body")
  func head() async throws {
    try await withServer(site: { _ in .plain(.ok, "12345") }) { port in
      let answer = await RawClient.ask(port, "HEAD / HTTP/1.0\r\n\r\n")
      #expect(answer?.status == 200)
      #expect(answer?.headers["content-length"] == "6")
      #expect(answer?.body == "")
    }
  }

  @Test(
    "A head or a body that comes byte by byte is not waited for longer than five seconds in all",
    arguments: [
      "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n",
    ])
  func slow(beginning: String) async throws {
    let limits = Self.limits {
      $0.headWithin = HTTPLimits().headWithin
      $0.bodyWithin = HTTPLimits().bodyWithin
    }
    try await withServer(limits) { port in
      let client = try RawClient(port: port, saying: beginning)
      async let answer = client.readAll()
      // Never idle for long, never done: it would take this client minutes.
      for byte in repeatElement(UInt8(ascii: "x"), count: 2000) {
        guard await client.send([byte]) else { break }
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(await answer?.status == 408)
    }
  }

  @Test("A silent client is disconnected")
  func silent() async throws {
    try await withServer(Self.limits { $0.headWithin = .milliseconds(200) }) { port in
      let client = try RawClient(port: port)
      #expect(await client.readAll()?.status == 0)
    }
  }

  @Test("A head without end is cut off at 16 KiB, and the client learns why while it is still sending")
  func endlessHead() async throws {
    try await withServer { port in
      let client = try RawClient(port: port)
      async let answer = client.readAll()
      await client.send("GET / HTTP/1.1\r\nHost: localhost\r\n")
      for _ in 0..<40 { guard await client.send("X: \(String(repeating: "x", count: 500))\r\n") else { break } }
      #expect(await answer?.status == 431)
    }
  }

  @Test("A body that does not come is not waited for, one that is too long is refused before it comes")
  func body() async throws {
    let limits = Self.limits { $0.bodyWithin = .milliseconds(200) }
    try await withServer(limits, site: { .plain(.ok, String(decoding: $0.body, as: UTF8.self)) }) { port in
      func post(_ length: Int, _ body: String) async -> Answer? {
        await RawClient.ask(port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n\(body)")
      }
      #expect(await post(3, "abc")?.body == "abc\n")
      #expect(await post(3, "abcdef")?.body == "abc\n")
      #expect(await post(4, "abc")?.status == 408)
      #expect(await post(5_000, "abc")?.status == 413)
    }
  }

  @Test(
    "Unfinished requests on all connections keep no client out: the oldest connection is closed",
    arguments: [
      ("", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), ("GET / HTTP/1.1\r\nHost: local", "host\r\n\r\n"),
      ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na", "bcdefghi"),
    ])
  func crowd(beginning: String, rest: String) async throws {
    let limits = Self.limits {
      $0.headWithin = .seconds(600)
      $0.bodyWithin = .seconds(600)
      $0.patienceWhenFull = .milliseconds(50)
    }
    try await withServer(limits) { port in
      let silent = try (0..<64).map { _ in try RawClient(port: port, saying: beginning) }
      // Until the server has waited for them for long enough it says that it is full.
      var status: Int?
      repeat {
        try await Task.sleep(for: .milliseconds(50))
        status = await RawClient.ask(port, Self.get)?.status
      } while status == 503
      #expect(status == 200)
      // The first of them went, the last is still served.
      #expect(await silent[0].readAll()?.status == 0)
      #expect(await silent[63].ask(rest)?.status == 200)
    }
  }

  @Test("While 64 requests are being answered the 65th is asked to come again, and all 64 get their answers")
  func full() async throws {
    let gate = Gate()
    let begun = Locked(0)
    try await withServer(
      site: { _ in
        begun.withLock { $0 += 1 }
        await gate.wait()
        return .plain(.ok, "late")
      }
    ) { port in
      let clients = try (0..<64).map { _ in try RawClient(port: port) }
      for client in clients { await client.send(Self.get) }
      try await Self.eventually { begun.withLock { $0 } == 64 }
      let refused = await RawClient.ask(port, Self.get)
      #expect(refused?.status == 503)
      #expect(refused?.headers["retry-after"] == "5")
      gate.open()
      for client in clients { #expect(await client.readAll()?.status == 200) }
      #expect(begun.withLock { $0 } == 64)
      #expect(await RawClient.ask(port, Self.get)?.status == 200)
    }
  }

  @Test("An answer that takes too long is given up, and its work cancelled")
  func stuckSite() async throws {
    let limits = Self.limits { $0.answerWithin = .milliseconds(200) }
    let cancelled = Locked(false)
    try await withServer(
      limits,
      site: { _ in
        do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.withLock { $0 = true } }
        return .plain(.ok, "late")
      }
    ) { port in
      #expect(await RawClient.ask(port, Self.get)?.status == 503)
      try await Self.eventually { cancelled.withLock { $0 } }
    }
  }

  @Test("A client that does not read its answer is let go")
  func slowReader() async throws {
    let limits = Self.limits { $0.pieceWithin = .milliseconds(300) }
    let size = 32 * 1024 * 1024
    let large = HTTPResponse.plain(.ok, String(repeating: "x", count: size))
    try await withServer(limits, site: { _ in large }) { port in
      let client = try RawClient(port: port, saying: Self.get, receiveBuffer: 4096)
      // The end of it is seen by sending, as reading is what this client does not do.
      while await client.send("x") { try await Task.sleep(for: .milliseconds(50)) }
      let answer = try #require(await client.readAll())
      #expect(answer.size < size)
      #expect(await RawClient.ask(port, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")?.status == 200)
    }
  }

  @Test("A stop answers requests that have come, closes idle connections, and accepts no new one")
  func stop() async throws {
    let gate = Gate()
    let begun = Locked(false)
    let server = try HTTPServer(try HTTPAddress("127.0.0.1:0"), limits: Self.limits()) { _ in
      begun.withLock { $0 = true }
      await gate.wait()
      return .plain(.ok, "done")
    }
    let port = server.address.port
    let silent = try RawClient(port: port)
    let asking = try RawClient(port: port, saying: Self.get)
    try await Self.eventually { begun.withLock { $0 } }
    async let stopped: Void = server.stop()
    #expect(await silent.readAll()?.status == 0)
    gate.open()
    #expect(await asking.readAll()?.body == "done\n")
    await stopped
    #expect(throws: RawClient.Trouble.self) { try RawClient(port: port) }
  }

  @Test("A port that is taken and an invalid address are reported with a remedy")
  func noPort() async throws {
    try await withServer { port in
      let error = #expect(throws: StatusServerError.self) {
        try HTTPServer(try HTTPAddress("127.0.0.1:\(port)")) { _ in .plain(.ok, "") }
      }
      #expect(error?.description.contains("another program listens there") == true)
      #expect(error?.remedyInDanish?.hasPrefix("et andet program lytter dér") == true)
      #expect(error?.inDanish.hasSuffix(error?.remedyInDanish ?? "-") == true)
      #expect(error?.isRetriable == true)
    }
    for text in ["", "localhost", "example.org:80", "127.0.0.1:", "127.0.0.1:70000", "::1:80", "[::1]", "1.2.3:5"] {
      let error = #expect(throws: StatusServerError.self, "\(text)") { try HTTPAddress(text) }
      #expect(error?.inDanish.hasPrefix("dette er ingen adresse") == true)
    }
    #expect(try HTTPAddress("8650").description == "127.0.0.1:8650")
    #expect(try HTTPAddress("[::1]:8650").isLoopback)
    #expect(try HTTPAddress("127.8.0.1:0").isLoopback)
    #expect(try !HTTPAddress("0.0.0.0:8650").isLoopback)
    #expect(try !HTTPAddress("[::]:8650").isLoopback)
  }

  @Test("Random bytes get a refusal or an end, and the server lives on")
  func noise() async throws {
    try await withServer { port in
      var random = SeededGenerator(seed: 65)
      for _ in 0..<60 {
        var bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        if Bool.random(using: &random) { bytes = Array("GET ".utf8) + bytes }
        let client = try RawClient(port: port)
        await client.send(bytes + Array("\r\n\r\n".utf8))
        let status = try #require(await client.readAll()?.status)
        #expect([0, 400, 505].contains(status))
      }
      #expect(await RawClient.ask(port, Self.get)?.status == 200)
    }
  }
}
