public import Logging

/// The watcher's status page with its metrics, health and JSON, served over HTTP.
///
/// It shows what a ``StatusSource`` knows, at `/` (for people), `/wall` (the same, renewed every minute), `/metrics`
/// (for Prometheus), `/api/status.json`, `/healthz` and `/readyz`. Whoever is on this machine may see it, unless a
/// token is set; beyond this machine nobody may without one.
public final class StatusServer: Sendable {
  private let server: HTTPServer

  /// Begins to serve.
  ///
  /// - Parameters:
  ///   - address: where; port 0 takes a free one, which ``address`` then tells.
  ///   - hostNames: the names beside `localhost` by which browsers and Prometheus ask for it.
  ///   - token: what must be known to see it; must be given where the address is not loopback.
  /// - Throws: ``StatusServerError`` when a token is missing, or the address is not to be had.
  public convenience init(
    at address: HTTPAddress, hostNames: [String] = [], token: AccessToken? = nil, source: StatusSource, logger: Logger
  ) throws(StatusServerError) {
    try self.init(
      at: address, hostNames: hostNames, token: token, source: source, limits: HTTPLimits(), logger: logger)
  }

  init(
    at address: HTTPAddress, hostNames: [String], token: AccessToken?, source: StatusSource, limits: HTTPLimits,
    logger: Logger
  ) throws(StatusServerError) {
    guard address.isLoopback || token != nil else {
      throw StatusServerError(
        """
        the status page is not served at \(address) without a token, as others than this machine can reach it; name a \
        file that holds one, or serve it at 127.0.0.1:\(address.port)
        """)
    }
    let site = StatusSite(source: source, names: HostNames(hostNames, address: address), token: token, logger: logger)
    server = try HTTPServer(address, limits: limits) { await site.answer($0) }
    logger.info("the status page is served", metadata: ["address": "\(server.address)"])
  }

  /// Where it is served, with the real port.
  public var address: HTTPAddress { server.address }

  /// Answers what has been asked, takes nobody new, and waits until all is over: a few seconds at most.
  public func stop() async { await server.stop() }
}
