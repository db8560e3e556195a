package import Logging

/// A site with the state of a long-running process, served over HTTP: metrics for Prometheus, health and readiness for
/// a supervisor, JSON, and pages for people where the process has them.
///
/// Every user of this machine may see it, unless a token is set; other machines may not without one. Modules with such
/// a process add an initializer that names it.
public final class StatusServer: Sendable {
  private let server: HTTPServer

  /// Begins to serve a site.
  ///
  /// - Parameters:
  ///   - address: the address to serve at; port 0 takes a free one, which ``address`` then shows.
  ///   - site: answers the requests; the control of access is its own.
  /// - Throws: ``StatusServerError`` when the address is not available.
  package init(
    at address: HTTPAddress, limits: HTTPLimits, logger: Logger, site: @escaping HTTPServer.Site
  ) throws(StatusServerError) {
    server = try HTTPServer(address, limits: limits, site: site)
    logger.info("the status page is served", metadata: ["address": "\(server.address)"])
  }

  /// The address it is served at, with the real port.
  public var address: HTTPAddress { server.address }

  /// Answers the requests so far, accepts no new ones, and waits until all are answered: a few seconds at most.
  public func stop() async { await server.stop() }
}
