public import Logging

/// The watcher's status page with its metrics, health and JSON, served over HTTP.
///
/// It shows the content of a ``StatusSource`` at `/` (for people), `/wall` (the same, renewed every minute), `/metrics`
/// (for Prometheus), `/api/status.json`, `/healthz` and `/readyz`. Every user of this machine may see it, unless a
/// token is set; other machines may not without one.
public final class StatusServer: Sendable {
  private let server: HTTPServer

  /// Begins to serve.
  ///
  /// - Parameters:
  ///   - address: the address to serve at; port 0 takes a free one, which ``address`` then shows.
  ///   - hostNames: the names beside `localhost` by which browsers and Prometheus ask for it.
  ///   - token: the secret needed to see it; must be given where the address is not loopback.
  /// - Throws: ``StatusServerError`` when a token is missing, or the address is not available.
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

  /// The address it is served at, with the real port.
  public var address: HTTPAddress { server.address }

  /// Answers the requests so far, accepts no new ones, and waits until all are answered: a few seconds at most.
  public func stop() async { await server.stop() }
}
