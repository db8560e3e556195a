import Foundation
import Logging
import PlatformFixture
import Testing

@testable import FileExchange
@testable import FilsluseHTTP

/// The metrics and health of a running exchange, served over a real socket.
struct RunPage {
  let server: StatusServer

  /// Serves it while `body` runs.
  static func with(
    _ monitor: RunMonitor, token: AccessToken? = nil, _ body: (RunPage) async throws -> Void
  ) async throws {
    let server = try StatusServer(
      at: HTTPAddress("127.0.0.1:0"), token: token, monitor: monitor,
      logger: Logger(label: "status-test") { _ in SwiftLogNoOpLogHandler() })
    do {
      try await body(RunPage(server: server))
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  /// Sends a request with these lines after its first one.
  func ask(_ method: String, _ path: String, host: String = "localhost", _ headers: String...) async throws -> Answer {
    let lines = (["Host: \(host)"] + headers).map { $0 + "\r\n" }.joined()
    return try #require(await RawClient.ask(server.address.port, "\(method) \(path) HTTP/1.1\r\n\(lines)\r\n"))
  }

  func get(_ path: String) async throws -> Answer { try await ask("GET", path) }

  /// The samples of the metrics by their names with labels, as they are written.
  func metrics() async throws -> [String: Double] {
    let answer = try await get("/metrics")
    try #require(answer.status == 200)
    return Self.samples(of: answer.body)
  }

  /// The samples of a text by their names with labels.
  static func samples(of text: String) -> [String: Double] {
    var samples: [String: Double] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let blank = line.lastIndex(of: " ") else { continue }
      samples[String(line[..<blank])] = Double(String(line[line.index(after: blank)...]))
    }
    return samples
  }
}
