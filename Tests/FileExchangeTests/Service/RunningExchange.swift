import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import ServiceLifecycle
import SystemPackage
import Testing

@testable import FileExchange

/// An exchange at work in the background, with a watched folder for the route `flis`.
struct RunningExchange {
  let test: TestExchange
  let events = Locked<[UnattendedEvent]>([])
  /// Shows its state while it runs.
  let monitor = RunMonitor(version: "0.0.0-test")
  /// The time that a delivery may stand still while no process is at work on it.
  var abandoned = Exchange.Patience().abandoned
  /// The time that a file may have a second name before that is reported.
  var unfinished = Exchange.Patience().unfinished

  /// The interval between reviews of all taken files.
  var review = Duration.seconds(1)

  /// The first pause before a stopped account is tried again.
  var shortestStop = Duration.milliseconds(300)

  static let watched = "ud"
  var folder: FilePath { test.folder.appending(Self.watched) }
  var taken: FilePath { folder.appending(".taken") }
  var sent: FilePath { folder.appending("sent").appending(WallClock.denmark.reading(at: .now).day.description) }
  var attentions: [OpenProblem] {
    events.withLock { $0 }.compactMap { if case .attention(let problem) = $0 { problem } else { nil } }
  }
  var resolved: [OpenProblem] {
    events.withLock { $0 }.compactMap { if case .resolved(let problem) = $0 { problem } else { nil } }
  }

  /// Settings that make `run` quick, for a test to begin with.
  static func settings(_ settings: inout ExchangeSettings) {
    settings.routes[0].outgoing = WatchedFolder(
      path: settings.source.removingLastComponent().appending(watched), settledFor: .milliseconds(150))
    settings.accounts[0].poll = .milliseconds(500)
  }

  /// Runs the exchange while `body` does, then asks it to stop and waits for that.
  static func with(
    on server: TestServer? = nil,
    _ adjust: @escaping @Sendable (inout ExchangeSettings) -> Void = { _ in },
    abandoned: Duration = Exchange.Patience().abandoned,
    unfinished: Duration = Exchange.Patience().unfinished, review: Duration = .seconds(1),
    prepare: @escaping @Sendable (RunningExchange) async throws -> Void = { _ in },
    _ body: @escaping @Sendable (RunningExchange) async throws -> Void
  ) async throws {
    try await TestExchange.with(
      server,
      {
        settings(&$0)
        adjust(&$0)
      }
    ) { test in
      let prepared = RunningExchange(test: test)
      try FileManager.default.createDirectory(atPath: prepared.folder.string, withIntermediateDirectories: true)
      try await prepare(prepared)
      let running = RunningExchange(
        test: try await test.reopened(), abandoned: abandoned, unfinished: unfinished, review: review)
      try await running.whileRunning { try await body(running) }
    }
  }

  /// Runs it until `body` ends.
  func whileRunning(_ body: @escaping @Sendable () async throws -> Void) async throws {
    var exchange = test.exchange
    exchange.patience.folderLook = .milliseconds(50)
    exchange.patience.review = review
    exchange.patience.stop = .seconds(5)
    exchange.patience.abandoned = abandoned
    exchange.patience.unfinished = unfinished
    exchange.patience.retry.stopBackoff.first = shortestStop
    let service = ClosureService { [exchange, events, monitor] in
      try await exchange.runUnattended(monitor: monitor) { event in events.withLock { $0.append(event) } }
    }
    let group = ServiceGroup(services: [service], logger: exchange.logger)
    let run = Task { try await group.run() }
    do {
      try await body()
    } catch {
      run.cancel()
      throw error
    }
    await group.triggerGracefulShutdown()
    try await run.value
  }

  /// Puts a file into the watched folder, as a careful program does.
  func put(_ name: String, _ content: String = "indhold æøå\n") throws {
    let draft = test.folder.appending("draft-\(UUID().uuidString)")
    try test.write(Data(content.utf8), to: draft)
    try FileManager.default.moveItem(atPath: draft.string, toPath: folder.appending(name).string)
  }

  /// The alerts of one kind that a program wrote to a file, a line each; a line without its end is not counted.
  func alerts(of kind: OpenProblem.Kind, in file: FilePath) -> [[String: Any]] {
    let text = String(decoding: (try? test.read(file)) ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return lines.compactMap { line in
      guard let document = try? JSONSerialization.jsonObject(with: Data(line.utf8)) else {
        Issue.record("an alert that is no JSON: \(line)")
        return nil
      }
      return document as? [String: Any]
    }.filter { $0["kind"] as? String == kind.rawValue }
  }

  /// The names in a folder, none where there is no such folder.
  func names(_ path: FilePath) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path.string)) ?? []).sorted()
  }

  /// The files in `.taken`, by their own names.
  func takenNames() -> [String] { names(taken).map { String($0.dropFirst(11)) }.sorted() }
}

/// Waits until a condition holds; the test goes on, and fails, if it does not hold after a generous time.
func eventually(
  within limit: Duration = .seconds(240), _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else {
      Issue.record("not so after \(limit): \(what)", sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(20))
  }
}
