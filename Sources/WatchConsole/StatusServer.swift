package import FilsluseHTTP
package import Logging
package import PickupWatch

extension StatusServer {
  /// The longest form, in bytes: a name of 10,000 characters, each of four bytes that take three letters in a form,
  /// gets a page that says that it is too long.
  private static let longestForm = 131_072

  /// Begins to serve the watcher's console with its metrics, health and JSON.
  ///
  /// - Parameters:
  ///   - address: the address to serve at; port 0 takes a free one.
  ///   - hostNames: the names beside `localhost` by which browsers and Prometheus ask for it.
  ///   - token: the secret needed to see it; must be given where the address is not loopback.
  ///   - source: the state of the watcher.
  ///   - console: the queries on its database.
  /// - Throws: `StatusServerError` when a token is missing, or the address is not available.
  package convenience init(
    at address: HTTPAddress, hostNames: [String] = [], token: AccessToken? = nil, source: StatusSource,
    console: ConsoleSource, limits: HTTPLimits = HTTPLimits(), logger: Logger
  ) throws(StatusServerError) {
    let access = try SiteAccess(at: address, hostNames: hostNames, token: token)
    let site = ConsoleSite(source: source, console: console, access: access, logger: logger)
    var limits = limits
    limits.bodyBytes = Self.longestForm
    try self.init(at: address, limits: limits, logger: logger) { await site.answer($0) }
  }
}
