import FilsluseBase
import Testing

@testable import FilsluseHTTP

/// Pauses after wrong tokens: they grow, they end, and nobody is kept out by the tokens of others.
@Suite struct LoginPausesTests {
  private let pauses: LoginPauses
  private let second = Locked(0)

  init() {
    let start = ContinuousClock.now
    pauses = LoginPauses(clock: { [second] in start + .seconds(second.withLock { $0 }) })
  }

  private func wrong(from address: String) -> LoginPauses.Attempt { pauses.attempt(from: address) { false } }
  private func right(from address: String) -> LoginPauses.Attempt { pauses.attempt(from: address) { true } }
  private func wait(_ seconds: Int) { second.withLock { $0 += seconds } }

  @Test("An address's pause grows from a second to a minute, and no token is looked at during it")
  func grows() {
    for _ in 0..<2 { #expect(wrong(from: "a") == .wrong) }
    for length in [1, 2, 4, 8, 16, 32, 60, 60] {
      #expect(wrong(from: "a") == .wrong)
      let early = pauses.attempt(from: "a") {
        Issue.record("a token was looked at during a pause")
        return true
      }
      #expect(early == .paused(seconds: length))
      wait(length)
    }
    #expect(right(from: "a") == .right)
    // The right token ends the row.
    for _ in 0..<3 { #expect(wrong(from: "a") == .wrong) }
    #expect(right(from: "a") == .paused(seconds: 1))
    #expect(wrong(from: "b") == .wrong)
  }

  @Test("Wrong tokens are forgotten after a quarter of an hour")
  func forgets() {
    for _ in 0..<3 { #expect(wrong(from: "a") == .wrong) }
    wait(1)
    #expect(wrong(from: "a") == .wrong)
    wait(1000)
    for _ in 0..<2 { #expect(wrong(from: "a") == .wrong) }
    #expect(right(from: "a") == .right)
  }

  @Test("Many addresses together get one attempt in two seconds, and keep nobody out who was in before")
  func ofAll() {
    #expect(right(from: "operator") == .right)
    for number in 0..<LoginPauses.freeOfAll { #expect(wrong(from: "\(number)") == .wrong) }
    #expect(wrong(from: "other") == .paused(seconds: 2))
    #expect(right(from: "operator") == .right)
    #expect(wrong(from: "operator") == .wrong)
    wait(1)
    // What is not looked at makes the pause no longer.
    for number in 0..<5000 { #expect(wrong(from: "more-\(number)") == .paused(seconds: 3)) }
    wait(4)
    #expect(right(from: "new") == .right)
    #expect(right(from: "operator") == .right)
  }

  @Test(
    "An address is the connection's, or behind a proxy on this machine the one that the proxy added last",
    arguments: [
      ("192.0.2.1", "198.51.100.9", "192.0.2.1"), ("127.0.0.1", nil, "127.0.0.1"),
      ("127.0.0.1", "x, 198.51.100.9", "198.51.100.9"), ("::1", "198.51.100.9", "198.51.100.9"),
      ("127.0.0.1", ",, ", "127.0.0.1"), ("127.0.0.1", "an address", "127.0.0.1"), ("127.0.0.1", "", "127.0.0.1"),
      ("", "198.51.100.9", ""),
    ] as [(String, String?, String)])
  func addresses(peer: String, forwarded: String?, expected: String) {
    var request = HTTPRequest(method: .post, path: "/login")
    request.peer = peer
    request.headers["x-forwarded-for"] = forwarded
    #expect(request.clientAddress == expected)
  }

  @Test("A wrong token in a header costs the same pause, which the right one from the same address does not have")
  func header() throws {
    let token = "correct-horse-battery-staple"
    let access = try SiteAccess(
      at: HTTPAddress("127.0.0.1:0"), hostNames: [], token: AccessToken(token), pauses: pauses)
    func ask(_ authorization: String?, from peer: String = "192.0.2.1") -> HTTPResponse? {
      var request = HTTPRequest(method: .get, path: "/metrics")
      request.peer = peer
      request.headers["authorization"] = authorization
      return access.refusal(of: request)
    }
    // Nothing is guessed without a token, so that costs nothing.
    for _ in 0..<10 {
      for none in [nil, "Bearer", "Basic \(token)"] { #expect(ask(none)?.status == .unauthorized) }
    }
    #expect(ask("Bearer \(token)") == nil)
    for _ in 0..<3 { #expect(ask("Bearer wrong")?.status == .unauthorized) }
    let early = try #require(ask("Bearer wrong"))
    #expect(early.status == .tooManyRequests && early.headers["Retry-After"] == "1")
    #expect(String(decoding: early.body, as: UTF8.self).contains("try again in 1 s"))
    #expect(ask("Bearer \(token)") == nil)
    #expect(ask("Bearer wrong", from: "192.0.2.2")?.status == .unauthorized)
    wait(1)
    #expect(ask("Bearer wrong")?.status == .unauthorized)
    #expect(ask("Bearer wrong")?.headers["Retry-After"] == "2")
    #expect(ask("bearer \(token)") == nil)
  }
}
