import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The console's server over an example, as a browser would meet it.
struct ExampleServer {
  let server: StatusServer

  static let silent = Logger(label: "console-test") { _ in SwiftLogNoOpLogHandler() }
  static let origin = "Origin: http://localhost"

  var port: UInt16 { server.address.port }

  static func with(
    _ status: WatchStatus = ExampleStatus.night(), _ queries: ConsoleQueries? = nil, hostNames: [String] = [],
    token: AccessToken? = nil, health: WatchHealth = WatchHealth(loops: []), logger: Logger = silent,
    clock: @escaping @Sendable () -> Timestamp = { ExampleStatus.now }, _ body: (ExampleServer) async throws -> Void
  ) async throws {
    let source = StatusSource(status: { status }, health: { health }, clock: clock)
    let server = try StatusServer(
      at: HTTPAddress("127.0.0.1:0"), hostNames: hostNames, token: token, source: source,
      console: ConsoleSource(queries: { queries }), limits: .patient, logger: logger)
    do {
      try await body(ExampleServer(server: server))
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  /// Serves a field of inboxes.
  static func over(
    _ field: ConsoleField, logger: Logger = silent, _ body: (ExampleServer) async throws -> Void
  ) async throws {
    let now = field.now
    try await with(field.status, field.queries, logger: logger, clock: { now }, body)
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

  /// The form of an action on a page, to be filled in.
  func form(_ action: FormAction, on page: String) async throws -> ExampleForm {
    let answer = try await get(page)
    return try #require(ExampleForm(action, in: answer.body), "\(action) on \(page): \(answer.status)")
  }

  /// Sends a form as a browser does.
  func send(_ form: ExampleForm) async throws -> Answer {
    try await post(form.action.path, form.body, Self.origin, "Sec-Fetch-Site: same-origin")
  }
}

/// A form of a page, with the hidden fields that the page gave it.
struct ExampleForm: Sendable {
  let action: FormAction
  var fields: [(name: String, value: String)]

  /// Finds the first form of an action in a page; `nil` where there is none.
  init?(_ action: FormAction, in page: String) {
    guard let start = page.range(of: "action=\"\(action.path)\">"),
      let end = page.range(of: "</form>", range: start.upperBound..<page.endIndex)
    else { return nil }
    self.action = action
    let hidden = #/<input type="hidden" name="([^"]*)" value="([^"]*)">/#
    fields = page[start.upperBound..<end.lowerBound].matches(of: hidden).map { found in
      (name: String(found.output.1), value: String(found.output.2).replacing("&amp;", with: "&"))
    }
  }

  /// The same form filled in; a field that it has already gets the new value.
  func filled(_ values: KeyValuePairs<String, String>) -> ExampleForm {
    var form = self
    for (name, value) in values {
      if name != "alert" { form.fields.removeAll { $0.name == name } }
      form.fields.append((name: name, value: value))
    }
    return form
  }

  var body: String {
    fields.map { "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&")
  }
}
