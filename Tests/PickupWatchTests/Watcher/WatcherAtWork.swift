import ExchangeSettings
import FileExchange
import FilsluseBase
import Foundation
import Logging
import PickupWatch
import ServiceLifecycle
import SystemPackage
import Testing

/// A watcher that runs while a test lasts, with a program and a web server as its sinks.
final class WatcherAtWork: Sendable {
  let watcher: Watcher
  private let sinks: [AlertSink]
  private let received: FilePath
  private let hook: LoopbackHTTP
  private let reloads: AsyncStream<ExchangeSettings>.Continuation
  private let clock: @Sendable () -> Timestamp
  private let state = Locked(State())

  private struct State {
    var events: [Watcher.Event] = []
    /// The looks into each account, by the watcher's clock.
    var looks: [String: Set<Timestamp>] = [:]
    /// The rounds that each account's loop had completed, failed looks included, within a stretch of time.
    var rounds: [String: [(within: ClosedRange<Timestamp>, count: Int)]] = [:]
    /// The last moment at which a notice that both sinks have by now was seen not to be with both.
    var absent: [SentNotification.ID: Timestamp] = [:]
    /// The time at which the sinks were last looked at.
    var sinksSeen: Timestamp?
  }

  private init(
    _ watcher: Watcher, _ sinks: [AlertSink], _ received: FilePath, _ hook: LoopbackHTTP,
    _ reloads: AsyncStream<ExchangeSettings>.Continuation, _ clock: @escaping @Sendable () -> Timestamp
  ) {
    self.watcher = watcher
    self.sinks = sinks
    self.received = received
    self.hook = hook
    self.reloads = reloads
    self.clock = clock
  }

  /// Runs a watcher while `body` lasts, and returns how long it took to end afterwards.
  ///
  /// - Parameter afterwards: what the program does in shell when it has a notice.
  @discardableResult static func with(
    _ settings: ExchangeSettings, in folder: FilePath, ahead: Duration = .zero, logger: Logger = WatchedServer.quiet,
    afterwards: String = "true", _ body: @Sendable (WatcherAtWork) async throws -> Void
  ) async throws -> Duration {
    let received = folder.appending("received")
    try WatchedServer.write([], to: received)
    let hook = try LoopbackHTTP(.answers(200))
    let sinks: [AlertSink] = [
      .command(AlertSink.CommandTarget(command: ["/bin/sh", "-c", "cat >> \"$0\"; \(afterwards)", received.string])),
      .webhook(AlertSink.WebhookTarget(url: hook.url())),
    ]
    let alerting = Self.alerting(settings, by: sinks)
    let (stream, reloads) = AsyncStream<ExchangeSettings>.makeStream()
    let clock: @Sendable () -> Timestamp = { .now.later(by: ahead) }
    let watcher = Watcher(settings: alerting, version: "test", clock: clock, logger: logger)
    let work = WatcherAtWork(watcher, sinks, received, hook, reloads, clock)
    let service = ClosureService {
      try await watcher.run(reloads: stream) { event in work.state.withLock { $0.events.append(event) } }
    }
    let group = ServiceGroup(services: [service], logger: logger)
    let running = Task { try await group.run() }
    let noting = Task {
      while !Task.isCancelled {
        await work.noteLooks()
        try work.noteArrivals()
        do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
      }
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(work)) } catch { outcome = .failure(error) }
    noting.cancel()
    let asked = ContinuousClock.now
    await group.triggerGracefulShutdown()
    try await running.value
    try outcome.get()
    try await noting.value
    return .now - asked
  }

  /// Runs a watcher that looks at this interval, with a server of its own.
  static func overServer(
    lookEvery: Duration, _ adjust: @escaping @Sendable (inout ExchangeSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (WatcherAtWork, WatchedServer) async throws -> Void
  ) async throws {
    try await withWatchedServer { watched in
      var watched = watched
      watched.settings.watch.lookEvery = lookEvery
      adjust(&watched.settings)
      let stage = watched
      try await with(stage.settings, in: stage.state) { work in try await body(work, stage) }
    }
  }

  private static func alerting(_ settings: ExchangeSettings, by sinks: [AlertSink]) -> ExchangeSettings {
    var settings = settings
    settings.watch.alerts = AlertSettings(language: .english, sinks: sinks)
    return settings
  }

  /// Gives the watcher new settings, with the same sinks.
  func reload(_ settings: ExchangeSettings) { reloads.yield(Self.alerting(settings, by: sinks)) }

  var events: [Watcher.Event] { state.withLock { $0.events } }

  func looks(_ account: String) -> Set<Timestamp> { state.withLock { $0.looks[account] ?? [] } }

  private func noteLooks() async {
    let began = clock()
    let inboxes = await watcher.statusSource.status().inboxes
    let within = began...max(began, clock())
    state.withLock { state in
      for inbox in inboxes {
        if let look = inbox.lastLook { state.looks[inbox.account, default: []].insert(look) }
        state.rounds[inbox.account, default: []].append((within, inbox.looks))
      }
    }
  }

  private func noteArrivals() throws {
    let began = clock()
    let notified = try notifications()
    state.withLock { state in
      for notice in notified where state.absent[notice.id] == nil { state.absent[notice.id] = state.sinksSeen ?? began }
      state.sinksSeen = began
    }
  }

  func inbox(_ account: String) async -> InboxStatus? {
    await watcher.statusSource.status().inboxes.first { $0.account == account }
  }

  /// The notifications that the program got, and those that were posted, each in its order.
  private func taken() throws -> (ran: [SentNotification], posted: [SentNotification]) {
    // The text after the last end of a line is still being written.
    let lines = try String(contentsOfFile: received.string, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast()
    func notice(_ json: String) throws -> SentNotification {
      try SentNotification(json: json)
    }
    return (try lines.map { try notice(String($0)) }, try hook.requests.map { try notice($0.body) })
  }

  /// The notifications that both sinks have, in the order in which the program got them; without gaps in the watching,
  /// which a busy machine causes where looks follow each other so closely.
  func notifications() throws -> [SentNotification] {
    let (ran, posted) = try taken()
    return ran.filter { $0.kind != Finding.Kind.watchGap.rawValue && posted.contains($0) }
  }

  /// The notifications that one of the sinks got more than once.
  func notifiedTwice() throws -> Set<SentNotification.ID> {
    let (ran, posted) = try taken()
    let counts = [ran, posted].flatMap { Dictionary(grouping: $0, by: \.id) }
    return Set(counts.filter { $0.value.count > 1 }.map(\.key))
  }

  /// Waits until both sinks have the notification that an alert fired.
  func alert(_ kind: Finding.Kind, _ account: String, after episodes: Set<String> = []) async throws
    -> SentNotification
  {
    try await notice("\(kind.rawValue) of \(account)") {
      $0.reason == .fired && $0.kind == kind.rawValue && $0.account == account && !episodes.contains($0.episode)
    }
  }

  /// Waits until both sinks have the notification that it is over.
  @discardableResult func end(of alert: SentNotification) async throws -> SentNotification {
    try await notice("the end of \(alert.kind)") { $0.reason.isEnd && $0.episode == alert.episode }
  }

  private func notice(_ what: String, _ fits: (SentNotification) -> Bool) async throws -> SentNotification {
    var notice: SentNotification?
    try await until(what) {
      notice = try notifications().first(where: fits)
      return notice != nil
    }
    return try #require(notice)
  }

  /// Waits for something that a look brings about.
  func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(240)
    while try await !isSo() {
      guard ContinuousClock.now < end else {
        throw Absent(what: what, notified: try notifications().map { "\($0.account) \($0.kind) \($0.reason.rawValue)" })
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  struct Absent: Error, CustomStringConvertible {
    let what: String
    let notified: [String]
    var description: String { "\(what) never came, but \(notified)" }
  }

  /// Expects that both sinks, the program and the webhook, had an alert before the account's loop came round a third
  /// time after something happened: within two pauses between looks. Rounds are counted and not seconds, so that a busy
  /// machine changes neither the looks nor the measurement: only rounds that were over while the alert was seen to be
  /// absent count against it.
  func expectPrompt(
    _ alert: SentNotification, of account: String? = nil, after moment: Timestamp,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    try await until("the note of \(alert.kind)") { state.withLock { $0.absent[alert.id] != nil } }
    let (rounds, absent) = state.withLock { ($0.rounds[account ?? alert.account] ?? [], $0.absent[alert.id]) }
    let reached = try #require(absent)
    let before = try #require(rounds.first { $0.within.lowerBound >= moment }).count
    let until = rounds.last { $0.within.upperBound <= reached }?.count ?? 0
    #expect(
      until - before <= 2, "\(alert.kind): happened \(moment), absent until \(reached), rounds \(before) to \(until)",
      sourceLocation: location)
  }
}
