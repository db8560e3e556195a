public import FilsluseHTTP
public import Logging

extension StatusServer {
  /// Begins to serve the watcher's status page with its metrics, health and JSON.
  ///
  /// It shows the content of a ``StatusSource`` at `/` (for people), `/wall` (the same, renewed every minute),
  /// `/metrics` (for Prometheus), `/api/status.json`, `/healthz` and `/readyz`.
  ///
  /// - Parameters:
  ///   - address: the address to serve at; port 0 takes a free one.
  ///   - hostNames: the names beside `localhost` by which browsers and Prometheus ask for it.
  ///   - token: the secret needed to see it; must be given where the address is not loopback.
  /// - Throws: `StatusServerError` when a token is missing, or the address is not available.
  public convenience init(
    at address: HTTPAddress, hostNames: [String] = [], token: AccessToken? = nil, source: StatusSource, logger: Logger
  ) throws(StatusServerError) {
    try self.init(
      at: address, hostNames: hostNames, token: token, source: source, limits: HTTPLimits(), logger: logger)
  }

  convenience init(
    at address: HTTPAddress, hostNames: [String], token: AccessToken?, source: StatusSource, limits: HTTPLimits,
    logger: Logger
  ) throws(StatusServerError) {
    let access = try SiteAccess(at: address, hostNames: hostNames, token: token)
    let site = StatusSite(source: source, access: access, logger: logger)
    try self.init(at: address, limits: limits, logger: logger) { await site.answer($0) }
  }
}
