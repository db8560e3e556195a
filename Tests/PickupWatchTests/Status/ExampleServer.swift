import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch

/// A status server over an example, as a browser would meet it.
struct ExampleServer {
  let server: StatusServer
  let acknowledged: Locked<[Int64]>

  static let silent = Logger(label: "status-test") { _ in SwiftLogNoOpLogHandler() }

  var port: UInt16 { server.address.port }

  static func with(
    _ status: WatchStatus = ExampleStatus.night(), hostNames: [String] = [], token: AccessToken? = nil,
    health: WatchHealth = WatchHealth(loops: []), clock: @escaping @Sendable () -> Timestamp = { ExampleStatus.now },
    _ body: (ExampleServer) async throws -> Void
  ) async throws {
    let acknowledged = Locked([Int64]())
    let source = StatusSource(
      status: { status }, health: { health },
      acknowledge: { alert in
        guard status.alerts.contains(where: { $0.id == alert }) else { return .unknown }
        acknowledged.withLock { $0.append(alert) }
        return .done
      }, clock: clock)
    let server = try StatusServer(
      at: HTTPAddress("127.0.0.1:0"), hostNames: hostNames, token: token, source: source,
      limits: .patient, logger: silent)
    do {
      try await body(ExampleServer(server: server, acknowledged: acknowledged))
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  func get(_ path: String, host: String = "localhost", _ headers: String...) async throws -> Answer {
    let lines = headers.map { $0 + "\r\n" }.joined()
    return try #require(await RawClient.ask(port, "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(lines)\r\n"))
  }

  func post(_ path: String, _ body: String, _ headers: String...) async throws -> Answer {
    let all = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)"] + headers
    let lines = all.map { $0 + "\r\n" }.joined()
    return try #require(await RawClient.ask(port, "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(lines)\r\n\(body)"))
  }
}
