internal import FilsluseBase
internal import FilsluseHTTP
internal import Logging

/// The metrics, health and JSON of a running exchange, with their access control. It is read-only.
struct RunSite: Sendable {
  private let monitor: RunMonitor
  private let access: SiteAccess
  private let logger: Logger
  private let clock: @Sendable () -> ContinuousClock.Instant
  private let snapshot: SharedSnapshot<RunStatus>

  /// - Parameter clock: the clock for the age of heartbeats.
  init(
    _ monitor: RunMonitor, access: SiteAccess, logger: Logger,
    clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.monitor = monitor
    self.access = access
    self.logger = logger
    self.clock = clock
    snapshot = SharedSnapshot { await monitor.status() }
  }

  /// Answers a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if let misdirection = access.misdirection(of: request) { return misdirection }
    switch (request.method, request.path) {
    case (.post, _): return .plain(.notFound, to: request, "nothing here takes a POST", "intet her tager imod POST")
    case (_, "/healthz"): return health(request)
    case (_, "/readyz"): return await readiness(request)
    case (_, "/metrics"):
      if let refusal = access.refusal(of: request) { return refusal }
      return await metrics(request)
    case (_, "/api/status.json"):
      if let refusal = access.refusal(of: request) { return refusal }
      return await json(request)
    default:
      return .plain(
        .notFound, to: request, "there is nothing here; see /metrics, /api/status.json, /healthz and /readyz",
        "her er intet; se /metrics, /api/status.json, /healthz og /readyz")
    }
  }

  private static func silent(_ request: HTTPRequest) -> HTTPResponse {
    .plain(
      .unavailable, to: request,
      "the exchange does not give its state, and many wait for it already; its log may say why",
      "udvekslingen oplyser ikke sin tilstand, og mange venter allerede på den; loggen siger måske hvorfor")
  }

  private func metrics(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    return .metrics(RunMetrics(status, at: .now).families)
  }

  private func json(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    do {
      return HTTPResponse(.ok, type: "application/json", body: try status.json())
    } catch {
      logger.error("the status could not be written as JSON", metadata: ["error": "\(error)"])
      return .plain(
        .internalError, to: request, "the status could not be written as JSON; the log of the exchange says why",
        "status kunne ikke skrives som JSON; udvekslingens log siger hvorfor")
    }
  }

  /// Answers without reading the journal, so that a supervisor learns of a stuck loop at once.
  private func health(_ request: HTTPRequest) -> HTTPResponse {
    let stuck = monitor.stuckLoops(at: clock())
    if stuck.isEmpty { return .plain(.ok, "ok") }
    let words = "\(stuck.count) of the loops of the exchange stand still"
    return .plain(.unavailable, ([words] + (access.admit(request) ? stuck : [])).joined(separator: "\n"))
  }

  private func readiness(_ request: HTTPRequest) async -> HTTPResponse {
    guard let status = await snapshot.status() else { return Self.silent(request) }
    let reasons = status.unreadiness(at: .now)
    if reasons.isEmpty { return .plain(.ok, "ok") }
    let words = "not ready, for \(reasons.count.counted("reason"))"
    guard access.admit(request) else { return .plain(.unavailable, words) }
    return .plain(.unavailable, ([words] + reasons.prefix(100).map(Self.line)).joined(separator: "\n"))
  }

  private static func line(_ reason: RunStatus.Unreadiness) -> String {
    switch reason {
    case .notAtWork: "the exchange has not begun its work, or has ended it"
    case .journal(let trouble): "the journal: \(trouble)"
    case .stopped(let account, let failure): "\(account): stopped: \(failure)"
    case .neverLooked(let account): "\(account): not looked into yet"
    case .notLookedLately(let account, let last): "\(account): last looked into at \(WallClock.denmark.stamp(at: last))"
    }
  }
}
