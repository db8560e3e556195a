import FilsluseBase
import Glibc
import LocalPlatform
import PlatformFixture
import Testing

@Suite(.timeLimit(.minutes(25))) struct TCPProxyTests {
  @Test("delays bytes in both directions")
  func bytesTakeTheirTimeBothWays() async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port, TCPProxy.Conditions(delay: .milliseconds(30)))
    let client = try Client(port: proxy.port)
    _ = try await client.exchange([1])
    var taken: [Duration] = []
    for _ in 0..<5 {
      let start = ContinuousClock.now
      #expect(try await client.exchange(Array("æøå".utf8)) == Array("æøå".utf8))
      taken.append(ContinuousClock.now - start)
    }
    #expect(taken.allSatisfy { $0 >= .milliseconds(60) })
    try await expectCarried(31, by: proxy)
  }

  /// Far more bytes than a socket's buffer holds are on their way, and all come through.
  @Test("a long line carries many megabytes")
  func aLongLineCarriesManyMegabytes() async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port, TCPProxy.Conditions(delay: .milliseconds(10)))
    let client = try Client(port: proxy.port)
    #expect(try await client.sendAndCount(64 << 20) == 64 << 20)
    try await expectCarried(64 << 20, by: proxy)
  }

  /// The last bytes are at their end a moment before they are counted.
  private func expectCarried(_ count: UInt64, by proxy: TCPProxy) async throws {
    for direction in TCPProxy.Direction.allCases {
      #expect(try await eventually { proxy.carried(direction) >= count })
      #expect(proxy.carried(direction) == count)
    }
  }

  @Test("a cut that is forgotten does not come")
  func aCutThatIsForgottenDoesNotCome() async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port)
    let client = try Client(port: proxy.port)
    proxy.cut(.toServer, after: 3)
    #expect(proxy.awaitsCut)
    proxy.forgetCut()
    #expect(!proxy.awaitsCut)
    #expect(try await client.exchange([1, 2, 3, 4, 5]) == [1, 2, 3, 4, 5])
  }

  @Test("a slow line keeps its rate")
  func aSlowLineKeepsItsRate() async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port, TCPProxy.Conditions(bytesPerSecond: 1_000_000))
    let client = try Client(port: proxy.port)
    let start = ContinuousClock.now
    #expect(try await client.sendAndCount(300_000) == 300_000)
    #expect(ContinuousClock.now - start > .milliseconds(250))
  }

  @Test("a cut comes after the byte it was ordered for", arguments: [TCPProxy.Direction.toServer, .toClient])
  func aCutComesAfterTheByteItWasOrderedFor(direction: TCPProxy.Direction) async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port)
    proxy.cut(direction, after: 100_000)
    let client = try Client(port: proxy.port)
    #expect(try await client.sendAndCount(300_000) <= 100_000)
    #expect(try await eventually { proxy.carried(direction) == 100_000 })
    // The cut was for once.
    let second = try Client(port: proxy.port)
    #expect(try await second.sendAndCount(300_000) == 300_000)
    #expect(proxy.connectionsMade == 2)
  }

  @Test("a stalled line goes on when it is released")
  func aStalledLineGoesOnWhenItIsLetGo() async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port)
    let client = try Client(port: proxy.port)
    _ = try await client.exchange([1])
    proxy.stall(.toClient)
    let start = ContinuousClock.now
    async let answer = client.exchange([2])
    try await Task.sleep(for: .milliseconds(150))
    #expect(proxy.carried(.toClient) == 1)
    proxy.resume()
    #expect(try await answer == [2])
    #expect(ContinuousClock.now - start >= .milliseconds(150))
  }

  @Test("cutting all and stopping ends every connection")
  func cuttingAllAndStoppingEndsEveryConnection() async throws {
    let echo = try EchoServer()
    let proxy = try TCPProxy(to: echo.port)
    let client = try Client(port: proxy.port)
    _ = try await client.exchange([1])
    proxy.cutAll()
    #expect(try await client.exchange([2]) == [])
    proxy.stop()
    let deadline = ContinuousClock.now + .seconds(5)
    while (try? Client(port: proxy.port)) != nil, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(throws: TestSocketError.self) { try Client(port: proxy.port) }
  }

  @Test("a redirected line keeps the bytes on it")
  func aLineThatIsLedElsewhereKeepsWhatItCarries() async throws {
    let (first, second) = (try EchoServer(), try TCPProxy(to: EchoServer.portNobodyListensOn()))
    let proxy = try TCPProxy(to: first.port)
    let client = try Client(port: proxy.port)
    #expect(try await client.exchange([1]) == [1])
    proxy.target = second.port
    #expect(try await Client(port: proxy.port).exchange([2]) == [])
    #expect(second.connectionsMade == 1)
    #expect(try await client.exchange([3]) == [3])
    proxy.target = first.port
    #expect(try await Client(port: proxy.port).exchange([4]) == [4])
  }

  @Test("a server that is not there is a reset")
  func aServerThatIsNotThereIsAReset() async throws {
    let port = try EchoServer.portNobodyListensOn()
    let proxy = try TCPProxy(to: port)
    let client = try Client(port: proxy.port)
    #expect(try await client.exchange([1]) == [])
  }
}
