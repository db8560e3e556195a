package import FilsluseBase

/// A secret for signing pages. Signatures by a random secret are valid until the process ends.
package struct PageSecret: Sendable {
  private let key: Redacted<[UInt8]>

  /// Creates a random secret.
  package init() {
    var random = SystemRandomNumberGenerator()
    key = Redacted((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  /// Derives a secret from an access token.
  init(of token: String) { key = Redacted(SHA256.digest(of: Array("filsluse\u{0}\(token)".utf8)).bytes) }

  /// Returns a text's signature for one purpose. The hash is taken twice, against length extension.
  func signature(_ text: String, for purpose: StaticString) -> String {
    let inner = SHA256.digest(of: key.exposed + Array("\(purpose)\u{0}\(text)".utf8))
    return SHA256.digest(of: key.exposed + inner.bytes).hex
  }

  func isSignature(_ signature: String, under text: String, for purpose: StaticString) -> Bool {
    Self.isSame(signature, self.signature(text, for: purpose))
  }

  /// Compares two texts in constant time.
  static func isSame(_ one: String, _ other: String) -> Bool {
    let digests = [one, other].map { SHA256.digest(of: Array($0.utf8)).bytes }
    return zip(digests[0], digests[1]).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// The keys in the page's forms, against cross-site requests: only our own pages hold the right ones.
package struct FormKeys: Sendable {
  private let secret: PageSecret

  /// Creates keys by a secret.
  package init(secret: PageSecret) { self.secret = secret }

  /// Returns the key for a form.
  package func key(for form: String) -> String { secret.signature(form, for: "form") }
  /// Returns true if a key was made for that form by this process.
  package func accepts(_ key: String, for form: String) -> Bool { secret.isSignature(key, under: form, for: "form") }
}

/// The sessions of logged-in users: a signed cookie with its expiry.
package struct Sessions: Sendable {
  private let secret: PageSecret
  private let cookie: String
  private let path: String
  private let length: Duration

  /// Creates sessions signed with a secret.
  ///
  /// - Parameters:
  ///   - cookie: the name of the session cookie; other cookies are ignored.
  ///   - path: the path of the cookie: browsers send it for pages below.
  ///   - length: the lifetime of a cookie.
  package init(
    secret: PageSecret, cookie: String = "filsluse", path: String = "/", length: Duration = .seconds(12 * 3600)
  ) {
    self.secret = secret
    self.cookie = cookie
    self.path = path
    self.length = length
  }

  /// Returns a cookie for a user who has just logged in. Scripts cannot read it, and other sites' forms do not send it.
  package func newCookie(at now: Timestamp) -> String {
    let until = "\(now.later(by: length).millisecondsSince1970)"
    let signature = secret.signature("\(cookie) \(until)", for: "session")
    return "\(cookie)=\(until).\(signature); Path=\(path); HttpOnly; SameSite=Strict"
  }

  /// Returns true if a request's `Cookie` header holds a session of this site that has not expired.
  package func accepts(_ header: String?, at now: Timestamp) -> Bool {
    (header ?? "").split(separator: ";").contains { sent in
      let parts = sent.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[0] == cookie else { return false }
      let value = parts[1].split(separator: ".", maxSplits: 1).map(String.init)
      guard value.count == 2, let until = Int64(value[0]),
        secret.isSignature(value[1], under: "\(cookie) \(value[0])", for: "session")
      else { return false }
      return now < Timestamp(millisecondsSince1970: until)
    }
  }
}
