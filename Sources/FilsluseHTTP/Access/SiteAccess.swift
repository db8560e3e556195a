/// The access control of a site: its host names, and its token, if it has one.
package struct SiteAccess: Sendable {
  private let names: HostNames
  private let token: AccessToken?
  /// The pauses after wrong tokens in headers. They are others than those of a form: a program with an old token keeps
  /// no person at the same address from logging in.
  private let pauses: LoginPauses

  /// The access control of a site at an address.
  ///
  /// - Parameters:
  ///   - address: the address of the site.
  ///   - hostNames: the host names beside `localhost` that requests may use.
  ///   - token: the secret needed to see it; must be given where the address is not loopback.
  ///   - pauses: the pauses after wrong tokens in the `Authorization` header.
  /// - Throws: ``StatusServerError`` when a token is missing.
  package init(
    at address: HTTPAddress, hostNames: [String], token: AccessToken?, pauses: LoginPauses = LoginPauses()
  ) throws(StatusServerError) {
    guard address.isLoopback || token != nil else {
      throw StatusServerError(
        "the status page is not served at \(address) without a token, as others than this machine can reach it",
        "statussiden vises ikke på \(address) uden et adgangstegn, for andre end denne maskine kan nå den",
        remedy: (
          en: "name a file that holds one, or serve it at 127.0.0.1:\(address.port)",
          da: "angiv en fil med et, eller vis den på 127.0.0.1:\(address.port)"
        ))
    }
    names = HostNames(hostNames, address: address)
    self.token = token
    self.pauses = pauses
  }

  /// The refusal of a request under a host name that is not the site's; `nil` where the name is right.
  ///
  /// HTTP/1.0 asks without a `Host`; browsers never do.
  package func misdirection(of request: HTTPRequest) -> HTTPResponse? {
    guard let host = request.header("host"), !names.allow(host) else { return nil }
    return .plain(
      .misdirected, to: request,
      "this page is not served under that host name; it is served as localhost, by address, and by the names in the settings",
      "denne side vises ikke under det værtsnavn; den vises som localhost, ved adresse og ved navnene i indstillingerne"
    )
  }

  /// True if a text is the site's token.
  package func isToken(_ text: String) -> Bool { token?.isSame(as: text) ?? false }

  /// A secret that is the same for every process with the site's token; `nil` where everybody may see the site.
  package var tokenSecret: PageSecret? { token?.secret }

  /// True if everybody may see the site.
  package var isOpen: Bool { token == nil }

  /// Returns true if the site is open, or the request carries its token in the `Authorization` header; counts a wrong
  /// token.
  package func admit(_ request: HTTPRequest) -> Bool { refusal(of: request) == nil }

  /// The refusal of a request without the site's token in its `Authorization` header; `nil` where it may see the site.
  /// Each call counts a wrong token. The right one is taken during a pause, too: programs of one address, all those of
  /// this machine among them, do not keep each other out.
  package func refusal(of request: HTTPRequest) -> HTTPResponse? {
    if isOpen { return nil }
    let parts = (request.header("authorization") ?? "").split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return Self.needsToken(request) }
    if isToken(String(parts[1])) { return nil }
    guard case .paused(let seconds) = pauses.attempt(from: request.clientAddress, isRight: { false }) else {
      return Self.needsToken(request)
    }
    return .plain(
      .tooManyRequests, to: request, "too many wrong tokens, and this one is wrong, too: try again in \(seconds) s",
      "for mange forkerte adgangstegn, og dette er også forkert: prøv igen om \(seconds) s",
      headers: ["Retry-After": "\(seconds)"])
  }

  /// The answer to a program without the token.
  private static func needsToken(_ request: HTTPRequest) -> HTTPResponse {
    .plain(
      .unauthorized, to: request, "a token is needed here: Authorization: Bearer …",
      "her kræves et adgangstegn: Authorization: Bearer …",
      headers: ["WWW-Authenticate": "Bearer realm=\"Filsluse\""])
  }
}
