public import FilsluseHTTP
public import Logging

extension StatusServer {
  /// Begins to serve the metrics and health of a running exchange.
  ///
  /// It shows the run of a ``RunMonitor`` at `/metrics` (for Prometheus), `/api/status.json`, `/healthz` and `/readyz`:
  /// see <doc:RunMetrics>.
  ///
  /// - Parameters:
  ///   - address: the address to serve at; port 0 takes a free one.
  ///   - hostNames: the host names beside `localhost` that Prometheus may use.
  ///   - token: the access token; required if the address is not loopback.
  ///   - monitor: the monitor passed to ``Exchange/runUnattended(reloads:monitor:onEvent:)``.
  /// - Throws: `StatusServerError` when a token is missing, or the address is not available.
  public convenience init(
    at address: HTTPAddress, hostNames: [String] = [], token: AccessToken? = nil, monitor: RunMonitor, logger: Logger
  ) throws(StatusServerError) {
    let access = try SiteAccess(at: address, hostNames: hostNames, token: token)
    let site = RunSite(monitor, access: access, logger: logger)
    try self.init(at: address, limits: HTTPLimits(), logger: logger) { await site.answer($0) }
  }
}
